// libsales: a studio's sales process, executable, measurable and hard to do wrong.
//
//   absl::StatusOr<sales::Engine> engine = sales::Engine::Open({.store = "sqlite:studio.db"});
//   sales::Desk desk = engine->At("studio", {.actor = "anna"});
//   auto captured = desk.CaptureLead({.contact = {.identities = {sales::Email("i@example.com")}}});
//
// Every call may be made from any thread. A write that returned OK survives a crash of the process
// and of the machine. Besides the reasons that a method names, every method may return
// WORKSPACE_NOT_FOUND, DEADLINE_EXCEEDED, STORE_BUSY, STORE_UNAVAILABLE, STORE_FULL,
// STORE_READ_ONLY, STORE_CORRUPT and INTERNAL, and every write REQUEST_ID_REUSED, ETAG_MISMATCH and
// QUEUE_FULL; texts and lists out of bounds (sales/limits.h) give TEXT_INVALID, TEXT_TOO_LONG and
// LIST_TOO_LONG.
//
// This header brings what nearly every program needs: workspaces, contacts, channels, funnels,
// leads and events. Of the rest it knows the names, so that including it costs little; whoever
// takes up a topic includes its header beside this one: sales/calendar.h, team.h, handoff.h (and
// projects), duplicate.h, referrals.h, token.h, webhook.h, store.h, simulation.h, plan.h, and of
// the reports report.h (funnel and channels), speed.h, declines.h, load.h (and staffing),
// attribution.h, forecast.h, score.h (and advice). sales/forward.h has each type under its header,
// and sales/sales.h is everything.
#ifndef SALES_ENGINE_H_
#define SALES_ENGINE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "sales/call.h"
#include "sales/channel.h"
#include "sales/contact.h"
#include "sales/engine_options.h"
#include "sales/error.h"
#include "sales/event.h"
#include "sales/forward.h"
#include "sales/funnel.h"
#include "sales/lead.h"
#include "sales/limits.h"
#include "sales/money.h"
#include "sales/page.h"
#include "sales/workspace.h"

namespace sales {

namespace internal {
class EngineCore;
}

// A fault that Engine::Check found.
struct CheckFault {
  std::string workspace;
  // "integrity", "foreign_key", "revision_gap", "tally", "load".
  std::string kind;
  std::string description;
};

class Desk;

// A store and everything that can be done with it. Handles are cheap to move.
class Engine {
 public:
  // Errors: STORE_MISSING, STORE_FOREIGN, STORE_NEWER, STORE_NOT_MIGRATED, STORE_IN_USE,
  // STORE_READ_ONLY, STORE_CORRUPT, SETTING_INVALID.
  static absl::StatusOr<Engine> Open(EngineOptions options);

  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;
  ~Engine();

  // A workspace, as someone. The workspace need not exist yet; its calls say if it does not.
  Desk At(std::string workspace, Call call = {}) const;

  // Errors: WORKSPACE_EXISTS, ID_INVALID, TIME_ZONE_UNKNOWN, FIELD_INVALID (currency, region).
  absl::StatusOr<Workspace> CreateWorkspace(const sales::CreateWorkspace& command,
                                            const Call& call = {}) const;
  // By id. Errors: PAGE_SIZE_INVALID, PAGE_TOKEN_INVALID.
  absl::StatusOr<Page<Workspace>> ListWorkspaces(const ListQuery& query,
                                                 const Call& call = {}) const;

  // The token with this hash, of whichever workspace, while it is good. Errors: TOKEN_NOT_FOUND
  // (there is none, it has expired, or it is revoked).
  absl::StatusOr<Token> FindToken(const std::string& hash, const Call& call = {}) const;

  // Makes a workspace of what Desk::ExportWorkspace gave, which `on_read` gives piece by piece, cut
  // anywhere, and an empty piece at the end. It has the same id, revisions, events, etags, answers
  // to request ids and figures. All or nothing: it is there once every line was read, its digest
  // and counts agree, and Check finds nothing wrong with it; until then nobody sees it, and others
  // write as ever. Errors: WORKSPACE_EXISTS, WORKSPACE_UNFINISHED, NAME_INVALID (it is another
  // workspace's), EXPORT_INVALID (metadata `line` and `fault`), EXPORT_NEWER, EXPORT_OLDER; an
  // error of `on_read` ends it.
  using ReadText = std::function<absl::StatusOr<std::string>()>;
  absl::StatusOr<Workspace> ImportWorkspace(const std::string& workspace, const ReadText& on_read,
                                            const Call& call = {}) const;

  // Everything that is wrong with the store: its integrity, foreign keys, gaps in revisions, and
  // tallies that differ from a fold over the events, and sellers' loads that differ from their open
  // leads. Reads the whole store.
  absl::StatusOr<std::vector<CheckFault>> Check() const;

  // What a sweep did, and when there is more to do.
  struct SweepResult {
    // Leads that something had fallen due for.
    int leads = 0;
    // Of leads and of handoffs.
    int limits_breached = 0;
    int proposals_expired = 0;
    int leads_woken = 0;
    // Leads that had waited for a seller and have one now.
    int leads_assigned = 0;
    // Days of plans that were written down.
    int plan_snapshots = 0;
    // Events that were compacted, past their workspace's retention.
    int64_t events_compacted = 0;
    // Rows of deleted workspaces, and of imports that never ended, that were removed.
    int64_t rows_removed = 0;
    // When the next thing falls due that is known now: in the past if the call left work undone,
    // infinitely late if nothing will.
    absl::Time next_time = absl::InfiniteFuture();
  };
  // Records what fell due since: limits breached, proposals expired, nurtured leads woken, each
  // once, however many sweep at the same time; and assigns the leads that wait for a seller, the
  // longest waiting first, where somebody is available now. Compacts events past their retention,
  // and removes what is left of deleted workspaces, a part a call. Looks at up to `leads_max` leads
  // and handoffs, from 1 to limits::sweep_leads_max, and costs only what is due. To be called on a
  // beat: what is written later may fall due before next_time. Errors: FIELD_INVALID.
  absl::StatusOr<SweepResult> Sweep(int leads_max = limits::sweep_leads_max,
                                    const Call& call = {}) const;

  // Moves the log into the store. Cheap when there is little to do; waits for nobody.
  absl::Status Checkpoint() const;
  // Writes the store anew without its unused space, and empties the log: nothing is left of what
  // was erased before. Needs as much room again as the store has; writes meanwhile get STORE_BUSY
  // once they have waited as long as they may. Errors: STORE_BUSY while somebody reads or writes.
  absl::Status Vacuum() const;

  // Writes a copy of the store as it is now to a new file, while others read and write. It is a
  // store by itself, readable by its owner only, holds nothing that was erased before, and is there
  // under its name only once it is whole and on the disk. Errors: BACKUP_EXISTS,
  // BACKUP_UNSUPPORTED, FIELD_INVALID (file: its folder is not there, or may not be written).
  absl::Status Backup(const std::string& file) const;
  absl::StatusOr<StoreStatus> GetStoreStatus(const Call& call = {}) const;

  // Makes several callers' writes from one thread, in order, with one commit: each stands or is
  // refused by itself, and none is done before Together returns. Each function makes at most one
  // write, by a desk whose Call has the given `joint`, and gives its status; if it was refused, the
  // others may be called once more, so what a function keeps must not depend on what it kept
  // before. For servers: otherwise a thread has to wait for each write that shares a commit.
  struct JointWrite {
    // In which workspace the function writes; empty: in none that exists.
    std::string workspace;
    std::function<absl::Status(internal::Joint* joint)> run;
  };
  std::vector<absl::Status> Together(const std::vector<JointWrite>& writes) const;
  // How many commits may be under way at once: 1 on SQLite, else EngineOptions::writers.
  int writers() const;

  // Whether other processes may write to the store too: never so on SQLite, where the next two do
  // nothing and answer yes.
  bool is_shared() const;
  // Waits until `until` for what other processes commit, and tells on_commit of it as of this one's
  // own commits. For a thread that does nothing else, one call after the other. Whoever is not told
  // in time learns by looking. Errors: STORE_UNAVAILABLE.
  absl::Status FollowOthers(absl::Time until) const;
  // Whether `holder`, a name that no other process has, has the named work to itself until `length`
  // from now: as he had it before, or because nobody had it any more. By the store's clock. Errors:
  // STORE_UNAVAILABLE.
  absl::StatusOr<bool> Lease(const std::string& work, const std::string& holder,
                             absl::Duration length) const;

  // How many writes the commits since Open carried, for measuring.
  struct WriteCounts {
    int64_t writes = 0;
    int64_t commits = 0;
    // Writes that wait for their turn now.
    int waiting = 0;
  };
  WriteCounts write_counts() const;

  // What the store takes of its volume, for measuring.
  struct StoreSizes {
    int64_t store_bytes = 0;
    // Of the log's file, which a checkpoint moves into the store and which is then used again.
    int64_t log_bytes = 0;
  };
  StoreSizes store_sizes() const;

 private:
  friend class Desk;
  explicit Engine(std::shared_ptr<internal::EngineCore> core);
  std::shared_ptr<internal::EngineCore> core_;
};

// The verbs of one workspace, called by someone. Copies are cheap; a Desk keeps its engine open.
class Desk {
 public:
  // The same workspace with another call: desk.With({.actor = "anna", .etag = lead.etag}).
  Desk With(Call call) const;
  const std::string& workspace() const { return workspace_; }
  const Call& call() const { return call_; }

  // Workspace.

  absl::StatusOr<Workspace> GetWorkspace() const;
  // Errors: FUNNEL_NOT_FOUND, CALENDAR_NOT_FOUND, FIELD_INVALID (region, lead attributes),
  // ATTRIBUTE_IN_USE (metadata `funnel`, `path`).
  absl::StatusOr<Workspace> UpdateWorkspace(const sales::UpdateWorkspace& command) const;

  // Tokens, also of the workspace kEveryWorkspace.

  // Errors: TOKEN_EXISTS, LIMIT_REACHED, FIELD_REQUIRED (role, actor), FIELD_INVALID (hash, expire
  // time).
  absl::StatusOr<Token> CreateToken(const sales::CreateToken& command) const;
  // Errors: TOKEN_NOT_FOUND.
  absl::StatusOr<Token> GetToken(const std::string& token) const;
  // By id. Those revoked or expired come too.
  absl::StatusOr<Page<Token>> ListTokens(const ListQuery& query) const;
  // For good; a token revoked already stays as it is. Errors: TOKEN_NOT_FOUND.
  absl::StatusOr<Token> RevokeToken(const std::string& token) const;

  // Removes the workspace with everything in it, for good. Nobody sees it from then on; its rows
  // are removed by the sweep, some at a time, and no byte of them is left after Engine::Vacuum.
  // Errors: WORKSPACE_NOT_EMPTY (without force, where it has contacts).
  absl::Status DeleteWorkspace(const sales::DeleteWorkspace& command = {}) const;
  // Everything that the workspace is, as it is now, as text: a JSON value a line, in an order that
  // is always the same, a header with counts first and a digest last (libsales/EXPORT.md). Holds
  // personal data. `on_text` gets it piece by piece, cut anywhere, and ends it by an error. The
  // snapshot is held while it runs, and keeps the store's log from being cut: a slow taker is to be
  // given a file's text.
  using WriteText = std::function<absl::Status(const std::string& text)>;
  absl::Status ExportWorkspace(const WriteText& on_text) const;

  // Contacts.

  // Errors: CONTACT_NOT_FOUND.
  absl::StatusOr<Contact> GetContact(const std::string& contact) const;
  // Errors: FILTER_INVALID, FILTER_TOO_DEEP, ORDER_BY_INVALID, PAGE_SIZE_INVALID,
  // PAGE_TOKEN_INVALID. So in every list.
  absl::StatusOr<Page<Contact>> ListContacts(const ListQuery& query) const;
  // Errors: CONTACT_NOT_FOUND, IDENTITY_TAKEN, CONTACT_MERGED, CONTACT_ERASED. The last two so in
  // every write that takes a contact.
  absl::StatusOr<Contact> UpdateContact(const std::string& contact,
                                        const sales::UpdateContact& command) const;
  // Errors: CONTACT_NOT_FOUND.
  absl::StatusOr<Contact> FindContact(const Identity& identity) const;
  // Contacts that may be one, the surest first; those that were dismissed or merged do not come.
  // Compares what the whole workspace has in common, and first writes down what new contacts bring:
  // no read for every moment. Errors: STORE_READ_ONLY if there are new ones, CONTACT_NOT_FOUND,
  // PAGE_SIZE_INVALID, PAGE_TOKEN_INVALID.
  absl::StatusOr<Page<Duplicate>> ListDuplicates(const DuplicateQuery& query) const;
  // Records that the two are not one. The revision. Errors: CONTACT_NOT_FOUND, FIELD_INVALID.
  absl::StatusOr<int64_t> DismissDuplicate(const std::string& contact,
                                           const std::string& other) const;
  // Keeps `contact`, and moves to it what `merged` has: identities, leads with their activities,
  // touches and referrals; what `contact` does not have of the rest, it gets from `merged`. Errors:
  // CONTACT_NOT_FOUND, MERGE_WITH_ITSELF, LIMIT_REACHED.
  absl::StatusOr<Contact> MergeContacts(const std::string& contact,
                                        const std::string& merged) const;
  // Makes a merged contact one of its own again: both are as they were, but for what was changed
  // since, and what came since is the kept one's. Gives the contact that was merged; the two are
  // no duplicates any more. Errors: CONTACT_NOT_FOUND, CONTACT_NOT_MERGED, CONTACT_MERGED (a later
  // merge moved on what this one had moved: metadata `contact` is to be unmerged first).
  absl::StatusOr<Contact> UnmergeContact(const std::string& merged) const;
  // Removes everything personal of the contact, of those merged into it and of their leads; events
  // and figures stay. What a file's unused space holds goes with Engine::Vacuum. Errors:
  // CONTACT_NOT_FOUND.
  absl::StatusOr<Contact> EraseContact(const std::string& contact) const;
  // Everything that is kept about the contact, as one JSON document. Errors: CONTACT_NOT_FOUND,
  // CONTACT_MERGED, CONTACT_ERASED, LIMIT_REACHED.
  absl::StatusOr<std::string> ExportContact(const std::string& contact) const;
  // Records that one contact sent another, beside what captures say. Errors: CONTACT_NOT_FOUND,
  // REFERRAL_CYCLE.
  absl::StatusOr<Referral> RecordReferral(const sales::RecordReferral& command) const;
  // Who sent the contact, and whom it sent. Errors: CONTACT_NOT_FOUND, PAGE_SIZE_INVALID,
  // PAGE_TOKEN_INVALID.
  absl::StatusOr<Page<Referral>> ListReferrals(const std::string& contact,
                                               const ListQuery& query) const;

  // Leads.

  // Finds the contact by identity (external, e-mail, phone, messenger), else makes one. Errors:
  // CHANNEL_NOT_FOUND, CAMPAIGN_NOT_FOUND, FUNNEL_NOT_FOUND, CONTACT_NOT_FOUND, LEAD_EXISTS,
  // EXTERNAL_ID_TAKEN, TIME_IN_FUTURE, TIME_OUT_OF_RANGE, MONEY_INVALID, CURRENCY_MISMATCH,
  // GUARD_UNMET (conditions of the first stage), REFERRAL_CYCLE, ATTRIBUTE_UNKNOWN,
  // ATTRIBUTE_INVALID (metadata `attribute`, `type`).
  absl::StatusOr<CaptureResult> CaptureLead(const sales::CaptureLead& command) const;
  // All or none, in one write. The error's metadata `index` says which one is refused.
  absl::StatusOr<std::vector<CaptureResult>> BatchCaptureLeads(
      const std::vector<sales::CaptureLead>& commands) const;
  // Each row is a write of its own, refused or written by itself; they share commits.
  absl::StatusOr<std::vector<ImportResult>> ImportLeads(const std::vector<ImportLead>& rows) const;
  // Errors: LEAD_NOT_FOUND. So in every method below that takes a lead.
  absl::StatusOr<Lead> GetLead(const std::string& lead) const;
  // Without visits, requirements, proposals, outcomes and stances.
  absl::StatusOr<Page<Lead>> ListLeads(const ListQuery& query) const;
  // Errors: CHANNEL_NOT_FOUND, CAMPAIGN_NOT_FOUND, MONEY_INVALID, CURRENCY_MISMATCH,
  // ATTRIBUTE_UNKNOWN, ATTRIBUTE_INVALID.
  absl::StatusOr<Lead> UpdateLead(const std::string& lead, const sales::UpdateLead& command) const;
  // Gives the lead to the seller named, who need not be a resource; without one, to whom the
  // assignment policy chooses. Where nobody is available, a lead without a seller waits in the
  // queue for the sweep. Errors: ASSIGNMENT_POLICY_NOT_SET; LEAD_NOT_OPEN and NOBODY_AVAILABLE
  // (metadata: sellers and why not) where the policy is to choose.
  absl::StatusOr<Lead> AssignLead(const std::string& lead, const sales::AssignLead& command) const;
  // The policy's last decision about the lead. Errors: ASSIGNMENT_NOT_FOUND.
  absl::StatusOr<AssignmentRecord> ExplainAssignment(const std::string& lead) const;
  absl::StatusOr<MoveChecks> CheckMove(const std::string& lead) const;
  // Errors: STAGE_UNKNOWN, MOVE_NOT_ALLOWED, MOVE_REASON_REQUIRED, GUARD_UNMET with each missing
  // condition, LEAD_NOT_OPEN, TIME_ORDER, TIME_IN_FUTURE.
  absl::StatusOr<Lead> AdvanceLead(const std::string& lead,
                                   const sales::AdvanceLead& command) const;
  // Errors: DO_NOT_CONTACT, CONTACT_ERASED.
  absl::StatusOr<LoggedActivity> LogActivity(const std::string& lead,
                                             const sales::LogActivity& command) const;
  // Errors: LEAD_NOT_OPEN. So in the next four.
  absl::StatusOr<Lead> AgreeRequirements(const std::string& lead,
                                         const sales::AgreeRequirements& command) const;
  // Errors: PROPOSAL_ALREADY_REQUESTED.
  absl::StatusOr<Lead> RequestProposal(const std::string& lead) const;
  // Errors: MONEY_INVALID, CURRENCY_MISMATCH.
  absl::StatusOr<Lead> SendProposal(const std::string& lead,
                                    const sales::SendProposal& command) const;
  // Errors: PROPOSAL_NOT_FOUND, PROPOSAL_NOT_SENT, PROPOSAL_EXPIRED.
  absl::StatusOr<Lead> AnswerProposal(const std::string& lead,
                                      const sales::AnswerProposal& command) const;
  // Errors: ARGUMENTS_REQUIRED, ALTERNATIVES_REQUIRED, ACTIVITY_NOT_FOUND. A nurtured lead may be
  // closed too.
  absl::StatusOr<Lead> DeclineLead(const std::string& lead,
                                   const sales::DeclineLead& command) const;
  absl::StatusOr<Lead> LoseLead(const std::string& lead, const sales::LoseLead& command) const;
  absl::StatusOr<Lead> DisqualifyLead(const std::string& lead,
                                      const sales::DisqualifyLead& command) const;
  // Errors: NURTURE_IN_PAST.
  absl::StatusOr<Lead> NurtureLead(const std::string& lead,
                                   const sales::NurtureLead& command) const;
  // Opens the lead's handoff, which has the lead's id. Errors: GUARD_UNMET with each missing
  // condition of the stages not entered yet.
  absl::StatusOr<Lead> WinLead(const std::string& lead, const sales::WinLead& command) const;
  // Withdraws the handoff of a won lead. Errors: LEAD_OPEN, GUARD_UNMET, HANDOFF_ACCEPTED: then
  // what the client wants more is new work (RequestWork).
  absl::StatusOr<Lead> ReopenLead(const std::string& lead, const sales::ReopenLead& command) const;
  // How much we want the sale of an open or nurtured lead, and why. Errors: FIELD_REQUIRED,
  // ENUM_UNKNOWN, LEAD_NOT_OPEN, LIMIT_REACHED.
  absl::StatusOr<Lead> SetStance(const std::string& lead, const sales::SetStance& command) const;

  // Says what to do about an open lead, and why, by its score, interest, value and the client's
  // expectation, and by the seller's load; recorded, to be judged by the outcome later. Errors:
  // LEAD_NOT_OPEN.
  absl::StatusOr<Advice> AdviseLead(const std::string& lead) const;

  // Next steps. Errors: DUE_IN_PAST, LEAD_NOT_OPEN (a nurtured lead may have them too),
  // LIMIT_REACHED.
  absl::StatusOr<Lead> PlanActivity(const std::string& lead,
                                    const sales::PlanActivity& command) const;
  // Errors: PLANNED_ACTIVITY_NOT_FOUND, and those of LogActivity.
  absl::StatusOr<LoggedActivity> CompletePlannedActivity(
      const std::string& lead, const sales::CompletePlannedActivity& command) const;
  // Errors: PLANNED_ACTIVITY_NOT_FOUND.
  absl::StatusOr<Lead> CancelPlannedActivity(const std::string& lead,
                                             const sales::CancelPlannedActivity& command) const;

  // Calendars.

  // Errors: CALENDAR_EXISTS, CALENDAR_EMPTY, HOURS_INVALID, TIME_ZONE_UNKNOWN.
  absl::StatusOr<Calendar> CreateCalendar(const sales::CreateCalendar& command) const;
  // Errors: CALENDAR_NOT_FOUND.
  absl::StatusOr<Calendar> GetCalendar(const std::string& calendar) const;
  // By id.
  absl::StatusOr<Page<Calendar>> ListCalendars(const ListQuery& query) const;
  // Errors: CALENDAR_NOT_FOUND, CALENDAR_EMPTY, HOURS_INVALID, TIME_ZONE_UNKNOWN.
  absl::StatusOr<Calendar> UpdateCalendar(const std::string& calendar,
                                          const sales::UpdateCalendar& command) const;
  // Closes the days of the all-day events of an iCalendar text, those that recur up to ten years
  // ahead. Days that have an exception already keep it. Errors: CALENDAR_NOT_FOUND,
  // CALENDAR_EMPTY, ICALENDAR_INVALID.
  absl::StatusOr<ImportedHolidays> ImportHolidays(const std::string& calendar,
                                                  const std::string& icalendar) const;

  // Sellers and teams.

  // Errors: TEAM_EXISTS, LIMIT_REACHED.
  absl::StatusOr<Team> CreateTeam(const sales::CreateTeam& command) const;
  // Errors: TEAM_NOT_FOUND.
  absl::StatusOr<Team> GetTeam(const std::string& team) const;
  // By id.
  absl::StatusOr<Page<Team>> ListTeams(const ListQuery& query) const;
  absl::StatusOr<Team> UpdateTeam(const std::string& team, const sales::UpdateTeam& command) const;
  // A seller whom leads name already may become a resource. Errors: SELLER_EXISTS, TEAM_NOT_FOUND,
  // CALENDAR_NOT_FOUND, LIMIT_REACHED, FIELD_INVALID (capacity, intake, weight).
  absl::StatusOr<Seller> CreateSeller(const sales::CreateSeller& command) const;
  // Errors: SELLER_NOT_FOUND.
  absl::StatusOr<Seller> GetSeller(const std::string& seller) const;
  // By id.
  absl::StatusOr<Page<Seller>> ListSellers(const ListQuery& query) const;
  absl::StatusOr<Seller> UpdateSeller(const std::string& seller,
                                      const sales::UpdateSeller& command) const;
  // Errors: SELLER_NOT_FOUND, ABSENCE_INVALID, ABSENCE_OVERLAPS (metadata: the other's days),
  // LIMIT_REACHED.
  absl::StatusOr<Seller> SetAbsence(const std::string& seller, const Absence& absence) const;
  // By its first day. Errors: SELLER_NOT_FOUND, ABSENCE_NOT_FOUND.
  absl::StatusOr<Seller> RemoveAbsence(const std::string& seller, absl::CivilDay first_day) const;

  // Puts a policy in force, as the next version. Errors: TEAM_NOT_FOUND, CHANNEL_NOT_FOUND,
  // CAMPAIGN_NOT_FOUND, FUNNEL_NOT_FOUND, MONEY_INVALID, CURRENCY_MISMATCH, FIELD_REQUIRED (method,
  // a rule's team), FIELD_INVALID.
  absl::StatusOr<AssignmentPolicy> SetAssignmentPolicy(const AssignmentPolicy& policy) const;
  // The version in force, or the one asked for. Errors: ASSIGNMENT_POLICY_NOT_SET.
  absl::StatusOr<AssignmentPolicy> GetAssignmentPolicy(int version = 0) const;

  // Handoffs. Leads that an import won have none: they were handed over long ago.

  // Errors: HANDOFF_NOT_FOUND. So in every method below that takes a handoff.
  absl::StatusOr<Handoff> GetHandoff(const std::string& handoff) const;
  absl::StatusOr<Page<Handoff>> ListHandoffs(const ListQuery& query) const;
  // In any order, but the briefing last. Errors: HANDOFF_EVIDENCE_REQUIRED, HANDOFF_STEP_DONE,
  // HANDOFF_STEPS_OPEN with each step, HANDOFF_ACCEPTED, HANDOFF_WITHDRAWN, TIME_ORDER,
  // FIELD_INVALID (e-mail, link).
  absl::StatusOr<Handoff> CompleteHandoffStep(const std::string& handoff,
                                              const sales::CompleteHandoffStep& command) const;
  // By the manager who was briefed; opens the project, which has the handoff's id. Errors:
  // HANDOFF_STEPS_OPEN, HANDOFF_NOT_MANAGER, HANDOFF_ACCEPTED, HANDOFF_WITHDRAWN, TIME_ORDER.
  absl::StatusOr<AcceptedHandoff> AcceptHandoff(const std::string& handoff) const;
  // By the manager who was briefed: what is missing is to be done again. Errors: as above.
  absl::StatusOr<Handoff> ReturnHandoff(const std::string& handoff,
                                        const sales::ReturnHandoff& command) const;
  // Holds personal data.
  absl::StatusOr<HandoffPack> ExportHandoffPack(const std::string& handoff) const;

  // Projects.

  // Errors: PROJECT_NOT_FOUND. So in every method below that takes a project.
  absl::StatusOr<Project> GetProject(const std::string& project) const;
  absl::StatusOr<Page<Project>> ListProjects(const ListQuery& query) const;
  // Errors: PROJECT_CLOSED.
  absl::StatusOr<Project> UpdateProject(const std::string& project,
                                        const sales::UpdateProject& command) const;
  // Captures a lead of the client and makes its seller a member until it is closed. Errors:
  // PROJECT_CLOSED, and those of CaptureLead.
  absl::StatusOr<RequestedWork> RequestWork(const std::string& project,
                                            const sales::RequestWork& command) const;
  // Errors: PROJECT_CLOSED, FIELD_REQUIRED, FIELD_INVALID (satisfaction).
  absl::StatusOr<Project> CloseProject(const std::string& project,
                                       const sales::CloseProject& command) const;

  // Plans.

  // Errors: FIELD_REQUIRED, FIELD_INVALID, MONEY_INVALID, CURRENCY_MISMATCH.
  absl::StatusOr<Plan> SetPlan(const sales::SetPlan& command) const;
  // Errors: PLAN_NOT_FOUND.
  absl::StatusOr<Plan> GetPlan(const std::string& plan) const;
  absl::StatusOr<Page<Plan>> ListPlans(const ListQuery& query) const;
  // By day, as the sweep wrote them down. Errors: PLAN_NOT_FOUND.
  absl::StatusOr<Page<PlanSnapshot>> ListPlanSnapshots(const std::string& plan,
                                                       const ListQuery& query) const;

  // Channels.

  // Errors: CHANNEL_EXISTS.
  absl::StatusOr<Channel> CreateChannel(const sales::CreateChannel& command) const;
  // Errors: CHANNEL_NOT_FOUND.
  absl::StatusOr<Channel> GetChannel(const std::string& channel) const;
  absl::StatusOr<Page<Channel>> ListChannels(const ListQuery& query) const;
  absl::StatusOr<Channel> UpdateChannel(const std::string& channel,
                                        const sales::UpdateChannel& command) const;
  // Errors: CAMPAIGN_EXISTS, CHANNEL_NOT_FOUND.
  absl::StatusOr<Campaign> CreateCampaign(const sales::CreateCampaign& command) const;
  // Errors: CAMPAIGN_NOT_FOUND.
  absl::StatusOr<Campaign> GetCampaign(const std::string& channel,
                                       const std::string& campaign) const;
  // Of one channel, or with an empty one of every channel.
  absl::StatusOr<Page<Campaign>> ListCampaigns(const std::string& channel,
                                               const ListQuery& query) const;
  absl::StatusOr<Campaign> UpdateCampaign(const std::string& channel, const std::string& campaign,
                                          const sales::UpdateCampaign& command) const;
  // The revision. Errors: CHANNEL_NOT_FOUND, CAMPAIGN_NOT_FOUND, MONEY_INVALID, CURRENCY_MISMATCH.
  absl::StatusOr<int64_t> RecordSpend(const sales::RecordSpend& command) const;
  // Errors: CAMPAIGN_NOT_FOUND, CONTACT_NOT_FOUND, TIME_IN_FUTURE, DO_NOT_CONTACT (metadata
  // `contacts`: those who refuse what the channel does).
  absl::StatusOr<TouchResult> RecordTouches(const sales::RecordTouches& command) const;

  // Funnels.

  // Errors: POLICY_INVALID with each fault, STAGE_IN_USE.
  // Everything that keeps a policy from being put in force here: what ValidateFunnelPolicy says of
  // it, and where that is nothing, the comparisons that its lead_attributes cannot have.
  absl::StatusOr<std::vector<PolicyFault>> ValidateFunnelPolicy(const FunnelPolicy& policy) const;
  absl::StatusOr<FunnelPolicy> ActivateFunnelPolicy(
      const sales::ActivateFunnelPolicy& command) const;
  // The version in force, or the one asked for. Errors: FUNNEL_NOT_FOUND.
  absl::StatusOr<FunnelPolicy> GetFunnelPolicy(const std::string& funnel, int version = 0) const;
  absl::StatusOr<Page<FunnelPolicy>> ListFunnelPolicies(const ListQuery& query) const;
  // What a policy would have stopped, had it been in force: the same question gets the same answer.
  // Changes nothing. Errors: POLICY_INVALID with each fault, FUNNEL_NOT_FOUND, WINDOW_INVALID,
  // REVISION_INVALID, REVISION_COMPACTED (also where leads of the window have compacted events).
  absl::StatusOr<PolicySimulation> SimulateFunnelPolicy(
      const sales::SimulateFunnelPolicy& command) const;

  // Reports. As of a revision, each says the same for ever.

  // Errors: FUNNEL_NOT_FOUND, CHANNEL_NOT_FOUND, CAMPAIGN_NOT_FOUND, TEAM_NOT_FOUND,
  // WINDOW_INVALID, REVISION_INVALID, REVISION_COMPACTED (as of a revision before
  // Workspace::oldest_revision). So in every report that asks for them.
  absl::StatusOr<FunnelReport> ReportFunnel(const ReportQuery& query) const;
  absl::StatusOr<ChannelReport> ReportChannels(const ReportQuery& query) const;
  absl::StatusOr<SpeedReport> ReportSpeed(const ReportQuery& query) const;
  absl::StatusOr<DeclineReport> ReportDeclines(const ReportQuery& query) const;
  absl::StatusOr<LoadReport> ReportLoad(const ReportQuery& query) const;
  absl::StatusOr<AttributionReport> ReportAttribution(const AttributionQuery& query) const;
  absl::StatusOr<ReferralReport> ReportReferrals(const ReferralQuery& query) const;
  // Errors: FIELD_INVALID (quarter), SELLER_NOT_FOUND.
  absl::StatusOr<PlanReport> ReportPlan(const PlanQuery& query) const;
  // Errors: FIELD_INVALID (rounds).
  absl::StatusOr<ForecastReport> ReportForecast(const ForecastQuery& query) const;
  absl::StatusOr<ScoreReport> ReportScore(const ScoreQuery& query) const;
  // Errors: STAFFING_GOAL_UNREACHABLE, FIELD_INVALID (handling time, wait limit, goal, rounds),
  // LIMIT_REACHED (arrivals in a simulation).
  absl::StatusOr<StaffingPlan> PlanStaffing(const StaffingQuery& query) const;

  // What a rebuilding of tallies came to.
  struct RebuildResult {
    // The last one that the tallies stand for.
    int64_t revision = 0;
    // How many counts were wrong.
    int64_t counts_mended = 0;
  };
  // Makes the tallies that reports read anew out of the events, while others read and write: writes
  // wait only while the last events are folded and the tallies replaced. Until then they stay as
  // they were. `on_progress` may be empty; it is called now and then with the revision up to which
  // events are folded and with the last one, must be quick, and ends the rebuilding by false.
  // Errors: REBUILD_STOPPED.
  using RebuildProgress = std::function<bool(int64_t revision, int64_t last_revision)>;
  absl::StatusOr<RebuildResult> RebuildTallies(const RebuildProgress& on_progress = nullptr) const;

  // Events.

  // In the order of recording. A page never splits a revision, so it may hold a few more than
  // page_size. Errors: REVISION_INVALID, REVISION_COMPACTED (metadata `oldest_revision`).
  absl::StatusOr<EventPage> ListEvents(const EventQuery& query) const;
  // Waits until the workspace's last revision is above `after`, and gives it. Sees the writes of
  // this engine only. Errors: DEADLINE_EXCEEDED at Call::deadline.
  absl::StatusOr<int64_t> WaitForRevision(int64_t after) const;

  // Webhooks: whoever is told of events over HTTP. libsales keeps them, and how far each is; to
  // call them is the embedder's, as salesd does.

  // Errors: WEBHOOK_EXISTS, WEBHOOKS_OFF, FIELD_INVALID (url), LIMIT_REACHED.
  absl::StatusOr<Webhook> CreateWebhook(const sales::CreateWebhook& command) const;
  // Errors: WEBHOOK_NOT_FOUND. So in every method below that takes a webhook.
  absl::StatusOr<Webhook> GetWebhook(const std::string& webhook) const;
  // By id.
  absl::StatusOr<Page<Webhook>> ListWebhooks(const ListQuery& query) const;
  // Errors: FIELD_INVALID (url, state).
  absl::StatusOr<Webhook> UpdateWebhook(const std::string& webhook,
                                        const sales::UpdateWebhook& command) const;
  // The revision.
  absl::StatusOr<int64_t> DeleteWebhook(const std::string& webhook) const;
  // Enables it, and delivers what was recorded after a revision, be it for the second time.
  // Errors: REVISION_INVALID, REVISION_COMPACTED (metadata `oldest_revision`).
  absl::StatusOr<Webhook> ReplayWebhook(const std::string& webhook,
                                        const sales::ReplayWebhook& command) const;
  // Gives the webhook a new secret. Errors: WEBHOOKS_OFF, FIELD_INVALID (overlap).
  absl::StatusOr<Webhook> RotateWebhookSecret(const std::string& webhook,
                                              const sales::RotateWebhookSecret& command) const;

  // For whoever delivers, who is one at a time.

  // What is to be delivered.
  absl::StatusOr<WebhookTasks> ListWebhookTasks() const;
  // Notes how far deliveries got that succeeded. Takes no revision and tells no event, so it may be
  // called often; what was not noted yet is delivered again after a crash.
  absl::Status AdvanceWebhooks(const std::vector<WebhookProgress>& progress) const;
  // Notes an attempt that failed, and when the next one follows; status 410 disables the webhook,
  // and one that failed for long is marked as failed. Gives the webhook as it is then. Errors:
  // ETAG_MISMATCH if somebody changed it meanwhile.
  absl::StatusOr<Webhook> FailDelivery(const FailedDelivery& failed) const;

 private:
  friend class Engine;
  Desk(std::shared_ptr<internal::EngineCore> core, std::string workspace, Call call);
  std::shared_ptr<internal::EngineCore> core_;
  std::string workspace_;
  Call call_;
};

}  // namespace sales

#endif  // SALES_ENGINE_H_
