// Where the logs of servers go: beside their stores, or into the folder that SALESD_LOGS names,
// where look_through_logs.py finds what must not stand in them.
#ifndef SALES_TESTS_RIGS_KEPT_LOG_H_
#define SALES_TESTS_RIGS_KEPT_LOG_H_

#include <filesystem>

#include "service/src/log.h"

namespace sales::rigs {

// The file of a process's log: a new one each time where logs are kept, else folder/name.log.
std::filesystem::path LogFile(const std::filesystem::path& folder, const std::string& name);

// The log of servers within this process: all that is told where logs are kept, else errors only.
struct OwnLog : service::Log {
  OwnLog();
};

}  // namespace sales::rigs

#endif  // SALES_TESTS_RIGS_KEPT_LOG_H_
