#include "src/decide/report_score.h"

#include <memory>
#include <set>
#include <string>

#include "sales/engine.h"
#include "src/engine/core.h"
#include "src/engine/report_scope.h"

namespace sales {
namespace {

constexpr Sheet kSheets[] = {Sheet::kScore};

}  // namespace

absl::StatusOr<ScoreReport> Desk::ReportScore(const ScoreQuery& query) const {
  ReportQuery asked;
  asked.window = query.window;
  asked.as_of_revision = query.as_of_revision;
  ScoreReport report;
  SALES_RETURN_IF_ERROR(
      core_->Read(workspace_, call_, [&](internal::ReadScope& scope) -> absl::Status {
        SALES_ASSIGN_OR_RETURN(const internal::ReportBasis basis, internal::BasisOf(scope, asked));
        SALES_ASSIGN_OR_RETURN(const TallySum sums,
                               internal::SumsOf(scope, basis, query.window, kSheets));
        report = MakeScoreReport(query, scope.currency_code(), basis.revision, sums);
        return absl::OkStatus();
      }));
  return report;
}

}  // namespace sales
