#ifndef SALES_SERVICE_CONVERT_PLAN_H_
#define SALES_SERVICE_CONVERT_PLAN_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/plan.h"
#include "sales/v1/plan.pb.h"

namespace sales::service {

v1::Plan ToProto(const Plan& plan, const std::string& workspace);
absl::StatusOr<SetPlan> FromProto(const v1::SetPlanRequest& request, const std::string& workspace);

// The engine's error about this command, with the request's field paths.
absl::Status SpellSetPlan(const absl::Status& status);

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_PLAN_H_
