// A file that may be swapped for another while the server runs.
#ifndef SALES_SERVICE_AUTH_CHANGING_FILE_H_
#define SALES_SERVICE_AUTH_CHANGING_FILE_H_

#include <sys/stat.h>

#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace sales::service {

// Not for several threads at once.
class ChangingFile {
 public:
  // How often it is looked at, at most.
  static constexpr absl::Duration kInterval = absl::Seconds(1);

  // `setting` says where the path comes from, for errors.
  ChangingFile(std::string setting, std::string path)
      : setting_(std::move(setting)), path_(std::move(path)) {}

  // The content. Errors: SETTING_INVALID, also for a file longer than credential_file_bytes_max.
  absl::StatusOr<std::string> Read();
  // The content if it changed since the last Read and it is time to look; a file that cannot be
  // read has not changed.
  std::optional<std::string> ReadIfChanged(absl::Time now);

  // An error about the file.
  absl::Status Fault(const std::string& description) const;

 private:
  const std::string setting_;
  const std::string path_;
  struct stat seen_ = {};
  absl::Time next_look_ = absl::InfinitePast();
};

}  // namespace sales::service

#endif  // SALES_SERVICE_AUTH_CHANGING_FILE_H_
