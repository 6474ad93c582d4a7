#ifndef SALES_SERVICE_CONVERT_SCORE_H_
#define SALES_SERVICE_CONVERT_SCORE_H_

#include <string>

#include "absl/status/statusor.h"
#include "sales/score.h"
#include "sales/v1/score.pb.h"

namespace sales::service {

absl::StatusOr<ScoreQuery> FromProto(const v1::ReportScoreRequest& request);
v1::ReportScoreResponse ToProto(const ScoreReport& report);
v1::Advice ToProto(const Advice& advice, const std::string& workspace);

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_SCORE_H_
