#include <cctype>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/time/time.h"
#include "sales/funnel.h"
#include "src/decide/policy_words.h"

namespace sales {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kLineMax = 98;

std::string JsonText(const Json& json) {
  // A text that is no UTF-8 is no valid policy, but must not stop anyone from writing it down.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

struct Unit {
  const char* name;
  absl::Duration duration;
};

constexpr Unit kUnits[] = {
    {"d", absl::Hours(24)},       {"h", absl::Hours(1)},         {"m", absl::Minutes(1)},
    {"s", absl::Seconds(1)},      {"ms", absl::Milliseconds(1)}, {"us", absl::Microseconds(1)},
    {"ns", absl::Nanoseconds(1)},
};

std::string DurationText(absl::Duration duration, bool working) {
  std::string text;
  if (duration < absl::ZeroDuration()) {
    text = "-";
    duration = -duration;
  }
  const size_t sign_size = text.size();
  for (const Unit& unit : kUnits) {
    if (working && unit.duration == absl::Hours(24)) continue;
    const int64_t number = absl::IDivDuration(duration, unit.duration, &duration);
    if (number > 0) text += std::to_string(number) + unit.name;
  }
  return text.size() == sign_size ? "0s" : text;
}

Json LimitJson(const Limit& limit) {
  return {{limit.working ? "working" : "calendar", DurationText(limit.within, limit.working)}};
}

std::string LowerCase(const char* name) { return absl::AsciiStrToLower(name); }

Json ConditionJson(const Condition& condition);

Json ChildrenJson(const Condition& condition) {
  Json children = Json::array();
  for (const Condition& child : condition.children) children.push_back(ConditionJson(child));
  return children;
}

Json AttributeJson(const Condition& condition) {
  Json test = {{"key", condition.key}, {"is", ComparisonSign(condition.comparison)}};
  if (condition.comparison != Comparison::kSet || !condition.value.empty()) {
    test["value"] = condition.value;
  }
  return test;
}

Json ActivityJson(const Condition& condition) {
  Json test = Json::object();
  if (condition.activity_kind != ActivityKind::kUnspecified) {
    test["kind"] = LowerCase(ActivityKindName(condition.activity_kind));
  }
  if (condition.direction != Direction::kUnspecified) {
    test["direction"] = LowerCase(DirectionName(condition.direction));
  }
  test["at_least"] = condition.number;
  return test;
}

Json MoneyJson(const Money& money) {
  return {{"amount_minor", money.minor_units}, {"currency", money.currency_code}};
}

Json ConditionJson(const Condition& condition) {
  switch (condition.kind) {
    case Condition::Kind::kAllOf:
      return {{"all_of", ChildrenJson(condition)}};
    case Condition::Kind::kAnyOf:
      return {{"any_of", ChildrenJson(condition)}};
    case Condition::Kind::kNot:
      return {{"not", condition.children.empty() ? Json() : ConditionJson(condition.children[0])}};
    case Condition::Kind::kFact:
      return FactName(condition.fact);
    case Condition::Kind::kInterestAtLeast:
      return {{"interest_at_least", condition.number}};
    case Condition::Kind::kExpectedValueAtLeast:
      return {{"expected_value_at_least", MoneyJson(condition.money.value_or(Money{}))}};
    case Condition::Kind::kAttribute:
      return {{"attribute", AttributeJson(condition)}};
    case Condition::Kind::kActivity:
      return {{"activity", ActivityJson(condition)}};
    case Condition::Kind::kDaysInStageAtLeast:
      return {{"days_in_stage_at_least", condition.number}};
  }
  return nullptr;
}

Json StageJson(const Stage& stage) {
  Json json = {{"key", stage.key}};
  if (!stage.display_name.empty()) json["title"] = stage.display_name;
  if (stage.qualifying) json["qualifying"] = true;
  const bool asks_nothing =
      stage.entry.kind == Condition::Kind::kAllOf && stage.entry.children.empty();
  if (!asks_nothing) json["entry"] = ConditionJson(stage.entry);
  if (!stage.allowed_moves.empty()) json["allowed_moves"] = stage.allowed_moves;
  if (stage.respond_within.has_value()) {
    json["respond_within"] = LimitJson(*stage.respond_within);
  }
  if (stage.stage_within.has_value()) json["stage_within"] = LimitJson(*stage.stage_within);
  if (stage.proposal_within.has_value()) {
    json["proposal_within"] = LimitJson(*stage.proposal_within);
  }
  if (stage.probability_percent != 0) json["probability"] = stage.probability_percent;
  if (stage.work_units != 0) json["work_units"] = stage.work_units;
  if (stage.rot_after.has_value()) json["rot_after"] = DurationText(*stage.rot_after, false);
  return json;
}

Json PolicyJson(const FunnelPolicy& policy) {
  Json json = {{"funnel", policy.id}};
  if (!policy.display_name.empty()) json["title"] = policy.display_name;
  json["stages"] = Json::array();
  for (const Stage& stage : policy.stages) json["stages"].push_back(StageJson(stage));
  json["decline"] = {
      {"arguments", policy.decline.all_arguments ? "all" : "any"},
      {"alternatives", policy.decline.alternatives_required ? "required" : "optional"}};
  const HandoffRules& handoff = policy.handoff;
  if (handoff.introduction_within.has_value()) {
    json["handoff"]["introduction_within"] = LimitJson(*handoff.introduction_within);
  }
  if (handoff.accept_within.has_value()) {
    json["handoff"]["accept_within"] = LimitJson(*handoff.accept_within);
  }
  return json;
}

// Whether every reader of YAML takes the text as this text without quotes: words of letters and
// digits, and durations, but no word that YAML has another meaning for.
bool IsPlain(const std::string& text) {
  for (std::string_view word : {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}) {
    if (LowerCase(text.c_str()) == word) return false;
  }
  if (text.empty() || text.back() == ' ') return false;
  const bool starts_with_digit = absl::ascii_isdigit(text[0]);
  bool has_unit = false;
  for (char c : text) {
    if (starts_with_digit) {
      // "15m" and "1d12h", but not "1e5" or "0x1f", which are numbers.
      if (!absl::ascii_isdigit(c) && std::string_view("dhmsun").find(c) == std::string::npos) {
        return false;
      }
      has_unit = has_unit || !absl::ascii_isdigit(c);
    } else if (!absl::ascii_isalnum(c) && c != '_' && c != '-' && c != ' ') {
      return false;
    }
  }
  return starts_with_digit ? has_unit : absl::ascii_isalpha(text[0]);
}

std::string FlowYaml(const Json& json) {
  if (json.is_string()) {
    const auto& text = json.get_ref<const std::string&>();
    return IsPlain(text) ? text : JsonText(json);
  }
  if (!json.is_structured()) return JsonText(json);
  std::string text = json.is_object() ? "{" : "[";
  for (auto it = json.begin(); it != json.end(); ++it) {
    if (it != json.begin()) text += ", ";
    if (json.is_object()) text += it.key() + ": ";
    text += FlowYaml(*it);
  }
  return text + (json.is_object() ? "}" : "]");
}

void BlockYaml(const Json& json, size_t indent, bool always_block, std::string& out);

// Writes what follows a key or a dash: on the same line if it fits, else as a block below.
void ValueYaml(const Json& json, size_t indent, bool always_block, std::string& out) {
  const size_t line_start = out.rfind('\n') + 1;
  if (!always_block || json.empty() || !json.is_structured()) {
    const std::string flow = FlowYaml(json);
    if (!json.is_structured() || json.empty() ||
        out.size() - line_start + 1 + flow.size() <= kLineMax) {
      out += " " + flow + "\n";
      return;
    }
  }
  out += "\n";
  BlockYaml(json, indent, false, out);
}

void BlockYaml(const Json& json, size_t indent, bool always_block, std::string& out) {
  for (auto it = json.begin(); it != json.end(); ++it) {
    out += std::string(indent, ' ');
    if (json.is_object()) {
      out += it.key() + ":";
      ValueYaml(*it, indent + 2, always_block && it.key() == "stages", out);
    } else if (it->is_object() && it->contains("key")) {
      // A stage: its first key stands beside the dash.
      std::string stage;
      BlockYaml(*it, indent + 2, false, stage);
      out += "- " + stage.substr(indent + 2);
    } else {
      out += "-";
      ValueYaml(*it, indent + 2, false, out);
    }
  }
}

}  // namespace

std::string FunnelPolicyToJson(const FunnelPolicy& policy) { return JsonText(PolicyJson(policy)); }

std::string FunnelPolicyToYaml(const FunnelPolicy& policy) {
  std::string text;
  BlockYaml(PolicyJson(policy), 0, true, text);
  return text;
}

}  // namespace sales
