#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sales/funnel.h"
#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/decide/errors.h"
#include "src/decide/policy.h"
#include "src/decide/policy_document.h"
#include "src/decide/policy_words.h"

namespace sales {
namespace {

using Kind = DocumentNode::Kind;

std::string At(const std::string& path, size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

std::string Join(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

std::optional<int64_t> ParseNumber(std::string_view text) {
  int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end) return std::nullopt;
  return number;
}

struct Unit {
  std::string_view name;
  absl::Duration duration;
};

// Longer names before those that they begin with.
constexpr Unit kUnits[] = {
    {"ms", absl::Milliseconds(1)}, {"us", absl::Microseconds(1)}, {"ns", absl::Nanoseconds(1)},
    {"d", absl::Hours(24)},        {"h", absl::Hours(1)},         {"m", absl::Minutes(1)},
    {"s", absl::Seconds(1)},
};

// "15m", "1d12h", "-5s". A working day has no fixed length, so working time has no days.
std::optional<absl::Duration> ParseDuration(std::string_view text, bool working) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  constexpr int64_t kNumberMax = 1'000'000'000;
  absl::Duration sum;
  while (!text.empty()) {
    int64_t number = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || number < 0 || number > kNumberMax) return std::nullopt;
    text.remove_prefix(rest - text.data());
    const Unit* found = nullptr;
    for (const Unit& unit : kUnits) {
      if (found == nullptr && text.substr(0, unit.name.size()) == unit.name) found = &unit;
    }
    if (found == nullptr || (working && found->name == "d")) return std::nullopt;
    text.remove_prefix(found->name.size());
    sum += number * found->duration;
  }
  return negative ? -sum : sum;
}

// Reads the parts of a policy out of the tree and collects what is wrong with them.
class PolicyReader {
 public:
  FunnelPolicy Read(const DocumentNode& root) {
    FunnelPolicy policy;
    ForEachKey(root, "", [&](const std::string& key, const DocumentNode& node) {
      if (key == "funnel") {
        policy.id = Text(node, key);
      } else if (key == "title") {
        policy.display_name = Text(node, key);
      } else if (key == "stages") {
        ForEachItem(node, key, [&](const DocumentNode& item, const std::string& path) {
          policy.stages.push_back(ReadStage(item, path));
        });
      } else if (key == "decline") {
        policy.decline = ReadDecline(node, key);
      } else if (key == "handoff") {
        policy.handoff = ReadHandoff(node, key);
      } else {
        return false;
      }
      return true;
    });
    return policy;
  }

  const std::vector<PolicyFault>& faults() const { return faults_; }

 private:
  void Add(std::string path, const char* code, std::string description) {
    // The text may be long and wrong everywhere; nobody reads more faults than these.
    if (faults_.size() >= static_cast<size_t>(limits::policy_faults_max)) return;
    faults_.push_back({std::move(path), code, std::move(description)});
  }

  // A key is shown in paths only if it is a short word; it may be anything.
  static std::string Shown(const std::string& key) { return IsId(key) ? key : "?"; }

  // Calls read(key, node) of each entry; it says whether it knows the key. A null is an entry that
  // is not there.
  template <typename Read>
  void ForEachKey(const DocumentNode& map, const std::string& path, Read read) {
    if (map.kind != Kind::kMap) return Add(path, "TYPE_WRONG", "is not a map of keys to values");
    for (size_t i = 0; i < map.keys.size(); ++i) {
      if (map.items[i].kind == Kind::kNull) continue;
      if (!read(map.keys[i], map.items[i])) {
        Add(Join(path, Shown(map.keys[i])), "KEY_UNKNOWN", "is no key that belongs here");
      }
    }
  }

  template <typename Read>
  void ForEachItem(const DocumentNode& list, const std::string& path, Read read) {
    if (list.kind != Kind::kList) return Add(path, "TYPE_WRONG", "is not a list");
    for (size_t i = 0; i < list.items.size(); ++i) read(list.items[i], At(path, i));
  }

  std::string Text(const DocumentNode& node, const std::string& path) {
    if (node.kind != Kind::kScalar) Add(path, "TYPE_WRONG", "is not a text");
    return node.text;
  }

  bool Flag(const DocumentNode& node, const std::string& path) {
    const std::string text = Text(node, path);
    if (text != "true" && text != "false") Add(path, "TYPE_WRONG", "is neither true nor false");
    return text == "true";
  }

  int64_t Number(const DocumentNode& node, const std::string& path) {
    const std::optional<int64_t> number = ParseNumber(Text(node, path));
    if (!number.has_value()) Add(path, "NUMBER_INVALID", "is not a whole number");
    return number.value_or(0);
  }

  int SmallNumber(const DocumentNode& node, const std::string& path, const char* code) {
    const std::optional<int64_t> number = ParseNumber(Text(node, path));
    if (number.has_value() && *number >= INT32_MIN && *number <= INT32_MAX) {
      return static_cast<int>(*number);
    }
    Add(path, code, "is not a whole number within bounds");
    return 0;
  }

  absl::Duration Duration(const DocumentNode& node, const std::string& path, bool working) {
    const std::optional<absl::Duration> duration = ParseDuration(Text(node, path), working);
    if (duration.has_value()) return *duration;
    Add(path, "DURATION_INVALID",
        working ? "is not like 15m or 1h30m; a working day has no fixed length"
                : "is not like 15m, 1h30m or 30d");
    return absl::ZeroDuration();
  }

  Limit ReadLimit(const DocumentNode& node, const std::string& path) {
    Limit limit;
    int given = 0;
    ForEachKey(node, path, [&](const std::string& key, const DocumentNode& value) {
      if (key != "working" && key != "calendar") return false;
      ++given;
      limit.working = key == "working";
      limit.within = Duration(value, Join(path, key), limit.working);
      return true;
    });
    if (node.kind == Kind::kMap && given != 1) {
      Add(path, "LIMIT_INVALID", "needs either working or calendar");
    }
    return limit;
  }

  Stage ReadStage(const DocumentNode& node, const std::string& path) {
    Stage stage;
    ForEachKey(node, path, [&](const std::string& key, const DocumentNode& value) {
      return ReadStageKey(key, value, Join(path, key), stage);
    });
    return stage;
  }

  bool ReadStageKey(const std::string& key, const DocumentNode& value, const std::string& path,
                    Stage& stage) {
    if (key == "key") {
      stage.key = Text(value, path);
    } else if (key == "title") {
      stage.display_name = Text(value, path);
    } else if (key == "qualifying") {
      stage.qualifying = Flag(value, path);
    } else if (key == "entry") {
      stage.entry = ReadCondition(value, path, 1);
    } else if (key == "allowed_moves") {
      ForEachItem(value, path, [&](const DocumentNode& item, const std::string& item_path) {
        stage.allowed_moves.push_back(Text(item, item_path));
      });
    } else if (key == "respond_within") {
      stage.respond_within = ReadLimit(value, path);
    } else if (key == "stage_within") {
      stage.stage_within = ReadLimit(value, path);
    } else if (key == "proposal_within") {
      stage.proposal_within = ReadLimit(value, path);
    } else if (key == "probability") {
      stage.probability_percent = SmallNumber(value, path, "PROBABILITY_INVALID");
    } else if (key == "work_units") {
      stage.work_units = SmallNumber(value, path, "WORK_UNITS_INVALID");
    } else if (key == "rot_after") {
      stage.rot_after = Duration(value, path, false);
    } else {
      return false;
    }
    return true;
  }

  DeclineRules ReadDecline(const DocumentNode& node, const std::string& path) {
    DeclineRules rules;
    const auto choose = [&](const DocumentNode& value, const std::string& value_path,
                            std::string_view on, std::string_view off) {
      const std::string text = Text(value, value_path);
      if (text != on && text != off) {
        Add(value_path, "VALUE_UNKNOWN",
            "is neither " + std::string(on) + " nor " + std::string(off));
      }
      return text == on;
    };
    ForEachKey(node, path, [&](const std::string& key, const DocumentNode& value) {
      if (key == "arguments") {
        rules.all_arguments = choose(value, Join(path, key), "all", "any");
      } else if (key == "alternatives") {
        rules.alternatives_required = choose(value, Join(path, key), "required", "optional");
      } else {
        return false;
      }
      return true;
    });
    return rules;
  }

  HandoffRules ReadHandoff(const DocumentNode& node, const std::string& path) {
    HandoffRules rules;
    ForEachKey(node, path, [&](const std::string& key, const DocumentNode& value) {
      if (key == "introduction_within") {
        rules.introduction_within = ReadLimit(value, Join(path, key));
      } else if (key == "accept_within") {
        rules.accept_within = ReadLimit(value, Join(path, key));
      } else {
        return false;
      }
      return true;
    });
    return rules;
  }

  Condition FactCondition(const DocumentNode& node, const std::string& path) {
    Condition condition;
    condition.kind = Condition::Kind::kFact;
    const std::optional<Fact> fact = ParseFact(Text(node, path));
    if (!fact.has_value()) Add(path, "FACT_UNKNOWN", "is no fact about a lead");
    condition.fact = fact.value_or(Fact::kUnspecified);
    return condition;
  }

  void ReadChildren(const DocumentNode& node, const std::string& path, int depth,
                    Condition& condition) {
    ForEachItem(node, path, [&](const DocumentNode& item, const std::string& item_path) {
      condition.children.push_back(ReadCondition(item, item_path, depth + 1));
    });
  }

  // A fact by its name, a list for all_of, or a map of one key.
  Condition ReadCondition(const DocumentNode& node, const std::string& path, int depth) {
    Condition condition;
    if (depth > limits::condition_depth_max) {
      Add(path, "CONDITION_TOO_DEEP",
          "is nested deeper than " + std::to_string(limits::condition_depth_max));
      return condition;
    }
    if (node.kind == Kind::kScalar) return FactCondition(node, path);
    if (node.kind == Kind::kList) {
      ReadChildren(node, path, depth, condition);
      return condition;
    }
    if (node.kind != Kind::kMap || node.keys.size() != 1) {
      Add(path, "CONDITION_INVALID", "is not a fact, a list, or a map of one condition");
      return condition;
    }
    const std::string& key = node.keys[0];
    if (!ReadConditionKey(key, node.items[0], Join(path, Shown(key)), depth, condition)) {
      Add(Join(path, Shown(key)), "KEY_UNKNOWN", "is no condition");
    }
    return condition;
  }

  bool ReadConditionKey(const std::string& key, const DocumentNode& value, const std::string& path,
                        int depth, Condition& condition) {
    if (key == "all_of") {
      ReadChildren(value, path, depth, condition);
    } else if (key == "any_of") {
      condition.kind = Condition::Kind::kAnyOf;
      ReadChildren(value, path, depth, condition);
    } else if (key == "not") {
      condition.kind = Condition::Kind::kNot;
      condition.children.push_back(ReadCondition(value, path, depth + 1));
    } else if (key == "fact") {
      condition = FactCondition(value, path);
    } else if (key == "interest_at_least") {
      condition.kind = Condition::Kind::kInterestAtLeast;
      condition.number = Number(value, path);
    } else if (key == "days_in_stage_at_least") {
      condition.kind = Condition::Kind::kDaysInStageAtLeast;
      condition.number = Number(value, path);
    } else if (key == "expected_value_at_least") {
      condition.kind = Condition::Kind::kExpectedValueAtLeast;
      condition.money = ReadMoney(value, path);
    } else if (key == "attribute") {
      condition.kind = Condition::Kind::kAttribute;
      ReadAttribute(value, path, condition);
    } else if (key == "activity") {
      condition.kind = Condition::Kind::kActivity;
      ReadActivity(value, path, condition);
    } else {
      return false;
    }
    return true;
  }

  Money ReadMoney(const DocumentNode& node, const std::string& path) {
    Money money;
    ForEachKey(node, path, [&](const std::string& key, const DocumentNode& value) {
      if (key == "amount_minor") {
        money.minor_units = Number(value, Join(path, key));
      } else if (key == "currency") {
        money.currency_code = Text(value, Join(path, key));
      } else {
        return false;
      }
      return true;
    });
    return money;
  }

  void ReadAttribute(const DocumentNode& node, const std::string& path, Condition& condition) {
    ForEachKey(node, path, [&](const std::string& key, const DocumentNode& value) {
      const std::string value_path = Join(path, key);
      if (key == "key") {
        condition.key = Text(value, value_path);
      } else if (key == "is") {
        const std::optional<Comparison> sign = ParseComparison(Text(value, value_path));
        if (!sign.has_value()) {
          Add(value_path, "COMPARISON_UNKNOWN", "is none of =, !=, <, <=, >, >=, set");
        }
        condition.comparison = sign.value_or(Comparison::kUnspecified);
      } else if (key == "value") {
        condition.value = Text(value, value_path);
      } else {
        return false;
      }
      return true;
    });
  }

  void ReadActivity(const DocumentNode& node, const std::string& path, Condition& condition) {
    condition.number = 1;
    ForEachKey(node, path, [&](const std::string& key, const DocumentNode& value) {
      const std::string value_path = Join(path, key);
      if (key == "kind") {
        const std::optional<ActivityKind> kind = ParseActivityKind(Text(value, value_path));
        if (!kind.has_value()) Add(value_path, "ACTIVITY_UNKNOWN", "is no kind of activity");
        condition.activity_kind = kind.value_or(ActivityKind::kUnspecified);
      } else if (key == "direction") {
        const std::optional<Direction> direction = ParseDirection(Text(value, value_path));
        if (!direction.has_value()) {
          Add(value_path, "ACTIVITY_UNKNOWN", "is no direction of an activity");
        }
        condition.direction = direction.value_or(Direction::kUnspecified);
      } else if (key == "at_least") {
        condition.number = Number(value, value_path);
      } else {
        return false;
      }
      return true;
    });
  }

  std::vector<PolicyFault> faults_;
};

}  // namespace

absl::StatusOr<FunnelPolicy> ParseFunnelPolicy(const std::string& yaml_or_json) {
  SALES_ASSIGN_OR_RETURN(const DocumentNode root, ReadDocument(yaml_or_json));
  PolicyReader reader;
  FunnelPolicy policy = reader.Read(root);
  SALES_RETURN_IF_ERROR(PolicyError(reader.faults()));
  return policy;
}

}  // namespace sales
