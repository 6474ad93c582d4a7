#include "src/engine/handoffs.h"

#include <optional>
#include <utility>
#include <vector>

#include "src/decide/bounds.h"
#include "src/decide/consent.h"
#include "src/decide/handoff_pack.h"
#include "src/engine/contacts.h"
#include "src/engine/due.h"
#include "src/engine/fingerprint.h"
#include "src/engine/handoff_limits.h"
#include "src/engine/leads.h"
#include "src/engine/sight.h"
#include "src/store/contact_rows.h"
#include "src/store/handoff_rows.h"
#include "src/store/list.h"

namespace sales::internal {
namespace {

// Keeps a handoff that was just changed, stamps it, and records the change.
absl::Status KeepHandoff(WriteScope& scope, EventType type, std::vector<Change> changes,
                         Handoff& handoff) {
  handoff.update_time = scope.now;
  handoff.revision = scope.revision();
  handoff.etag = std::to_string(handoff.revision);
  SALES_RETURN_IF_ERROR(store::SaveHandoff(scope.db, scope.workspace(), handoff));
  SALES_RETURN_IF_ERROR(
      RefreshHandoffLimits(scope, handoff, /*anew=*/type == EventType::kHandoffOpened));
  Event event;
  event.type = type;
  event.lead = handoff.id;
  event.contact = handoff.contact;
  event.subject = "handoffs/" + handoff.id;
  event.changes = std::move(changes);
  return scope.Record(std::move(event));
}

absl::Status OpenHandoffOf(WriteScope& scope, const Lead& lead) {
  SALES_ASSIGN_OR_RETURN(const ClockSources sources, ClockSourcesOf(scope, lead));
  SALES_ASSIGN_OR_RETURN(std::optional<Handoff> found,
                         store::LoadHandoff(scope.db, scope.workspace(), lead.id));
  Handoff handoff = std::move(found).value_or(Handoff{});
  if (handoff.id.empty()) {
    handoff.id = lead.id;
    handoff.contact = lead.contact;
    handoff.seller = lead.seller;
    handoff.create_time = scope.now;
  }
  std::vector<Change> changes;
  OpenHandoff(sources.policy->handoff, sources.working_time, scope.occur_time, handoff, changes);
  return KeepHandoff(scope, EventType::kHandoffOpened, std::move(changes), handoff);
}

absl::Status WithdrawHandoffOf(WriteScope& scope, const Lead& lead) {
  SALES_ASSIGN_OR_RETURN(std::optional<Handoff> handoff,
                         store::LoadHandoff(scope.db, scope.workspace(), lead.id));
  // A lead that an import won has none.
  if (!handoff.has_value()) return absl::OkStatus();
  SALES_RETURN_IF_ERROR(NoteHandoffLimits(scope, *handoff, scope.occur_time).status());
  std::vector<Change> changes;
  SALES_RETURN_IF_ERROR(DecideWithdraw(*handoff, changes));
  return KeepHandoff(scope, EventType::kHandoffWithdrawn, std::move(changes), *handoff);
}

// Who sells the lead, as long as it is to be sold.
std::string SellerWhileOpen(const Lead& lead) {
  const bool open = lead.state == LeadState::kOpen || lead.state == LeadState::kNurtured;
  return open ? lead.seller : std::string();
}

absl::Status TellProject(WriteScope& scope, const Lead& before, const Lead& after) {
  if (after.project.empty() || SellerWhileOpen(before) == SellerWhileOpen(after)) {
    return absl::OkStatus();
  }
  SALES_ASSIGN_OR_RETURN(ProjectRecord record,
                         FindProject(scope.db, scope.workspace(), after.project));
  // The record holds the sellers as they are after the change; before it there was this one too,
  // and the new one only if another lead has him.
  const Project now = ShownProject(record);
  ProjectRecord earlier = record;
  SALES_ASSIGN_OR_RETURN(earlier.sellers, store::SellersOfOtherLeads(scope.db, scope.workspace(),
                                                                     record.project.id, after.id));
  if (!SellerWhileOpen(before).empty()) earlier.sellers.push_back(SellerWhileOpen(before));
  std::vector<Change> changes = ProjectChanges(ShownProject(earlier), now);
  if (changes.empty()) return absl::OkStatus();
  Event event;
  event.type = EventType::kProjectUpdated;
  event.lead = after.id;
  event.contact = after.contact;
  event.subject = "projects/" + record.project.id;
  event.changes = std::move(changes);
  return scope.Record(std::move(event));
}

}  // namespace

absl::Status FollowLead(WriteScope& scope, const Lead& before, const Lead& after) {
  const bool was_won = before.state == LeadState::kWon;
  const bool is_won = after.state == LeadState::kWon;
  if (is_won && !was_won) SALES_RETURN_IF_ERROR(OpenHandoffOf(scope, after));
  if (was_won && !is_won) SALES_RETURN_IF_ERROR(WithdrawHandoffOf(scope, after));
  return TellProject(scope, before, after);
}

absl::StatusOr<Handoff> FindHandoff(sql::Connection& db, const std::string& workspace,
                                    const std::string& handoff) {
  SALES_ASSIGN_OR_RETURN(std::optional<Handoff> found, store::LoadHandoff(db, workspace, handoff));
  if (!found.has_value()) return NoSuchHandoff();
  return *std::move(found);
}

absl::Status NoSuchHandoff() {
  return MakeError(Reason::kHandoffNotFound,
                   "There is no such handoff; a handoff is opened when its lead is won.");
}

}  // namespace sales::internal

namespace sales {
namespace {

using internal::CallFingerprint;
using internal::ReadScope;
using internal::WriteScope;

// Errors: HANDOFF_NOT_FOUND, also where its lead is not seen.
template <typename Scope>
absl::StatusOr<Handoff> FindSeen(const Scope& scope, const std::string& handoff) {
  SALES_ASSIGN_OR_RETURN(Handoff found,
                         internal::FindHandoff(scope.db, scope.workspace(), handoff));
  SALES_ASSIGN_OR_RETURN(const bool sees, internal::SeesSeller(scope, found.seller));
  if (!sees) return internal::NoSuchHandoff();
  return found;
}

absl::StatusOr<Handoff> FindFor(WriteScope& scope, const std::string& handoff) {
  SALES_ASSIGN_OR_RETURN(Handoff found, FindSeen(scope, handoff));
  SALES_RETURN_IF_ERROR(internal::CheckEtag(scope.call, found.etag));
  // Of somebody who was erased nothing is written down again.
  SALES_ASSIGN_OR_RETURN(const Contact contact,
                         internal::FindContactById(scope.db, scope.workspace(), found.contact));
  SALES_RETURN_IF_ERROR(CheckNotErased(contact));
  SALES_RETURN_IF_ERROR(internal::NoteHandoffLimits(scope, found, scope.occur_time).status());
  return found;
}

}  // namespace

absl::StatusOr<Handoff> Desk::GetHandoff(const std::string& handoff) const {
  SALES_RETURN_IF_ERROR(CheckId("handoff", handoff));
  Handoff found;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(found, FindSeen(scope, handoff));
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<Page<Handoff>> Desk::ListHandoffs(const ListQuery& query) const {
  SALES_ASSIGN_OR_RETURN(store::ListPlan plan,
                         store::PlanList(store::HandoffListSchema(), workspace_, query));
  Page<Handoff> page;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_RETURN_IF_ERROR(internal::NarrowToSeen(scope, plan));
    SALES_ASSIGN_OR_RETURN(page.items, store::ListHandoffs(scope.db, workspace_, plan));
    return absl::OkStatus();
  }));
  if (static_cast<int>(page.items.size()) > plan.page_size) {
    page.items.pop_back();
    const Handoff& last = page.items.back();
    page.next_page_token = store::NextPageToken(plan, store::HandoffOrderKey(last, plan), last.id);
  }
  return page;
}

absl::StatusOr<Handoff> Desk::CompleteHandoffStep(const std::string& handoff,
                                                  const sales::CompleteHandoffStep& command) const {
  return core_->Write<Handoff>(
      workspace_, call_, CallFingerprint(call_, "CompleteHandoffStep", handoff, command),
      [&](WriteScope& scope) -> absl::StatusOr<Handoff> {
        SALES_ASSIGN_OR_RETURN(Handoff found, FindFor(scope, handoff));
        std::vector<Change> changes;
        SALES_RETURN_IF_ERROR(DecideStep(command, call_.actor, scope.occur_time, found, changes));
        SALES_RETURN_IF_ERROR(internal::KeepHandoff(scope, EventType::kHandoffStepCompleted,
                                                    std::move(changes), found));
        return found;
      });
}

absl::StatusOr<AcceptedHandoff> Desk::AcceptHandoff(const std::string& handoff) const {
  return core_->Write<AcceptedHandoff>(
      workspace_, call_, CallFingerprint(call_, "AcceptHandoff", handoff),
      [&](WriteScope& scope) -> absl::StatusOr<AcceptedHandoff> {
        AcceptedHandoff accepted;
        SALES_ASSIGN_OR_RETURN(accepted.handoff, FindFor(scope, handoff));
        std::vector<Change> changes;
        SALES_RETURN_IF_ERROR(
            DecideAccept(call_.actor, scope.occur_time, accepted.handoff, changes));
        SALES_RETURN_IF_ERROR(internal::KeepHandoff(scope, EventType::kHandoffAccepted,
                                                    std::move(changes), accepted.handoff));
        ProjectRecord record = OpenProject(accepted.handoff, scope.occur_time);
        record.project.create_time = scope.now;
        SALES_ASSIGN_OR_RETURN(
            accepted.project,
            internal::KeepProject(scope, EventType::kProjectOpened, Project{}, record));
        return accepted;
      });
}

absl::StatusOr<Handoff> Desk::ReturnHandoff(const std::string& handoff,
                                            const sales::ReturnHandoff& command) const {
  return core_->Write<Handoff>(
      workspace_, call_, CallFingerprint(call_, "ReturnHandoff", handoff, command),
      [&](WriteScope& scope) -> absl::StatusOr<Handoff> {
        SALES_ASSIGN_OR_RETURN(Handoff found, FindFor(scope, handoff));
        std::vector<Change> changes;
        SALES_RETURN_IF_ERROR(DecideReturn(command, call_.actor, scope.occur_time, found, changes));
        SALES_RETURN_IF_ERROR(
            internal::KeepHandoff(scope, EventType::kHandoffReturned, std::move(changes), found));
        return found;
      });
}

absl::StatusOr<HandoffPack> Desk::ExportHandoffPack(const std::string& handoff) const {
  SALES_RETURN_IF_ERROR(CheckId("handoff", handoff));
  PackContents contents;
  contents.workspace = workspace_;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(contents.zone, LoadZone("time_zone", scope.row.workspace.time_zone));
    SALES_ASSIGN_OR_RETURN(contents.handoff, FindSeen(scope, handoff));
    SALES_ASSIGN_OR_RETURN(LeadRecord record, internal::FindLead(scope.db, workspace_, handoff,
                                                                 scope.currency_code()));
    contents.lead = std::move(record.lead);
    SALES_ASSIGN_OR_RETURN(std::optional<Contact> contact,
                           store::LoadContact(scope.db, workspace_, contents.handoff.contact));
    contents.contact = std::move(contact).value_or(Contact{});
    return absl::OkStatus();
  }));
  return MakeHandoffPack(contents);
}

}  // namespace sales
