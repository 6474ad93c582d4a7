// Walks scenarios: steps in JSON, each a call and what is expected of it. The form is described in
// tests/scenarios/README.md.
#ifndef SALES_TESTS_RIGS_SCENARIO_H_
#define SALES_TESTS_RIGS_SCENARIO_H_

#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "tests/rigs/rig.h"

namespace sales::rigs {

// What went otherwise than expected, the first deviation first; empty if nothing did. `unique`
// stands for "${unique}", so that many scenarios share a server.
std::vector<std::string> WalkScenario(const nlohmann::json& scenario, const std::string& unique,
                                      Rig& rig);

// Where `actual` is not as `expected` asks: objects by the keys that are listed, lists element by
// element and of equal length, everything else by equality. Empty if it is.
std::string Deviation(const nlohmann::json& expected, const nlohmann::json& actual,
                      const std::string& path);

}  // namespace sales::rigs

#endif  // SALES_TESTS_RIGS_SCENARIO_H_
