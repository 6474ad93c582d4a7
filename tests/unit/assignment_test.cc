#include "src/decide/assignment.h"

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "sales/limits.h"
#include "src/decide/civil.h"
#include "src/store/team_codec.h"
#include "tests/unit/lead_fixture.h"

namespace sales {
namespace {

AssignmentPolicy PolicyOf(AssignmentMethod method) {
  AssignmentPolicy policy;
  policy.method = method;
  return policy;
}

AssignmentCandidate Available(std::string seller) {
  AssignmentCandidate candidate;
  candidate.seller = std::move(seller);
  candidate.working = true;
  return candidate;
}

AssignmentInputs Among(std::vector<AssignmentCandidate> candidates) {
  AssignmentInputs inputs;
  inputs.funnel = "plain";
  inputs.channel = "ads";
  inputs.work_units = 1;
  inputs.candidates = std::move(candidates);
  return inputs;
}

// Decides so many times, each turn kept; gives who was chosen, in order.
std::vector<std::string> Deal(const AssignmentPolicy& policy, AssignmentInputs& inputs, int times) {
  std::vector<std::string> chosen;
  for (int i = 0; i < times; ++i) {
    const AssignmentDecision decision = DecideAssignment(policy, inputs);
    chosen.push_back(decision.seller);
    TakeTurn(decision, inputs);
  }
  return chosen;
}

std::map<std::string, int> CountsOf(const std::vector<std::string>& chosen) {
  std::map<std::string, int> counts;
  for (const std::string& seller : chosen) ++counts[seller];
  return counts;
}

Exclusion WhyNot(const AssignmentCandidate& candidate, const AssignmentPolicy& policy) {
  const AssignmentDecision decision = DecideAssignment(policy, Among({candidate}));
  EXPECT_EQ(decision.seller.empty(), decision.exclusions[0] != Exclusion::kUnspecified);
  return decision.exclusions[0];
}
Exclusion WhyNot(const AssignmentCandidate& candidate) {
  return WhyNot(candidate, PolicyOf(AssignmentMethod::kRoundRobin));
}

TEST(RoundRobin, GoesRoundInTurn) {
  AssignmentInputs inputs = Among({Available("anna"), Available("boris"), Available("olga")});
  EXPECT_EQ(Deal(PolicyOf(AssignmentMethod::kRoundRobin), inputs, 6),
            (std::vector<std::string>{"anna", "boris", "olga", "anna", "boris", "olga"}));
}

TEST(RoundRobin, GivesOneTurnToWhoComesBack) {
  AssignmentInputs inputs = Among({Available("anna"), Available("boris"), Available("olga")});
  const AssignmentPolicy policy = PolicyOf(AssignmentMethod::kRoundRobin);
  inputs.candidates[2].absent = true;
  Deal(policy, inputs, 10);
  inputs.candidates[2].absent = false;
  EXPECT_EQ(CountsOf(Deal(policy, inputs, 9)),
            (std::map<std::string, int>{{"anna", 3}, {"boris", 3}, {"olga", 3}}));
}

TEST(LeastLoad, ChoosesByOpenWorkUnitsAndThenInTurn) {
  AssignmentInputs inputs = Among({Available("anna"), Available("boris"), Available("olga")});
  inputs.candidates[0].open_work_units = 4;
  inputs.candidates[1].open_work_units = 1;
  inputs.candidates[2].open_work_units = 3;
  EXPECT_EQ(Deal(PolicyOf(AssignmentMethod::kLeastLoad), inputs, 6),
            (std::vector<std::string>{"boris", "boris", "olga", "boris", "anna", "olga"}));
}

TEST(Weighted, SharesInProportionExactly) {
  AssignmentInputs inputs = Among({Available("anna"), Available("boris"), Available("olga")});
  inputs.candidates[0].weight = 5;
  inputs.candidates[1].weight = 3;
  inputs.candidates[2].weight = 2;
  EXPECT_EQ(CountsOf(Deal(PolicyOf(AssignmentMethod::kWeighted), inputs, 1'000)),
            (std::map<std::string, int>{{"anna", 500}, {"boris", 300}, {"olga", 200}}));
}

TEST(Weighted, DoesNotMakeUpForAnAbsence) {
  AssignmentInputs inputs = Among({Available("anna"), Available("boris")});
  const AssignmentPolicy policy = PolicyOf(AssignmentMethod::kWeighted);
  inputs.candidates[1].absent = true;
  Deal(policy, inputs, 500);
  inputs.candidates[1].absent = false;
  const std::map<std::string, int> after = CountsOf(Deal(policy, inputs, 100));
  EXPECT_NEAR(after.at("anna"), 50, 1);
}

TEST(Assignment, NamesWhyASellerIsNotAvailable) {
  EXPECT_EQ(WhyNot(Available("anna")), Exclusion::kUnspecified);
  AssignmentCandidate seller = Available("anna");
  seller.inactive = true;
  EXPECT_EQ(WhyNot(seller), Exclusion::kInactive);
  seller = Available("anna");
  seller.absent = true;
  EXPECT_EQ(WhyNot(seller), Exclusion::kAbsent);
  seller = Available("anna");
  seller.working = false;
  EXPECT_EQ(WhyNot(seller), Exclusion::kNotWorking);
  seller = Available("anna");
  seller.intake_allowed = 3;
  seller.intake_used = 3;
  EXPECT_EQ(WhyNot(seller), Exclusion::kIntakeUsed);
  AssignmentPolicy policy = PolicyOf(AssignmentMethod::kRoundRobin);
  policy.default_team = "shops";
  EXPECT_EQ(WhyNot(Available("anna"), policy), Exclusion::kWrongTeam);
}

TEST(Assignment, FitsTheLeadsWorkUnitsIntoTheCapacity) {
  AssignmentCandidate seller = Available("anna");
  seller.capacity = 5;
  seller.open_work_units = 4;
  EXPECT_EQ(WhyNot(seller), Exclusion::kUnspecified);
  seller.open_work_units = 5;
  EXPECT_EQ(WhyNot(seller), Exclusion::kAtCapacity);
  AssignmentInputs inputs = Among({seller});
  inputs.candidates[0].open_work_units = 3;
  inputs.work_units = 3;
  EXPECT_EQ(DecideAssignment(PolicyOf(AssignmentMethod::kRoundRobin), inputs).exclusions[0],
            Exclusion::kAtCapacity);
}

TEST(Assignment, TakesTheFirstRuleThatMatches) {
  AssignmentPolicy policy = PolicyOf(AssignmentMethod::kRoundRobin);
  policy.rules.resize(3);
  policy.rules[0].channels = {"mail"};
  policy.rules[0].team = "mail";
  policy.rules[1].campaigns = {{"ads", "spring"}};
  policy.rules[1].expected_value_at_least = Euros(1'000);
  policy.rules[1].team = "large";
  policy.rules[1].skills = {"english"};
  policy.rules[2].funnels = {"plain"};
  policy.rules[2].expected_value_below = Euros(500);
  policy.rules[2].team = "small";
  policy.default_team = "rest";
  AssignmentInputs inputs = Among({});
  inputs.attributes_hold = {0, 1, 2};
  const auto team = [&] { return DecideAssignment(policy, inputs).team; };
  EXPECT_EQ(team(), "small");
  inputs.expected_value = 500;
  EXPECT_EQ(team(), "rest");
  inputs.campaign = "spring";
  inputs.expected_value = 1'000;
  EXPECT_EQ(team(), "large");
  inputs.channel = "mail";
  EXPECT_EQ(team(), "mail");
  inputs.attributes_hold = {1, 2};
  EXPECT_EQ(DecideAssignment(policy, inputs).rule, -1);
}

TEST(Assignment, AsksForTheSkillsOfTheRule) {
  AssignmentPolicy policy = PolicyOf(AssignmentMethod::kRoundRobin);
  policy.rules.resize(1);
  policy.rules[0].team = "shops";
  policy.rules[0].skills = {"english", "retail"};
  AssignmentInputs inputs = Among({Available("anna"), Available("boris")});
  inputs.attributes_hold = {0};
  for (AssignmentCandidate& candidate : inputs.candidates) candidate.team = "shops";
  inputs.candidates[0].skills = {"english"};
  inputs.candidates[1].skills = {"retail", "german", "english"};
  const AssignmentDecision decision = DecideAssignment(policy, inputs);
  EXPECT_EQ(decision.seller, "boris");
  EXPECT_EQ(decision.exclusions[0], Exclusion::kSkillMissing);
}

TEST(Assignment, PrefersThePreviousSellerIfHeIsAvailable) {
  AssignmentPolicy policy = PolicyOf(AssignmentMethod::kRoundRobin);
  policy.previous_seller = true;
  AssignmentInputs inputs = Among({Available("anna"), Available("boris")});
  inputs.previous_seller = "boris";
  EXPECT_EQ(DecideAssignment(policy, inputs).seller, "boris");
  EXPECT_TRUE(DecideAssignment(policy, inputs).by_previous_seller);
  inputs.candidates[1].absent = true;
  EXPECT_EQ(DecideAssignment(policy, inputs).seller, "anna");
  EXPECT_FALSE(DecideAssignment(policy, inputs).by_previous_seller);
}

TEST(Assignment, TellsNothingOfAttributesButWhetherTheyHold) {
  AssignmentPolicy policy = PolicyOf(AssignmentMethod::kRoundRobin);
  policy.rules.resize(2);
  policy.rules[0].attributes = {{"region", Comparison::kEqual, "north"}};
  policy.rules[1].attributes = {{"size", Comparison::kGreater, "9"}};
  LeadRecord record;
  record.lead.stage = "a";
  record.lead.attributes = {{"region", "north"}, {"size", "9"}};
  AssignmentInputs inputs;
  DescribeLead(policy, PlainPolicy(), {}, record, Hour(0), inputs);
  EXPECT_EQ(inputs.attributes_hold, std::vector<int>{0});
}

TEST(Assignment, ComparesAttributesByTheTypesTheyHave) {
  AssignmentPolicy policy = PolicyOf(AssignmentMethod::kRoundRobin);
  policy.rules.resize(1);
  policy.rules[0].attributes = {{"size", Comparison::kGreater, "9.5"}};
  LeadRecord record;
  record.lead.attributes = {{"size", "10.25"}};
  AssignmentInputs typed;
  DescribeLead(policy, PlainPolicy(), {{"size", "", AttributeType::kNumber, {}}}, record, Hour(0),
               typed);
  EXPECT_EQ(typed.attributes_hold, std::vector<int>{0});
  AssignmentInputs as_text;
  DescribeLead(policy, PlainPolicy(), {}, record, Hour(0), as_text);
  EXPECT_TRUE(as_text.attributes_hold.empty());
}

// What an intake gives on each of the days, if there are always leads waiting.
std::vector<int64_t> Served(const Intake& intake, absl::CivilDay first, absl::CivilDay end) {
  std::vector<int64_t> days;
  std::map<absl::CivilDay, int64_t> used;
  for (absl::CivilDay day = first; day < end; ++day) {
    int64_t& taken = used[PeriodOf(intake, day).first];
    days.push_back(IntakeAllowed(intake, day) - taken);
    taken = IntakeAllowed(intake, day);
  }
  return days;
}

TEST(Intake, FourteenAMonthIsFourteenInEveryMonth) {
  const Intake intake{14, 1, IntakeUnit::kMonth};
  for (absl::CivilMonth month(2020, 1); month < absl::CivilMonth(2032, 1); ++month) {
    int64_t sum = 0;
    for (const int64_t leads : Served(intake, absl::CivilDay(month), absl::CivilDay(month + 1))) {
      EXPECT_LE(leads, 1);
      sum += leads;
    }
    EXPECT_EQ(sum, 14);
  }
}

TEST(Intake, IsSpreadOverTheMonth) {
  const Intake intake{14, 1, IntakeUnit::kMonth};
  const std::vector<int64_t> days =
      Served(intake, absl::CivilDay(2026, 2, 1), absl::CivilDay(2026, 3, 1));
  for (size_t i = 0; i < days.size(); ++i) EXPECT_EQ(days[i], i % 2 == 0 ? 1 : 0) << i;
}

TEST(Intake, OfAnySizeIsServedWholeInEveryPeriod) {
  std::mt19937 random(7);
  for (int round = 0; round < 2'000; ++round) {
    Intake intake;
    intake.leads = static_cast<int>(1 + random() % 200);
    intake.periods = static_cast<int>(1 + random() % 12);
    intake.unit = static_cast<IntakeUnit>(1 + random() % 3);
    const absl::CivilDay day = absl::CivilDay(1970, 1, 1) + static_cast<int64_t>(random() % 80'000);
    const IntakePeriod period = PeriodOf(intake, day);
    ASSERT_LE(period.first, day);
    ASSERT_GT(period.end, day);
    ASSERT_EQ(PeriodOf(intake, period.first).first, period.first);
    ASSERT_EQ(PeriodOf(intake, period.end).first, period.end);
    int64_t sum = 0;
    for (const int64_t leads : Served(intake, period.first, period.end)) {
      ASSERT_GE(leads, 0);
      sum += leads;
    }
    ASSERT_EQ(sum, intake.leads);
  }
}

TEST(Intake, CountsWeeksFromMonday) {
  const IntakePeriod week = PeriodOf({3, 1, IntakeUnit::kWeek}, absl::CivilDay(2026, 3, 29));
  EXPECT_EQ(week.first, absl::CivilDay(2026, 3, 23));
  EXPECT_EQ(absl::GetWeekday(week.first), absl::Weekday::monday);
}

std::string ReasonOfSeller(const Seller& seller) {
  return ReasonName(ReasonOf(CheckSeller(seller)));
}

TEST(CheckSeller, RefusesWhatIsOutOfBounds) {
  Seller seller;
  EXPECT_TRUE(CheckSeller(seller).ok());
  seller.capacity = -1;
  EXPECT_EQ(ReasonOfSeller(seller), "FIELD_INVALID");
  seller = {};
  seller.weight = 0;
  EXPECT_EQ(ReasonOfSeller(seller), "FIELD_INVALID");
  seller = {};
  seller.intake = Intake{0, 1, IntakeUnit::kMonth};
  EXPECT_EQ(ReasonOfSeller(seller), "FIELD_INVALID");
  seller.intake = Intake{14, 1, IntakeUnit::kUnspecified};
  EXPECT_EQ(ReasonOfSeller(seller), "FIELD_REQUIRED");
  seller = {};
  seller.skills = {"shops", "shops"};
  EXPECT_EQ(ReasonOfSeller(seller), "FIELD_INVALID");
  seller.skills = {"Big Shops"};
  EXPECT_EQ(ReasonOfSeller(seller), "ID_INVALID");
  seller.skills.assign(limits::skills_max + 1, "shops");
  EXPECT_EQ(ReasonOfSeller(seller), "LIST_TOO_LONG");
}

std::string ReasonOfPolicy(const AssignmentPolicy& policy) {
  return ReasonName(ReasonOf(CheckAssignmentPolicy(policy, "EUR")));
}

TEST(CheckAssignmentPolicy, RefusesWhatMakesNoSense) {
  EXPECT_EQ(ReasonOfPolicy({}), "FIELD_REQUIRED");
  AssignmentPolicy policy = PolicyOf(AssignmentMethod::kWeighted);
  EXPECT_TRUE(CheckAssignmentPolicy(policy, "EUR").ok());
  policy.rules.resize(1);
  EXPECT_EQ(ReasonOfPolicy(policy), "FIELD_REQUIRED");
  policy.rules[0].team = "shops";
  policy.rules[0].attributes = {{"region", Comparison::kUnspecified, "north"}};
  EXPECT_EQ(ReasonOfPolicy(policy), "FIELD_REQUIRED");
  policy.rules[0].attributes.clear();
  policy.rules[0].expected_value_at_least = Money{"USD", 100};
  EXPECT_EQ(ReasonOfPolicy(policy), "CURRENCY_MISMATCH");
  policy.rules[0].expected_value_at_least = Euros(100);
  policy.rules[0].expected_value_below = Euros(100);
  EXPECT_EQ(ReasonOfPolicy(policy), "FIELD_INVALID");
  policy.rules.resize(limits::assignment_rules_max + 1);
  EXPECT_EQ(ReasonOfPolicy(policy), "LIST_TOO_LONG");
}

TEST(AddAbsence, RefusesDaysThatOverlap) {
  const absl::CivilDay day(2026, 8, 3);
  std::vector<Absence> absences;
  EXPECT_TRUE(AddAbsence({day, day + 10}, absences).ok());
  EXPECT_EQ(ReasonOf(AddAbsence({day + 10, day + 12}, absences)), Reason::kAbsenceOverlaps);
  EXPECT_EQ(ReasonOf(AddAbsence({day - 3, day}, absences)), Reason::kAbsenceOverlaps);
  EXPECT_EQ(DetailOf(AddAbsence({day + 1, day + 2}, absences)).metadata.at("first_day"),
            "2026-08-03");
  EXPECT_TRUE(AddAbsence({day - 3, day - 1}, absences).ok());
  EXPECT_TRUE(AddAbsence({day + 11, day + 11}, absences).ok());
  EXPECT_EQ(absences.size(), 3u);
  EXPECT_EQ(absences[0].first_day, day - 3);
  EXPECT_TRUE(IsAbsent(absences, day + 10));
  EXPECT_FALSE(IsAbsent(absences, day + 12));
}

TEST(AddAbsence, RefusesAnEndBeforeTheBeginning) {
  std::vector<Absence> absences;
  const absl::CivilDay day(2026, 8, 3);
  EXPECT_EQ(ReasonOf(AddAbsence({day, day - 1}, absences)), Reason::kAbsenceInvalid);
}

TEST(TakeAbsence, FindsItByItsFirstDay) {
  const absl::CivilDay day(2026, 8, 3);
  std::vector<Absence> absences = {{day, day + 4}};
  EXPECT_EQ(ReasonOf(TakeAbsence(day + 1, absences)), Reason::kAbsenceNotFound);
  EXPECT_TRUE(TakeAbsence(day, absences).ok());
  EXPECT_TRUE(absences.empty());
}

AssignmentInputs RandomInputs(std::mt19937& random) {
  AssignmentInputs inputs = Among({});
  inputs.work_units = random() % 4;
  for (int i = 0; i < 8; ++i) {
    AssignmentCandidate candidate = Available("s" + std::to_string(i));
    candidate.team = random() % 4 == 0 ? "shops" : "sites";
    candidate.inactive = random() % 8 == 0;
    candidate.absent = random() % 8 == 0;
    candidate.working = random() % 8 != 0;
    candidate.capacity = random() % 3 == 0 ? random() % 20 : 0;
    candidate.open_work_units = random() % 20;
    if (random() % 3 == 0) candidate.intake_allowed = random() % 9;
    candidate.intake_used = random() % 9;
    candidate.weight = 1 + random() % 9;
    candidate.turn = random() % 50;
    candidate.pass_start = random() % 1'000;
    candidate.pass = candidate.pass_start + random() % 1'000;
    inputs.candidates.push_back(std::move(candidate));
  }
  inputs.previous_seller = "s" + std::to_string(random() % 10);
  return inputs;
}

TEST(AssignmentRecord, IsKeptWholeAndDecidesTheSameAgain) {
  std::mt19937 random(11);
  for (int round = 0; round < 500; ++round) {
    AssignmentPolicy policy = PolicyOf(static_cast<AssignmentMethod>(1 + random() % 3));
    policy.previous_seller = random() % 2 == 0;
    policy.default_team = random() % 2 == 0 ? "sites" : "";
    AssignmentRecord record;
    record.lead = "l1";
    record.cause = AssignmentCause::kSweep;
    record.decide_time = Hour(round);
    record.inputs = RandomInputs(random);
    record.decision = DecideAssignment(policy, record.inputs);
    AssignmentRecord read;
    ASSERT_TRUE(store::DecodeAnswer(store::EncodeAnswer(record), &read).ok());
    ASSERT_EQ(store::EncodeAnswer(read), store::EncodeAnswer(record));
    const AssignmentDecision again = DecideAssignment(policy, read.inputs);
    ASSERT_EQ(again.seller, record.decision.seller);
    ASSERT_EQ(again.exclusions, read.decision.exclusions);
    ASSERT_EQ(again.rule, read.decision.rule);
    ASSERT_EQ(again.pass, read.decision.pass);
  }
}

}  // namespace
}  // namespace sales
