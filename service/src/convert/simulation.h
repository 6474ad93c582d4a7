#ifndef SALES_SERVICE_CONVERT_SIMULATION_H_
#define SALES_SERVICE_CONVERT_SIMULATION_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/simulation.h"
#include "sales/v1/funnel.pb.h"

namespace sales::service {

absl::StatusOr<SimulateFunnelPolicy> FromProto(const v1::SimulateFunnelPolicyRequest& request,
                                               const std::string& workspace);
v1::SimulateFunnelPolicyResponse ToProto(const PolicySimulation& simulation,
                                         const std::string& workspace);

// The engine's errors about a simulation, with the request's field paths.
absl::Status SpellSimulateFunnelPolicy(const v1::SimulateFunnelPolicyRequest& request,
                                       const absl::Status& status);

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_SIMULATION_H_
