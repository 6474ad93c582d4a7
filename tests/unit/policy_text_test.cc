#include <string>
#include <vector>

#include "sales/limits.h"
#include "tests/unit/lead_fixture.h"
#include "tests/unit/random_policies.h"

namespace sales {
namespace {

using Kind = Condition::Kind;
using testing::RandomPolicies;
using testing::Same;
using Texts = std::vector<std::string>;

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
