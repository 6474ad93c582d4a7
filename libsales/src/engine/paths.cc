#include "src/engine/paths.h"

#include <algorithm>
#include <utility>

#include "src/store/path_rows.h"

namespace sales::internal {
namespace {

// The contact with one lead as it was before; null: without it.
ContactTouches Before(ContactTouches after, const std::string& lead, const PathLead* before) {
  const auto found = std::find_if(after.leads.begin(), after.leads.end(),
                                  [&](const PathLead& entry) { return entry.id == lead; });
  if (found == after.leads.end()) return after;
  if (before != nullptr) {
    *found = *before;
  } else {
    after.leads.erase(found);
  }
  return after;
}

bool Has(const ContactTouches& contact, const std::string& lead) {
  return std::any_of(contact.leads.begin(), contact.leads.end(),
                     [&](const PathLead& entry) { return entry.id == lead; });
}

// A lead beyond those that make paths is counted by itself: before them all, it would not be.
ContactTouches Further(const PathLead& lead) {
  ContactTouches alone;
  if (lead.won) alone.leads.push_back(lead);
  return alone;
}

}  // namespace

absl::Status NotePathsOfCapture(WriteScope& scope, const std::string& lead, const Track& track,
                                bool contact_created) {
  const PathLead captured = PathLeadOf(lead, track);
  if (contact_created) {
    AddPathDifference({}, {{}, {captured}}, scope.zone, scope.tallies);
    return absl::OkStatus();
  }
  SALES_ASSIGN_OR_RETURN(ContactTouches after,
                         store::LoadContactTouches(scope.db, scope.workspace(), track.contact));
  if (!Has(after, lead)) {
    AddPathDifference({}, Further(captured), scope.zone, scope.tallies);
    return absl::OkStatus();
  }
  ContactTouches before = Before(after, lead, nullptr);
  AddPathDifference(std::move(before), std::move(after), scope.zone, scope.tallies);
  return absl::OkStatus();
}

absl::Status NotePathsOfChange(WriteScope& scope, const std::string& lead, const Track& before,
                               const Track& after) {
  const PathLead old_lead = PathLeadOf(lead, before);
  const PathLead new_lead = PathLeadOf(lead, after);
  if (old_lead == new_lead) return absl::OkStatus();
  SALES_ASSIGN_OR_RETURN(ContactTouches now,
                         store::LoadContactTouches(scope.db, scope.workspace(), after.contact));
  if (!Has(now, lead)) {
    AddPathDifference(Further(old_lead), Further(new_lead), scope.zone, scope.tallies);
    return absl::OkStatus();
  }
  ContactTouches then = Before(now, lead, &old_lead);
  AddPathDifference(std::move(then), std::move(now), scope.zone, scope.tallies);
  return absl::OkStatus();
}

absl::Status NotePathsOfTouch(WriteScope& scope, const std::string& contact,
                              const RecordedTouch& touch) {
  SALES_ASSIGN_OR_RETURN(ContactTouches after,
                         store::LoadContactTouches(scope.db, scope.workspace(), contact));
  ContactTouches before = after;
  const auto found = std::find(before.touches.begin(), before.touches.end(), touch);
  if (found == before.touches.end()) return absl::OkStatus();
  before.touches.erase(found);
  AddPathDifference(std::move(before), std::move(after), scope.zone, scope.tallies);
  return absl::OkStatus();
}

absl::Status PathsOfContacts::Take(const std::string& contact) {
  SALES_ASSIGN_OR_RETURN(ContactTouches taken,
                         store::LoadAllContactTouches(scope_.db, scope_.workspace(), contact));
  taken_.push_back(std::move(taken));
  return absl::OkStatus();
}

absl::Status PathsOfContacts::Count(const std::vector<std::string>& contacts) {
  for (ContactTouches& before : taken_) {
    AddPathDifference(std::move(before), {}, scope_.zone, scope_.tallies);
  }
  taken_.clear();
  for (const std::string& contact : contacts) {
    SALES_ASSIGN_OR_RETURN(ContactTouches after,
                           store::LoadAllContactTouches(scope_.db, scope_.workspace(), contact));
    AddPathDifference({}, std::move(after), scope_.zone, scope_.tallies);
  }
  return absl::OkStatus();
}

}  // namespace sales::internal
