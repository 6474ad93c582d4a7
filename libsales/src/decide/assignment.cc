#include "src/decide/assignment.h"

#include <algorithm>
#include <tuple>

#include "src/decide/conditions.h"
#include "src/decide/moves.h"

namespace sales {
namespace {

// How much a turn takes of a seller of weight 1. Divided by the weight it is still large, so that
// shares come out exact; ten thousand million turns fit.
constexpr int64_t kTurnLength = 720'720'000;

template <typename T>
bool Has(const std::vector<T>& values, const T& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

template <typename T>
bool AllowsIn(const std::vector<T>& allowed, const T& value) {
  return allowed.empty() || Has(allowed, value);
}

bool Matches(const AssignmentRule& rule, const AssignmentInputs& lead, int index) {
  const CampaignOfChannel campaign{lead.channel, lead.campaign};
  return AllowsIn(rule.channels, lead.channel) && AllowsIn(rule.campaigns, campaign) &&
         AllowsIn(rule.funnels, lead.funnel) &&
         (!rule.expected_value_at_least.has_value() ||
          lead.expected_value >= rule.expected_value_at_least->minor_units) &&
         (!rule.expected_value_below.has_value() ||
          lead.expected_value < rule.expected_value_below->minor_units) &&
         Has(lead.attributes_hold, index);
}

int FirstMatch(const AssignmentPolicy& policy, const AssignmentInputs& lead) {
  for (size_t i = 0; i < policy.rules.size(); ++i) {
    const int index = static_cast<int>(i);
    if (Matches(policy.rules[i], lead, index)) return index;
  }
  return -1;
}

bool HasAll(const std::vector<std::string>& skills, const std::vector<std::string>& wanted) {
  return std::all_of(wanted.begin(), wanted.end(),
                     [&](const std::string& skill) { return Has(skills, skill); });
}

bool IsFull(const AssignmentCandidate& seller, int64_t work_units) {
  if (seller.capacity == 0) return false;
  return seller.open_work_units >= seller.capacity ||
         seller.open_work_units + work_units > seller.capacity;
}

Exclusion WhyNot(const AssignmentCandidate& seller, const std::string& team,
                 const std::vector<std::string>& skills, int64_t work_units) {
  if (seller.inactive) return Exclusion::kInactive;
  if (!team.empty() && seller.team != team) return Exclusion::kWrongTeam;
  if (!HasAll(seller.skills, skills)) return Exclusion::kSkillMissing;
  if (seller.absent) return Exclusion::kAbsent;
  if (!seller.working) return Exclusion::kNotWorking;
  if (IsFull(seller, work_units)) return Exclusion::kAtCapacity;
  if (seller.intake_allowed.has_value() && seller.intake_used >= *seller.intake_allowed) {
    return Exclusion::kIntakeUsed;
  }
  return Exclusion::kUnspecified;
}

// Of those that share the leads, where the turn before began: who was away goes on from there, and
// does not catch up.
int64_t PassFloor(const AssignmentInputs& inputs, const AssignmentDecision& decision) {
  int64_t floor = 0;
  for (const AssignmentCandidate& seller : inputs.candidates) {
    if (decision.team.empty() || seller.team == decision.team) {
      floor = std::max(floor, seller.pass_start);
    }
  }
  return floor;
}

// Who goes before whom; ids make it certain.
std::tuple<int64_t, int64_t, std::string> RankOf(const AssignmentCandidate& seller,
                                                 AssignmentMethod method, int64_t pass_floor) {
  int64_t first = 0;
  if (method == AssignmentMethod::kLeastLoad) first = seller.open_work_units;
  if (method == AssignmentMethod::kWeighted) first = std::max(seller.pass, pass_floor);
  return {first, seller.turn, seller.seller};
}

const AssignmentCandidate* Choose(const AssignmentPolicy& policy, const AssignmentInputs& inputs,
                                  int64_t pass_floor, AssignmentDecision& decision) {
  const AssignmentCandidate* chosen = nullptr;
  for (size_t i = 0; i < inputs.candidates.size(); ++i) {
    const AssignmentCandidate& seller = inputs.candidates[i];
    if (decision.exclusions[i] != Exclusion::kUnspecified) continue;
    if (policy.previous_seller && seller.seller == inputs.previous_seller) {
      decision.by_previous_seller = true;
      return &seller;
    }
    if (chosen == nullptr ||
        RankOf(seller, policy.method, pass_floor) < RankOf(*chosen, policy.method, pass_floor)) {
      chosen = &seller;
    }
  }
  return chosen;
}

}  // namespace

AssignmentDecision DecideAssignment(const AssignmentPolicy& policy,
                                    const AssignmentInputs& inputs) {
  AssignmentDecision decision;
  decision.rule = FirstMatch(policy, inputs);
  const AssignmentRule* rule = decision.rule < 0 ? nullptr : &policy.rules[decision.rule];
  decision.team = rule == nullptr ? policy.default_team : rule->team;
  int64_t turn = 0;
  for (const AssignmentCandidate& seller : inputs.candidates) {
    decision.exclusions.push_back(
        WhyNot(seller, decision.team, rule == nullptr ? std::vector<std::string>() : rule->skills,
               inputs.work_units));
    turn = std::max(turn, seller.turn);
  }
  const int64_t pass_floor = PassFloor(inputs, decision);
  const AssignmentCandidate* chosen = Choose(policy, inputs, pass_floor, decision);
  if (chosen == nullptr) return decision;
  decision.seller = chosen->seller;
  decision.turn = turn + 1;
  decision.pass_start = std::max(chosen->pass, pass_floor);
  decision.pass = decision.pass_start + kTurnLength / std::max<int64_t>(chosen->weight, 1);
  return decision;
}

void TakeTurn(const AssignmentDecision& decision, AssignmentInputs& inputs) {
  for (AssignmentCandidate& candidate : inputs.candidates) {
    if (candidate.seller != decision.seller) continue;
    candidate.turn = decision.turn;
    candidate.pass_start = decision.pass_start;
    candidate.pass = decision.pass;
    candidate.open_work_units += inputs.work_units;
    ++candidate.intake_used;
  }
}

bool IsAbsent(const std::vector<Absence>& absences, absl::CivilDay day) {
  return std::any_of(absences.begin(), absences.end(), [day](const Absence& absence) {
    return absence.first_day <= day && day <= absence.last_day;
  });
}

IntakePeriod PeriodOf(const Intake& intake, absl::CivilDay day) {
  const int64_t periods = std::max(intake.periods, 1);
  if (intake.unit == IntakeUnit::kMonth) {
    const absl::CivilMonth epoch(1970, 1);
    const absl::CivilMonth first = epoch + (absl::CivilMonth(day) - epoch) / periods * periods;
    return {absl::CivilDay(first), absl::CivilDay(first + periods)};
  }
  // The epoch's Monday is three days before it; no day that is counted lies before the epoch.
  const bool weeks = intake.unit == IntakeUnit::kWeek;
  const absl::CivilDay epoch = absl::CivilDay(1970, 1, 1) - (weeks ? 3 : 0);
  const int64_t length = periods * (weeks ? 7 : 1);
  const absl::CivilDay first = epoch + (day - epoch) / length * length;
  return {first, first + length};
}

int64_t IntakeAllowed(const Intake& intake, absl::CivilDay day) {
  const IntakePeriod period = PeriodOf(intake, day);
  const int64_t length = period.end - period.first;
  const int64_t passed = day - period.first + 1;
  return (intake.leads * passed + length - 1) / length;
}

void DescribeLead(const AssignmentPolicy& policy, const FunnelPolicy& funnel,
                  const AttributeSchema& schema, const LeadRecord& record, absl::Time at,
                  AssignmentInputs& inputs) {
  const Lead& lead = record.lead;
  inputs.funnel = lead.funnel;
  inputs.channel = lead.channel;
  inputs.campaign = lead.campaign;
  inputs.expected_value = lead.expected_value.has_value() ? lead.expected_value->minor_units : 0;
  for (size_t i = 0; i < policy.rules.size(); ++i) {
    const std::vector<AttributeTest>& tests = policy.rules[i].attributes;
    const bool hold = std::all_of(tests.begin(), tests.end(), [&](const AttributeTest& test) {
      Condition condition;
      condition.kind = Condition::Kind::kAttribute;
      condition.key = test.key;
      condition.comparison = test.comparison;
      condition.value = test.value;
      condition.attribute_type = TypeOfAttribute(schema, test.key);
      return Holds(condition, record, at);
    });
    if (hold) inputs.attributes_hold.push_back(static_cast<int>(i));
  }
  const int stage = StageIndex(funnel, lead.stage);
  if (stage >= 0) inputs.work_units = funnel.stages[stage].work_units;
}

const char* ExclusionName(Exclusion exclusion) {
  switch (exclusion) {
    case Exclusion::kUnspecified:
      return "";
    case Exclusion::kInactive:
      return "INACTIVE";
    case Exclusion::kWrongTeam:
      return "WRONG_TEAM";
    case Exclusion::kSkillMissing:
      return "SKILL_MISSING";
    case Exclusion::kAbsent:
      return "ABSENT";
    case Exclusion::kNotWorking:
      return "NOT_WORKING";
    case Exclusion::kAtCapacity:
      return "AT_CAPACITY";
    case Exclusion::kIntakeUsed:
      return "INTAKE_USED";
  }
  return "";
}

std::string ExclusionText(const AssignmentInputs& inputs, const AssignmentDecision& decision) {
  constexpr size_t kShownMax = 20;
  std::string text;
  const size_t count = std::min(inputs.candidates.size(), kShownMax);
  for (size_t i = 0; i < count; ++i) {
    if (i > 0) text += ", ";
    text += inputs.candidates[i].seller + "=" + ExclusionName(decision.exclusions[i]);
  }
  if (inputs.candidates.size() > count) text += ", …";
  return text;
}

}  // namespace sales
