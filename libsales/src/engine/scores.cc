#include "src/engine/scores.h"

#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "src/store/tally_rows.h"

namespace sales::internal {
namespace {

constexpr Sheet kTotals[] = {Sheet::kScoreTotals};

void AddTotal(Metric metric, std::string_view word, int64_t n, ScoreModel& model) {
  ScoreCounts counts;
  if (metric == Metric::kFeatureWonTotal) {
    counts.won = n;
  } else if (metric == Metric::kFeatureNotWonTotal) {
    counts.not_won = n;
  } else {
    return;
  }
  if (word.empty()) {
    model.AddOutcome(counts);
  } else {
    model.AddFeature(DecodeFeature(word), counts);
  }
}

void AddTable(const TallyTable& table, ScoreModel& model) {
  for (const auto& [cell, n] : table) AddTotal(cell.metric, cell.detail, n, model);
}

// Nurtured leads go on, and disqualified ones were none.
bool IsJudged(LeadState state) {
  return state == LeadState::kWon || state == LeadState::kDeclined || state == LeadState::kLost;
}

}  // namespace

absl::StatusOr<ScoreModel> ModelOf(WriteScope& scope) {
  ScoreModel model;
  const std::set<std::string, std::less<>> whole = {""};
  store::TallyRange range;
  range.keys = &whole;
  range.window = {kTotalsDay, kTotalsDay + 1};
  range.sheets = kTotals;
  SALES_RETURN_IF_ERROR(
      store::ReadTallies(scope.db, scope.workspace(), range, [&](const store::TallyGroup& group) {
        for (const BucketCount& count : group.counts) {
          AddTotal(group.metric, group.detail, count.n, model);
        }
      }));
  if (const TallyTable* pending = scope.core.PendingScoreTotals(scope.workspace())) {
    AddTable(*pending, model);
  }
  AddTable(scope.tallies, model);
  return model;
}

absl::Status ScoreOutcome(WriteScope& scope, LeadState before, LeadRecord& record) {
  const LeadState state = record.lead.state;
  if (state == before) return absl::OkStatus();
  record.promised.clear();
  record.scored_features.clear();
  const std::vector<std::string>& features = scope.row.workspace.score_features;
  if (features.empty() || !IsJudged(state)) return absl::OkStatus();
  SALES_ASSIGN_OR_RETURN(const std::shared_ptr<const AttributeSchema> schema, scope.Attributes());
  const std::vector<FeatureValue> values = FeaturesOf(record, features, *schema);
  SALES_ASSIGN_OR_RETURN(const ScoreModel model, ModelOf(scope));
  record.scored_features = EncodeFeatures(values);
  if (model.ready()) record.promised = std::to_string(PermilleOf(model.Score(values).probability));
  return absl::OkStatus();
}

}  // namespace sales::internal
