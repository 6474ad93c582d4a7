#include "src/engine/descent.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>
#include <vector>

#include "sales/limits.h"
#include "src/engine/leads.h"
#include "src/store/lead_rows.h"
#include "src/store/referral_rows.h"

namespace sales::internal {
namespace {

// What a decline is told. Counts are of the lead, and of its decline of that number; 0: of none.
struct Credit {
  int64_t returned = 0;
  int64_t returned_won = 0;
  int64_t returned_revenue = 0;
  int64_t decline = 0;
  std::optional<absl::Time> return_time;
  int64_t referrals = 0;
  int64_t won = 0;
  int64_t revenue = 0;
};

void Apply(const Credit& credit, LeadRecord& record) {
  record.returned += credit.returned;
  record.returned_won += credit.returned_won;
  record.returned_revenue += credit.returned_revenue;
  if (credit.decline < 1 || credit.decline > static_cast<int64_t>(record.declines.size())) return;
  Decline& decline = record.declines[static_cast<size_t>(credit.decline - 1)];
  if (credit.return_time.has_value()) NoteReturn(*credit.return_time, decline);
  decline.referrals += credit.referrals;
  decline.won += credit.won;
  decline.revenue += credit.revenue;
}

absl::Status CreditDecline(WriteScope& scope, const LeadRecord& before, const Credit& credit) {
  LeadRecord after = before;
  Apply(credit, after);
  const Track track_before = TrackOf(before);
  const Track track_after = TrackOf(after);
  Effect effect;
  effect.type = EventType::kDeclineCredited;
  Event event = LeadEvent(after.lead, track_before, track_after, effect);
  if (event.changes.empty()) return absl::OkStatus();
  // The lead itself did not change: its etag stays, so that nobody's edit is refused for this.
  SALES_RETURN_IF_ERROR(store::UpdateLead(scope.db, scope.workspace(), before, after));
  AddDifference(track_before, track_after, scope.zone, scope.tallies);
  return scope.Record(std::move(event));
}

absl::StatusOr<LeadRecord> Load(WriteScope& scope, const std::string& lead) {
  return FindLead(scope.db, scope.workspace(), lead, scope.currency_code());
}

bool IsWon(const Lead& lead) { return lead.state == LeadState::kWon; }

int64_t WonValue(const Lead& lead) {
  return lead.won_value.has_value() ? lead.won_value->minor_units : 0;
}

// Calls `look` with each contact from `start` on to those who sent him, and those who sent these,
// the nearest first, with how far he is, until it says that it has seen enough.
absl::Status WalkUp(
    WriteScope& scope, const std::string& start,
    const std::function<absl::StatusOr<bool>(const std::string& contact, int64_t distance,
                                             const std::vector<std::string>& referrers)>& look) {
  std::set<std::string> seen = {start};
  std::vector<std::pair<std::string, int64_t>> open = {{start, 0}};
  for (size_t i = 0; i < open.size() && i < limits::descent_walk_max; ++i) {
    const auto [contact, distance] = open[i];
    SALES_ASSIGN_OR_RETURN(const std::vector<std::string> referrers,
                           store::ReferrersOf(scope.db, scope.workspace(), contact));
    SALES_ASSIGN_OR_RETURN(const bool enough, look(contact, distance, referrers));
    if (enough) return absl::OkStatus();
    for (const std::string& referrer : referrers) {
      if (seen.insert(referrer).second) open.emplace_back(referrer, distance + 1);
    }
  }
  return absl::OkStatus();
}

// One more than how far the referrer is from the nearest contact whom nobody sent.
absl::StatusOr<int64_t> GenerationBelow(WriteScope& scope, const std::string& referrer) {
  int64_t least = limits::descent_walk_max;
  SALES_RETURN_IF_ERROR(
      WalkUp(scope, referrer,
             [&](const std::string& contact, int64_t distance,
                 const std::vector<std::string>& referrers) -> absl::StatusOr<bool> {
               if (distance >= least) return true;
               SALES_ASSIGN_OR_RETURN(const int64_t known,
                                      store::GenerationOf(scope.db, scope.workspace(), contact));
               if (known > 0) least = std::min(least, distance + known);
               if (referrers.empty()) least = std::min(least, distance);
               return false;
             }));
  return least + 1;
}

// The declined lead that stands nearest above somebody who was sent.
absl::Status FindDeclineAbove(WriteScope& scope, const std::string& referrer, absl::Time until,
                              LeadRecord& record) {
  return WalkUp(scope, referrer,
                [&](const std::string& contact, int64_t,
                    const std::vector<std::string>&) -> absl::StatusOr<bool> {
                  SALES_ASSIGN_OR_RETURN(
                      const std::vector<std::string> declined,
                      store::DeclinedLeads(scope.db, scope.workspace(), contact, until, 1));
                  if (declined.empty()) return false;
                  record.lead.returned_from = declined[0];
                  return true;
                });
}

}  // namespace

absl::Status ResolveDescent(WriteScope& scope, const std::string& referrer, absl::Time receive_time,
                            bool repeated, LeadRecord& record) {
  if (!referrer.empty()) {
    SALES_ASSIGN_OR_RETURN(record.generation, GenerationBelow(scope, referrer));
  }
  if (repeated) {
    SALES_ASSIGN_OR_RETURN(
        const std::vector<std::string> own,
        store::DeclinedLeads(scope.db, scope.workspace(), record.lead.contact, receive_time, 1));
    if (!own.empty()) record.lead.returned_from = own[0];
  }
  if (record.lead.returned_from.empty() && !referrer.empty()) {
    SALES_RETURN_IF_ERROR(FindDeclineAbove(scope, referrer, receive_time, record));
  }
  if (record.lead.returned_from.empty()) return absl::OkStatus();
  SALES_ASSIGN_OR_RETURN(const LeadRecord declined, Load(scope, record.lead.returned_from));
  record.returned_decline = static_cast<int64_t>(declined.declines.size());
  return absl::OkStatus();
}

absl::Status CreditCapture(WriteScope& scope, const LeadRecord& record) {
  const Lead& lead = record.lead;
  if (lead.returned_from.empty()) return absl::OkStatus();
  SALES_ASSIGN_OR_RETURN(const LeadRecord from, Load(scope, lead.returned_from));
  const bool own = from.lead.contact == lead.contact;
  Credit credit;
  credit.returned = 1;
  credit.returned_won = int64_t{IsWon(lead)};
  credit.returned_revenue = WonValue(lead);
  credit.decline = record.returned_decline;
  if (own) credit.return_time = lead.receive_time;
  credit.referrals = int64_t{!own};
  // What a lead brings that was itself declined is that decline's.
  if (record.declines.empty()) {
    credit.won = credit.returned_won;
    credit.revenue = credit.returned_revenue;
  }
  SALES_RETURN_IF_ERROR(CreditDecline(scope, from, credit));
  if (!own) return absl::OkStatus();
  // After his other declines the contact came again too.
  SALES_ASSIGN_OR_RETURN(const std::vector<std::string> declined,
                         store::DeclinedLeads(scope.db, scope.workspace(), lead.contact,
                                              lead.receive_time, limits::declines_returned_max));
  for (const std::string& other : declined) {
    if (other == lead.returned_from || other == lead.id) continue;
    SALES_ASSIGN_OR_RETURN(const LeadRecord before, Load(scope, other));
    Credit again;
    again.decline = static_cast<int64_t>(before.declines.size());
    again.return_time = lead.receive_time;
    SALES_RETURN_IF_ERROR(CreditDecline(scope, before, again));
  }
  return absl::OkStatus();
}

absl::Status CreditChange(WriteScope& scope, const LeadRecord& before, const LeadRecord& after) {
  if (after.lead.returned_from.empty()) return absl::OkStatus();
  Credit credit;
  credit.returned_won = int64_t{IsWon(after.lead)} - int64_t{IsWon(before.lead)};
  credit.returned_revenue = WonValue(after.lead) - WonValue(before.lead);
  if (credit.returned_won == 0 && credit.returned_revenue == 0) return absl::OkStatus();
  credit.decline = after.returned_decline;
  if (after.declines.empty()) {
    credit.won = credit.returned_won;
    credit.revenue = credit.returned_revenue;
  }
  SALES_ASSIGN_OR_RETURN(const LeadRecord from, Load(scope, after.lead.returned_from));
  return CreditDecline(scope, from, credit);
}

}  // namespace sales::internal
