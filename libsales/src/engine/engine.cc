#include "sales/engine.h"

#include <optional>
#include <string>
#include <utility>

#include "src/decide/errors.h"
#include "src/decide/tally.h"
#include "src/engine/core.h"
#include "src/store/workspace_rows.h"

namespace sales {
namespace {

// A store that was migrated has tallies as they were laid out before: its reports would be wrong.
absl::Status RebuildOldTallies(internal::EngineCore& core, const Engine& engine) {
  while (true) {
    std::optional<std::string> found;
    SALES_RETURN_IF_ERROR(core.ReadStore({}, [&](sql::Connection& db) -> absl::Status {
      SALES_ASSIGN_OR_RETURN(found, store::WorkspaceOfOtherLayout(db, kTalliesLayout));
      return absl::OkStatus();
    }));
    if (!found.has_value()) return absl::OkStatus();
    const absl::Status rebuilt = engine.At(*found).RebuildTallies(nullptr).status();
    // Somebody else may have removed it meanwhile.
    if (!rebuilt.ok() && ReasonOf(rebuilt) != Reason::kWorkspaceNotFound) return rebuilt;
  }
}

}  // namespace

Engine::Engine(std::shared_ptr<internal::EngineCore> core) : core_(std::move(core)) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

absl::StatusOr<Engine> Engine::Open(EngineOptions options) {
  SALES_ASSIGN_OR_RETURN(std::shared_ptr<internal::EngineCore> core,
                         internal::EngineCore::Open(std::move(options)));
  Engine engine(core);
  if (!core->is_read_only()) SALES_RETURN_IF_ERROR(RebuildOldTallies(*core, engine));
  return engine;
}

Desk Engine::At(std::string workspace, Call call) const {
  return Desk(core_, std::move(workspace), std::move(call));
}

absl::StatusOr<std::vector<CheckFault>> Engine::Check() const { return core_->Check(); }
std::vector<absl::Status> Engine::Together(const std::vector<JointWrite>& writes) const {
  return core_->Together(writes);
}
absl::Status Engine::Checkpoint() const { return core_->Checkpoint(); }
absl::Status Engine::Vacuum() const { return core_->Vacuum(); }
Engine::WriteCounts Engine::write_counts() const { return core_->write_counts(); }
int Engine::writers() const { return core_->writers(); }
bool Engine::is_shared() const { return core_->is_shared(); }
absl::Status Engine::FollowOthers(absl::Time until) const { return core_->FollowOthers(until); }
absl::StatusOr<bool> Engine::Lease(const std::string& work, const std::string& holder,
                                   absl::Duration length) const {
  return core_->Lease(work, holder, length);
}
Engine::StoreSizes Engine::store_sizes() const { return core_->store_sizes(); }

Desk::Desk(std::shared_ptr<internal::EngineCore> core, std::string workspace, Call call)
    : core_(std::move(core)), workspace_(std::move(workspace)), call_(std::move(call)) {}

Desk Desk::With(Call call) const { return Desk(core_, workspace_, std::move(call)); }

}  // namespace sales
