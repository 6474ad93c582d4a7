// A studio that lives by chance under one policy, and a candidate that would have stopped some of
// it.
#ifndef SALES_TESTS_ENGINE_SIMULATED_LIFE_H_
#define SALES_TESTS_ENGINE_SIMULATED_LIFE_H_

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "sales/report.h"
#include "sales/simulation.h"
#include "tests/engine/studio.h"

namespace sales::testing {

using Kind = Condition::Kind;

inline Condition Of(Kind kind, std::vector<Condition> children = {}) {
  Condition condition;
  condition.kind = kind;
  condition.children = std::move(children);
  return condition;
}

inline Condition Is(Fact fact) {
  Condition condition = Of(Kind::kFact);
  condition.fact = fact;
  return condition;
}

inline Condition RegionIs(const std::string& region) {
  Condition condition = Of(Kind::kAttribute);
  condition.key = "region";
  condition.comparison = Comparison::kEqual;
  condition.value = region;
  return condition;
}

inline Condition AtLeast(Kind kind, int64_t number) {
  Condition condition = Of(kind);
  condition.number = number;
  return condition;
}

inline Stage StageOf(const std::string& key, std::vector<Condition> entry = {}) {
  Stage stage;
  stage.key = key;
  stage.entry = Of(Kind::kAllOf, std::move(entry));
  return stage;
}

// What is in force: few demands, and every kind of fact that can come and go among them.
inline FunnelPolicy InForce() {
  FunnelPolicy policy;
  policy.id = "sales";
  policy.stages = {StageOf("new"), StageOf("talk", {Is(Fact::kNeedKnown)}),
                   StageOf("work", {Is(Fact::kPriceOffered)}), StageOf("sign")};
  policy.stages[2].qualifying = true;
  return policy;
}

// A candidate that asks for more.
inline FunnelPolicy Stricter() {
  FunnelPolicy policy = InForce();
  Condition value = Of(Kind::kExpectedValueAtLeast);
  value.money = Money{"EUR", 0};
  policy.stages[0].entry = Of(Kind::kAnyOf, {Is(Fact::kNeedKnown), value});
  policy.stages[1].entry =
      Of(Kind::kAllOf, {Is(Fact::kNeedKnown), AtLeast(Kind::kInterestAtLeast, 50)});
  policy.stages[2].entry =
      Of(Kind::kAllOf, {Is(Fact::kPriceOffered), RegionIs("north"), Is(Fact::kResponded)});
  policy.stages[3].entry =
      Of(Kind::kAllOf, {Is(Fact::kSellerAssigned), AtLeast(Kind::kDaysInStageAtLeast, 2),
                        Of(Kind::kNot, {Is(Fact::kBudgetKnown)})});
  policy.decline.all_arguments = true;
  return policy;
}

constexpr int kStages = 4;
const char* const kKeys[] = {"new", "talk", "work", "sign"};

inline int IndexOf(const std::string& stage) {
  return static_cast<int>(std::find(kKeys, kKeys + kStages, stage) - kKeys);
}

// lead, from, to, missing conditions. In the words of the report.
using Refused = std::tuple<std::string, std::string, std::string, std::vector<std::string>>;

// Lives the life of a studio by chance, and notes beside it, from what the record showed just
// before each move, what the stricter policy would have said. Shares no code with the engine.
class Life {
 public:
  Life(const Desk& desk, TurnedClock& clock, unsigned seed)
      : desk_(desk), clock_(clock), random_(seed) {}

  void Step() {
    clock_.Turn(absl::Hours(7));
    if (leads_.empty() || Below(5) == 0) return Capture();
    const std::string lead = leads_[Below(leads_.size())];
    const Lead before = *desk_.GetLead(lead);
    switch (Below(14)) {
      case 0:
      case 1:
      case 2:
        return Advance(before);
      case 3:
        return Win(before);
      case 4:
        return Reopen(before);
      case 5:
        return Decline(before);
      case 6: {
        LogActivity activity;
        activity.kind = ActivityKind::kCall;
        activity.direction = static_cast<Direction>(1 + Below(3));
        if (desk_.LogActivity(lead, activity).ok() && activity.direction == Direction::kOut) {
          answered_[lead] = true;
        }
        return;
      }
      case 7: {
        SendProposal proposal;
        proposal.price = {"EUR", 100};
        (void)desk_.SendProposal(lead, proposal);
        return;
      }
      case 8: {
        AnswerProposal answer;
        answer.answer = Below(2) == 0 ? ProposalState::kWithdrawn : ProposalState::kRejected;
        (void)desk_.AnswerProposal(lead, answer);
        return;
      }
      case 9: {
        AssignLead assign;
        if (Below(2) == 0) assign.seller = "boris";
        assign.unassign = assign.seller.empty();
        (void)desk_.AssignLead(lead, assign);
        return;
      }
      case 10: {
        PlanActivity plan;
        plan.due_time = clock_.Now() + absl::Hours(1 + Below(100));
        (void)desk_.PlanActivity(lead, plan);
        return;
      }
      case 11:
        (void)desk_.AgreeRequirements(lead, {"as told"});
        return;
      default:
        return Update(lead);
    }
  }

  const std::vector<std::string>& leads() const { return leads_; }

  std::vector<Refused> refused;
  int64_t overrides = 0;
  int64_t declines_refused = 0;

 private:
  int Below(size_t end) { return static_cast<int>(random_() % end); }

  // What the stricter policy misses, in its words and order.
  std::vector<std::string> MissingIn(int stage, const Lead& lead) {
    std::vector<std::string> missing;
    const auto need = [&](bool met, const char* condition) {
      if (!met) missing.push_back(condition);
    };
    const bool offered =
        std::any_of(lead.proposals.begin(), lead.proposals.end(), [](const Proposal& proposal) {
          return proposal.send_time.has_value() && proposal.state != ProposalState::kWithdrawn;
        });
    const auto region = lead.attributes.find("region");
    if (stage == 0) {
      need(!lead.need.empty() || lead.expected_value.has_value(),
           "any_of(need_known, expected_value >= 0 EUR)");
    } else if (stage == 1) {
      need(!lead.need.empty(), "need_known");
      need(lead.interest >= 50, "interest >= 50");
    } else if (stage == 2) {
      need(offered, "price_offered");
      need(region != lead.attributes.end() && region->second == "north",
           "attribute(region) = 'north'");
      need(answered_[lead.id], "responded");
    } else {
      need(!lead.seller.empty(), "seller_assigned");
      need(!lead.visits.empty() && clock_.Now() - lead.visits.back().enter_time >= absl::Hours(48),
           "days_in_stage >= 2");
      need(!lead.budget.has_value(), "not(budget_known)");
    }
    return missing;
  }

  std::vector<std::string> MissingFrom(int first, int last, const Lead& lead) {
    std::vector<std::string> missing;
    for (int stage = first; stage <= last; ++stage) {
      for (const std::string& condition : MissingIn(stage, lead)) {
        if (std::find(missing.begin(), missing.end(), condition) == missing.end()) {
          missing.push_back(condition);
        }
      }
    }
    return missing;
  }

  void Note(const absl::Status& status, bool overridden, const Lead& before, const char* from,
            const char* to, std::vector<std::string> missing) {
    if (!status.ok()) return;
    if (overridden) {
      ++overrides;
      return;
    }
    if (!missing.empty()) refused.push_back({before.id, from, to, std::move(missing)});
  }

  // Whether the lead's last write tells of an override; a win opens a handoff, too.
  bool Overridden(const std::string& lead) {
    EventQuery query;
    query.filter.lead = lead;
    query.page_size = 1000;
    const EventPage page = *desk_.ListEvents(query);
    for (const Event& event : page.events) {
      if (event.revision != page.events.back().revision) continue;
      for (const Change& change : event.changes) {
        if (change.field == "override") return true;
      }
    }
    return false;
  }

  void Capture() {
    CaptureLead command;
    command.id = "l" + std::to_string(leads_.size());
    command.contact.display_name = "n";
    command.funnel = "sales";
    if (Below(2) == 0) command.need = "a shop";
    if (Below(2) == 0) command.expected_value = Money{"EUR", Below(2)};
    if (Below(2) == 0) command.budget = Money{"EUR", 7};
    if (Below(2) == 0) command.attributes["region"] = Below(2) == 0 ? "north" : "south";
    command.interest = Below(101);
    const auto result = desk_.CaptureLead(command);
    ASSERT_TRUE(result.ok()) << result.status();
    leads_.push_back(command.id);
    Note(result.status(), false, result->lead, "", "new", MissingIn(0, result->lead));
  }

  void Update(const std::string& lead) {
    UpdateLead update;
    switch (Below(5)) {
      case 0:
        update.need = Below(2) == 0 ? "" : "a shop";
        break;
      case 1:
        update.interest = Below(101);
        break;
      case 2:
        update.budget = Money{"EUR", 7};
        break;
      case 3:
        update.clear_budget = true;
        break;
      default:
        update.attributes.emplace();
        if (Below(3) != 0) (*update.attributes)["region"] = Below(3) != 0 ? "north" : "south";
        if (Below(2) == 0) (*update.attributes)["size"] = "9";
    }
    ASSERT_TRUE(desk_.UpdateLead(lead, update).ok());
  }

  void Advance(const Lead& before) {
    AdvanceLead command;
    const int to = Below(kStages);
    command.stage = kKeys[to];
    command.reason = "so";
    if (Below(4) == 0) command.override_reason = "the boss says so";
    const int from = IndexOf(before.stage);
    const auto missing = MissingFrom(from < to ? from + 1 : to, to, before);
    const absl::Status status = desk_.AdvanceLead(before.id, command).status();
    const bool overridden = status.ok() && Overridden(before.id);
    Note(status, overridden, before, kKeys[from], kKeys[to], missing);
  }

  void Win(const Lead& before) {
    WinLead command;
    command.value = Money{"EUR", 10};
    if (Below(4) == 0) command.override_reason = "the boss says so";
    const int from = IndexOf(before.stage);
    const auto missing = MissingFrom(from + 1, kStages - 1, before);
    const absl::Status status = desk_.WinLead(before.id, command).status();
    const bool overridden = status.ok() && Overridden(before.id);
    Note(status, overridden, before, kKeys[from], "", missing);
  }

  void Reopen(const Lead& before) {
    ReopenLead command;
    command.reason = "he called";
    if (Below(2) == 0) command.override_reason = "the boss says so";
    const int stage = IndexOf(before.stage);
    const auto missing = MissingIn(stage, before);
    const absl::Status status = desk_.ReopenLead(before.id, command).status();
    const bool overridden = status.ok() && Overridden(before.id);
    Note(status, overridden, before, kKeys[stage], kKeys[stage], missing);
  }

  void Decline(const Lead& before) {
    DeclineLead command;
    command.reason = "price";
    command.arguments.better = "b";
    if (Below(2) == 0) command.arguments.price = "p";
    if (Below(2) == 0) command.arguments.differ = "d";
    if (!desk_.DeclineLead(before.id, command).ok()) return;
    if (command.arguments.price.empty() || command.arguments.differ.empty()) ++declines_refused;
  }

  const Desk desk_;
  TurnedClock& clock_;
  std::mt19937 random_;
  std::vector<std::string> leads_;
  std::map<std::string, bool> answered_;
};

class Simulation : public Studio {
 protected:
  void SetUp() override { Activate(InForce()); }

  void Activate(const FunnelPolicy& policy) {
    ActivateFunnelPolicy command;
    command.policy = policy;
    const auto active = desk().ActivateFunnelPolicy(command);
    ASSERT_TRUE(active.ok()) << active.status();
  }

  PolicySimulation Simulate(const FunnelPolicy& policy, Window window = {}) const {
    SimulateFunnelPolicy command;
    command.policy = policy;
    command.window = window;
    const auto simulation = desk().SimulateFunnelPolicy(command);
    EXPECT_TRUE(simulation.ok()) << simulation.status();
    return simulation.ok() ? *simulation : PolicySimulation{};
  }

  static SimulatedGate Sum(const PolicySimulation& simulation) {
    SimulatedGate sum = simulation.win;
    for (const SimulatedGate& gate : simulation.stages) {
      sum.moves += gate.moves;
      sum.passed += gate.passed;
      sum.refused += gate.refused;
      sum.overridden += gate.overridden;
      sum.overrides_spared += gate.overrides_spared;
      sum.undecided += gate.undecided;
    }
    return sum;
  }
};

}  // namespace sales::testing

#endif  // SALES_TESTS_ENGINE_SIMULATED_LIFE_H_
