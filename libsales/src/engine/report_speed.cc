#include "src/decide/report_speed.h"

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
  const auto read = [&](Dimension dimension, absl::Span<const Sheet> sheets) {
    return store::ReadTallies(
        scope.db, scope.workspace(), {dimension, nullptr, funnel, window, sheets, IsOfSpeed},
        [&](const store::TallyGroup& group) {
          parts.AddCells(dimension, group.key, group.metric, group.detail, group.counts);
        });
  };
  for (const Dimension dimension : {Dimension::kAll, Dimension::kSeller, Dimension::kChannel}) {
    SALES_RETURN_IF_ERROR(read(dimension, kBoth));
  }
  if (query.include_hours) SALES_RETURN_IF_ERROR(read(Dimension::kHour, kTimes));
  for (const RunKind kind : {RunKind::kResponse, RunKind::kProposal}) {
    SALES_ASSIGN_OR_RETURN(
        const std::vector<store::WaitingRun> waiting,
        store::RunsDueFrom(scope.db, scope.workspace(), kind, funnel, basis.now));
    for (const store::WaitingRun& one : waiting) {
      parts.AddWaiting(one.run, one.seller, one.channel, window, basis.zone);
    }
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
