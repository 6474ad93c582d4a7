// Reports as text for people.
#ifndef SALES_CLIENTS_CLI_SRC_REPORT_TEXT_H_
#define SALES_CLIENTS_CLI_SRC_REPORT_TEXT_H_

#include <string>

#include "sales/v1/report.pb.h"

namespace salesctl {

std::string FunnelText(const sales::v1::ReportFunnelResponse& report);
std::string ChannelsText(const sales::v1::ReportChannelsResponse& report);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_REPORT_TEXT_H_
