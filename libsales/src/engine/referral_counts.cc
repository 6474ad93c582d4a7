#include "src/engine/referral_counts.h"

#include <cstdint>
#include <optional>

#include "src/decide/civil.h"
#include "src/decide/tally.h"
#include "src/store/referral_rows.h"

namespace sales::internal {
namespace {

bool IsReferred(const LeadRecord& record) {
  return !record.lead.referrer.empty() && record.generation > 0;
}

// Adds the lead to its referrer's, or takes it away.
absl::Status Count(WriteScope& scope, const LeadRecord& record, int64_t sign) {
  const Lead& lead = record.lead;
  SALES_RETURN_IF_ERROR(
      store::AddToReferrer(scope.db, scope.workspace(), lead.referrer, lead.receive_time, sign));
  SALES_ASSIGN_OR_RETURN(
      const store::NearReferrals near,
      store::ReferralsNear(scope.db, scope.workspace(), lead.referrer, lead.receive_time, lead.id));
  const auto day_of = [&](const std::optional<absl::Time>& time) {
    return time.has_value() ? std::optional(DayOf(*time, scope.zone)) : std::nullopt;
  };
  const std::optional<absl::CivilDay> before = day_of(near.before);
  const absl::CivilDay day = DayOf(lead.receive_time, scope.zone);
  // It comes between the two, and the one before is no longer the last before the one after.
  AddReferrer(before, day, sign, scope.tallies);
  if (!near.after.has_value()) return absl::OkStatus();
  const absl::CivilDay after = *day_of(near.after);
  AddReferrer(day, after, sign, scope.tallies);
  AddReferrer(before, after, -sign, scope.tallies);
  return absl::OkStatus();
}

}  // namespace

absl::Status NoteReferrer(WriteScope& scope, const LeadRecord& before, const LeadRecord& after) {
  if (before.lead.referrer == after.lead.referrer && IsReferred(before) == IsReferred(after)) {
    return absl::OkStatus();
  }
  if (IsReferred(before)) SALES_RETURN_IF_ERROR(Count(scope, before, -1));
  return IsReferred(after) ? Count(scope, after, 1) : absl::OkStatus();
}

}  // namespace sales::internal
