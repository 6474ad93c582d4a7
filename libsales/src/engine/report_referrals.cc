#include "src/decide/report_referrals.h"

#include "sales/engine.h"
#include "src/decide/bounds.h"
#include "src/decide/civil.h"
#include "src/engine/report_scope.h"
#include "src/store/referral_rows.h"

namespace sales {
namespace {

using internal::ReadScope;
using internal::ReportBasis;

absl::StatusOr<std::vector<ReferredLead>> LeadsOf(ReadScope& scope, const ReportBasis& basis,
                                                  const Window& window) {
  std::vector<ReferredLead> leads;
  if (basis.past != nullptr) {
    basis.past->fold.ForEach([&](const std::string&, const Track& track) {
      if (track.referrer.empty() || track.generation == 0 ||
          !InWindow(window, absl::CivilDay(basis.zone.At(track.receive_time).cs))) {
        return;
      }
      const bool won = track.state == LeadState::kWon;
      leads.push_back(
          {track.referrer, track.contact, track.generation, won, won ? track.won_value : 0});
    });
    return leads;
  }
  const auto begin_of = [&](const std::optional<absl::CivilDay>& day, int64_t unset) {
    return day.has_value() ? absl::FromCivil(*day, basis.zone) : FromMicros(unset);
  };
  SALES_RETURN_IF_ERROR(store::ScanReferred(
      scope.db, scope.workspace(), begin_of(window.start, limits::time_micros_min),
      begin_of(window.end, limits::time_micros_max), [&](store::ReferredRow row) {
        leads.push_back({std::move(row.referrer), std::move(row.contact), row.generation, row.won,
                         row.revenue});
      }));
  return leads;
}

}  // namespace

absl::StatusOr<ReferralReport> Desk::ReportReferrals(const ReferralQuery& asked) const {
  SALES_RETURN_IF_ERROR(CheckRange("contacts_max", asked.contacts_max, 0, limits::page_size_max));
  ReferralQuery query = asked;
  query.contacts_max = PageSizeOf(asked.contacts_max);
  ReferralReport report;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    ReportQuery common;
    common.window = query.window;
    common.as_of_revision = query.as_of_revision;
    SALES_ASSIGN_OR_RETURN(const ReportBasis basis, internal::BasisOf(scope, common));
    SALES_ASSIGN_OR_RETURN(const std::vector<ReferredLead> leads,
                           LeadsOf(scope, basis, query.window));
    report = MakeReferralReport(query, scope.currency_code(), basis.revision, leads);
    return absl::OkStatus();
  }));
  return report;
}

}  // namespace sales
