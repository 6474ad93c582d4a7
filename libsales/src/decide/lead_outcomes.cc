#include <optional>
#include <string>
#include <utility>

#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/decide/errors.h"
#include "src/decide/facts.h"
#include "src/decide/lead_decisions.h"
#include "src/decide/moves.h"

namespace sales {
namespace {

absl::Status CheckArgumentTexts(const Arguments& arguments) {
  SALES_RETURN_IF_ERROR(CheckText("arguments.better", arguments.better, limits::text_bytes_max));
  SALES_RETURN_IF_ERROR(CheckText("arguments.price", arguments.price, limits::text_bytes_max));
  return CheckText("arguments.differ", arguments.differ, limits::text_bytes_max);
}

absl::Status ArgumentsMissing(const std::string& missing, const char* description) {
  return WithMetadata(FieldError(Reason::kArgumentsRequired, "arguments", description), "missing",
                      missing);
}

absl::Status CheckDeclineRules(const DeclineLead& command, const DeclineRules& rules) {
  std::string missing;
  int given = 0;
  const auto look = [&](const std::string& argument, const char* name) {
    if (!IsBlank(argument)) {
      ++given;
      return;
    }
    if (!missing.empty()) missing += ", ";
    missing += name;
  };
  look(command.arguments.better, "better");
  look(command.arguments.price, "price");
  look(command.arguments.differ, "differ");
  if (given == 0) {
    return ArgumentsMissing(missing, "a refusal is argued: at least one is needed");
  }
  if (rules.all_arguments && given < 3) {
    return ArgumentsMissing(missing, "the policy asks for all three");
  }
  if (rules.alternatives_required && IsBlank(command.alternatives)) {
    return FieldError(Reason::kAlternativesRequired, "alternatives",
                      "the policy asks what the client was offered instead");
  }
  return absl::OkStatus();
}

// How a refusal is argued, without its words.
void TellArguments(const DeclineLead& command, Effect& effect) {
  std::string given;
  const auto add = [&given](const std::string& argument, const char* name) {
    if (!IsBlank(argument)) given += (given.empty() ? "" : ",") + std::string(name);
  };
  add(command.arguments.better, "better");
  add(command.arguments.price, "price");
  add(command.arguments.differ, "differ");
  effect.changes.push_back({"arguments", "", std::move(given)});
  if (!IsBlank(command.alternatives)) effect.changes.push_back({"alternatives", "", "true"});
}

// Closes the lead, or puts it to nurture, with the outcome, whose other fields are given.
absl::Status AddOutcome(Outcome outcome, const DecideContext& context, LeadRecord& record) {
  Lead& lead = record.lead;
  SALES_RETURN_IF_ERROR(CheckRoom("outcomes", lead.outcomes.size(), limits::outcomes_max));
  outcome.stage = lead.stage;
  outcome.occur_time = context.occur_time;
  outcome.actor = context.actor;
  CloseLead(outcome.state, context.occur_time, record);
  lead.outcomes.push_back(std::move(outcome));
  return absl::OkStatus();
}

Effect EffectOf(EventType type) {
  Effect effect;
  effect.type = type;
  return effect;
}

// What a lead is won at, if nobody says it: the accepted price, else what was expected.
std::optional<Money> KnownValue(const Lead& lead) {
  for (const Proposal& proposal : lead.proposals) {
    if (proposal.state == ProposalState::kAccepted) return proposal.price;
  }
  return lead.expected_value;
}

}  // namespace

absl::StatusOr<Effect> DecideOn(const DeclineLead& command, const DecideContext& context,
                                LeadRecord& record) {
  SALES_RETURN_IF_ERROR(CheckReasonCode("reason", command.reason));
  SALES_RETURN_IF_ERROR(CheckArgumentTexts(command.arguments));
  SALES_RETURN_IF_ERROR(CheckText("alternatives", command.alternatives, limits::text_bytes_max));
  SALES_RETURN_IF_ERROR(CheckOptionalId("told_in", command.told_in));
  if (command.revisit.has_value()) SALES_RETURN_IF_ERROR(CheckDay("revisit", *command.revisit));
  SALES_RETURN_IF_ERROR(RequireOpenOrNurtured(record.lead));
  SALES_RETURN_IF_ERROR(CheckDeclineRules(command, context.policy.decline));
  Outcome outcome;
  outcome.state = LeadState::kDeclined;
  outcome.reason = command.reason;
  outcome.arguments = command.arguments;
  outcome.alternatives = command.alternatives;
  outcome.told_in = command.told_in;
  outcome.may_keep_in_touch = command.may_keep_in_touch;
  outcome.revisit = command.revisit;
  SALES_RETURN_IF_ERROR(AddOutcome(std::move(outcome), context, record));
  Effect effect = EffectOf(EventType::kLeadDeclined);
  TellArguments(command, effect);
  return effect;
}

absl::StatusOr<Effect> DecideOn(const LoseLead& command, const DecideContext& context,
                                LeadRecord& record) {
  SALES_RETURN_IF_ERROR(CheckReasonCode("reason", command.reason));
  SALES_RETURN_IF_ERROR(
      CheckText("competitor", command.competitor, limits::display_name_bytes_max));
  SALES_RETURN_IF_ERROR(RequireOpenOrNurtured(record.lead));
  Outcome outcome;
  outcome.state = LeadState::kLost;
  outcome.reason = command.reason;
  outcome.competitor = command.competitor;
  SALES_RETURN_IF_ERROR(AddOutcome(std::move(outcome), context, record));
  return EffectOf(EventType::kLeadLost);
}

absl::StatusOr<Effect> DecideOn(const DisqualifyLead& command, const DecideContext& context,
                                LeadRecord& record) {
  SALES_RETURN_IF_ERROR(CheckReasonCode("reason", command.reason));
  SALES_RETURN_IF_ERROR(RequireOpenOrNurtured(record.lead));
  Outcome outcome;
  outcome.state = LeadState::kDisqualified;
  outcome.reason = command.reason;
  SALES_RETURN_IF_ERROR(AddOutcome(std::move(outcome), context, record));
  return EffectOf(EventType::kLeadDisqualified);
}

absl::StatusOr<Effect> DecideOn(const NurtureLead& command, const DecideContext& context,
                                LeadRecord& record) {
  SALES_RETURN_IF_ERROR(CheckReasonCode("reason", command.reason));
  SALES_RETURN_IF_ERROR(CheckDay("wake", command.wake));
  SALES_RETURN_IF_ERROR(CheckOptionalId("owner", command.owner));
  SALES_RETURN_IF_ERROR(RequireOpen(record.lead));
  if (command.wake <= absl::ToCivilDay(context.occur_time, context.zone)) {
    return FieldError(Reason::kNurtureInPast, "wake", "is not after the day of the call");
  }
  Outcome outcome;
  outcome.state = LeadState::kNurtured;
  outcome.reason = command.reason;
  outcome.wake = command.wake;
  outcome.owner = command.owner.empty() ? record.lead.seller : command.owner;
  SALES_RETURN_IF_ERROR(AddOutcome(std::move(outcome), context, record));
  return EffectOf(EventType::kLeadNurtured);
}

absl::StatusOr<Effect> DecideOn(const WinLead& command, const DecideContext& context,
                                LeadRecord& record) {
  if (command.value.has_value()) {
    SALES_RETURN_IF_ERROR(CheckMoney("value", *command.value, context.currency_code));
  }
  SALES_RETURN_IF_ERROR(CheckOptionalReason("override_reason", command.override_reason));
  Lead& lead = record.lead;
  SALES_RETURN_IF_ERROR(RequireOpen(lead));
  const int from = StageIndex(context.policy, lead.stage);
  if (!WinAllowed(context.policy, from)) return MoveNotAllowed(context.policy, from, "");
  Effect effect = EffectOf(EventType::kLeadWon);
  SALES_RETURN_IF_ERROR(
      PassGuard(MissingForWin(context, record), command.override_reason, lead.stage, "", effect));
  const std::optional<Money> value = command.value.has_value() ? command.value : KnownValue(lead);
  if (!value.has_value()) {
    return FieldError(Reason::kFieldRequired, "value",
                      "is needed: there is neither an accepted price nor an expected value");
  }
  Outcome outcome;
  outcome.state = LeadState::kWon;
  outcome.value = value;
  SALES_RETURN_IF_ERROR(AddOutcome(std::move(outcome), context, record));
  lead.won_value = value;
  record.qualified = true;
  if (HasOverride(effect)) KeepReason(command.override_reason, context, record, effect);
  return effect;
}

}  // namespace sales
