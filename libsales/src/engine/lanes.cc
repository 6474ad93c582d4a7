// Where writes wait for each other: one lane where the store has one writer, else one a workspace;
// and what the writes of a batch add to the tallies until it commits.
#include <mutex>
#include <utility>

#include "src/engine/core.h"
#include "src/store/request_rows.h"
#include "src/store/tally_rows.h"

namespace sales::internal {

std::shared_ptr<EngineCore::Lane> EngineCore::MakeLane(const std::string& turn) {
  auto lane = std::make_shared<Lane>();
  Lane* const self = lane.get();
  store::WriteQueue::Options queue;
  queue.batch = options_.write_batch;
  queue.before_commit = [this, self](sql::Connection& db) { return BeforeCommit(*self, db); };
  queue.after_commit = [this, self](bool committed) { AfterCommit(*self, committed); };
  queue.totals = &totals_;
  if (options_.on_store_use) {
    queue.on_batch = [this](absl::Duration wait, absl::Duration run, size_t committed) {
      options_.on_store_use({StoreUse::Kind::kWrite, wait, run, static_cast<int>(committed)});
    };
  }
  lane->queue = std::make_unique<store::WriteQueue>(*writers_, turn, std::move(queue));
  return lane;
}

std::shared_ptr<EngineCore::Lane> EngineCore::LaneOf(const std::string& workspace) {
  if (only_lane_ != nullptr) return only_lane_;
  const std::lock_guard<std::mutex> lock(lanes_mutex_);
  std::weak_ptr<Lane>& known = lanes_[workspace];
  if (std::shared_ptr<Lane> lane = known.lock(); lane != nullptr) return lane;
  std::shared_ptr<Lane> made = MakeLane(workspace);
  // Gone with the last who writes in it: anybody may name workspaces that there are not.
  std::shared_ptr<Lane> lane(made.get(), [this, made, workspace](Lane*) { ForgetLane(workspace); });
  known = lane;
  return lane;
}

void EngineCore::ForgetLane(const std::string& turn) {
  const std::lock_guard<std::mutex> lock(lanes_mutex_);
  const auto found = lanes_.find(turn);
  // Somebody may have made the next one already.
  if (found != lanes_.end() && found->second.expired()) lanes_.erase(found);
}

void EngineCore::NoteImported(const store::WorkspaceRow& row) {
  Pending& pending = LaneOf(row.workspace.id)->pending[row.workspace.id];
  pending.revision = row.workspace.revision;
  pending.seen = {row.workspace.currency_code, row.workspace.default_region};
}

void EngineCore::NoteRemoved(const store::WorkspaceRow& row) {
  Pending& pending = LaneOf(row.workspace.id)->pending[row.workspace.id];
  pending.revision = row.workspace.revision;
  pending.removed = true;
}

const TallyTable* EngineCore::PendingTallies(const std::string& workspace) {
  const std::shared_ptr<Lane> lane = LaneOf(workspace);
  const auto found = lane->pending.find(workspace);
  return found == lane->pending.end() ? nullptr : &found->second.tallies;
}

const TallyTable* EngineCore::PendingScoreTotals(const std::string& workspace) {
  const std::shared_ptr<Lane> lane = LaneOf(workspace);
  const auto found = lane->pending.find(workspace);
  return found == lane->pending.end() ? nullptr : &found->second.score_totals;
}

absl::Status EngineCore::BeforeCommit(Lane& lane, sql::Connection& db) {
  for (const auto& [workspace, pending] : lane.pending) {
    if (pending.removed) continue;
    SALES_RETURN_IF_ERROR(store::AddToTallies(db, workspace, pending.tallies));
    if (pending.requests == 0) continue;
    // Faster than they come, so that the table shrinks again after a rush.
    SALES_RETURN_IF_ERROR(store::DeleteExpiredRequests(db, workspace, Now(), 2 * pending.requests));
  }
  leads_.BeginCommit();
  for (const auto& [workspace, pending] : lane.pending) leads_.Forget(workspace);
  return absl::OkStatus();
}

void EngineCore::AfterCommit(Lane& lane, bool committed) {
  leads_.EndCommit();
  std::map<std::string, Pending> done;
  done.swap(lane.pending);
  if (!committed) {
    policies_.Clear();
    calendars_.Clear();
    attributes_.Clear();
    teams_.Clear();
    return;
  }
  if (done.empty()) return;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& [workspace, pending] : done) {
      pending.removed ? NoteGone(workspace) : NoteRevision(workspace, pending.revision);
      if (!pending.removed) seen_[workspace] = pending.seen;
    }
  }
  committed_.notify_all();
  if (options_.on_commit == nullptr) return;
  for (const auto& [workspace, pending] : done) options_.on_commit(workspace, pending.revision);
}

void EngineCore::NoteRevision(const std::string& workspace, int64_t revision) {
  last_revisions_[workspace] = revision;
}

void EngineCore::NoteGone(const std::string& workspace) {
  last_revisions_.erase(workspace);
  seen_.erase(workspace);
  queue_places_.erase(workspace);
  compactions_.erase(workspace);
}

}  // namespace sales::internal
