// Looks at a running service, and says what is wrong with it and what to do.
#ifndef SALES_CLIENTS_CLI_SRC_DOCTOR_H_
#define SALES_CLIENTS_CLI_SRC_DOCTOR_H_

#include "clients/cli/src/failure.h"
#include "clients/cli/src/session.h"

namespace salesctl {

struct DoctorOptions {
  // How old the last backup may be; 0: backups are made otherwise.
  int backup_hours = 26;
};

// Refused with SERVICE_FAULTY if there is a fault; what is only to be known is none.
Done Diagnose(const DoctorOptions& options, Session& session);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_DOCTOR_H_
