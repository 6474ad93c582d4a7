#include "src/decide/handoff.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/decide/clocks.h"
#include "src/decide/errors.h"
#include "src/decide/handoff_evidence.h"

namespace sales {
namespace {

constexpr HandoffStep kSteps[] = {HandoffStep::kIntroduction, HandoffStep::kProjectPrepared,
                                  HandoffStep::kMaterialsShared, HandoffStep::kBriefed};

HandoffStep StepOf(const CompleteHandoffStep& command) {
  return static_cast<HandoffStep>(command.evidence.index());
}

bool IsDone(const Handoff& handoff, HandoffStep step) {
  return std::any_of(handoff.completed_steps.begin(), handoff.completed_steps.end(),
                     [&](const CompletedStep& completed) { return completed.step == step; });
}

void ChangeState(HandoffState state, Handoff& handoff, std::vector<Change>& changes) {
  if (handoff.state == state) return;
  changes.push_back({"handoff_state", HandoffStateName(handoff.state), HandoffStateName(state)});
  handoff.state = state;
}

void ChangeManager(const std::string& manager, Handoff& handoff, std::vector<Change>& changes) {
  if (handoff.manager == manager) return;
  changes.push_back({"handoff_manager", handoff.manager, manager});
  handoff.manager = manager;
}

absl::Status RequireUnderWay(const Handoff& handoff) {
  if (handoff.state == HandoffState::kAccepted) {
    return MakeError(Reason::kHandoffAccepted,
                     "The manager has accepted the handoff already; go on with its project.");
  }
  if (handoff.state == HandoffState::kWithdrawn) {
    return MakeError(
        Reason::kHandoffWithdrawn,
        "The handoff was withdrawn when its lead was taken up again; win the lead first.");
  }
  return absl::OkStatus();
}

absl::Status StepDone(HandoffStep step) {
  ErrorDetail detail;
  detail.reason = Reason::kHandoffStepDone;
  detail.metadata["step"] = HandoffStepName(step);
  return MakeError(std::move(detail),
                   std::string("The step ") + HandoffStepName(step) + " is completed already.");
}

// HANDOFF_STEPS_OPEN with each step before `until` that is not completed.
absl::Status RequireSteps(const Handoff& handoff, size_t until, const char* what_for) {
  ErrorDetail detail;
  detail.reason = Reason::kHandoffStepsOpen;
  std::string steps;
  for (size_t i = 0; i < until; ++i) {
    if (IsDone(handoff, kSteps[i])) continue;
    const char* const name = HandoffStepName(kSteps[i]);
    detail.missing.push_back({"", name, "the step is open"});
    if (!steps.empty()) steps += ", ";
    steps += name;
  }
  if (detail.missing.empty()) return absl::OkStatus();
  std::string message = std::string(what_for) + " needs these steps first: " + steps + ".";
  detail.metadata["steps"] = std::move(steps);
  return MakeError(std::move(detail), std::move(message));
}

absl::Status CheckNotBefore(absl::Time occur_time, absl::Time bound, const char* what) {
  if (occur_time >= bound) return absl::OkStatus();
  return FieldError(Reason::kTimeOrder, "occur_time", std::string("is before ") + what);
}

// Whether the manager may decide now, and it is he who does.
absl::Status RequireManager(const Handoff& handoff, const std::string& actor,
                            absl::Time occur_time) {
  SALES_RETURN_IF_ERROR(RequireUnderWay(handoff));
  SALES_RETURN_IF_ERROR(RequireSteps(handoff, std::size(kSteps), "The manager's decision"));
  if (handoff.manager != actor) {
    ErrorDetail detail;
    detail.reason = Reason::kHandoffNotManager;
    detail.metadata["manager"] = handoff.manager;
    return MakeError(std::move(detail), "Only the manager who was briefed decides on a handoff.");
  }
  return CheckNotBefore(occur_time, handoff.completed_steps.back().complete_time,
                        "the manager was briefed");
}

absl::Status CheckReturn(const ReturnHandoff& command) {
  SALES_RETURN_IF_ERROR(CheckRequiredText("missing", command.missing, limits::text_bytes_max));
  SALES_RETURN_IF_ERROR(CheckList("steps", command.steps.size(), std::size(kSteps)));
  for (size_t i = 0; i < command.steps.size(); ++i) {
    if (*HandoffStepName(command.steps[i]) == '\0') {
      return FieldError(Reason::kEnumUnknown, "steps[" + std::to_string(i) + "]",
                        "is no step of a handoff");
    }
  }
  return absl::OkStatus();
}

void OpenStep(HandoffStep step, Handoff& handoff, std::vector<Change>& changes) {
  std::vector<CompletedStep>& completed = handoff.completed_steps;
  completed.erase(std::remove_if(completed.begin(), completed.end(),
                                 [&](const CompletedStep& done) { return done.step == step; }),
                  completed.end());
  if (step == HandoffStep::kIntroduction) handoff.introduction.reset();
  if (step == HandoffStep::kProjectPrepared) handoff.project_prepared.reset();
  if (step == HandoffStep::kMaterialsShared) handoff.materials_shared.reset();
  if (step == HandoffStep::kBriefed) {
    handoff.briefing.reset();
    ChangeManager("", handoff, changes);
  }
  changes.push_back({"handoff_step", HandoffStepName(step), ""});
}

}  // namespace

void OpenHandoff(const HandoffRules& rules, const WorkingTime& working_time, absl::Time occur_time,
                 Handoff& handoff, std::vector<Change>& changes) {
  const auto due = [&](const std::optional<Limit>& limit) {
    return limit.has_value() ? DueTime(occur_time, *limit, working_time) : std::nullopt;
  };
  Handoff opened;
  opened.id = std::move(handoff.id);
  opened.contact = std::move(handoff.contact);
  opened.seller = std::move(handoff.seller);
  opened.create_time = handoff.create_time;
  opened.state = handoff.state;
  opened.open_time = occur_time;
  opened.introduction_due_time = due(rules.introduction_within);
  opened.accept_due_time = due(rules.accept_within);
  handoff = std::move(opened);
  ChangeState(HandoffState::kOpen, handoff, changes);
}

absl::Status DecideStep(const CompleteHandoffStep& command, const std::string& actor,
                        absl::Time occur_time, Handoff& handoff, std::vector<Change>& changes) {
  SALES_RETURN_IF_ERROR(CheckEvidence(command));
  SALES_RETURN_IF_ERROR(RequireUnderWay(handoff));
  const HandoffStep step = StepOf(command);
  if (IsDone(handoff, step)) return StepDone(step);
  SALES_RETURN_IF_ERROR(CheckNotBefore(occur_time, handoff.open_time, "the lead was won"));
  if (const auto* introduction = std::get_if<Introduction>(&command.evidence)) {
    handoff.introduction = *introduction;
  } else if (const auto* prepared = std::get_if<ProjectPrepared>(&command.evidence)) {
    handoff.project_prepared = *prepared;
    handoff.project_prepared->members = SortedIds(prepared->members);
  } else if (const auto* shared = std::get_if<MaterialsShared>(&command.evidence)) {
    handoff.materials_shared = *shared;
  } else if (const auto* briefing = std::get_if<Briefing>(&command.evidence)) {
    SALES_RETURN_IF_ERROR(RequireSteps(handoff, std::size(kSteps) - 1, "The briefing"));
    for (const CompletedStep& completed : handoff.completed_steps) {
      SALES_RETURN_IF_ERROR(CheckNotBefore(occur_time, completed.complete_time,
                                           "a step was completed that it needs"));
    }
    handoff.briefing = *briefing;
    ChangeState(HandoffState::kBriefed, handoff, changes);
    ChangeManager(briefing->manager, handoff, changes);
  }
  handoff.completed_steps.push_back({step, actor, occur_time});
  changes.push_back({"handoff_step", "", HandoffStepName(step)});
  return absl::OkStatus();
}

absl::Status DecideAccept(const std::string& actor, absl::Time occur_time, Handoff& handoff,
                          std::vector<Change>& changes) {
  SALES_RETURN_IF_ERROR(RequireManager(handoff, actor, occur_time));
  handoff.accept_time = occur_time;
  ChangeState(HandoffState::kAccepted, handoff, changes);
  return absl::OkStatus();
}

absl::Status DecideReturn(const ReturnHandoff& command, const std::string& actor,
                          absl::Time occur_time, Handoff& handoff, std::vector<Change>& changes) {
  SALES_RETURN_IF_ERROR(CheckReturn(command));
  SALES_RETURN_IF_ERROR(RequireManager(handoff, actor, occur_time));
  if (handoff.returns.size() >= static_cast<size_t>(limits::handoff_returns_max)) {
    ErrorDetail detail;
    detail.reason = Reason::kLimitReached;
    detail.metadata["limit"] = std::to_string(limits::handoff_returns_max);
    detail.metadata["what"] = "returns";
    return MakeError(std::move(detail), "The handoff was returned as often as it may be.");
  }
  HandoffReturn returned{actor, occur_time, command.missing, {}};
  ChangeState(HandoffState::kOpen, handoff, changes);
  for (const HandoffStep step : kSteps) {
    const bool named =
        std::find(command.steps.begin(), command.steps.end(), step) != command.steps.end();
    if (!named && step != HandoffStep::kBriefed) continue;
    OpenStep(step, handoff, changes);
    returned.steps.push_back(step);
  }
  handoff.returns.push_back(std::move(returned));
  return absl::OkStatus();
}

absl::Status DecideWithdraw(Handoff& handoff, std::vector<Change>& changes) {
  if (handoff.state == HandoffState::kAccepted) {
    return MakeError(Reason::kHandoffAccepted,
                     "Production has accepted the handoff of the lead; request new work on the "
                     "project instead.");
  }
  ChangeState(HandoffState::kWithdrawn, handoff, changes);
  return absl::OkStatus();
}

std::vector<HandoffLimit> OpenLimits(const Handoff& handoff) {
  std::vector<HandoffLimit> open;
  const bool under_way =
      handoff.state == HandoffState::kOpen || handoff.state == HandoffState::kBriefed;
  if (!under_way) return open;
  if (handoff.introduction_due_time.has_value() && !IsDone(handoff, HandoffStep::kIntroduction)) {
    open.push_back({"INTRODUCTION", *handoff.introduction_due_time});
  }
  if (handoff.accept_due_time.has_value()) open.push_back({"HANDOFF", *handoff.accept_due_time});
  return open;
}

void HandoffFold::Add(const Event& event) {
  // One that was withdrawn begins anew.
  if (event.type == EventType::kHandoffOpened) *this = {state, "", {}};
  for (const Change& change : event.changes) {
    if (change.field == "handoff_state") state = change.after;
    if (change.field == "handoff_manager") manager = change.after;
    if (change.field != "handoff_step") continue;
    steps.erase(change.before);
    if (!change.after.empty()) steps.insert(change.after);
  }
}

HandoffFold FoldOf(const Handoff& handoff) {
  HandoffFold fold{HandoffStateName(handoff.state), handoff.manager, {}};
  for (const CompletedStep& completed : handoff.completed_steps) {
    fold.steps.insert(HandoffStepName(completed.step));
  }
  return fold;
}

const char* HandoffStateName(HandoffState state) {
  switch (state) {
    case HandoffState::kOpen:
      return "OPEN";
    case HandoffState::kBriefed:
      return "BRIEFED";
    case HandoffState::kAccepted:
      return "ACCEPTED";
    case HandoffState::kWithdrawn:
      return "WITHDRAWN";
    case HandoffState::kUnspecified:
      break;
  }
  return "";
}

const char* HandoffStepName(HandoffStep step) {
  switch (step) {
    case HandoffStep::kIntroduction:
      return "introduction";
    case HandoffStep::kProjectPrepared:
      return "project_prepared";
    case HandoffStep::kMaterialsShared:
      return "materials_shared";
    case HandoffStep::kBriefed:
      return "briefed";
    case HandoffStep::kUnspecified:
      break;
  }
  return "";
}

}  // namespace sales
