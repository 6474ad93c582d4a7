#include "clients/cli/src/check.h"

#include <iostream>
#include <vector>

#include "clients/cli/src/table.h"
#include "nlohmann/json.hpp"
#include "sales/engine.h"

namespace salesctl {
namespace {

void PrintJson(const std::vector<sales::CheckFault>& faults) {
  nlohmann::json list = nlohmann::json::array();
  for (const sales::CheckFault& fault : faults) {
    list.push_back(
        {{"workspace", fault.workspace}, {"kind", fault.kind}, {"description", fault.description}});
  }
  std::cout << nlohmann::json{{"faults", list}}.dump(1) << "\n";
}

}  // namespace

Done CheckStore(const std::string& store, bool json) {
  sales::EngineOptions options;
  options.store = store;
  options.access = sales::EngineOptions::Access::kReadOnly;
  options.migrate = false;
  const absl::StatusOr<sales::Engine> engine = sales::Engine::Open(std::move(options));
  if (!engine.ok()) return RefusedByStore(engine.status());
  const absl::StatusOr<std::vector<sales::CheckFault>> faults = engine->Check();
  if (!faults.ok()) return RefusedByStore(faults.status());
  if (json) {
    PrintJson(*faults);
  } else if (faults->empty()) {
    std::cout << "ok: integrity, foreign keys, revisions and tallies\n";
  } else {
    Table table({{"WORKSPACE"}, {"KIND"}, {"DESCRIPTION"}});
    for (const sales::CheckFault& fault : *faults) {
      table.Add({fault.workspace, fault.kind, fault.description});
    }
    std::cout << table.ToText();
  }
  if (faults->empty()) return Unit{};
  return Refused("STORE_FAULTY", std::to_string(faults->size()) + " faults in " + store,
                 "Stop writing to it and restore it from a backup.");
}

}  // namespace salesctl
