#include "src/decide/report_speed.h"

#include <vector>

#include "sales/engine.h"
#include "src/engine/report_scope.h"
#include "src/store/clock_rows.h"
#include "src/store/tally_rows.h"

namespace sales {
namespace {

using internal::ReadScope;
using internal::ReportBasis;

absl::StatusOr<SpeedParts> PartsOf(ReadScope& scope, const ReportBasis& basis,
                                   const ReportQuery& query) {
  const Window& window = query.window;
  if (basis.past != nullptr) {
    return SpeedPartsOf(basis.past->fold, basis.selection, window, basis.now, basis.zone);
  }
  constexpr Sheet kBoth[] = {Sheet::kCounts, Sheet::kSpeed};
  constexpr Sheet kTimes[] = {Sheet::kSpeed};
  const std::string& funnel = basis.selection.funnel;
  SpeedParts parts;
  std::vector<store::TallyRange> ranges;
  for (const Dimension dimension : {Dimension::kAll, Dimension::kSeller, Dimension::kChannel}) {
    ranges.push_back({dimension, nullptr, funnel, window, kBoth, IsOfSpeed});
  }
  if (query.include_hours) {
    ranges.push_back({Dimension::kHour, nullptr, funnel, window, kTimes, IsOfSpeed});
  }
  store::Inquiry inquiry;
  store::AskForTallies(inquiry, scope.workspace(), ranges,
                       [&](const store::TallyRange& range, const store::TallyGroup& group) {
                         parts.AddCells(range.dimension, group.key, group.metric, group.detail,
                                        group.counts);
                       });
  std::vector<store::WaitingRun> waiting;
  store::AskForRunsDue(inquiry, scope.workspace(), funnel, basis.now, waiting);
  SALES_RETURN_IF_ERROR(inquiry.Ask(scope.db));
  for (const store::WaitingRun& one : waiting) {
    parts.AddWaiting(one.run, one.seller, one.channel, window, basis.zone);
  }
  return parts;
}

}  // namespace

absl::StatusOr<SpeedReport> Desk::ReportSpeed(const ReportQuery& query) const {
  SpeedReport report;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(const ReportBasis basis,
                           internal::BasisOf(scope, query, internal::Parts::kRows));
    SALES_ASSIGN_OR_RETURN(const SpeedParts parts, PartsOf(scope, basis, query));
    report = MakeSpeedReport(query, basis.revision, parts);
    return absl::OkStatus();
  }));
  return report;
}

}  // namespace sales
