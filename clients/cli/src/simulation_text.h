// What a policy would have stopped, as text for people.
#ifndef SALES_CLIENTS_CLI_SRC_SIMULATION_TEXT_H_
#define SALES_CLIENTS_CLI_SRC_SIMULATION_TEXT_H_

#include <string>

#include "sales/v1/funnel.pb.h"

namespace salesctl {

std::string SimulationText(const sales::v1::SimulateFunnelPolicyResponse& simulation);

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_SIMULATION_TEXT_H_
