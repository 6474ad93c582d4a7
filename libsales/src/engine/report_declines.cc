#include "src/decide/report_declines.h"

#include "sales/engine.h"
#include "src/engine/report_scope.h"

namespace sales {

absl::StatusOr<DeclineReport> Desk::ReportDeclines(const ReportQuery& query) const {
  constexpr Sheet kSheets[] = {Sheet::kDeclines};
  DeclineReport report;
  SALES_RETURN_IF_ERROR(
      core_->Read(workspace_, call_, [&](internal::ReadScope& scope) -> absl::Status {
        SALES_ASSIGN_OR_RETURN(const internal::ReportBasis basis, internal::BasisOf(scope, query));
        SALES_ASSIGN_OR_RETURN(const TallySum sums,
                               internal::SumsOf(scope, basis, query.window, kSheets));
        report = MakeDeclineReport(query.window, scope.currency_code(), basis.revision, sums);
        return absl::OkStatus();
      }));
  return report;
}

}  // namespace sales
