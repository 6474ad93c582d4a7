// Walks every scenario of this folder through the doors that C++ has: the engine in process, and
// the server over loopback.
#include "tests/rigs/scenario.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "tests/rigs/rig.h"

namespace sales::rigs {
namespace {

std::filesystem::path Folder() {
  const char* given = std::getenv("SALES_SCENARIOS");
  return given != nullptr ? given : SALES_SCENARIOS;
}

std::vector<std::string> ScenarioNames() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(Folder())) {
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// A folder of its own for each rig, gone when the test ends.
class Scenario : public testing::TestWithParam<std::string> {
 protected:
  Scenario()
      : folder_(std::filesystem::path(testing::TempDir()) /
                ("sales-scenario-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~Scenario() override { std::filesystem::remove_all(folder_); }

  void Walk(Rig& rig) {
    std::ifstream file(Folder() / (GetParam() + ".json"));
    const nlohmann::json scenario = nlohmann::json::parse(file);
    for (const std::string& deviation : WalkScenario(scenario, "one", rig)) {
      ADD_FAILURE() << scenario.at("name") << ", " << deviation;
    }
  }

  const std::filesystem::path folder_;
};

TEST_P(Scenario, HoldsInTheEngine) { Walk(*MakeEngineRig(folder_)); }

TEST_P(Scenario, HoldsOverTheNetwork) { Walk(*MakeServerRig(folder_)); }

INSTANTIATE_TEST_SUITE_P(All, Scenario, testing::ValuesIn(ScenarioNames()),
                         [](const auto& named) { return named.param; });

}  // namespace
}  // namespace sales::rigs
