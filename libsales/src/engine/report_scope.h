// What every report shares: its filter, the record as it stood at a revision, and its tallies.
#ifndef SALES_SRC_ENGINE_REPORT_SCOPE_H_
#define SALES_SRC_ENGINE_REPORT_SCOPE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "sales/funnel.h"
#include "sales/plan.h"
#include "sales/report.h"
#include "src/decide/fold.h"
#include "src/decide/report_filter.h"
#include "src/engine/core.h"
#include "src/store/tally_codec.h"

namespace sales::internal {

// That what the filter names is there. Errors: FIELD_REQUIRED, ID_INVALID, CHANNEL_NOT_FOUND,
// CAMPAIGN_NOT_FOUND, TEAM_NOT_FOUND.
absl::Status CheckFilter(ReadScope& scope, const ReportFilter& filter);

// The record as it stood at a revision, as far as reports go.
struct Past {
  explicit Past(absl::TimeZone zone) : fold(zone) {}

  Fold fold;
  // The version in force of each funnel.
  std::map<std::string, int> versions;
  std::map<CampaignId, int64_t> audiences;
  // The team of each seller who is in one.
  std::map<std::string, std::string> teams;
  // Work units, by seller; 0 where none is set. Every seller is here.
  std::map<std::string, int64_t> capacities;
  // Of each plan that there was.
  std::map<std::string, PlanTargets> plans;
};
absl::StatusOr<Past> PastAt(ReadScope& scope, int64_t revision);

// The policy that was in force then. Errors: FUNNEL_NOT_FOUND.
absl::StatusOr<std::shared_ptr<const FunnelPolicy>> PolicyOf(ReadScope& scope, const Past& past,
                                                             const std::string& funnel);

// What a report is made of.
struct ReportBasis {
  int64_t revision = 0;
  // What counts as now: the clock, and as of a revision when that was recorded.
  absl::Time now;
  absl::TimeZone zone;
  Selection selection;
  // Where the tallies of the selection are; nullopt: they are not kept.
  std::optional<TallyPlace> place;
  // The record at the revision, where the report is made of a fold.
  std::unique_ptr<const Past> past;
};

// How much of a report's figures the tallies of one place must hold.
enum class Parts {
  kNone,  // one place is all of it
  kRows,  // rows by another dimension besides: there are no tallies of those with a filter
};

// Checks the window, the filter and the funnel, which may be empty, and looks for the revision;
// folds the events where tallies do not suffice. Errors: those of CheckWindow, RevisionOf and
// CheckFilter, FUNNEL_NOT_FOUND.
absl::StatusOr<ReportBasis> BasisOf(ReadScope& scope, const ReportQuery& query,
                                    Parts parts = Parts::kNone);

// What is to be summed of the selection: in the window, of the fold or of these sheets; of the
// metrics that `wants` wants at least, null wants all.
struct SumQuestion {
  Window window;
  absl::Span<const Sheet> sheets;
  store::WantsMetric wants = nullptr;
};
// The sums for each of the questions, which are asked together.
absl::StatusOr<std::vector<TallySum>> SumsOf(ReadScope& scope, const ReportBasis& basis,
                                             absl::Span<const SumQuestion> questions);
absl::StatusOr<TallySum> SumsOf(ReadScope& scope, const ReportBasis& basis, const Window& window,
                                absl::Span<const Sheet> sheets);

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_REPORT_SCOPE_H_
