#include "src/decide/moves.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "sales/limits.h"
#include "src/decide/conditions.h"
#include "src/decide/errors.h"

namespace sales {
namespace {

constexpr char kOverrideChange[] = "override";

absl::Status GuardUnmet(std::vector<MissingCondition> missing, const std::string& from,
                        const std::string& to) {
  ErrorDetail detail;
  detail.reason = Reason::kGuardUnmet;
  detail.metadata["from"] = from;
  detail.metadata["to"] = to;
  std::string message = to.empty() ? "The lead cannot be won yet. Missing: "
                                   : "The lead cannot enter '" + to + "' yet. Missing: ";
  for (size_t i = 0; i < missing.size(); ++i) {
    if (i > 0) message += "; ";
    message += missing[i].condition;
  }
  detail.missing = std::move(missing);
  return MakeError(std::move(detail), message + ".");
}

}  // namespace

int StageIndex(const FunnelPolicy& policy, const std::string& key) {
  for (size_t i = 0; i < policy.stages.size(); ++i) {
    if (policy.stages[i].key == key) return static_cast<int>(i);
  }
  return -1;
}

bool MoveAllowed(const FunnelPolicy& policy, int from, int to) {
  if (from == to) return false;
  if (from < 0) return true;
  const std::vector<std::string>& allowed = policy.stages[from].allowed_moves;
  return allowed.empty() ||
         std::find(allowed.begin(), allowed.end(), policy.stages[to].key) != allowed.end();
}

bool WinAllowed(const FunnelPolicy& policy, int from) {
  const int last = static_cast<int>(policy.stages.size()) - 1;
  return from == last || MoveAllowed(policy, from, last);
}

std::vector<MissingCondition> MissingForMove(const DecideContext& context, const LeadRecord& record,
                                             int to) {
  const int from = StageIndex(context.policy, record.lead.stage);
  std::vector<MissingCondition> missing;
  for (int i = from < to ? from + 1 : to; i <= to; ++i) {
    AddMissing(context.policy.stages[i], record, context.occur_time, missing);
  }
  return missing;
}

std::vector<MissingCondition> MissingForWin(const DecideContext& context,
                                            const LeadRecord& record) {
  const int last = static_cast<int>(context.policy.stages.size()) - 1;
  std::vector<MissingCondition> missing;
  for (int i = StageIndex(context.policy, record.lead.stage) + 1; i <= last; ++i) {
    AddMissing(context.policy.stages[i], record, context.occur_time, missing);
  }
  return missing;
}

absl::Status PassGuard(std::vector<MissingCondition> missing, const std::string& override_reason,
                       const std::string& from, const std::string& to, Effect& effect) {
  if (missing.empty()) return absl::OkStatus();
  if (override_reason.empty()) return GuardUnmet(std::move(missing), from, to);
  std::string overridden;
  for (const MissingCondition& condition : missing) {
    if (!overridden.empty()) overridden += ", ";
    overridden += condition.condition;
  }
  effect.changes.push_back({kOverrideChange, "", std::move(overridden)});
  return absl::OkStatus();
}

bool HasOverride(const Effect& effect) {
  return std::any_of(effect.changes.begin(), effect.changes.end(),
                     [](const Change& change) { return change.field == kOverrideChange; });
}

absl::Status MoveNotAllowed(const FunnelPolicy& policy, int from, const std::string& to) {
  std::string allowed;
  for (size_t i = 0; i < policy.stages.size(); ++i) {
    if (!MoveAllowed(policy, from, static_cast<int>(i))) continue;
    if (!allowed.empty()) allowed += ", ";
    allowed += policy.stages[i].key;
  }
  ErrorDetail detail;
  detail.reason = Reason::kMoveNotAllowed;
  detail.metadata["from"] = from < 0 ? "" : policy.stages[from].key;
  detail.metadata["to"] = to;
  detail.metadata["allowed"] = std::move(allowed);
  return MakeError(std::move(detail),
                   to.empty() ? "The policy does not let a lead be won from its stage."
                              : "The policy does not let a lead go there from its stage.");
}

absl::Status CheckRoom(const std::string& what, size_t size, int max) {
  if (size < static_cast<size_t>(max)) return absl::OkStatus();
  ErrorDetail detail;
  detail.reason = Reason::kLimitReached;
  detail.metadata["limit"] = std::to_string(max);
  detail.metadata["what"] = what;
  return MakeError(std::move(detail),
                   "The lead has as many " + what + " as it may: " + std::to_string(max) + ".");
}

absl::Status EnterStage(const FunnelPolicy& policy, const std::string& stage, absl::Time at,
                        LeadRecord& record) {
  Lead& lead = record.lead;
  if (lead.state == LeadState::kOpen) {
    SALES_RETURN_IF_ERROR(CheckRoom("visits", lead.visits.size(), limits::visits_max));
    if (!lead.visits.empty() && !lead.visits.back().leave_time.has_value()) {
      lead.visits.back().leave_time = at;
    }
    lead.visits.push_back({stage, at, std::nullopt});
  }
  lead.stage = stage;
  const int index = StageIndex(policy, stage);
  if (index > StageIndex(policy, record.furthest)) record.furthest = stage;
  // A skip reaches the stages it passes.
  for (int passed = 0; passed <= index; ++passed) {
    if (policy.stages[passed].qualifying) record.qualified = true;
  }
  return absl::OkStatus();
}

void StopWaiting(absl::Time at, LeadRecord& record) {
  if (!record.awaiting_since.has_value()) return;
  record.last_response = ClockRun{*record.awaiting_since, at};
  record.awaiting_since.reset();
}

void CloseLead(LeadState state, absl::Time at, LeadRecord& record) {
  Lead& lead = record.lead;
  if (lead.state == LeadState::kOpen && !lead.visits.empty()) lead.visits.back().leave_time = at;
  lead.state = state;
  lead.close_time = at;
  StopWaiting(at, record);
  // What was to be done next about a lead that is closed for good is not done any more.
  if (state != LeadState::kNurtured) lead.planned_activities.clear();
}

absl::Status OpenAgain(absl::Time at, LeadRecord& record) {
  Lead& lead = record.lead;
  SALES_RETURN_IF_ERROR(CheckRoom("visits", lead.visits.size(), limits::visits_max));
  lead.state = LeadState::kOpen;
  lead.close_time.reset();
  lead.won_value.reset();
  lead.visits.push_back({lead.stage, at, std::nullopt});
  return absl::OkStatus();
}

}  // namespace sales
