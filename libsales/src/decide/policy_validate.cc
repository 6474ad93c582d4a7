#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sales/funnel.h"
#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/decide/errors.h"
#include "src/decide/moves.h"
#include "src/decide/policy.h"
#include "src/decide/policy_words.h"

namespace sales {
namespace {

constexpr int64_t kPercentMax = 100;
constexpr int64_t kWorkUnitsMax = 1'000'000;
constexpr int64_t kNumberMax = 1'000'000;
constexpr absl::Duration kLimitMax = absl::Hours(24 * 3660);

std::string At(const std::string& path, size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

// Whether a lead that is just being captured could meet a condition, and could fail it.
struct AtCapture {
  bool can_hold = true;
  bool can_fail = true;
};

AtCapture JudgeAtCapture(const Condition& condition) {
  AtCapture judged;
  switch (condition.kind) {
    case Condition::Kind::kAllOf:
      judged.can_fail = false;
      for (const Condition& child : condition.children) {
        const AtCapture part = JudgeAtCapture(child);
        judged.can_hold = judged.can_hold && part.can_hold;
        judged.can_fail = judged.can_fail || part.can_fail;
      }
      return judged;
    case Condition::Kind::kAnyOf:
      judged.can_hold = false;
      for (const Condition& child : condition.children) {
        const AtCapture part = JudgeAtCapture(child);
        judged.can_hold = judged.can_hold || part.can_hold;
        judged.can_fail = judged.can_fail && part.can_fail;
      }
      return judged;
    case Condition::Kind::kNot:
      for (const Condition& child : condition.children) {
        const AtCapture part = JudgeAtCapture(child);
        judged = {part.can_fail, part.can_hold};
      }
      return judged;
    case Condition::Kind::kFact:
      // Nothing was done about it yet.
      judged.can_hold =
          condition.fact != Fact::kResponded && condition.fact != Fact::kRequirementsAgreed &&
          condition.fact != Fact::kPriceOffered && condition.fact != Fact::kPriceAccepted;
      return judged;
    case Condition::Kind::kActivity:
    case Condition::Kind::kDaysInStageAtLeast:
      judged.can_hold = condition.number <= 0;
      judged.can_fail = !judged.can_hold;
      return judged;
    case Condition::Kind::kInterestAtLeast:
      judged.can_fail = condition.number > 0;
      return judged;
    default:
      return judged;
  }
}

class Validator {
 public:
  explicit Validator(const FunnelPolicy& policy) : policy_(policy) {}

  std::vector<PolicyFault> Run() {
    if (!IsId(policy_.id)) Add("id", "ID_INVALID", "a policy needs the id of its funnel");
    CheckName("display_name", policy_.display_name);
    CheckStages();
    CheckHandoff();
    if (faults_.empty() &&
        FunnelPolicyToJson(policy_).size() > static_cast<size_t>(limits::policy_bytes_max)) {
      Add("", "POLICY_TOO_LARGE",
          "written as JSON it has more than " + std::to_string(limits::policy_bytes_max) +
              " bytes");
    }
    return std::move(faults_);
  }

 private:
  void Add(std::string path, const char* code, std::string description) {
    faults_.push_back({std::move(path), code, std::move(description)});
  }

  void CheckName(const std::string& path, const std::string& name) {
    if (!CheckText(path, name, limits::display_name_bytes_max).ok()) {
      Add(path, "TEXT_INVALID",
          "is not UTF-8 of at most " + std::to_string(limits::display_name_bytes_max) +
              " bytes without NUL");
    }
  }

  void CheckStages() {
    const std::vector<Stage>& stages = policy_.stages;
    if (stages.empty()) return Add("stages", "NO_STAGES", "a funnel needs a stage");
    if (stages.size() > static_cast<size_t>(limits::stages_max)) {
      return Add("stages", "TOO_MANY_STAGES",
                 "a funnel has at most " + std::to_string(limits::stages_max) + " stages");
    }
    if (std::none_of(stages.begin(), stages.end(), [](const Stage& s) { return s.qualifying; })) {
      Add("stages", "NO_QUALIFYING_STAGE", "no stage says that work begins");
    }
    FindWays();
    for (size_t i = 0; i < stages.size(); ++i) CheckStage(i);
    CheckFirstEntry();
  }

  // Which stages the first leads to, and which lead to the last.
  void FindWays() {
    const size_t count = policy_.stages.size();
    reached_.assign(count, false);
    leads_out_.assign(count, false);
    reached_.front() = true;
    leads_out_.back() = true;
    // Each round finds at least one stage more, or is the last.
    for (bool found = true; found;) {
      found = false;
      for (size_t from = 0; from < count; ++from) {
        for (size_t to = 0; to < count; ++to) {
          if (!MoveAllowed(policy_, static_cast<int>(from), static_cast<int>(to))) continue;
          if (reached_[from] && !reached_[to]) reached_[to] = found = true;
          if (leads_out_[to] && !leads_out_[from]) leads_out_[from] = found = true;
        }
      }
    }
  }

  void CheckStage(size_t i) {
    const Stage& stage = policy_.stages[i];
    const std::string path = At("stages", i);
    if (!reached_[i]) {
      Add(path, "STAGE_UNREACHABLE", "no allowed moves lead here from the first stage");
    } else if (!leads_out_[i]) {
      Add(path, "NO_WAY_OUT", "no allowed moves lead from here to the last stage");
    }
    CheckKey(path + ".key", stage.key, i);
    CheckName(path + ".display_name", stage.display_name);
    CheckEntry(path + ".entry", stage.entry);
    CheckMovesOf(path + ".allowed_moves", stage);
    CheckLimits(path, stage);
    if (stage.probability_percent < 0 || stage.probability_percent > kPercentMax) {
      Add(path + ".probability_percent", "PROBABILITY_INVALID", "is not from 0 to 100");
    }
    if (stage.work_units < 0 || stage.work_units > kWorkUnitsMax) {
      Add(path + ".work_units", "WORK_UNITS_INVALID",
          "is not from 0 to " + std::to_string(kWorkUnitsMax));
    }
    if (stage.rot_after.has_value()) CheckDuration(path + ".rot_after", *stage.rot_after);
  }

  void CheckKey(const std::string& path, const std::string& key, size_t i) {
    if (!IsId(key)) {
      return Add(path, "STAGE_KEY_INVALID",
                 "is not 1 to 63 lower-case letters, digits, '-', '_' or '.'");
    }
    const int first = StageIndex(policy_, key);
    if (static_cast<size_t>(first) == i) return;
    Add(path, "STAGE_KEY_DUPLICATE", "is the key of stages[" + std::to_string(first) + "] too");
  }

  void CheckMovesOf(const std::string& path, const Stage& stage) {
    if (stage.allowed_moves.size() > static_cast<size_t>(limits::stages_max)) {
      return Add(path, "TOO_MANY_MOVES",
                 "a stage has at most " + std::to_string(limits::stages_max) + " moves");
    }
    for (size_t i = 0; i < stage.allowed_moves.size(); ++i) {
      if (StageIndex(policy_, stage.allowed_moves[i]) < 0) {
        Add(At(path, i), "MOVE_TO_UNKNOWN_STAGE", "is no stage of the policy");
      } else if (stage.allowed_moves[i] == stage.key) {
        Add(At(path, i), "MOVE_TO_SAME_STAGE", "is the stage itself");
      }
    }
  }

  bool CheckDuration(const std::string& path, absl::Duration duration) {
    if (duration > absl::ZeroDuration() && duration <= kLimitMax) return true;
    Add(path, "LIMIT_INVALID", "is not above 0 and at most ten years");
    return false;
  }

  void CheckLimits(const std::string& path, const Stage& stage) {
    bool valid = true;
    if (stage.respond_within.has_value()) {
      valid = CheckDuration(path + ".respond_within", stage.respond_within->within);
    }
    if (stage.stage_within.has_value()) {
      valid = CheckDuration(path + ".stage_within", stage.stage_within->within) && valid;
    }
    if (stage.proposal_within.has_value()) {
      CheckDuration(path + ".proposal_within", stage.proposal_within->within);
    }
    if (!valid || !stage.respond_within.has_value() || !stage.stage_within.has_value()) return;
    // Working time is never more than calendar time, so only a stage counted in working time may
    // last longer than its figure says beside an answer counted in calendar time.
    const bool comparable = !stage.stage_within->working || stage.respond_within->working;
    if (comparable && stage.stage_within->within < stage.respond_within->within) {
      Add(path + ".stage_within", "LIMIT_INVALID",
          "ends before the client must be answered (respond_within)");
    }
  }

  void CheckHandoff() {
    const HandoffRules& rules = policy_.handoff;
    bool valid = true;
    if (rules.introduction_within.has_value()) {
      valid = CheckDuration("handoff.introduction_within", rules.introduction_within->within);
    }
    if (rules.accept_within.has_value()) {
      valid = CheckDuration("handoff.accept_within", rules.accept_within->within) && valid;
    }
    if (!valid || !rules.introduction_within.has_value() || !rules.accept_within.has_value()) {
      return;
    }
    // As in CheckLimits: only what is counted in working time may last longer than it says.
    const bool comparable = !rules.accept_within->working || rules.introduction_within->working;
    if (comparable && rules.accept_within->within < rules.introduction_within->within) {
      Add("handoff.accept_within", "LIMIT_INVALID",
          "ends before the introduction must be (introduction_within)");
    }
  }

  void CheckEntry(const std::string& path, const Condition& entry) {
    nodes_ = 0;
    CheckCondition(path, entry, 1);
    if (nodes_ > limits::condition_nodes_max) {
      Add(path, "CONDITION_TOO_LARGE",
          "has more than " + std::to_string(limits::condition_nodes_max) + " conditions");
    }
  }

  // A first stage that takes nobody would stop every capture. Faults of the condition itself are
  // told before, and alone.
  void CheckFirstEntry() {
    if (!faults_.empty() || JudgeAtCapture(policy_.stages[0].entry).can_hold) return;
    Add("stages[0].entry", "CAPTURE_IMPOSSIBLE", "asks for what no lead has when it is captured");
  }

  void CheckChildren(const std::string& path, const Condition& condition, int depth) {
    for (size_t i = 0; i < condition.children.size(); ++i) {
      if (nodes_ > limits::condition_nodes_max) return;
      CheckCondition(At(path, i), condition.children[i], depth + 1);
    }
  }

  void CheckCondition(const std::string& path, const Condition& condition, int depth) {
    if (++nodes_ > limits::condition_nodes_max) return;
    if (depth > limits::condition_depth_max) {
      return Add(path, "CONDITION_TOO_DEEP",
                 "is nested deeper than " + std::to_string(limits::condition_depth_max));
    }
    switch (condition.kind) {
      case Condition::Kind::kAllOf:
        return CheckChildren(path + ".all_of", condition, depth);
      case Condition::Kind::kAnyOf:
        if (condition.children.empty()) {
          Add(path + ".any_of", "CONDITION_EMPTY", "has no alternatives, so it is never met");
        }
        return CheckChildren(path + ".any_of", condition, depth);
      case Condition::Kind::kNot:
        if (condition.children.size() != 1) {
          return Add(path + ".not", "CONDITION_EMPTY", "negates one condition");
        }
        return CheckCondition(path + ".not", condition.children[0], depth + 1);
      case Condition::Kind::kFact:
        if (*FactName(condition.fact) == '\0') {
          Add(path + ".fact", "FACT_UNKNOWN", "is no fact about a lead");
        }
        return;
      case Condition::Kind::kInterestAtLeast:
        return CheckNumber(path + ".interest_at_least", condition.number, 0, kPercentMax);
      case Condition::Kind::kExpectedValueAtLeast:
        return CheckAmount(path + ".expected_value_at_least", condition.money);
      case Condition::Kind::kAttribute:
        return CheckAttribute(path + ".attribute", condition);
      case Condition::Kind::kActivity:
        return CheckActivity(path + ".activity", condition);
      case Condition::Kind::kDaysInStageAtLeast:
        return CheckNumber(path + ".days_in_stage_at_least", condition.number, 0, kNumberMax);
    }
    Add(path, "CONDITION_UNKNOWN", "is no kind of condition");
  }

  void CheckNumber(const std::string& path, int64_t number, int64_t min, int64_t max) {
    if (number >= min && number <= max) return;
    Add(path, "NUMBER_INVALID",
        "is not from " + std::to_string(min) + " to " + std::to_string(max));
  }

  void CheckAmount(const std::string& path, const std::optional<Money>& money) {
    if (!money.has_value()) return Add(path, "CONDITION_EMPTY", "names no amount");
    if (!CheckCurrencyCode(path, money->currency_code).ok()) {
      Add(path + ".currency_code", "CURRENCY_INVALID", "is no ISO 4217 currency code");
    }
    if (money->minor_units < 0 || money->minor_units > limits::money_minor_units_max) {
      Add(path + ".minor_units", "NUMBER_INVALID",
          "is not from 0 to " + std::to_string(limits::money_minor_units_max));
    }
  }

  void CheckAttribute(const std::string& path, const Condition& condition) {
    if (!IsId(condition.key)) {
      Add(path + ".key", "ATTRIBUTE_INVALID", "has not the form of an attribute's key");
    }
    if (*ComparisonSign(condition.comparison) == '\0') {
      Add(path + ".operator", "COMPARISON_UNKNOWN", "is none of =, !=, <, <=, >, >=, set");
    }
    if (!CheckText(path, condition.value, limits::attribute_value_bytes_max).ok()) {
      Add(path + ".value", "TEXT_INVALID",
          "is not UTF-8 of at most " + std::to_string(limits::attribute_value_bytes_max) +
              " bytes without NUL");
    }
  }

  void CheckActivity(const std::string& path, const Condition& condition) {
    if (condition.activity_kind != ActivityKind::kUnspecified &&
        *ActivityKindName(condition.activity_kind) == '\0') {
      Add(path + ".kind", "ACTIVITY_UNKNOWN", "is no kind of activity");
    }
    if (condition.direction != Direction::kUnspecified &&
        *DirectionName(condition.direction) == '\0') {
      Add(path + ".direction", "ACTIVITY_UNKNOWN", "is no direction of an activity");
    }
    CheckNumber(path + ".at_least", condition.number, 1, kNumberMax);
  }

  const FunnelPolicy& policy_;
  std::vector<PolicyFault> faults_;
  std::vector<bool> reached_;
  std::vector<bool> leads_out_;
  // Conditions of the entry that is being checked.
  int nodes_ = 0;
};

}  // namespace

std::vector<PolicyFault> ValidateFunnelPolicy(const FunnelPolicy& policy) {
  return Validator(policy).Run();
}

absl::Status PolicyError(const std::vector<PolicyFault>& faults) {
  if (faults.empty()) return absl::OkStatus();
  ErrorDetail detail;
  detail.reason = Reason::kPolicyInvalid;
  detail.metadata["faults"] = std::to_string(faults.size());
  const size_t told = std::min<size_t>(faults.size(), limits::policy_faults_max);
  for (size_t i = 0; i < told; ++i) {
    detail.fields.push_back({faults[i].path, faults[i].code + ": " + faults[i].description});
  }
  std::string message = "The policy has " + std::to_string(faults.size()) +
                        (faults.size() == 1 ? " fault. " : " faults. The first: ") +
                        (faults[0].path.empty() ? "" : faults[0].path + " ") +
                        faults[0].description + ".";
  return MakeError(std::move(detail), std::move(message));
}

}  // namespace sales
