#include "sales/engine.h"

#include <utility>

#include "src/engine/core.h"

namespace sales {

Engine::Engine(std::shared_ptr<internal::EngineCore> core) : core_(std::move(core)) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

absl::StatusOr<Engine> Engine::Open(EngineOptions options) {
  SALES_ASSIGN_OR_RETURN(std::shared_ptr<internal::EngineCore> core,
                         internal::EngineCore::Open(std::move(options)));
  return Engine(std::move(core));
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
