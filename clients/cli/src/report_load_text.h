// The load report and a plan of sellers as text for people.
#ifndef SALES_CLIENTS_CLI_SRC_REPORT_LOAD_TEXT_H_
#define SALES_CLIENTS_CLI_SRC_REPORT_LOAD_TEXT_H_

#include <string>

#include "sales/v1/load.pb.h"

namespace salesctl {

std::string LoadText(const sales::v1::ReportLoadResponse& report);
std::string StaffingText(const sales::v1::PlanStaffingResponse& plan);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_REPORT_LOAD_TEXT_H_
