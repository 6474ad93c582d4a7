#ifndef SALES_SERVICE_CONVERT_FUNNEL_H_
#define SALES_SERVICE_CONVERT_FUNNEL_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/funnel.h"
#include "sales/v1/funnel.pb.h"

namespace sales::service {

v1::FunnelPolicy ToProto(const FunnelPolicy& policy, const std::string& workspace);
v1::PolicyFault ToProto(const PolicyFault& fault);
// A fact that no policy knows becomes kUnspecified, for validation to name; `id` is the funnel's.
absl::StatusOr<FunnelPolicy> FunnelPolicyFrom(const v1::FunnelPolicy& policy,
                                              const std::string& id);
absl::StatusOr<ActivateFunnelPolicy> FromProto(const v1::ActivateFunnelPolicyRequest& request);

// The engine's errors about an activation, with the request's field paths.
absl::Status SpellActivateFunnelPolicy(const absl::Status& status);

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_FUNNEL_H_
