#include "src/engine/leads.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>
#include <variant>

#include "absl/time/clock.h"
#include "src/decide/attribute_schema.h"
#include "src/decide/bounds.h"
#include "src/decide/civil.h"
#include "src/decide/consent.h"
#include "src/decide/moves.h"
#include "src/engine/assignments.h"
#include "src/engine/channels.h"
#include "src/engine/contacts.h"
#include "src/engine/descent.h"
#include "src/engine/due.h"
#include "src/engine/fingerprint.h"
#include "src/engine/handoffs.h"
#include "src/engine/paths.h"
#include "src/engine/scores.h"
#include "src/engine/sight.h"
#include "src/store/attribute_rows.h"
#include "src/store/lead_rows.h"
#include "src/store/team_rows.h"

namespace sales::internal {

void Stamp(const WriteScope& scope, Lead& lead) {
  lead.update_time = scope.now;
  lead.revision = scope.revision();
  lead.etag = std::to_string(lead.revision);
}

absl::Status LeadNotFound() { return MakeError(Reason::kLeadNotFound, "There is no such lead."); }

absl::StatusOr<LeadRecord> FindLead(sql::Connection& db, const std::string& workspace,
                                    const std::string& lead, const std::string& currency_code) {
  SALES_ASSIGN_OR_RETURN(auto&& record, store::LoadLead(db, workspace, lead, currency_code));
  if (!record.has_value()) return LeadNotFound();
  return *std::move(record);
}

DecideContext ContextOf(const WriteScope& scope, const FunnelPolicy& policy,
                        absl::Time occur_time) {
  return {policy, scope.currency_code(), scope.zone, scope.call.actor, scope.now, occur_time};
}

Event LeadEvent(const Lead& lead, const Track& before, const Track& after, const Effect& effect) {
  Event event;
  event.type = effect.type;
  event.lead = lead.id;
  event.contact = lead.contact;
  event.changes = TrackChanges(before, after);
  event.changes.insert(event.changes.end(), effect.changes.begin(), effect.changes.end());
  return event;
}

absl::Status NoteGiven(WriteScope& scope, const std::string& before, const std::string& seller) {
  if (seller.empty() || seller == before) return absl::OkStatus();
  return store::AddToSellerDay(scope.db, scope.workspace(), seller, DayOf(scope.now, scope.zone));
}

absl::Status KeepChange(WriteScope& scope, const LeadRecord& before, LeadRecord& after,
                        Effect& effect) {
  Stamp(scope, after.lead);
  SALES_RETURN_IF_ERROR(ScoreOutcome(scope, before.lead.state, after));
  SALES_RETURN_IF_ERROR(KeepFacts(scope, before, after));
  SALES_RETURN_IF_ERROR(store::UpdateLead(scope.db, scope.workspace(), before, after));
  SALES_RETURN_IF_ERROR(NoteGiven(scope, before.lead.seller, after.lead.seller));
  SALES_RETURN_IF_ERROR(QueueReopened(scope, before.lead, after.lead));
  if (effect.activity.has_value()) {
    effect.activity->id = scope.core.MakeId();
    effect.activity->lead = after.lead.id;
    effect.activity->record_time = scope.now;
    SALES_RETURN_IF_ERROR(store::InsertActivity(scope.db, scope.workspace(), *effect.activity));
  }
  const Track track_before = TrackOf(before);
  const Track track_after = TrackOf(after);
  AddDifference(track_before, track_after, scope.zone, scope.tallies);
  SALES_RETURN_IF_ERROR(NotePathsOfChange(scope, after.lead.id, track_before, track_after));
  SALES_RETURN_IF_ERROR(scope.Record(LeadEvent(after.lead, track_before, track_after, effect)));
  SALES_RETURN_IF_ERROR(FollowLead(scope, before.lead, after.lead));
  return CreditChange(scope, before, after);
}

absl::Status MoveToMappedStage(WriteScope& scope, const FunnelPolicy& policy,
                               const std::string& from, const std::string& to) {
  SALES_ASSIGN_OR_RETURN(const std::vector<std::string> leads,
                         store::LeadsInStage(scope.db, scope.workspace(), policy.id, from));
  for (const std::string& lead : leads) {
    SALES_ASSIGN_OR_RETURN(const LeadRecord before,
                           FindLead(scope.db, scope.workspace(), lead, scope.currency_code()));
    LeadRecord after = before;
    Effect effect;
    effect.type = EventType::kLeadMoved;
    // Who maps a stage decides for its leads: what they lack is an override, told and counted.
    SALES_RETURN_IF_ERROR(PassGuard(
        MissingForMove(ContextOf(scope, policy, scope.now), before, StageIndex(policy, to)),
        "mapped", from, to, effect));
    if (after.lead.state == LeadState::kOpen) {
      SALES_RETURN_IF_ERROR(EnterStage(policy, to, scope.now, after));
    } else {
      after.lead.stage = to;
    }
    effect.changes.push_back({"policy_version", "", std::to_string(policy.version)});
    SALES_RETURN_IF_ERROR(KeepChange(scope, before, after, effect));
  }
  return absl::OkStatus();
}

}  // namespace sales::internal

namespace sales {
namespace {

using internal::CallFingerprint;
using internal::EngineCore;
using internal::WriteScope;

// The activity in which a client was told of a decline is one of the lead's.
absl::Status CheckToldIn(WriteScope& scope, const std::string& lead, const LeadCommand& command) {
  const auto* decline = std::get_if<DeclineLead>(&command);
  if (decline == nullptr || decline->told_in.empty()) return absl::OkStatus();
  SALES_ASSIGN_OR_RETURN(const bool exists, store::ActivityExists(scope.db, scope.workspace(), lead,
                                                                  decline->told_in));
  if (exists) return absl::OkStatus();
  return FieldError(Reason::kActivityNotFound, "told_in", "is no activity of the lead");
}

// Whether the lead's contact may be done this to: outbound activities against its wish are refused,
// and after an erasure everything that would record somebody again.
absl::Status CheckContactAllows(WriteScope& scope, const Lead& lead, const LeadCommand& command,
                                absl::Time occur_time) {
  SALES_ASSIGN_OR_RETURN(const Contact contact,
                         internal::FindContactById(scope.db, scope.workspace(), lead.contact));
  return CheckContact(contact, lead, command, occur_time);
}

// How many of the first leads a page holds, so that a page of long texts is no longer than what a
// gRPC client takes by default. At least one.
size_t FittingLeads(const std::vector<Lead>& leads) {
  size_t bytes = 0;
  size_t count = 0;
  for (const Lead& lead : leads) {
    bytes += lead.need.size();
    for (const auto& [key, value] : lead.attributes) bytes += key.size() + value.size();
    for (const std::string& label : lead.labels) bytes += label.size();
    if (count > 0 && bytes > limits::page_text_bytes_max) break;
    ++count;
  }
  return count;
}

struct Performed {
  Lead lead;
  std::optional<Activity> activity;
};

LoggedActivity LoggedOf(Performed performed) {
  LoggedActivity logged;
  logged.lead = std::move(performed.lead);
  if (performed.activity.has_value()) logged.activity = *std::move(performed.activity);
  return logged;
}

// Finds the lead, decides, and keeps what was decided.
template <typename DecideFn>
absl::StatusOr<Performed> ChangeLead(WriteScope& scope, const std::string& lead, DecideFn decide) {
  SALES_ASSIGN_OR_RETURN(const LeadRecord before, internal::FindSeenLead(scope, lead));
  SALES_RETURN_IF_ERROR(internal::CheckEtag(scope.call, before.lead.etag));
  SALES_ASSIGN_OR_RETURN(const internal::ClockSources sources,
                         internal::ClockSourcesOf(scope, before.lead));
  LeadRecord after = before;
  // Limits that were passed until now are noted first: the change may stop their clocks.
  std::vector<DueEffect> breaches = NoteBreaches(sources.context(), scope.occur_time, after);
  SALES_ASSIGN_OR_RETURN(
      Effect effect, decide(internal::ContextOf(scope, *sources.policy, scope.occur_time), after));
  SALES_RETURN_IF_ERROR(internal::RecordDue(scope, after, std::move(breaches)));
  SALES_RETURN_IF_ERROR(internal::KeepChange(scope, before, after, effect));
  return Performed{std::move(after.lead), std::move(effect.activity)};
}

absl::StatusOr<Performed> PerformIn(WriteScope& scope, const std::string& lead,
                                    const LeadCommand& command) {
  return ChangeLead(
      scope, lead, [&](const DecideContext& context, LeadRecord& record) -> absl::StatusOr<Effect> {
        SALES_RETURN_IF_ERROR(CheckToldIn(scope, lead, command));
        SALES_RETURN_IF_ERROR(CheckContactAllows(scope, record.lead, command, context.occur_time));
        return Decide(command, context, record);
      });
}

absl::StatusOr<Lead> Perform(EngineCore& core, const std::string& workspace, const Call& call,
                             const char* verb, const std::string& lead,
                             const LeadCommand& command) {
  return core.Write<Lead>(workspace, call, CallFingerprint(call, verb, lead, command),
                          [&](WriteScope& scope) -> absl::StatusOr<Lead> {
                            SALES_ASSIGN_OR_RETURN(Performed performed,
                                                   PerformIn(scope, lead, command));
                            return std::move(performed.lead);
                          });
}

}  // namespace

absl::StatusOr<Lead> Desk::AssignLead(const std::string& lead,
                                      const sales::AssignLead& command) const {
  return core_->Write<Lead>(
      workspace_, call_, CallFingerprint(call_, "AssignLead", lead, LeadCommand(command)),
      [&](WriteScope& scope) -> absl::StatusOr<Lead> {
        if (command.seller.empty() && !command.unassign) {
          return internal::AssignByPolicy(scope, lead, AssignmentCause::kRequest);
        }
        SALES_ASSIGN_OR_RETURN(Performed performed, PerformIn(scope, lead, command));
        if (command.unassign) {
          SALES_RETURN_IF_ERROR(store::LeaveQueue(scope.db, workspace_, lead));
        }
        return std::move(performed.lead);
      });
}

absl::StatusOr<Lead> Desk::AdvanceLead(const std::string& lead,
                                       const sales::AdvanceLead& command) const {
  return Perform(*core_, workspace_, call_, "AdvanceLead", lead, command);
}

absl::StatusOr<LoggedActivity> Desk::LogActivity(const std::string& lead,
                                                 const sales::LogActivity& command) const {
  return core_->Write<LoggedActivity>(
      workspace_, call_, CallFingerprint(call_, "LogActivity", lead, command),
      [&](WriteScope& scope) -> absl::StatusOr<LoggedActivity> {
        SALES_ASSIGN_OR_RETURN(Performed performed, PerformIn(scope, lead, command));
        return LoggedOf(std::move(performed));
      });
}

absl::StatusOr<Lead> Desk::PlanActivity(const std::string& lead,
                                        const sales::PlanActivity& command) const {
  return Perform(*core_, workspace_, call_, "PlanActivity", lead, command);
}

absl::StatusOr<LoggedActivity> Desk::CompletePlannedActivity(
    const std::string& lead, const sales::CompletePlannedActivity& command) const {
  return core_->Write<LoggedActivity>(
      workspace_, call_, CallFingerprint(call_, "CompletePlannedActivity", lead, command),
      [&](WriteScope& scope) -> absl::StatusOr<LoggedActivity> {
        SALES_ASSIGN_OR_RETURN(Performed performed, PerformIn(scope, lead, command));
        return LoggedOf(std::move(performed));
      });
}

absl::StatusOr<Lead> Desk::CancelPlannedActivity(
    const std::string& lead, const sales::CancelPlannedActivity& command) const {
  return Perform(*core_, workspace_, call_, "CancelPlannedActivity", lead, command);
}

absl::StatusOr<Lead> Desk::AgreeRequirements(const std::string& lead,
                                             const sales::AgreeRequirements& command) const {
  return Perform(*core_, workspace_, call_, "AgreeRequirements", lead, command);
}

absl::StatusOr<Lead> Desk::RequestProposal(const std::string& lead) const {
  return Perform(*core_, workspace_, call_, "RequestProposal", lead, sales::RequestProposal{});
}

absl::StatusOr<Lead> Desk::SendProposal(const std::string& lead,
                                        const sales::SendProposal& command) const {
  return Perform(*core_, workspace_, call_, "SendProposal", lead, command);
}

absl::StatusOr<Lead> Desk::AnswerProposal(const std::string& lead,
                                          const sales::AnswerProposal& command) const {
  return Perform(*core_, workspace_, call_, "AnswerProposal", lead, command);
}

absl::StatusOr<Lead> Desk::DeclineLead(const std::string& lead,
                                       const sales::DeclineLead& command) const {
  return Perform(*core_, workspace_, call_, "DeclineLead", lead, command);
}

absl::StatusOr<Lead> Desk::LoseLead(const std::string& lead, const sales::LoseLead& command) const {
  return Perform(*core_, workspace_, call_, "LoseLead", lead, command);
}

absl::StatusOr<Lead> Desk::DisqualifyLead(const std::string& lead,
                                          const sales::DisqualifyLead& command) const {
  return Perform(*core_, workspace_, call_, "DisqualifyLead", lead, command);
}

absl::StatusOr<Lead> Desk::NurtureLead(const std::string& lead,
                                       const sales::NurtureLead& command) const {
  return Perform(*core_, workspace_, call_, "NurtureLead", lead, command);
}

absl::StatusOr<Lead> Desk::WinLead(const std::string& lead, const sales::WinLead& command) const {
  return Perform(*core_, workspace_, call_, "WinLead", lead, command);
}

absl::StatusOr<Lead> Desk::ReopenLead(const std::string& lead,
                                      const sales::ReopenLead& command) const {
  return Perform(*core_, workspace_, call_, "ReopenLead", lead, command);
}

absl::StatusOr<Lead> Desk::SetStance(const std::string& lead,
                                     const sales::SetStance& command) const {
  return Perform(*core_, workspace_, call_, "SetStance", lead, command);
}

absl::StatusOr<Lead> Desk::UpdateLead(const std::string& lead,
                                      const sales::UpdateLead& command) const {
  return core_->Write<Lead>(
      workspace_, call_, CallFingerprint(call_, "UpdateLead", lead, command),
      [&](WriteScope& scope) -> absl::StatusOr<Lead> {
        SALES_ASSIGN_OR_RETURN(
            Performed performed,
            ChangeLead(
                scope, lead,
                [&](const DecideContext& context, LeadRecord& record) -> absl::StatusOr<Effect> {
                  const std::map<std::string, std::string> former = record.lead.attributes;
                  SALES_ASSIGN_OR_RETURN(
                      const Contact contact,
                      internal::FindContactById(scope.db, scope.workspace(), record.lead.contact));
                  SALES_RETURN_IF_ERROR(CheckNotErased(contact));
                  SALES_ASSIGN_OR_RETURN(Effect effect, DecideUpdate(command, context, record));
                  SALES_RETURN_IF_ERROR(
                      internal::CheckChannel(scope, record.lead.channel, record.lead.campaign));
                  if (command.attributes.has_value()) {
                    SALES_ASSIGN_OR_RETURN(const auto schema, scope.Attributes());
                    SALES_RETURN_IF_ERROR(
                        CheckAttributeValues("attributes", *command.attributes, *schema));
                  }
                  if (former != record.lead.attributes) {
                    SALES_RETURN_IF_ERROR(store::InsertFormerAttributes(scope.db, workspace_, lead,
                                                                        scope.revision(), former));
                  }
                  return effect;
                }));
        return std::move(performed.lead);
      });
}

absl::StatusOr<Lead> Desk::GetLead(const std::string& lead) const {
  SALES_RETURN_IF_ERROR(CheckId("lead", lead));
  const internal::LeadCache::Found found = core_->leads().Find(workspace_, lead);
  // Which leads a seller may see, and that nobody waits any more, is told where they are read.
  const bool late = call_.deadline < absl::InfiniteFuture() && absl::Now() >= call_.deadline;
  if (found.lead != nullptr && call_.viewer.empty() && !late) return found.lead->At(core_->Now());
  std::optional<LeadRecord> record;
  const auto load = [&](sql::Connection& db) {
    return store::LoadWorkspaceAndLead(db, workspace_, lead, record);
  };
  const auto seen = std::make_shared<internal::SeenLead>();
  SALES_RETURN_IF_ERROR(
      core_->ReadWith(workspace_, call_, load, [&](internal::ReadScope& scope) -> absl::Status {
        SALES_RETURN_IF_ERROR(internal::CheckSeen(scope, record));
        SALES_ASSIGN_OR_RETURN(seen->sources, internal::ClockSourcesOf(scope, record->lead));
        seen->record = *std::move(record);
        return absl::OkStatus();
      }));
  core_->leads().Keep(workspace_, lead, found, seen);
  return seen->At(core_->Now());
}

absl::StatusOr<Page<Lead>> Desk::ListLeads(const ListQuery& query) const {
  SALES_ASSIGN_OR_RETURN(store::ListPlan plan,
                         store::PlanList(store::LeadListSchema(), workspace_, query));
  Page<Lead> page;
  SALES_RETURN_IF_ERROR(
      core_->Read(workspace_, call_, [&](internal::ReadScope& scope) -> absl::Status {
        SALES_RETURN_IF_ERROR(internal::NarrowToSeen(scope, plan));
        SALES_ASSIGN_OR_RETURN(page.items,
                               store::ListLeads(scope.db, workspace_, scope.currency_code(), plan));
        return absl::OkStatus();
      }));
  const size_t fitting = std::min(FittingLeads(page.items), static_cast<size_t>(plan.page_size));
  if (page.items.size() > fitting) {
    page.items.resize(fitting);
    const Lead& last = page.items.back();
    page.next_page_token = store::NextPageToken(plan, store::LeadOrderKey(last, plan), last.id);
  }
  return page;
}

absl::StatusOr<MoveChecks> Desk::CheckMove(const std::string& lead) const {
  SALES_RETURN_IF_ERROR(CheckId("lead", lead));
  MoveChecks checks;
  SALES_RETURN_IF_ERROR(
      core_->Read(workspace_, call_, [&](internal::ReadScope& scope) -> absl::Status {
        SALES_ASSIGN_OR_RETURN(const LeadRecord record, internal::FindSeenLead(scope, lead));
        SALES_ASSIGN_OR_RETURN(const std::shared_ptr<const FunnelPolicy> policy,
                               scope.Policy(record.lead.funnel));
        const absl::Time now = core_->Now();
        checks = CheckMoves({*policy, scope.currency_code(), absl::UTCTimeZone(), call_.actor, now,
                             call_.occur_time.value_or(now)},
                            record);
        return absl::OkStatus();
      }));
  return checks;
}

}  // namespace sales
