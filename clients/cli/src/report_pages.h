// Reports for people.
#ifndef SALES_CLIENTS_CLI_SRC_REPORT_PAGES_H_
#define SALES_CLIENTS_CLI_SRC_REPORT_PAGES_H_

#include <optional>

#include "clients/cli/src/report_page.h"
#include "google/protobuf/message.h"
#include "sales/v1/load.pb.h"
#include "sales/v1/report.pb.h"
#include "sales/v1/score.pb.h"

namespace salesctl {

// The page of a report's answer; nullopt for other messages.
std::optional<ReportPage> PageOf(const google::protobuf::Message& answer);

ReportPage FunnelPage(const sales::v1::ReportFunnelResponse& report);
ReportPage ChannelsPage(const sales::v1::ReportChannelsResponse& report);
ReportPage SpeedPage(const sales::v1::ReportSpeedResponse& report);
ReportPage DeclinesPage(const sales::v1::ReportDeclinesResponse& report);
ReportPage ReferralsPage(const sales::v1::ReportReferralsResponse& report);
// report_load_page.cc
ReportPage LoadPage(const sales::v1::ReportLoadResponse& report);
ReportPage StaffingPage(const sales::v1::PlanStaffingResponse& plan);
// report_score_page.cc
ReportPage ScorePage(const sales::v1::ReportScoreResponse& report);
ReportPage AdvicePage(const sales::v1::Advice& advice);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_REPORT_PAGES_H_
