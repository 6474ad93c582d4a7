#include "src/decide/facts.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "sales/limits.h"
#include "src/decide/errors.h"
#include "src/decide/lead_decisions.h"
#include "src/decide/moves.h"
#include "src/decide/policy_words.h"

namespace sales {
namespace {

constexpr char kNeed[] = "need_known";
constexpr char kBudget[] = "budget_known";
constexpr char kDecisionMaker[] = "decision_maker_known";
constexpr char kExpectedValue[] = "expected_value_known";
constexpr char kInterest[] = "interest";
constexpr char kAttributes[] = "attributes";

std::string TextOf(bool flag) { return flag ? "true" : ""; }
std::string TextOf(int64_t number) { return number == 0 ? std::string() : std::to_string(number); }

bool ParseCount(std::string_view text, int64_t& number) {
  number = 0;
  return text.empty() || absl::SimpleAtoi(absl::string_view(text.data(), text.size()), &number);
}

bool ParseUpTo(std::string_view text, int64_t max, int64_t& number) {
  return ParseCount(text, number) && number >= 0 && number <= max;
}

std::string LowerCase(std::string_view text) {
  return absl::AsciiStrToLower(absl::string_view(text.data(), text.size()));
}

// "CALL/OUT".
bool AddActivity(std::string_view text, absl::Time at, LeadRecord& record) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) return false;
  const std::optional<ActivityKind> kind = ParseActivityKind(LowerCase(text.substr(0, slash)));
  const std::optional<Direction> direction = ParseDirection(LowerCase(text.substr(slash + 1)));
  if (!kind.has_value() || !direction.has_value()) return false;
  ++record.activity_counts[static_cast<size_t>(*kind)][static_cast<size_t>(*direction)];
  RunClocks(*direction, at, record);
  return true;
}

// "1:SENT".
bool SetProposal(std::string_view text, absl::Time at, std::vector<Proposal>& proposals) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  int64_t version = 0;
  if (!ParseUpTo(text.substr(0, colon), limits::proposals_max, version) || version < 1) {
    return false;
  }
  if (proposals.size() < static_cast<size_t>(version)) proposals.resize(version);
  Proposal& proposal = proposals[version - 1];
  const std::string_view name = text.substr(colon + 1);
  for (int state = 1; *ProposalStateName(static_cast<ProposalState>(state)) != '\0'; ++state) {
    if (name != ProposalStateName(static_cast<ProposalState>(state))) continue;
    proposal.state = static_cast<ProposalState>(state);
    if (proposal.state == ProposalState::kRequested) proposal.request_time = at;
    if (proposal.state == ProposalState::kSent) proposal.send_time = at;
    return true;
  }
  return false;
}

bool SetRequirements(std::string_view text, absl::Time at, std::vector<Requirements>& list) {
  int64_t version = 0;
  if (!ParseUpTo(text, limits::requirements_max, version)) return false;
  list.resize(version);
  if (version > 0) list.back().agree_time = at;
  return true;
}

// From nothing to "2", or from "2" to nothing.
bool SetPlanned(const Change& change, std::vector<PlannedActivity>& planned) {
  planned.erase(
      std::remove_if(planned.begin(), planned.end(),
                     [&](const PlannedActivity& entry) { return entry.id == change.before; }),
      planned.end());
  if (change.after.empty()) return true;
  PlannedActivity added;
  added.id = change.after;
  added.due_time = absl::InfinitePast();
  planned.push_back(std::move(added));
  return planned.size() <= static_cast<size_t>(limits::planned_activities_max);
}

bool SetPlannedDue(std::string_view text, std::vector<PlannedActivity>& planned) {
  int64_t micros = 0;
  if (planned.empty() || !ParseCount(text, micros)) return false;
  planned.back().due_time = absl::FromUnixMicros(micros);
  return true;
}

}  // namespace

bool IsBlank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

void AddFactChanges(const Lead* before, const Lead& after, std::vector<Change>& changes) {
  static const Lead* const kNothing = new Lead();
  const Lead& old = before == nullptr ? *kNothing : *before;
  const auto add = [&changes](const char* field, auto was, auto is) {
    if (was != is) changes.push_back({field, TextOf(was), TextOf(is)});
  };
  add(kNeed, !IsBlank(old.need), !IsBlank(after.need));
  add(kBudget, old.budget.has_value(), after.budget.has_value());
  add(kDecisionMaker, old.decision_maker_known, after.decision_maker_known);
  add(kExpectedValue, old.expected_value.has_value(), after.expected_value.has_value());
  if (before == nullptr) {
    changes.push_back({kInterest, "", std::to_string(after.interest)});
  } else {
    add(kInterest, int64_t{old.interest}, int64_t{after.interest});
  }
  add(kAttributes, static_cast<int64_t>(old.attributes.size()),
      static_cast<int64_t>(after.attributes.size()));
}

bool FactFold::ApplyFact(const Change& change) {
  Lead& lead = record_.lead;
  const bool flag = change.after == "true";
  int64_t number = 0;
  if (change.field == kNeed) {
    lead.need = flag ? "known" : "";
  } else if (change.field == kBudget) {
    lead.budget = flag ? std::optional<Money>(Money{}) : std::nullopt;
  } else if (change.field == kDecisionMaker) {
    lead.decision_maker_known = flag;
  } else if (change.field == kExpectedValue) {
    value_told_ = flag;
  } else if (change.field == kInterest) {
    if (!ParseCount(change.after, number)) return false;
    lead.interest = static_cast<int>(number);
    interest_told_ = true;
  } else if (change.field == kAttributes) {
    if (!ParseUpTo(change.after, limits::attributes_max, number)) return false;
    attribute_count_ = static_cast<size_t>(number);
  }
  return true;
}

// Closes or opens the lead where the track says so.
void FactFold::ApplyState(absl::Time at) {
  Lead& lead = record_.lead;
  const LeadState before = lead.state;
  lead.state = track_.state;
  if (before == track_.state || track_.state == LeadState::kOpen) return;
  StopWaiting(at, record_);
  if (track_.state != LeadState::kNurtured) lead.planned_activities.clear();
  Outcome outcome;
  outcome.state = track_.state;
  outcome.occur_time = at;
  lead.outcomes.push_back(std::move(outcome));
}

bool FactFold::Apply(const Change& change, absl::Time at) {
  Lead& lead = record_.lead;
  if (change.field == "activity") return AddActivity(change.after, at, record_);
  if (change.field == "planned_activity") return SetPlanned(change, lead.planned_activities);
  if (change.field == "planned_due") return SetPlannedDue(change.after, lead.planned_activities);
  if (change.field == "proposal") return SetProposal(change.after, at, lead.proposals);
  if (change.field == "requirements") return SetRequirements(change.after, at, lead.requirements);
  return ApplyFact(change);
}

absl::Status FactFold::Add(const Event& event) {
  SALES_RETURN_IF_ERROR(ApplyEvent(event, track_));
  Lead& lead = record_.lead;
  ApplyState(event.occur_time);
  lead.stage = track_.stage;
  lead.visits = track_.visits;
  lead.seller = track_.seller;
  lead.receive_time = track_.receive_time;
  lead.close_time = track_.close_time;
  if (event.type == EventType::kLeadCaptured) record_.awaiting_since = lead.receive_time;
  interest_told_ = false;
  for (const Change& change : event.changes) {
    if (Apply(change, event.occur_time)) continue;
    return MakeError(Reason::kStoreCorrupt, "An event changes the field '" + change.field +
                                                "' to a value that the field cannot have.");
  }
  if (event.type == EventType::kLeadCaptured) facts_told_ = interest_told_;
  lead.expected_value.reset();
  if (value_told_ || track_.expected_value != 0) {
    lead.expected_value = Money{currency_code_, track_.expected_value};
  }
  return absl::OkStatus();
}

}  // namespace sales
