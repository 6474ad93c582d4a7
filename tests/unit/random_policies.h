// Random funnel policies, and whether two are the same.
#ifndef SALES_TESTS_UNIT_RANDOM_POLICIES_H_
#define SALES_TESTS_UNIT_RANDOM_POLICIES_H_

#include <cstdint>
#include <iterator>
#include <optional>
#include <random>
#include <string>

#include "absl/time/time.h"
#include "sales/funnel.h"

namespace sales::testing {

inline bool Same(const Condition& a, const Condition& b) {
  if (a.kind != b.kind || a.fact != b.fact || a.number != b.number || a.money != b.money ||
      a.key != b.key || a.comparison != b.comparison || a.value != b.value ||
      a.activity_kind != b.activity_kind || a.direction != b.direction ||
      a.children.size() != b.children.size()) {
    return false;
  }
  for (size_t i = 0; i < a.children.size(); ++i) {
    if (!Same(a.children[i], b.children[i])) return false;
  }
  return true;
}

inline bool Same(const std::optional<Limit>& a, const std::optional<Limit>& b) {
  if (!a.has_value() || !b.has_value()) return a.has_value() == b.has_value();
  return a->within == b->within && a->working == b->working;
}

inline bool Same(const Stage& a, const Stage& b) {
  return a.key == b.key && a.display_name == b.display_name && a.qualifying == b.qualifying &&
         Same(a.entry, b.entry) && a.allowed_moves == b.allowed_moves &&
         Same(a.respond_within, b.respond_within) && Same(a.stage_within, b.stage_within) &&
         Same(a.proposal_within, b.proposal_within) &&
         a.probability_percent == b.probability_percent && a.work_units == b.work_units &&
         a.rot_after == b.rot_after;
}

inline bool Same(const FunnelPolicy& a, const FunnelPolicy& b) {
  if (a.id != b.id || a.display_name != b.display_name || a.stages.size() != b.stages.size() ||
      a.decline.all_arguments != b.decline.all_arguments ||
      a.decline.alternatives_required != b.decline.alternatives_required ||
      !Same(a.handoff.introduction_within, b.handoff.introduction_within) ||
      !Same(a.handoff.accept_within, b.handoff.accept_within)) {
    return false;
  }
  for (size_t i = 0; i < a.stages.size(); ++i) {
    if (!Same(a.stages[i], b.stages[i])) return false;
  }
  return true;
}

// Policies of every form, with texts that are hard to write down.
class RandomPolicies {
 public:
  explicit RandomPolicies(unsigned seed) : random_(seed) {}

  FunnelPolicy Next() {
    FunnelPolicy policy;
    policy.id = Text();
    policy.display_name = Text();
    policy.decline.all_arguments = Chance(2);
    policy.decline.alternatives_required = Chance(2);
    policy.handoff = {NextLimit(), NextLimit()};
    for (int count = Below(6); count > 0; --count) policy.stages.push_back(NextStage());
    return policy;
  }

 private:
  int Below(int bound) { return static_cast<int>(random_() % bound); }
  bool Chance(int one_in) { return Below(one_in) == 0; }

  std::string Text() {
    static const char* const kTexts[] = {"",       "new",      "start_of_work",
                                         "true",   "No",       "null",
                                         "~",      "12",       "1e5",
                                         "0x1f",   "15m",      "3.5",
                                         "a b",    " a",       "a ",
                                         "a: b",   "a #b",     "'",
                                         "\"",     "\\",       "{x}",
                                         "[x",     "- x",      "&a",
                                         "*a",     "!x",       "%x",
                                         "@x",     "`x`",      "|",
                                         ">",      "?",        "\n",
                                         "a\nb\n", "\t",       "\r\n",
                                         "\x01",   "\x7f",     "\u0085",
                                         "\u2028", "\ufeff",   "Иван",
                                         "日本語", "😀",        "---",
                                         "...",    "=",        "<<",
                                         "a\\nb",  "=: ,[]{}", "y",
                                         "Off",    "10:30:00", "2026-01-01"};
    std::string text = kTexts[Below(std::size(kTexts))];
    if (Chance(4)) text += kTexts[Below(std::size(kTexts))];
    return text;
  }

  absl::Duration Duration() {
    switch (Below(4)) {
      case 0:
        return absl::Minutes(Below(100'000));
      case 1:
        return absl::Hours(24 * Below(400));
      case 2:
        return absl::Nanoseconds(random_()) * Below(1'000'000);
      default:
        return -absl::Seconds(Below(1'000));
    }
  }

  std::optional<Limit> NextLimit() {
    if (Chance(2)) return std::nullopt;
    return Limit{Duration(), Chance(2)};
  }

  Condition NextCondition(int depth) {
    Condition condition;
    condition.kind = static_cast<Condition::Kind>(Below(9));
    if (depth >= 8 && condition.kind <= Condition::Kind::kNot)
      condition.kind = Condition::Kind::kFact;
    switch (condition.kind) {
      case Condition::Kind::kAllOf:
      case Condition::Kind::kAnyOf:
        for (int count = Below(4); count > 0; --count) {
          condition.children.push_back(NextCondition(depth + 1));
        }
        break;
      case Condition::Kind::kNot:
        condition.children.push_back(NextCondition(depth + 1));
        break;
      case Condition::Kind::kFact:
        condition.fact = static_cast<Fact>(1 + Below(8));
        break;
      case Condition::Kind::kExpectedValueAtLeast:
        condition.money = Money{Text(), static_cast<int64_t>(random_()) << 20};
        break;
      case Condition::Kind::kAttribute:
        condition.key = Text();
        condition.comparison = static_cast<Comparison>(1 + Below(7));
        condition.value = Text();
        break;
      case Condition::Kind::kActivity:
        condition.activity_kind = static_cast<ActivityKind>(Below(6));
        condition.direction = static_cast<Direction>(Below(4));
        condition.number = Below(10);
        break;
      default:
        condition.number = Below(1'000) - 500;
    }
    return condition;
  }

  Stage NextStage() {
    Stage stage;
    stage.key = Text();
    stage.display_name = Text();
    stage.qualifying = Chance(2);
    if (Chance(2)) stage.entry = NextCondition(1);
    for (int count = Below(3); count > 0; --count) stage.allowed_moves.push_back(Text());
    stage.respond_within = NextLimit();
    stage.stage_within = NextLimit();
    stage.proposal_within = NextLimit();
    stage.probability_percent = Below(200) - 50;
    stage.work_units = Below(5);
    if (Chance(2)) stage.rot_after = Duration();
    return stage;
  }

  std::mt19937 random_;
};

}  // namespace sales::testing

#endif  // SALES_TESTS_UNIT_RANDOM_POLICIES_H_
