#include "src/engine/core.h"

#include <algorithm>
#include <chrono>
#include <functional>

#include "absl/time/clock.h"
#include "src/decide/bounds.h"
#include "src/decide/page_token.h"
#include "src/engine/check.h"
#include "src/store/event_rows.h"
#include "src/store/migrations/migrations.h"
#include "src/store/request_rows.h"
#include "src/store/tally_rows.h"
#include "src/store/unfinished_rows.h"

namespace sales::internal {

absl::Status WriteScope::Record(Event event) {
  event.revision = revision();
  event.ordinal = next_ordinal++;
  event.record_time = now;
  if (event.occur_time == absl::Time()) event.occur_time = occur_time;
  event.actor = call.actor;
  return store::InsertEvent(db, workspace(), event);
}

absl::StatusOr<std::shared_ptr<const FunnelPolicy>> WriteScope::Policy(const std::string& funnel) {
  return core.policies().Get(db, workspace(), funnel, row.Stamp(row.funnel_revision));
}

absl::StatusOr<std::shared_ptr<const FunnelPolicy>> ReadScope::Policy(const std::string& funnel) {
  return core.policies().Get(db, workspace(), funnel, row.Stamp(row.funnel_revision));
}

absl::StatusOr<std::shared_ptr<const AttributeSchema>> WriteScope::Attributes() {
  return core.attributes().Get(db, workspace(), row.Stamp(row.attribute_revision));
}

absl::StatusOr<std::shared_ptr<const AttributeSchema>> ReadScope::Attributes() {
  return core.attributes().Get(db, workspace(), row.Stamp(row.attribute_revision));
}

absl::Status UnfinishedError() {
  return MakeError(Reason::kWorkspaceUnfinished,
                   "Under this id a workspace is being imported, or rows of one removed are left.");
}

absl::Status CheckEtag(const Call& call, const std::string& etag) {
  if (call.etag.empty() || call.etag == etag) return absl::OkStatus();
  ErrorDetail detail;
  detail.reason = Reason::kEtagMismatch;
  detail.metadata["etag"] = etag;
  return MakeError(std::move(detail),
                   "Somebody changed the resource since it was read; read it again.");
}

EngineCore::EngineCore(EngineOptions options, std::unique_ptr<sql::Driver> driver)
    : options_(std::move(options)),
      clock_(options_.clock != nullptr ? *options_.clock : Clock::System()),
      driver_(std::move(driver)) {}

absl::StatusOr<std::shared_ptr<EngineCore>> EngineCore::Open(EngineOptions options) {
  if (options.readers < 1 || options.readers > limits::readers_max) {
    return FieldError(Reason::kSettingInvalid, "readers", "must be from 1 to 64");
  }
  if (options.write_batch < 1 || options.write_batch > limits::write_batch_max) {
    return FieldError(Reason::kSettingInvalid, "write_batch", "must be from 1 to 512");
  }
  const Clock& clock = options.clock != nullptr ? *options.clock : Clock::System();
  SALES_ASSIGN_OR_RETURN(std::unique_ptr<sql::Driver> driver,
                         sql::OpenDriver(options, store::SqliteMigrations(), clock.Now()));
  std::shared_ptr<EngineCore> core(new EngineCore(std::move(options), std::move(driver)));
  core->readers_ = std::make_unique<store::ReaderPool>(core->driver_.get(), core->options_.readers);
  if (core->options_.access == EngineOptions::Access::kReadOnly) return core;
  SALES_ASSIGN_OR_RETURN(std::unique_ptr<sql::Connection> writer,
                         core->driver_->Connect(sql::Connection::Mode::kWrite));
  store::WriteQueue::Options queue;
  queue.batch = core->options_.write_batch;
  EngineCore* const self = core.get();
  queue.before_commit = [self](sql::Connection& db) { return self->BeforeCommit(db); };
  queue.after_commit = [self](bool committed) { self->AfterCommit(committed); };
  if (core->options_.on_store_use) {
    queue.on_batch = [self](absl::Duration wait, absl::Duration run, size_t committed) {
      self->options_.on_store_use({StoreUse::Kind::kWrite, wait, run, static_cast<int>(committed)});
    };
  }
  core->writes_ = std::make_unique<store::WriteQueue>(std::move(writer), std::move(queue));
  return core;
}

absl::StatusOr<std::optional<std::string>> EngineCore::FindReplay(sql::Connection& db,
                                                                  const std::string& workspace,
                                                                  const Call& call,
                                                                  uint64_t fingerprint) {
  if (call.request_id.empty()) return std::optional<std::string>();
  SALES_ASSIGN_OR_RETURN(std::optional<store::RequestRow> found,
                         store::LoadRequest(db, workspace, call.request_id, Now()));
  if (!found.has_value()) return std::optional<std::string>();
  if (found->fingerprint != fingerprint) {
    return MakeError(Reason::kRequestIdReused,
                     "The request id was used for another request; use a new one.");
  }
  if (found->answer.empty()) {
    return MakeError(Reason::kContactErased,
                     "The request was done, and its answer was erased with the contact it was "
                     "about.");
  }
  return std::optional<std::string>(std::move(found->answer));
}

absl::Status EngineCore::RunWrite(
    sql::Connection& db, const std::string& workspace, const Call& call, uint64_t fingerprint,
    std::optional<std::string>& replay,
    absl::FunctionRef<absl::StatusOr<std::string>(WriteScope&)> body) {
  SALES_ASSIGN_OR_RETURN(replay, FindReplay(db, workspace, call, fingerprint));
  if (replay.has_value()) return absl::OkStatus();
  const absl::Time now = Now();
  SALES_ASSIGN_OR_RETURN(store::WorkspaceRow row, store::TakeRevision(db, workspace));
  SALES_ASSIGN_OR_RETURN(const absl::TimeZone zone, LoadZone("time_zone", row.workspace.time_zone));
  WriteScope scope{*this,          db,   call, now, call.occur_time.value_or(now),
                   std::move(row), zone, {},   0};
  SALES_ASSIGN_OR_RETURN(const std::string answer, body(scope));
  return FinishWrite(scope, fingerprint, answer);
}

absl::Status EngineCore::FinishWrite(WriteScope& scope, uint64_t fingerprint,
                                     const std::string& answer) {
  if (!scope.call.request_id.empty()) {
    SALES_RETURN_IF_ERROR(store::SaveRequest(
        scope.db, scope.workspace(), scope.call.request_id, {fingerprint, answer},
        scope.now + absl::Hours(limits::request_id_hours_min)));
  }
  // From here on nothing of this write can fail by itself: what it adds may join the batch's.
  Pending& pending = pending_[scope.workspace()];
  pending.requests += scope.call.request_id.empty() ? 0 : 1;
  pending.revision = scope.revision();
  pending.seen = {scope.currency_code(), scope.row.workspace.default_region};
  for (const auto& [cell, n] : scope.tallies) {
    if (SheetOf(cell.metric) == Sheet::kScoreTotals) pending.score_totals[cell] += n;
  }
  if (pending.tallies.empty()) {
    pending.tallies = std::move(scope.tallies);
  } else {
    for (const auto& [cell, n] : scope.tallies) pending.tallies[cell] += n;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<std::string>> EngineCore::Submit(
    const std::string& workspace, const Call& call, uint64_t fingerprint,
    absl::FunctionRef<absl::StatusOr<std::string>(WriteScope&)> body) {
  SALES_RETURN_IF_ERROR(CheckWritable(call));
  std::optional<std::string> replay;
  SALES_RETURN_IF_ERROR(SubmitOne(call, [&](sql::Connection& db) {
    return RunWrite(db, workspace, call, fingerprint, replay, body);
  }));
  return replay;
}

absl::StatusOr<std::optional<std::string>> EngineCore::SubmitAside(
    const std::string& shelf, const Call& call, uint64_t fingerprint,
    absl::FunctionRef<absl::StatusOr<std::string>(sql::Connection&)> body) {
  SALES_RETURN_IF_ERROR(CheckWritable(call));
  std::optional<std::string> replay;
  SALES_RETURN_IF_ERROR(SubmitOne(call, [&](sql::Connection& db) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(replay, FindReplay(db, shelf, call, fingerprint));
    if (replay.has_value()) return absl::OkStatus();
    SALES_ASSIGN_OR_RETURN(const std::string answer, body(db));
    if (call.request_id.empty()) return absl::OkStatus();
    const absl::Time now = Now();
    // As fast as they come, and once more, so that they do not stay for ever.
    SALES_RETURN_IF_ERROR(store::DeleteExpiredRequests(db, shelf, now, 2));
    return store::SaveRequest(db, shelf, call.request_id, {fingerprint, answer},
                              now + absl::Hours(limits::request_id_hours_min));
  }));
  return replay;
}

absl::Status EngineCore::SubmitOne(const Call& call, store::Write::Run run) {
  if (call.joint == nullptr) {
    store::Write write(std::move(run), call.deadline);
    return writes_->Submit(write);
  }
  Joint& joint = *call.joint;
  // A second write could be refused when the first already counts as done.
  if (&joint.core != this || joint.wrote) {
    return MakeError(Reason::kInternal, "a joint call makes one write, of its own engine");
  }
  joint.wrote = true;
  joint.status = run(joint.db);
  return joint.status;
}

std::vector<absl::Status> EngineCore::Together(const std::vector<Engine::JointWrite>& calls) {
  std::vector<absl::Status> statuses(calls.size());
  if (const absl::Status writable = CheckWritable({}); !writable.ok()) {
    std::fill(statuses.begin(), statuses.end(), writable);
    return statuses;
  }
  // What the function says is its own affair: the store goes by what became of its write.
  std::vector<absl::Status> written(calls.size());
  std::vector<store::Write> writes;
  writes.reserve(calls.size());
  for (size_t i = 0; i < calls.size(); ++i) {
    writes.emplace_back([this, &calls, &statuses, &written, i](sql::Connection& db) {
      Joint joint{*this, db, false, absl::OkStatus()};
      statuses[i] = calls[i](&joint);
      written[i] = joint.status;
      return joint.status;
    });
  }
  const absl::Status taken = writes_->SubmitAll(absl::MakeSpan(writes));
  for (size_t i = 0; i < calls.size(); ++i) {
    if (!taken.ok()) statuses[i] = taken;
    // The commit that it shared failed.
    if (taken.ok() && writes[i].status() != written[i]) statuses[i] = writes[i].status();
  }
  return statuses;
}

absl::Status EngineCore::CheckWritable(const Call& call) const {
  if (writes_ == nullptr) {
    return MakeError(Reason::kStoreReadOnly, "The store was opened for reading only.");
  }
  SALES_RETURN_IF_ERROR(CheckActor(call.actor));
  SALES_RETURN_IF_ERROR(CheckRequestId(call.request_id));
  if (!call.occur_time.has_value()) return absl::OkStatus();
  return CheckOccurTime("occur_time", *call.occur_time, Now());
}

absl::StatusOr<Workspace> EngineCore::WriteWorkspace(
    const CreateWorkspace& command, const Call& call, uint64_t fingerprint,
    absl::FunctionRef<absl::Status(WriteScope&)> body) {
  SALES_RETURN_IF_ERROR(CheckWritable(call));
  SALES_ASSIGN_OR_RETURN(const absl::TimeZone zone, LoadZone("time_zone", command.time_zone));
  Workspace workspace;
  const auto run = [&](sql::Connection& db) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(const std::optional<std::string> replay,
                           FindReplay(db, command.id, call, fingerprint));
    if (replay.has_value()) return store::DecodeAnswer(*replay, &workspace);
    SALES_ASSIGN_OR_RETURN(const bool exists, store::WorkspaceExists(db, command.id));
    if (exists) {
      return MakeError(Reason::kWorkspaceExists, "There is a workspace with this id already.");
    }
    SALES_ASSIGN_OR_RETURN(const std::optional<store::Unfinished> unfinished,
                           store::LoadUnfinished(db, command.id));
    if (unfinished.has_value()) return UnfinishedError();
    const absl::Time now = Now();
    store::WorkspaceRow row;
    row.workspace = {command.id,
                     command.display_name,
                     command.time_zone,
                     command.currency_code,
                     command.default_region,
                     command.default_funnel,
                     /*revision=*/1,
                     now,
                     now,
                     "1"};
    row.funnel_revision = 1;
    row.incarnation = MakeIncarnation();
    WriteScope scope{*this,          db,   call, now, call.occur_time.value_or(now),
                     std::move(row), zone, {},   0};
    SALES_RETURN_IF_ERROR(store::InsertWorkspace(db, scope.row));
    SALES_RETURN_IF_ERROR(body(scope));
    workspace = scope.row.workspace;
    return FinishWrite(scope, fingerprint, store::EncodeAnswer(workspace));
  };
  SALES_RETURN_IF_ERROR(SubmitOne(call, run));
  return workspace;
}

std::vector<absl::Status> EngineCore::WriteAll(
    const std::string& workspace, const Call& call, size_t count,
    absl::FunctionRef<absl::Status(size_t, WriteScope&)> body) {
  absl::Status writable = CheckWritable(call);
  if (call.joint != nullptr) writable = MakeError(Reason::kInternal, "an import is no joint call");
  if (!writable.ok()) return std::vector<absl::Status>(count, writable);
  std::vector<store::Write> writes;
  writes.reserve(count);
  for (size_t index = 0; index < count; ++index) {
    writes.emplace_back(
        [this, &workspace, &call, &body, index](sql::Connection& db) {
          std::optional<std::string> replay;
          return RunWrite(db, workspace, call, /*fingerprint=*/0, replay,
                          [&](WriteScope& scope) -> absl::StatusOr<std::string> {
                            SALES_RETURN_IF_ERROR(body(index, scope));
                            return std::string();
                          });
        },
        call.deadline);
  }
  const absl::Status taken = writes_->SubmitAll(absl::MakeSpan(writes));
  if (!taken.ok()) return std::vector<absl::Status>(count, taken);
  std::vector<absl::Status> statuses;
  statuses.reserve(count);
  for (const store::Write& write : writes) statuses.push_back(write.status());
  return statuses;
}

absl::Status EngineCore::MaintainStore(const Call& call,
                                       absl::FunctionRef<absl::Status(sql::Connection&)> body) {
  SALES_RETURN_IF_ERROR(CheckWritable(call));
  return SubmitOne(call, body);
}

absl::Status EngineCore::Maintain(const std::string& workspace, const Call& call,
                                  absl::FunctionRef<absl::Status(ReadScope&)> body) {
  SALES_RETURN_IF_ERROR(CheckWritable(call));
  return SubmitOne(call, [&](sql::Connection& db) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(store::WorkspaceRow row, store::LoadWorkspace(db, workspace));
    ReadScope scope{*this, db, call, std::move(row)};
    return body(scope);
  });
}

void EngineCore::NoteImported(const store::WorkspaceRow& row) {
  Pending& pending = pending_[row.workspace.id];
  pending.revision = row.workspace.revision;
  pending.seen = {row.workspace.currency_code, row.workspace.default_region};
}

void EngineCore::NoteRemoved(const store::WorkspaceRow& row) {
  Pending& pending = pending_[row.workspace.id];
  pending.revision = row.workspace.revision;
  pending.removed = true;
}

int64_t EngineCore::MakeIncarnation() {
  constexpr uint64_t kMask = 0x3fff'ffff;
  return static_cast<int64_t>((Fingerprint({MakeId()}) & kMask) << 32);
}

const TallyTable* EngineCore::PendingTallies(const std::string& workspace) const {
  const auto found = pending_.find(workspace);
  return found == pending_.end() ? nullptr : &found->second.tallies;
}

const TallyTable* EngineCore::PendingScoreTotals(const std::string& workspace) const {
  const auto found = pending_.find(workspace);
  return found == pending_.end() ? nullptr : &found->second.score_totals;
}

absl::Status EngineCore::BeforeCommit(sql::Connection& db) {
  for (const auto& [workspace, pending] : pending_) {
    if (pending.removed) continue;
    SALES_RETURN_IF_ERROR(store::AddToTallies(db, workspace, pending.tallies));
    if (pending.requests == 0) continue;
    // Faster than they come, so that the table shrinks again after a rush.
    SALES_RETURN_IF_ERROR(store::DeleteExpiredRequests(db, workspace, Now(), 2 * pending.requests));
  }
  return absl::OkStatus();
}

void EngineCore::AfterCommit(bool committed) {
  std::map<std::string, Pending> done;
  done.swap(pending_);
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
      if (pending.removed) {
        last_revisions_.erase(workspace);
        seen_.erase(workspace);
        queue_places_.erase(workspace);
        compactions_.erase(workspace);
        continue;
      }
      last_revisions_[workspace] = pending.revision;
      seen_[workspace] = pending.seen;
    }
  }
  committed_.notify_all();
  if (options_.on_commit == nullptr) return;
  for (const auto& [workspace, pending] : done) options_.on_commit(workspace, pending.revision);
}

absl::Status EngineCore::ReadStore(const Call& call,
                                   absl::FunctionRef<absl::Status(sql::Connection&)> body) {
  const bool measured = options_.on_store_use != nullptr;
  const absl::Time asked = measured ? absl::Now() : absl::Time();
  SALES_ASSIGN_OR_RETURN(store::ReaderPool::Lease lease, readers_->Acquire(call.deadline));
  const absl::Time began = measured ? absl::Now() : absl::Time();
  sql::Connection& db = *lease;
  SALES_RETURN_IF_ERROR(db.Begin(sql::Connection::Mode::kRead));
  const absl::Status status = body(db);
  if (measured) {
    options_.on_store_use({StoreUse::Kind::kRead, began - asked, absl::Now() - began, 0});
  }
  return status;
}

absl::Status EngineCore::Read(const std::string& workspace, const Call& call,
                              absl::FunctionRef<absl::Status(ReadScope&)> body) {
  return ReadStore(call, [&](sql::Connection& db) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(store::WorkspaceRow row, store::LoadWorkspace(db, workspace));
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      seen_.try_emplace(workspace, Seen{row.workspace.currency_code, row.workspace.default_region});
    }
    ReadScope scope{*this, db, call, std::move(row)};
    return body(scope);
  });
}

absl::StatusOr<int64_t> EngineCore::WaitForRevision(const std::string& workspace, int64_t after,
                                                    absl::Time deadline) {
  Call call;
  call.deadline = deadline;
  int64_t last = 0;
  SALES_RETURN_IF_ERROR(Read(workspace, call, [&](ReadScope& scope) {
    last = scope.row.workspace.revision;
    return absl::OkStatus();
  }));
  std::unique_lock<std::mutex> lock(mutex_);
  const auto reached = [&] {
    const auto found = last_revisions_.find(workspace);
    if (found != last_revisions_.end() && found->second > last) last = found->second;
    return last > after;
  };
  if (deadline == absl::InfiniteFuture()) {
    committed_.wait(lock, reached);
    return last;
  }
  if (!committed_.wait_until(lock, absl::ToChronoTime(deadline), reached)) {
    return MakeError(Reason::kDeadlineExceeded, "Nothing was written before the deadline.");
  }
  return last;
}

absl::StatusOr<std::vector<CheckFault>> EngineCore::Check() {
  SALES_ASSIGN_OR_RETURN(std::vector<CheckFault> faults, driver_->CheckIntegrity());
  SALES_RETURN_IF_ERROR(
      ReadStore({}, [&](sql::Connection& db) { return CheckWorkspaces(db, faults); }));
  return faults;
}

Engine::WriteCounts EngineCore::write_counts() const {
  if (writes_ == nullptr) return {};
  const store::WriteQueue::Counts counts = writes_->counts();
  return {counts.writes, counts.commits, counts.waiting};
}

std::optional<EngineCore::Seen> EngineCore::LastSeen(const std::string& workspace) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = seen_.find(workspace);
  if (found == seen_.end()) return std::nullopt;
  return found->second;
}

store::QueuedLead EngineCore::QueuePlace(const std::string& workspace) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = queue_places_.find(workspace);
  return found == queue_places_.end() ? store::QueuedLead{} : found->second;
}

void EngineCore::NoteQueuePlace(const std::string& workspace, const store::QueuedLead& last) {
  const std::lock_guard<std::mutex> lock(mutex_);
  queue_places_[workspace] = last;
}

CompactionPlace EngineCore::PlaceOfCompaction(const std::string& workspace) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return compactions_[workspace];
}

void EngineCore::NotePlaceOfCompaction(const std::string& workspace, const CompactionPlace& place) {
  const std::lock_guard<std::mutex> lock(mutex_);
  compactions_[workspace] = place;
}

std::string EngineCore::LastSwept() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return last_swept_;
}

void EngineCore::NoteSwept(const std::string& workspace) {
  const std::lock_guard<std::mutex> lock(mutex_);
  last_swept_ = workspace;
}

}  // namespace sales::internal
