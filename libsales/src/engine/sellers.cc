#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sales/engine.h"
#include "src/decide/assignment.h"
#include "src/decide/bounds.h"
#include "src/decide/civil.h"
#include "src/decide/page_token.h"
#include "src/engine/core.h"
#include "src/engine/fingerprint.h"
#include "src/store/calendar_rows.h"
#include "src/store/list.h"
#include "src/store/team_codec.h"
#include "src/store/team_rows.h"

namespace sales {
namespace {

using internal::CallFingerprint;
using internal::ReadScope;
using internal::WriteScope;

absl::StatusOr<Seller> FindSeller(sql::Connection& db, const std::string& workspace,
                                  const std::string& seller) {
  SALES_ASSIGN_OR_RETURN(std::optional<Seller> found, store::LoadSeller(db, workspace, seller));
  if (!found.has_value()) return MakeError(Reason::kSellerNotFound, "There is no such seller.");
  return *std::move(found);
}

// That what the seller refers to exists.
absl::Status CheckReferences(WriteScope& scope, const Seller& seller) {
  if (!seller.team.empty()) {
    SALES_ASSIGN_OR_RETURN(const std::optional<Team> team,
                           store::LoadTeam(scope.db, scope.workspace(), seller.team));
    if (!team.has_value()) {
      return FieldError(Reason::kTeamNotFound, "team", "there is no such team; create it first");
    }
  }
  if (seller.calendar.empty()) return absl::OkStatus();
  SALES_ASSIGN_OR_RETURN(const std::optional<Calendar> calendar,
                         store::LoadCalendar(scope.db, scope.workspace(), seller.calendar));
  if (calendar.has_value()) return absl::OkStatus();
  return FieldError(Reason::kCalendarNotFound, "calendar",
                    "there is no such calendar; create it first");
}

absl::Status Keep(WriteScope& scope, EventType type, std::vector<Change> changes, Seller& seller) {
  seller.update_time = scope.now;
  seller.etag = std::to_string(scope.revision());
  SALES_RETURN_IF_ERROR(store::SaveSeller(scope.db, scope.workspace(), seller, scope.revision()));
  Event event;
  event.type = type;
  event.subject = "sellers/" + seller.id;
  event.changes = std::move(changes);
  return scope.Record(std::move(event));
}

// What an event may say of a change: no names and no words of people.
std::vector<Change> SellerChanges(const Seller& before, const Seller& after) {
  std::vector<Change> changes;
  const auto add = [&](const char* field, const std::string& from, const std::string& to) {
    if (from != to) changes.push_back({field, from, to});
  };
  const auto number = [](int value) { return value == 0 ? "" : std::to_string(value); };
  add("team", before.team, after.team);
  add("calendar", before.calendar, after.calendar);
  add("capacity", number(before.capacity), number(after.capacity));
  add("weight", number(before.weight), number(after.weight));
  add("inactive", before.inactive ? "true" : "", after.inactive ? "true" : "");
  return changes;
}

void Apply(const UpdateSeller& command, Seller& seller) {
  if (command.display_name.has_value()) seller.display_name = *command.display_name;
  if (command.team.has_value()) seller.team = *command.team;
  if (command.role.has_value()) seller.role = *command.role;
  if (command.skills.has_value()) seller.skills = *command.skills;
  if (command.calendar.has_value()) seller.calendar = *command.calendar;
  if (command.capacity.has_value()) seller.capacity = *command.capacity;
  if (command.clear_intake) seller.intake.reset();
  if (command.intake.has_value()) seller.intake = command.intake;
  if (command.weight.has_value()) seller.weight = *command.weight;
  if (command.inactive.has_value()) seller.inactive = *command.inactive;
}

Seller NewSeller(const CreateSeller& command, absl::Time now) {
  Seller seller;
  seller.id = command.id;
  seller.display_name = command.display_name.empty() ? command.id : command.display_name;
  seller.team = command.team;
  seller.role = command.role;
  seller.skills = command.skills;
  seller.calendar = command.calendar;
  seller.capacity = command.capacity;
  seller.intake = command.intake;
  seller.weight = command.weight;
  seller.inactive = command.inactive;
  seller.create_time = now;
  return seller;
}

}  // namespace

absl::StatusOr<Seller> Desk::CreateSeller(const sales::CreateSeller& command) const {
  SALES_RETURN_IF_ERROR(CheckId("seller_id", command.id));
  return core_->Write<Seller>(
      workspace_, call_, CallFingerprint(call_, "CreateSeller", command),
      [&](WriteScope& scope) -> absl::StatusOr<Seller> {
        SALES_ASSIGN_OR_RETURN(const std::optional<Seller> taken,
                               store::LoadSeller(scope.db, workspace_, command.id));
        if (taken.has_value()) return FieldError(Reason::kSellerExists, "seller_id", "is taken");
        SALES_ASSIGN_OR_RETURN(const std::vector<Seller> sellers,
                               store::ListSellers(scope.db, workspace_, "", limits::sellers_max));
        SALES_RETURN_IF_ERROR(CheckRoomFor("sellers", sellers.size(), limits::sellers_max));
        Seller seller = NewSeller(command, scope.now);
        SALES_RETURN_IF_ERROR(CheckSeller(seller));
        SALES_RETURN_IF_ERROR(CheckReferences(scope, seller));
        SALES_RETURN_IF_ERROR(
            Keep(scope, EventType::kSellerCreated, SellerChanges(Seller{}, seller), seller));
        return seller;
      });
}

absl::StatusOr<Seller> Desk::GetSeller(const std::string& seller) const {
  Seller found;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(found, FindSeller(scope.db, workspace_, seller));
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<Page<Seller>> Desk::ListSellers(const ListQuery& query) const {
  SALES_RETURN_IF_ERROR(CheckPageSize(query.page_size));
  const int page_size = PageSizeOf(query.page_size);
  const uint64_t fingerprint = Fingerprint({"sellers", workspace_});
  SALES_ASSIGN_OR_RETURN(const std::string after, store::IdAfter(fingerprint, query.page_token));
  Page<Seller> page;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(page.items,
                           store::ListSellers(scope.db, workspace_, after, page_size + 1));
    return absl::OkStatus();
  }));
  if (static_cast<int>(page.items.size()) > page_size) {
    page.items.pop_back();
    page.next_page_token = store::IdPageToken(fingerprint, page.items.back().id);
  }
  return page;
}

absl::StatusOr<Seller> Desk::UpdateSeller(const std::string& seller,
                                          const sales::UpdateSeller& command) const {
  return core_->Write<Seller>(
      workspace_, call_, CallFingerprint(call_, "UpdateSeller", seller, command),
      [&](WriteScope& scope) -> absl::StatusOr<Seller> {
        SALES_ASSIGN_OR_RETURN(const Seller before, FindSeller(scope.db, workspace_, seller));
        SALES_RETURN_IF_ERROR(internal::CheckEtag(call_, before.etag));
        Seller after = before;
        Apply(command, after);
        SALES_RETURN_IF_ERROR(CheckSeller(after));
        SALES_RETURN_IF_ERROR(CheckReferences(scope, after));
        if (after.team != before.team) {
          SALES_RETURN_IF_ERROR(store::ForgetTurn(scope.db, workspace_, seller));
        }
        SALES_RETURN_IF_ERROR(
            Keep(scope, EventType::kSellerUpdated, SellerChanges(before, after), after));
        return after;
      });
}

absl::StatusOr<Seller> Desk::SetAbsence(const std::string& seller, const Absence& absence) const {
  return core_->Write<Seller>(
      workspace_, call_, CallFingerprint(call_, "SetAbsence", seller, absence),
      [&](WriteScope& scope) -> absl::StatusOr<Seller> {
        SALES_ASSIGN_OR_RETURN(Seller changed, FindSeller(scope.db, workspace_, seller));
        SALES_RETURN_IF_ERROR(internal::CheckEtag(call_, changed.etag));
        SALES_RETURN_IF_ERROR(AddAbsence(absence, changed.absences));
        SALES_RETURN_IF_ERROR(Keep(scope, EventType::kSellerUpdated,
                                   {{"absence", "", FormatDay(absence.first_day)}}, changed));
        return changed;
      });
}

absl::StatusOr<Seller> Desk::RemoveAbsence(const std::string& seller,
                                           absl::CivilDay first_day) const {
  return core_->Write<Seller>(
      workspace_, call_, CallFingerprint(call_, "RemoveAbsence", seller, first_day),
      [&](WriteScope& scope) -> absl::StatusOr<Seller> {
        SALES_ASSIGN_OR_RETURN(Seller changed, FindSeller(scope.db, workspace_, seller));
        SALES_RETURN_IF_ERROR(internal::CheckEtag(call_, changed.etag));
        SALES_RETURN_IF_ERROR(TakeAbsence(first_day, changed.absences));
        SALES_RETURN_IF_ERROR(Keep(scope, EventType::kSellerUpdated,
                                   {{"absence", FormatDay(first_day), ""}}, changed));
        return changed;
      });
}

}  // namespace sales
