// The reports of speed, declines and referrals as text for people.
#ifndef SALES_CLIENTS_CLI_SRC_REPORT_LIVES_TEXT_H_
#define SALES_CLIENTS_CLI_SRC_REPORT_LIVES_TEXT_H_

#include <string>

#include "sales/v1/report.pb.h"

namespace salesctl {

std::string SpeedText(const sales::v1::ReportSpeedResponse& report);
std::string DeclinesText(const sales::v1::ReportDeclinesResponse& report);
std::string ReferralsText(const sales::v1::ReportReferralsResponse& report);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_REPORT_LIVES_TEXT_H_
