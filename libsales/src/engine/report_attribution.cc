#include "src/decide/report_attribution.h"

#include "sales/engine.h"
#include "src/engine/report_scope.h"
#include "src/store/tally_rows.h"

namespace sales {
namespace {

using internal::ReadScope;

constexpr Sheet kPathSheets[] = {Sheet::kCounts, Sheet::kAttribution};

absl::StatusOr<TallySum> SumsOfPaths(ReadScope& scope, const internal::ReportBasis& basis,
                                     const Window& window) {
  TallySum sums;
  if (basis.past != nullptr) {
    for (const auto& [cell, n] : basis.past->fold.PathTallies()) {
      if (InWindow(window, cell.day)) sums.Add(cell.metric, cell.detail, cell.bucket, n);
    }
    return sums;
  }
  SALES_RETURN_IF_ERROR(
      store::ReadTallies(scope.db, scope.workspace(),
                         {Dimension::kAll, &basis.place->keys, /*funnel=*/"", window, kPathSheets},
                         [&](const store::TallyGroup& group) {
                           if (IsOfPaths(group.metric))
                             sums.Add(group.metric, group.detail, group.counts);
                         }));
  return sums;
}

}  // namespace

absl::StatusOr<AttributionReport> Desk::ReportAttribution(const AttributionQuery& query) const {
  AttributionReport report;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    ReportQuery asked;
    asked.window = query.window;
    asked.as_of_revision = query.as_of_revision;
    SALES_ASSIGN_OR_RETURN(const internal::ReportBasis basis, internal::BasisOf(scope, asked));
    SALES_ASSIGN_OR_RETURN(const TallySum sums, SumsOfPaths(scope, basis, query.window));
    report = MakeAttributionReport(query, scope.currency_code(), basis.revision, sums);
    return absl::OkStatus();
  }));
  return report;
}

}  // namespace sales
