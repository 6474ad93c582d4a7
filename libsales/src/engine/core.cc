#include "src/engine/core.h"

#include <chrono>
#include <functional>

#include "src/decide/bounds.h"
#include "src/engine/check.h"
#include "src/store/duplicate_rows.h"
#include "src/store/event_rows.h"
#include "src/store/migrations/migrations.h"
#include "src/store/request_rows.h"
#include "src/store/tally_rows.h"

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
  return core.policies().Get(db, workspace(), funnel, row.funnel_revision);
}

absl::StatusOr<std::shared_ptr<const FunnelPolicy>> ReadScope::Policy(const std::string& funnel) {
  return core.policies().Get(db, workspace(), funnel, row.funnel_revision);
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

namespace {

// Contacts recorded before there were keys for duplicates get theirs, some at a time so that
// another process need not wait long.
absl::Status MakeMissingBlocks(sql::Connection& writer) {
  constexpr int kAtOnce = 1000;
  int made = kAtOnce;
  while (made == kAtOnce) {
    SALES_RETURN_IF_ERROR(writer.Begin(sql::Connection::Mode::kWrite));
    absl::StatusOr<int> some = store::MakeMissingBlocks(writer, kAtOnce);
    const absl::Status status = some.ok() ? writer.Commit() : some.status();
    if (!status.ok()) {
      writer.Rollback();
      return status;
    }
    made = *some;
  }
  return absl::OkStatus();
}

}  // namespace

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
  if (core->options_.migrate) SALES_RETURN_IF_ERROR(MakeMissingBlocks(*writer));
  EngineCore* const self = core.get();
  queue.before_commit = [self](sql::Connection& db) { return self->BeforeCommit(db); };
  queue.after_commit = [self](bool committed) { self->AfterCommit(committed); };
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
    SALES_RETURN_IF_ERROR(store::DeleteExpiredRequests(scope.db, scope.workspace(), scope.now));
    SALES_RETURN_IF_ERROR(store::SaveRequest(
        scope.db, scope.workspace(), scope.call.request_id, {fingerprint, answer},
        scope.now + absl::Hours(limits::request_id_hours_min)));
  }
  // From here on nothing of this write can fail by itself: what it adds may join the batch's.
  Pending& pending = pending_[scope.workspace()];
  pending.revision = scope.revision();
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
  store::Write write(
      [&](sql::Connection& db) { return RunWrite(db, workspace, call, fingerprint, replay, body); },
      call.deadline);
  SALES_RETURN_IF_ERROR(writes_->Submit(write));
  return replay;
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
    WriteScope scope{*this,          db,   call, now, call.occur_time.value_or(now),
                     std::move(row), zone, {},   0};
    SALES_RETURN_IF_ERROR(store::InsertWorkspace(db, scope.row));
    SALES_RETURN_IF_ERROR(body(scope));
    workspace = scope.row.workspace;
    return FinishWrite(scope, fingerprint, store::EncodeAnswer(workspace));
  };
  store::Write write(run, call.deadline);
  SALES_RETURN_IF_ERROR(writes_->Submit(write));
  return workspace;
}

std::vector<absl::Status> EngineCore::WriteAll(
    const std::string& workspace, const Call& call, size_t count,
    absl::FunctionRef<absl::Status(size_t, WriteScope&)> body) {
  if (const absl::Status writable = CheckWritable(call); !writable.ok()) {
    return std::vector<absl::Status>(count, writable);
  }
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

absl::Status EngineCore::BeforeCommit(sql::Connection& db) {
  for (const auto& [workspace, pending] : pending_) {
    SALES_RETURN_IF_ERROR(store::AddToTallies(db, workspace, pending.tallies));
  }
  return absl::OkStatus();
}

void EngineCore::AfterCommit(bool committed) {
  std::map<std::string, Pending> done;
  done.swap(pending_);
  if (!committed) {
    policies_.Clear();
    return;
  }
  if (done.empty()) return;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& [workspace, pending] : done) {
      last_revisions_[workspace] = pending.revision;
    }
  }
  committed_.notify_all();
  if (options_.on_commit == nullptr) return;
  for (const auto& [workspace, pending] : done) options_.on_commit(workspace, pending.revision);
}

absl::Status EngineCore::ReadStore(const Call& call,
                                   absl::FunctionRef<absl::Status(sql::Connection&)> body) {
  SALES_ASSIGN_OR_RETURN(store::ReaderPool::Lease lease, readers_->Acquire(call.deadline));
  sql::Connection& db = *lease;
  SALES_RETURN_IF_ERROR(db.Begin(sql::Connection::Mode::kRead));
  return body(db);
}

absl::Status EngineCore::Read(const std::string& workspace, const Call& call,
                              absl::FunctionRef<absl::Status(ReadScope&)> body) {
  return ReadStore(call, [&](sql::Connection& db) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(store::WorkspaceRow row, store::LoadWorkspace(db, workspace));
    ReadScope scope{*this, db, std::move(row)};
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
  return {counts.writes, counts.commits};
}

std::optional<std::string> EngineCore::KnownRegion(const std::string& workspace) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = regions_.find(workspace);
  if (found == regions_.end()) return std::nullopt;
  return found->second;
}

void EngineCore::KnowRegion(const std::string& workspace, const std::string& region) {
  const std::lock_guard<std::mutex> lock(mutex_);
  regions_[workspace] = region;
}

}  // namespace sales::internal
