// The score report and advice as text for people.
#ifndef SALES_CLIENTS_CLI_SRC_REPORT_SCORE_TEXT_H_
#define SALES_CLIENTS_CLI_SRC_REPORT_SCORE_TEXT_H_

#include <string>

#include "sales/v1/score.pb.h"

namespace salesctl {

std::string ScoreText(const sales::v1::ReportScoreResponse& report);
std::string AdviceText(const sales::v1::Advice& advice);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_REPORT_SCORE_TEXT_H_
