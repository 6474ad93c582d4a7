// What every verb of the engine is made of: a write in the queue or a read from a snapshot.
#ifndef SALES_SRC_ENGINE_CORE_H_
#define SALES_SRC_ENGINE_CORE_H_

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sales/engine.h"
#include "src/decide/errors.h"
#include "src/decide/tally.h"
#include "src/engine/attribute_cache.h"
#include "src/engine/calendar_cache.h"
#include "src/engine/id_maker.h"
#include "src/engine/lead_cache.h"
#include "src/engine/policy_cache.h"
#include "src/engine/team_cache.h"
#include "src/sql/driver.h"
#include "src/store/answers.h"
#include "src/store/assignment_rows.h"
#include "src/store/connection_pool.h"
#include "src/store/workspace_rows.h"
#include "src/store/write_queue.h"

namespace sales::internal {

class EngineCore;

// One function's turn in Engine::Together, while it is called.
struct Joint {
  const EngineCore& core;
  // Whose batch it is part of.
  const void* lane;
  sql::Connection& db;
  bool wrote = false;
  // Of its write; OK without one.
  absl::Status status;
};

// One write under way, with the revision that it took.
struct WriteScope {
  EngineCore& core;
  sql::Connection& db;
  const Call& call;
  absl::Time now;
  // When the fact happened: Call::occur_time, else now.
  absl::Time occur_time;
  store::WorkspaceRow row;
  absl::TimeZone zone;
  // What the write adds to the tallies; they are kept when the batch commits.
  TallyTable tallies;
  int next_ordinal = 0;

  const std::string& workspace() const { return row.workspace.id; }
  int64_t revision() const { return row.workspace.revision; }
  const std::string& currency_code() const { return row.workspace.currency_code; }

  // Writes an event of this write; its place, times and actor are filled in, occur_time only if
  // it is not set.
  absl::Status Record(Event event);
  // The policy in force. Errors: FUNNEL_NOT_FOUND.
  absl::StatusOr<std::shared_ptr<const FunnelPolicy>> Policy(const std::string& funnel);
  // The attributes that leads may have.
  absl::StatusOr<std::shared_ptr<const AttributeSchema>> Attributes();
};

// One read under way, all of it from one snapshot.
struct ReadScope {
  EngineCore& core;
  sql::Connection& db;
  const Call& call;
  store::WorkspaceRow row;

  const std::string& workspace() const { return row.workspace.id; }
  const std::string& currency_code() const { return row.workspace.currency_code; }
  absl::StatusOr<std::shared_ptr<const FunnelPolicy>> Policy(const std::string& funnel);
  absl::StatusOr<std::shared_ptr<const AttributeSchema>> Attributes();
};

// How far the compaction of a workspace's events up to a revision is.
struct CompactionPlace {
  int64_t revision = 0;
  // The last lead that was looked at.
  std::string lead;
  bool done = false;
};

// WORKSPACE_UNFINISHED.
absl::Status UnfinishedError();

// ETAG_MISMATCH unless the call names no etag or this one.
absl::Status CheckEtag(const Call& call, const std::string& etag);

class EngineCore {
 public:
  static absl::StatusOr<std::shared_ptr<EngineCore>> Open(EngineOptions options);

  // Does a write and gives its answer, or the same answer again if the call's request id had one.
  // `fingerprint` is of everything the caller asked for.
  template <typename Answer>
  absl::StatusOr<Answer> Write(const std::string& workspace, const Call& call, uint64_t fingerprint,
                               absl::FunctionRef<absl::StatusOr<Answer>(WriteScope&)> body) {
    std::optional<Answer> answer;
    SALES_ASSIGN_OR_RETURN(
        const std::optional<std::string> replay,
        Submit(workspace, call, fingerprint, [&](WriteScope& scope) -> absl::StatusOr<std::string> {
          SALES_ASSIGN_OR_RETURN(answer, body(scope));
          return call.request_id.empty() ? std::string() : store::EncodeAnswer(*answer);
        }));
    if (replay.has_value()) {
      SALES_RETURN_IF_ERROR(store::DecodeAnswer(*replay, &answer.emplace()));
    }
    return *std::move(answer);
  }

  // Creates a workspace: a write that makes the row from which later ones take revisions.
  absl::StatusOr<Workspace> WriteWorkspace(const CreateWorkspace& command, const Call& call,
                                           uint64_t fingerprint,
                                           absl::FunctionRef<absl::Status(WriteScope&)> body);

  // A write of what belongs to no workspace: it takes its turn, and repeated under its request id
  // it gives the same answer, but it takes no revision and so records no events. `shelf` is under
  // which request ids are kept: no workspace's id.
  template <typename Answer>
  absl::StatusOr<Answer> WriteAside(
      const std::string& shelf, const Call& call, uint64_t fingerprint,
      absl::FunctionRef<absl::StatusOr<Answer>(sql::Connection&)> body) {
    std::optional<Answer> answer;
    SALES_ASSIGN_OR_RETURN(const std::optional<std::string> replay,
                           SubmitAside(shelf, call, fingerprint,
                                       [&](sql::Connection& db) -> absl::StatusOr<std::string> {
                                         SALES_ASSIGN_OR_RETURN(answer, body(db));
                                         return store::EncodeAnswer(*answer);
                                       }));
    if (replay.has_value()) {
      SALES_RETURN_IF_ERROR(store::DecodeAnswer(*replay, &answer.emplace()));
    }
    return *std::move(answer);
  }

  // Several writes that share commits, each standing or failing by itself. `bodies` are called in
  // order. Without request ids.
  std::vector<absl::Status> WriteAll(
      const std::string& workspace, const Call& call, size_t count,
      absl::FunctionRef<absl::Status(size_t index, WriteScope&)> body);

  // See Engine::Together.
  std::vector<absl::Status> Together(const std::vector<Engine::JointWrite>& calls);
  // Writes what no event tells of, in the turn of a workspace but without a revision: whether or
  // not the workspace exists (with an empty id, what belongs to none), or in one that does.
  absl::Status MaintainStore(const std::string& workspace, const Call& call,
                             absl::FunctionRef<absl::Status(sql::Connection&)> body);
  absl::Status Maintain(const std::string& workspace, const Call& call,
                        absl::FunctionRef<absl::Status(ReadScope&)> body);

  // Reads from one snapshot. Errors: WORKSPACE_NOT_FOUND.
  absl::Status Read(const std::string& workspace, const Call& call,
                    absl::FunctionRef<absl::Status(ReadScope&)> body);
  // The same where `load` reads more than the workspace's row in the one statement; it may be
  // called twice, of a copy and of the store.
  using LoadRow = absl::FunctionRef<absl::StatusOr<store::WorkspaceRow>(sql::Connection&)>;
  absl::Status ReadWith(const std::string& workspace, const Call& call, LoadRow load,
                        absl::FunctionRef<absl::Status(ReadScope&)> body);
  // Reads from one snapshot across workspaces.
  absl::Status ReadStore(const Call& call, absl::FunctionRef<absl::Status(sql::Connection&)> body);

  absl::StatusOr<int64_t> WaitForRevision(const std::string& workspace, int64_t after,
                                          absl::Time deadline);

  absl::StatusOr<std::vector<CheckFault>> Check();
  absl::Status FollowOthers(absl::Time until);
  absl::StatusOr<bool> Lease(const std::string& work, const std::string& holder,
                             absl::Duration length) {
    return driver_->Lease(work, holder, length);
  }
  bool is_shared() const { return driver_->is_shared(); }
  bool is_read_only() const { return writers_ == nullptr; }
  int writers() const { return driver_->writes_in_parallel() ? options_.writers : 1; }
  absl::Status Checkpoint() { return driver_->Checkpoint(); }
  absl::Status Vacuum() { return driver_->Vacuum(); }
  absl::StatusOr<int64_t> Backup(const std::string& file) { return driver_->Backup(file); }
  int64_t FreeBytes() const { return driver_->FreeBytes(); }
  Engine::WriteCounts write_counts() const;
  Engine::StoreSizes store_sizes() const { return driver_->Sizes(); }

  // What the writes of the batch under way add to the workspace's tallies, which are kept when it
  // commits; null: nothing yet. Only within Write and Maintain.
  const TallyTable* PendingTallies(const std::string& workspace);
  // Those of Sheet::kScoreTotals alone: scores need them at every outcome.
  const TallyTable* PendingScoreTotals(const std::string& workspace);

  // Of a write under way that made or removed the whole workspace: when it commits, callers that
  // wait are woken.
  void NoteImported(const store::WorkspaceRow& row);
  void NoteRemoved(const store::WorkspaceRow& row);

  const WebhookOptions& webhooks() const { return options_.webhooks; }
  absl::Time Now() const { return clock_.Now(); }
  std::string MakeId() { return ids_.Make(Now()); }
  // See store::WorkspaceRow::Stamp; far enough from every other one's.
  int64_t MakeIncarnation();
  PolicyCache& policies() { return policies_; }
  CalendarCache& calendars() { return calendars_; }
  AttributeCache& attributes() { return attributes_; }
  TeamCache& teams() { return teams_; }
  LeadCache& leads() { return leads_; }

  // Where the sweep goes on in a workspace's queue, which may be longer than it looks at at once.
  store::QueuedLead QueuePlace(const std::string& workspace);
  void NoteQueuePlace(const std::string& workspace, const store::QueuedLead& last);

  // From its beginning where nothing is known of it.
  CompactionPlace PlaceOfCompaction(const std::string& workspace);
  void NotePlaceOfCompaction(const std::string& workspace, const CompactionPlace& place);

  // The workspace that the sweep looked at last.
  std::string LastSwept();
  void NoteSwept(const std::string& workspace);

  // What was last seen of a workspace; nullopt before anything was.
  struct Seen {
    // For good.
    std::string currency_code;
    // Lets phone numbers be normalised before the writer's turn; it may have changed since.
    std::string default_region;
  };
  std::optional<Seen> LastSeen(const std::string& workspace);

 private:
  EngineCore(EngineOptions options, std::unique_ptr<sql::Driver> driver);

  // The encoded answer if the request id had one.
  absl::StatusOr<std::optional<std::string>> Submit(
      const std::string& workspace, const Call& call, uint64_t fingerprint,
      absl::FunctionRef<absl::StatusOr<std::string>(WriteScope&)> body);
  absl::StatusOr<std::optional<std::string>> SubmitAside(
      const std::string& shelf, const Call& call, uint64_t fingerprint,
      absl::FunctionRef<absl::StatusOr<std::string>(sql::Connection&)> body);
  // Runs the write in the workspace's turn, or at once where the call is a joint one.
  absl::Status SubmitOne(const std::string& workspace, const Call& call, store::Write::Run run);
  // Runs one write inside the queue. A replay is put into `replay` and writes nothing.
  absl::Status RunWrite(sql::Connection& db, const std::string& workspace, const Call& call,
                        uint64_t fingerprint, std::optional<std::string>& replay,
                        absl::FunctionRef<absl::StatusOr<std::string>(WriteScope&)> body);
  // What can be refused before a write waits for its turn.
  absl::Status CheckWritable(const Call& call) const;
  absl::Status FinishWrite(WriteScope& scope, uint64_t fingerprint, const std::string& answer);
  absl::StatusOr<std::optional<std::string>> FindReplay(sql::Connection& db,
                                                        const std::string& workspace,
                                                        const Call& call, uint64_t fingerprint);
  // One snapshot, of the store or of a copy.
  absl::Status ReadFrom(store::ConnectionPool& pool, const Call& call,
                        absl::FunctionRef<absl::Status(sql::Connection&)> body);
  // Reads from the copy, if there is one and it has what the call asks for; false: it has not.
  absl::StatusOr<bool> ReadCopy(const Call& call, LoadRow load,
                                absl::FunctionRef<absl::Status(ReadScope&)> body);
  struct Lane;
  void TogetherIn(Lane& lane, const std::vector<Engine::JointWrite>& calls,
                  const std::vector<size_t>& indexes, std::vector<absl::Status>& statuses);
  // Where writes of the workspace share their commits with others.
  std::shared_ptr<Lane> LaneOf(const std::string& workspace);
  std::shared_ptr<Lane> MakeLane(const std::string& turn);
  void ForgetLane(const std::string& turn);
  absl::Status BeforeCommit(Lane& lane, sql::Connection& db);
  void AfterCommit(Lane& lane, bool committed);
  // What is known of a workspace from now on. Under mutex_.
  void NoteRevision(const std::string& workspace, int64_t revision);
  void NoteGone(const std::string& workspace);
  absl::StatusOr<int64_t> RevisionOf(const std::string& workspace, absl::Time deadline);

  const EngineOptions options_;
  const Clock& clock_;
  std::unique_ptr<sql::Driver> driver_;
  std::unique_ptr<store::ConnectionPool> readers_;
  // Of a copy of the store; null where there is none.
  std::unique_ptr<store::ConnectionPool> copy_readers_;
  // Null where the store is open for reading only.
  std::unique_ptr<store::ConnectionPool> writers_;
  IdMaker ids_;
  PolicyCache policies_;
  CalendarCache calendars_;
  AttributeCache attributes_;
  TeamCache teams_;
  LeadCache leads_;

  struct Pending {
    TallyTable tallies;
    TallyTable score_totals;
    int64_t revision = 0;
    int64_t requests = 0;
    Seen seen;
    bool removed = false;
  };
  // A queue, and what the batch under way in it adds, by workspace: only its leader touches that.
  struct Lane {
    std::map<std::string, Pending> pending;
    std::unique_ptr<store::WriteQueue> queue;
  };
  // Of all lanes, also those that are gone.
  store::WriteQueue::Totals totals_;

  std::mutex lanes_mutex_;
  // Where all writes share one, it stays; else each is there as long as somebody writes in it.
  // Guarded by lanes_mutex_.
  std::map<std::string, std::weak_ptr<Lane>> lanes_;
  std::shared_ptr<Lane> only_lane_;

  std::mutex mutex_;
  std::condition_variable committed_;
  std::map<std::string, int64_t> last_revisions_;          // guarded by mutex_
  std::map<std::string, Seen> seen_;                       // guarded by mutex_
  std::string last_swept_;                                 // guarded by mutex_
  std::map<std::string, store::QueuedLead> queue_places_;  // guarded by mutex_
  std::map<std::string, CompactionPlace> compactions_;     // guarded by mutex_
};

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_CORE_H_
