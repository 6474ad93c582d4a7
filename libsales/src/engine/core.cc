#include "src/engine/core.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <set>

#include "absl/time/clock.h"
#include "src/decide/bounds.h"
#include "src/decide/page_token.h"
#include "src/engine/check.h"
#include "src/store/event_rows.h"
#include "src/store/migrations/migrations.h"
#include "src/store/request_rows.h"
#include "src/store/unfinished_rows.h"

namespace sales::internal {
namespace {

// How often whoever waits for a revision looks himself, where other processes write.
constexpr absl::Duration kLookInterval = absl::Milliseconds(250);

}  // namespace

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
      driver_(std::move(driver)),
      leads_(!driver_->is_shared() && !driver_->writes_in_parallel() &&
             options_.access != EngineOptions::Access::kReadOnly) {}

absl::StatusOr<std::shared_ptr<EngineCore>> EngineCore::Open(EngineOptions options) {
  if (options.readers < 1 || options.readers > limits::readers_max) {
    return FieldError(Reason::kSettingInvalid, "readers", "must be from 1 to 64");
  }
  if (options.write_batch < 1 || options.write_batch > limits::write_batch_max) {
    return FieldError(Reason::kSettingInvalid, "write_batch", "must be from 1 to 512");
  }
  if (options.writers < 1 || options.writers > limits::writers_max) {
    return FieldError(Reason::kSettingInvalid, "writers", "must be from 1 to 64");
  }
  const Clock& clock = options.clock != nullptr ? *options.clock : Clock::System();
  SALES_ASSIGN_OR_RETURN(std::unique_ptr<sql::Driver> driver,
                         sql::OpenDriver(options, store::AllMigrations(), clock.Now()));
  std::shared_ptr<EngineCore> core(new EngineCore(std::move(options), std::move(driver)));
  core->readers_ = std::make_unique<store::ConnectionPool>(
      core->driver_.get(), sql::Connection::Mode::kRead, core->options_.readers);
  if (!core->options_.read_store.empty()) {
    sql::Driver* const copies = core->driver_.get();
    core->copy_readers_ = std::make_unique<store::ConnectionPool>(
        [copies] { return copies->ConnectToCopy(); }, core->options_.readers);
  }
  if (core->options_.access == EngineOptions::Access::kReadOnly) return core;
  core->writers_ = std::make_unique<store::ConnectionPool>(
      core->driver_.get(), sql::Connection::Mode::kWrite, core->writers());
  // A store that cannot be written to is refused now and not at its first write.
  SALES_RETURN_IF_ERROR(core->writers_->Acquire().status());
  if (!core->driver_->writes_in_parallel()) core->only_lane_ = core->MakeLane("");
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
  Pending& pending = LaneOf(scope.workspace())->pending[scope.workspace()];
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
  SALES_RETURN_IF_ERROR(SubmitOne(workspace, call, [&](sql::Connection& db) {
    return RunWrite(db, workspace, call, fingerprint, replay, body);
  }));
  return replay;
}

absl::StatusOr<std::optional<std::string>> EngineCore::SubmitAside(
    const std::string& shelf, const Call& call, uint64_t fingerprint,
    absl::FunctionRef<absl::StatusOr<std::string>(sql::Connection&)> body) {
  SALES_RETURN_IF_ERROR(CheckWritable(call));
  std::optional<std::string> replay;
  SALES_RETURN_IF_ERROR(SubmitOne(shelf, call, [&](sql::Connection& db) -> absl::Status {
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

absl::Status EngineCore::SubmitOne(const std::string& workspace, const Call& call,
                                   store::Write::Run run) {
  if (call.joint == nullptr) {
    store::Write write(std::move(run), call.deadline);
    return LaneOf(workspace)->queue->Submit(write);
  }
  Joint& joint = *call.joint;
  // A second write could be refused when the first already counts as done.
  if (&joint.core != this || joint.wrote || LaneOf(workspace).get() != joint.lane) {
    return MakeError(Reason::kInternal,
                     "a joint call makes one write, of its own engine, in its own workspace");
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
  // In the order of the calls within each lane.
  std::map<std::shared_ptr<Lane>, std::vector<size_t>> lanes;
  for (size_t i = 0; i < calls.size(); ++i) lanes[LaneOf(calls[i].workspace)].push_back(i);
  for (const auto& [lane, indexes] : lanes) TogetherIn(*lane, calls, indexes, statuses);
  return statuses;
}

void EngineCore::TogetherIn(Lane& lane, const std::vector<Engine::JointWrite>& calls,
                            const std::vector<size_t>& indexes,
                            std::vector<absl::Status>& statuses) {
  // What the function says is its own affair: the store goes by what became of its write.
  std::vector<absl::Status> written(indexes.size());
  std::vector<store::Write> writes;
  writes.reserve(indexes.size());
  for (size_t i = 0; i < indexes.size(); ++i) {
    writes.emplace_back(
        [this, &lane, &calls, &indexes, &statuses, &written, i](sql::Connection& db) {
          Joint joint{*this, &lane, db, false, absl::OkStatus()};
          statuses[indexes[i]] = calls[indexes[i]].run(&joint);
          written[i] = joint.status;
          return joint.status;
        });
  }
  const absl::Status taken = lane.queue->SubmitAll(absl::MakeSpan(writes));
  for (size_t i = 0; i < indexes.size(); ++i) {
    if (!taken.ok()) statuses[indexes[i]] = taken;
    // The commit that it shared failed.
    if (taken.ok() && writes[i].status() != written[i]) statuses[indexes[i]] = writes[i].status();
  }
}

absl::Status EngineCore::CheckWritable(const Call& call) const {
  if (writers_ == nullptr) {
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
  SALES_RETURN_IF_ERROR(SubmitOne(command.id, call, run));
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
  const absl::Status taken = LaneOf(workspace)->queue->SubmitAll(absl::MakeSpan(writes));
  if (!taken.ok()) return std::vector<absl::Status>(count, taken);
  std::vector<absl::Status> statuses;
  statuses.reserve(count);
  for (const store::Write& write : writes) statuses.push_back(write.status());
  return statuses;
}

absl::Status EngineCore::MaintainStore(const std::string& workspace, const Call& call,
                                       absl::FunctionRef<absl::Status(sql::Connection&)> body) {
  SALES_RETURN_IF_ERROR(CheckWritable(call));
  return SubmitOne(workspace, call, body);
}

absl::Status EngineCore::Maintain(const std::string& workspace, const Call& call,
                                  absl::FunctionRef<absl::Status(ReadScope&)> body) {
  SALES_RETURN_IF_ERROR(CheckWritable(call));
  return SubmitOne(workspace, call, [&](sql::Connection& db) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(store::WorkspaceRow row, store::LoadWorkspace(db, workspace));
    ReadScope scope{*this, db, call, std::move(row)};
    return body(scope);
  });
}

int64_t EngineCore::MakeIncarnation() {
  constexpr uint64_t kMask = 0x3fff'ffff;
  return static_cast<int64_t>((Fingerprint({MakeId()}) & kMask) << 32);
}

absl::Status EngineCore::FollowOthers(absl::Time until) {
  SALES_ASSIGN_OR_RETURN(const std::vector<std::string> told, driver_->WaitForOthers(until));
  // One look for all that was told of a workspace meanwhile.
  for (const std::string& workspace : std::set<std::string>(told.begin(), told.end())) {
    const absl::StatusOr<int64_t> revision = RevisionOf(workspace, absl::InfiniteFuture());
    const bool gone = ReasonOf(revision.status()) == Reason::kWorkspaceNotFound;
    if (!gone) SALES_RETURN_IF_ERROR(revision.status());
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      gone ? NoteGone(workspace) : NoteRevision(workspace, *revision);
    }
    committed_.notify_all();
    if (options_.on_commit != nullptr && !gone) options_.on_commit(workspace, *revision);
  }
  return absl::OkStatus();
}

absl::Status EngineCore::ReadStore(const Call& call,
                                   absl::FunctionRef<absl::Status(sql::Connection&)> body) {
  return ReadFrom(*readers_, call, body);
}

absl::Status EngineCore::ReadFrom(store::ConnectionPool& pool, const Call& call,
                                  absl::FunctionRef<absl::Status(sql::Connection&)> body) {
  const bool measured = options_.on_store_use != nullptr;
  const absl::Time asked = measured ? absl::Now() : absl::Time();
  SALES_ASSIGN_OR_RETURN(store::ConnectionPool::Lease lease, pool.Acquire(call.deadline));
  const absl::Time began = measured ? absl::Now() : absl::Time();
  sql::Connection& db = *lease;
  SALES_RETURN_IF_ERROR(db.Begin(sql::Connection::Mode::kRead));
  absl::Status status = body(db);
  if (measured) {
    options_.on_store_use({StoreUse::Kind::kRead, began - asked, absl::Now() - began, 0});
  }
  return status;
}

absl::Status EngineCore::Read(const std::string& workspace, const Call& call,
                              absl::FunctionRef<absl::Status(ReadScope&)> body) {
  return ReadWith(
      workspace, call,
      [&workspace](sql::Connection& db) { return store::LoadWorkspace(db, workspace); }, body);
}

absl::Status EngineCore::ReadWith(const std::string& workspace, const Call& call, LoadRow load,
                                  absl::FunctionRef<absl::Status(ReadScope&)> body) {
  if (copy_readers_ != nullptr && call.min_revision.has_value()) {
    SALES_ASSIGN_OR_RETURN(const bool answered, ReadCopy(call, load, body));
    if (answered) return absl::OkStatus();
  }
  return ReadStore(call, [&](sql::Connection& db) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(auto&& row, load(db));
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (const auto [seen, is_new] = seen_.try_emplace(workspace); is_new) {
        seen->second = {row.workspace.currency_code, row.workspace.default_region};
      }
    }
    ReadScope scope{*this, db, call, std::move(row)};
    return body(scope);
  });
}

absl::StatusOr<bool> EngineCore::ReadCopy(const Call& call, LoadRow load,
                                          absl::FunctionRef<absl::Status(ReadScope&)> body) {
  bool answers = false;
  const absl::Status status =
      ReadFrom(*copy_readers_, call, [&](sql::Connection& db) -> absl::Status {
        // A workspace that is not there may be new.
        SALES_ASSIGN_OR_RETURN(auto&& row, load(db));
        if (row.workspace.revision < *call.min_revision) return absl::OkStatus();
        answers = true;
        ReadScope scope{*this, db, call, std::move(row)};
        return body(scope);
      });
  // What keeps a copy from answering is no matter where the store does.
  if (!answers) return false;
  SALES_RETURN_IF_ERROR(status);
  return true;
}

absl::StatusOr<int64_t> EngineCore::RevisionOf(const std::string& workspace, absl::Time deadline) {
  Call call;
  call.deadline = deadline;
  int64_t revision = 0;
  SALES_RETURN_IF_ERROR(Read(workspace, call, [&](ReadScope& scope) {
    revision = scope.row.workspace.revision;
    return absl::OkStatus();
  }));
  return revision;
}

absl::StatusOr<int64_t> EngineCore::WaitForRevision(const std::string& workspace, int64_t after,
                                                    absl::Time deadline) {
  // Nobody here may be told of what other processes commit.
  const absl::Duration look = driver_->is_shared() ? kLookInterval : absl::InfiniteDuration();
  while (true) {
    SALES_ASSIGN_OR_RETURN(int64_t last, RevisionOf(workspace, deadline));
    std::unique_lock<std::mutex> lock(mutex_);
    const auto reached = [&] {
      const auto found = last_revisions_.find(workspace);
      if (found != last_revisions_.end() && found->second > last) last = found->second;
      return last > after;
    };
    const absl::Time until = std::min(deadline, absl::Now() + look);
    if (until == absl::InfiniteFuture()) {
      committed_.wait(lock, reached);
      return last;
    }
    if (committed_.wait_until(lock, absl::ToChronoTime(until), reached)) return last;
    if (absl::Now() >= deadline) {
      return MakeError(Reason::kDeadlineExceeded, "Nothing was written before the deadline.");
    }
  }
}

absl::StatusOr<std::vector<CheckFault>> EngineCore::Check() {
  SALES_ASSIGN_OR_RETURN(std::vector<CheckFault> faults, driver_->CheckIntegrity());
  SALES_RETURN_IF_ERROR(
      ReadStore({}, [&](sql::Connection& db) { return CheckWorkspaces(db, faults); }));
  return faults;
}

Engine::WriteCounts EngineCore::write_counts() const {
  return {totals_.writes, totals_.commits, totals_.waiting};
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
