#include <random>
#include <string>
#include <vector>

#include "sales/limits.h"
#include "tests/unit/lead_fixture.h"

namespace sales {
namespace {

using Kind = Condition::Kind;
using Texts = std::vector<std::string>;

bool Same(const Condition& a, const Condition& b) {
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

bool Same(const std::optional<Limit>& a, const std::optional<Limit>& b) {
  if (!a.has_value() || !b.has_value()) return a.has_value() == b.has_value();
  return a->within == b->within && a->working == b->working;
}

bool Same(const Stage& a, const Stage& b) {
  return a.key == b.key && a.display_name == b.display_name && a.qualifying == b.qualifying &&
         Same(a.entry, b.entry) && a.allowed_moves == b.allowed_moves &&
         Same(a.respond_within, b.respond_within) && Same(a.stage_within, b.stage_within) &&
         Same(a.proposal_within, b.proposal_within) &&
         a.probability_percent == b.probability_percent && a.work_units == b.work_units &&
         a.rot_after == b.rot_after;
}

bool Same(const FunnelPolicy& a, const FunnelPolicy& b) {
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
    condition.kind = static_cast<Kind>(Below(9));
    if (depth >= 8 && condition.kind <= Kind::kNot) condition.kind = Kind::kFact;
    switch (condition.kind) {
      case Kind::kAllOf:
      case Kind::kAnyOf:
        for (int count = Below(4); count > 0; --count) {
          condition.children.push_back(NextCondition(depth + 1));
        }
        break;
      case Kind::kNot:
        condition.children.push_back(NextCondition(depth + 1));
        break;
      case Kind::kFact:
        condition.fact = static_cast<Fact>(1 + Below(8));
        break;
      case Kind::kExpectedValueAtLeast:
        condition.money = Money{Text(), static_cast<int64_t>(random_()) << 20};
        break;
      case Kind::kAttribute:
        condition.key = Text();
        condition.comparison = static_cast<Comparison>(1 + Below(7));
        condition.value = Text();
        break;
      case Kind::kActivity:
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

TEST(PolicyText, GivesEveryPolicyBackFromYamlAndJson) {
  RandomPolicies policies(7);
  for (int i = 0; i < 3'000; ++i) {
    const FunnelPolicy policy = policies.Next();
    for (const std::string& text : {FunnelPolicyToYaml(policy), FunnelPolicyToJson(policy)}) {
      const absl::StatusOr<FunnelPolicy> read = ParseFunnelPolicy(text);
      ASSERT_TRUE(read.ok()) << read.status() << "\n" << text;
      ASSERT_TRUE(Same(*read, policy)) << text << "\n--- became\n" << FunnelPolicyToYaml(*read);
    }
  }
}

TEST(PolicyText, OfWebStudioIsForPeople) {
  EXPECT_EQ(FunnelPolicyToYaml(WebStudioPolicy()),
            R"(funnel: web-studio
title: Web studio
stages:
  - key: new
    title: New
    respond_within: {working: 15m}
    probability: 5
    work_units: 1
    rot_after: 14d
  - key: contacted
    title: Contacted
    probability: 10
    work_units: 1
    rot_after: 14d
  - key: requirements
    title: Requirements
    entry: need_known
    probability: 20
    work_units: 2
    rot_after: 14d
  - key: proposal
    title: Proposal
    entry: requirements_agreed
    proposal_within: {working: 8h}
    probability: 40
    work_units: 3
    rot_after: 14d
  - key: start_of_work
    title: Start of work
    qualifying: true
    entry: {all_of: [requirements_agreed, price_offered]}
    probability: 60
    work_units: 2
    rot_after: 14d
  - key: contract
    title: Contract
    entry: price_accepted
    probability: 90
    work_units: 1
    rot_after: 14d
decline: {arguments: any, alternatives: required}
)");
}

TEST(PolicyText, IsReadAsPeopleWriteIt) {
  const absl::StatusOr<FunnelPolicy> policy = ParseFunnelPolicy(R"(
# Our funnel.
funnel: studio
title: "Студия"
stages:
  - {key: new, respond_within: {working: 1h30m}}
  - key: talks
    qualifying: true
    entry:
      - need_known
      - interest_at_least: 50
      - activity: {kind: call, direction: out, at_least: 2}
      - attribute: {key: region, is: '=', value: north}
      - not: {expected_value_at_least: {amount_minor: 100000, currency: EUR}}
      - any_of:
          - days_in_stage_at_least: 3
          - fact: budget_known
    allowed_moves: [new]
    stage_within: {calendar: 30d}
    probability: 10
    work_units: 1
    rot_after: 14d
decline: {arguments: all}
handoff: {introduction_within: {working: 8h}, accept_within: {calendar: 5d}}
)");
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ(policy->display_name, "Студия");
  ASSERT_EQ(policy->stages.size(), 2u);
  EXPECT_EQ(policy->stages[0].respond_within->within, absl::Minutes(90));
  const Stage& talks = policy->stages[1];
  EXPECT_TRUE(talks.qualifying);
  ASSERT_EQ(talks.entry.children.size(), 6u);
  EXPECT_EQ(talks.entry.children[2].direction, Direction::kOut);
  EXPECT_EQ(talks.entry.children[4].children[0].money, Euros(100'000));
  EXPECT_FALSE(talks.stage_within->working);
  EXPECT_TRUE(policy->decline.all_arguments);
  EXPECT_FALSE(policy->decline.alternatives_required);
  EXPECT_TRUE(policy->handoff.introduction_within->working);
  EXPECT_EQ(policy->handoff.accept_within->within, absl::Hours(120));
}

TEST(PolicyText, MayBeYamlThatBeginsLikeJson) {
  const absl::StatusOr<FunnelPolicy> policy = ParseFunnelPolicy("{funnel: x, stages: []}");
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ(policy->id, "x");
}

struct BadText {
  const char* text;
  const char* path;
  const char* code;
};

TEST(PolicyText, NamesThePathOfEachFault) {
  const BadText cases[] = {
      {"funnel: x\ncolour: red", "colour", "KEY_UNKNOWN"},
      {"stages: [{key: a, Entry: x}]", "stages[0].?", "KEY_UNKNOWN"},
      {"stages: {}", "stages", "TYPE_WRONG"},
      {"stages: [a]", "stages[0]", "TYPE_WRONG"},
      {"funnel: [x]", "funnel", "TYPE_WRONG"},
      {"stages: [{qualifying: maybe}]", "stages[0].qualifying", "TYPE_WRONG"},
      {"stages: [{entry: rich}]", "stages[0].entry", "FACT_UNKNOWN"},
      {"stages: [{entry: {all_of: [need_known, rich]}}]", "stages[0].entry.all_of[1]",
       "FACT_UNKNOWN"},
      {"stages: [{entry: {all_of: need_known}}]", "stages[0].entry.all_of", "TYPE_WRONG"},
      {"stages: [{entry: {some_of: []}}]", "stages[0].entry.some_of", "KEY_UNKNOWN"},
      {"stages: [{entry: {not: need_known, all_of: []}}]", "stages[0].entry", "CONDITION_INVALID"},
      {"stages: [{entry: {not: }}]", "stages[0].entry.not", "CONDITION_INVALID"},
      {"stages: [{entry: {interest_at_least: many}}]", "stages[0].entry.interest_at_least",
       "NUMBER_INVALID"},
      {"stages: [{entry: {interest_at_least: 99999999999999999999}}]",
       "stages[0].entry.interest_at_least", "NUMBER_INVALID"},
      {"{\"stages\": [{\"probability\": 1.5}]}", "stages[0].probability", "PROBABILITY_INVALID"},
      {"stages: [{work_units: 4294967297}]", "stages[0].work_units", "WORK_UNITS_INVALID"},
      {"stages: [{respond_within: 15m}]", "stages[0].respond_within", "TYPE_WRONG"},
      {"stages: [{respond_within: {}}]", "stages[0].respond_within", "LIMIT_INVALID"},
      {"stages: [{respond_within: {working: 1d}}]", "stages[0].respond_within.working",
       "DURATION_INVALID"},
      {"stages: [{rot_after: 14}]", "stages[0].rot_after", "DURATION_INVALID"},
      {"stages: [{rot_after: 99999999999999999999d}]", "stages[0].rot_after", "DURATION_INVALID"},
      {"stages: [{entry: {attribute: {key: a, is: like}}}]", "stages[0].entry.attribute.is",
       "COMPARISON_UNKNOWN"},
      {"stages: [{entry: {activity: {kind: fax}}}]", "stages[0].entry.activity.kind",
       "ACTIVITY_UNKNOWN"},
      {"decline: {arguments: some}", "decline.arguments", "VALUE_UNKNOWN"},
      {"handoff: {within: {working: 1h}}", "handoff.within", "KEY_UNKNOWN"},
      {"handoff: {accept_within: 5d}", "handoff.accept_within", "TYPE_WRONG"},
      {"[]", "", "TYPE_WRONG"},
      {"", "", "TYPE_WRONG"},
      {"funnel: \"x", "line 1, column 11", "SYNTAX_INVALID"},
      {"funnel: x\nfunnel: y", "line 2, column 1", "SYNTAX_INVALID"},
      {"{\"funnel\": \"x\", \"funnel\": \"y\"}", "", "SYNTAX_INVALID"},
      {"a: &x [1]\nb: *x", "line 2, column 4", "SYNTAX_INVALID"},
      {"[x]: y", "line 1, column 1", "SYNTAX_INVALID"},
      {"a: 1\n---\nb: 2", "line 2, column 1", "SYNTAX_INVALID"},
      {"funnel: \xff", "", "TEXT_INVALID"},
  };
  for (const BadText& bad : cases) {
    const absl::Status status = ParseFunnelPolicy(bad.text).status();
    EXPECT_REFUSED(status, "POLICY_INVALID") << bad.text;
    EXPECT_EQ(FieldOf(status), bad.path) << bad.text << "\n" << status;
    const ErrorDetail detail = DetailOf(status);
    ASSERT_FALSE(detail.fields.empty()) << bad.text;
    EXPECT_EQ(detail.fields[0].description.find(bad.code), 0u) << bad.text << "\n"
                                                               << detail.fields[0].description;
  }
}

TEST(PolicyText, TellsABoundedNumberOfFaults) {
  std::string text = "stages:\n";
  for (int i = 0; i < 5'000; ++i) text += "  - {colour: red}\n";
  const absl::Status status = ParseFunnelPolicy(text).status();
  EXPECT_EQ(DetailOf(status).fields.size(), static_cast<size_t>(limits::policy_faults_max));
}

std::string Repeated(const std::string& text, int count) {
  std::string repeated;
  for (int i = 0; i < count; ++i) repeated += text;
  return repeated;
}

TEST(PolicyText, ThatIsHostileIsAnErrorAndNothingWorse) {
  const std::string bomb =
      "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b]\n";
  const Texts texts = {
      bomb,
      Repeated("[", 100'000),
      "{\"stages\": " + Repeated("[", 100'000),
      Repeated("{a: ", 100'000),
      Repeated("{\"a\":", 100'000),
      Repeated("- ", 100'000),
      Repeated("? ", 100'000),
      "stages: [{entry: " + Repeated("{not: ", 1'000) + "need_known" + Repeated("}", 1'000) + "}]",
      "stages: [{entry: " + Repeated("[", 25) + "need_known" + Repeated("]", 25) + "}]",
      std::string(limits::policy_text_bytes_max + 1, 'x'),
      std::string("funnel: x\0y", 11),
      "%YAML 9.9\n---\nfunnel: x\n...\n%",
      "!!binary x",
      "\t- x\n\t\t",
      "{",
      "}",
      "'",
      "&",
      "*",
      "!",
      "|",
      ">",
      "%",
      "@",
      "\"\\xZZ\"",
      "\"\\uD800\"",
      ": : :",
      "{\"funnel\": \"\\ud800\"}",
      Repeated("a: b\n", 200'000),
  };
  for (const std::string& text : texts) {
    const absl::Status status = ParseFunnelPolicy(text).status();
    EXPECT_REFUSED(status, "POLICY_INVALID") << text.substr(0, 60);
  }
}

TEST(PolicyText, CutOrSpoiltAnywhereNeverCrashesTheReader) {
  RandomPolicies policies(11);
  std::mt19937 random(13);
  const std::string alphabet = "{}[]:,-?&*!|>'\"%@`#~\\ \n\tax0\x80\xff";
  for (int i = 0; i < 2'000; ++i) {
    const FunnelPolicy policy = policies.Next();
    std::string text = i % 2 == 0 ? FunnelPolicyToYaml(policy) : FunnelPolicyToJson(policy);
    for (int spoils = 1 + static_cast<int>(random() % 4); spoils > 0 && !text.empty(); --spoils) {
      text[random() % text.size()] = alphabet[random() % alphabet.size()];
    }
    if (random() % 3 == 0) text.resize(random() % (text.size() + 1));
    const absl::StatusOr<FunnelPolicy> read = ParseFunnelPolicy(text);
    if (!read.ok()) {
      EXPECT_REFUSED(read.status(), "POLICY_INVALID");
      continue;
    }
    EXPECT_TRUE(ParseFunnelPolicy(FunnelPolicyToYaml(*read)).ok()) << text;
  }
}

}  // namespace
}  // namespace sales
