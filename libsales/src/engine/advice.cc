#include "src/decide/advice.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sales/engine.h"
#include "src/decide/bounds.h"
#include "src/decide/lead_decisions.h"
#include "src/decide/statistics.h"
#include "src/engine/assignments.h"
#include "src/engine/core.h"
#include "src/engine/fingerprint.h"
#include "src/engine/leads.h"
#include "src/engine/scores.h"
#include "src/engine/sight.h"
#include "src/store/lead_rows.h"
#include "src/store/tally_rows.h"
#include "src/store/team_rows.h"

namespace sales {
namespace {

using internal::CallFingerprint;
using internal::WriteScope;

constexpr Sheet kCounts[] = {Sheet::kCounts};

// The mean value of the sales until now; unset before the first.
absl::StatusOr<std::optional<int64_t>> UsualValue(WriteScope& scope) {
  int64_t won = 0;
  int64_t revenue = 0;
  const auto add = [&](Metric metric, int64_t n) {
    if (metric == Metric::kWon) won = WrappedSum(won, n);
    if (metric == Metric::kRevenue) revenue = WrappedSum(revenue, n);
  };
  const std::set<std::string, std::less<>> whole = {""};
  store::TallyRange range;
  range.keys = &whole;
  range.sheets = kCounts;
  SALES_RETURN_IF_ERROR(
      store::ReadTallies(scope.db, scope.workspace(), range, [&](const store::TallyGroup& group) {
        for (const BucketCount& count : group.counts) add(group.metric, count.n);
      }));
  if (const TallyTable* pending = scope.core.PendingTallies(scope.workspace())) {
    for (const auto& [cell, n] : *pending) {
      if (cell.dimension == Dimension::kAll) add(cell.metric, n);
    }
  }
  if (won <= 0) return std::optional<int64_t>();
  return std::optional<int64_t>(DivideRounded(revenue, won));
}

absl::StatusOr<AdviceFacts> FactsOf(WriteScope& scope, const LeadRecord& record) {
  AdviceFacts facts;
  const Lead& lead = record.lead;
  const std::vector<std::string>& features = scope.row.workspace.score_features;
  if (!features.empty()) {
    SALES_ASSIGN_OR_RETURN(const std::shared_ptr<const AttributeSchema> schema, scope.Attributes());
    SALES_ASSIGN_OR_RETURN(const ScoreModel model, internal::ModelOf(scope));
    if (model.ready()) facts.score = model.Score(FeaturesOf(record, features, *schema));
  }
  facts.interest = lead.interest;
  if (lead.expected_value.has_value()) facts.expected_value = lead.expected_value->minor_units;
  SALES_ASSIGN_OR_RETURN(facts.usual_value, UsualValue(scope));
  facts.expectation = record.expectation;
  if (lead.seller.empty()) return facts;
  SALES_ASSIGN_OR_RETURN(const std::optional<Seller> seller,
                         store::LoadSeller(scope.db, scope.workspace(), lead.seller));
  if (!seller.has_value() || seller->capacity == 0) return facts;
  facts.capacity = seller->capacity;
  SALES_ASSIGN_OR_RETURN(auto open, internal::OpenWorkUnitsOf(scope));
  facts.open_work_units = open[lead.seller];
  return facts;
}

// What the event tells besides the advice itself, which the tracks do where it is another one.
Effect EffectOf(const AdviceFacts& facts, const Advised& advised, AdviceAction before) {
  Effect effect;
  effect.type = EventType::kLeadAdvised;
  if (advised.action == before) {
    effect.changes.push_back({"advice", AdviceName(before), AdviceName(before)});
  }
  if (facts.score.has_value()) {
    effect.changes.push_back({"score", "", std::to_string(PermilleOf(facts.score->probability))});
  }
  std::string codes;
  for (const AdviceReason& reason : advised.reasons) {
    codes += (codes.empty() ? "" : " ") + reason.code;
  }
  effect.changes.push_back({"reasons", "", std::move(codes)});
  return effect;
}

absl::StatusOr<Advice> AdviseIn(WriteScope& scope, const std::string& lead) {
  SALES_ASSIGN_OR_RETURN(const LeadRecord before, internal::FindSeenLead(scope, lead));
  SALES_RETURN_IF_ERROR(RequireOpen(before.lead));
  SALES_ASSIGN_OR_RETURN(const AdviceFacts facts, FactsOf(scope, before));
  Advised advised = Advise(facts);
  // The lead itself does not change: its etag stays, so that nobody's edit is refused for this.
  LeadRecord after = before;
  after.advice = advised.action;
  SALES_RETURN_IF_ERROR(store::SaveForetold(scope.db, scope.workspace(), before, after));
  const Track track_before = TrackOf(before);
  const Track track_after = TrackOf(after);
  AddDifference(track_before, track_after, scope.zone, scope.tallies);
  SALES_RETURN_IF_ERROR(scope.Record(internal::LeadEvent(after.lead, track_before, track_after,
                                                         EffectOf(facts, advised, before.advice))));
  Advice advice;
  advice.lead = lead;
  advice.action = advised.action;
  advice.score = facts.score.value_or(LeadScore{});
  advice.reasons = std::move(advised.reasons);
  return advice;
}

}  // namespace

absl::StatusOr<Advice> Desk::AdviseLead(const std::string& lead) const {
  SALES_RETURN_IF_ERROR(CheckId("lead", lead));
  return core_->Write<Advice>(workspace_, call_, CallFingerprint(call_, "AdviseLead", lead),
                              [&](WriteScope& scope) { return AdviseIn(scope, lead); });
}

}  // namespace sales
