#include <string>
#include <utility>

#include "sales/funnel.h"

namespace sales {
namespace {

constexpr absl::Duration kWorkingDay = absl::Hours(8);
constexpr absl::Duration kRotAfter = absl::Hours(24 * 14);

Condition FactIs(Fact fact) {
  Condition condition;
  condition.kind = Condition::Kind::kFact;
  condition.fact = fact;
  return condition;
}

Stage StageOf(std::string key, std::string display_name, int probability_percent, int work_units) {
  Stage stage;
  stage.key = std::move(key);
  stage.display_name = std::move(display_name);
  stage.probability_percent = probability_percent;
  stage.work_units = work_units;
  stage.rot_after = kRotAfter;
  return stage;
}

FunnelPolicy MakeWebStudio() {
  FunnelPolicy policy;
  policy.id = "web-studio";
  policy.display_name = "Web studio";
  policy.decline.alternatives_required = true;

  Stage received = StageOf("new", "New", 5, 1);
  received.respond_within = Limit{absl::Minutes(15), true};
  Stage contacted = StageOf("contacted", "Contacted", 10, 1);
  Stage requirements = StageOf("requirements", "Requirements", 20, 2);
  requirements.entry = FactIs(Fact::kNeedKnown);
  Stage proposal = StageOf("proposal", "Proposal", 40, 3);
  proposal.entry = FactIs(Fact::kRequirementsAgreed);
  proposal.proposal_within = Limit{kWorkingDay, true};
  Stage start = StageOf("start_of_work", "Start of work", 60, 2);
  start.qualifying = true;
  start.entry.children = {FactIs(Fact::kRequirementsAgreed), FactIs(Fact::kPriceOffered)};
  Stage contract = StageOf("contract", "Contract", 90, 1);
  contract.entry = FactIs(Fact::kPriceAccepted);

  policy.stages = {std::move(received), std::move(contacted), std::move(requirements),
                   std::move(proposal), std::move(start),     std::move(contract)};
  return policy;
}

}  // namespace

const FunnelPolicy& WebStudioPolicy() {
  static const FunnelPolicy* const policy = new FunnelPolicy(MakeWebStudio());
  return *policy;
}

}  // namespace sales
