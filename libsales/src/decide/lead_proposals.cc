#include <optional>
#include <string>
#include <vector>

#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/decide/civil.h"
#include "src/decide/clocks.h"
#include "src/decide/errors.h"
#include "src/decide/lead_decisions.h"
#include "src/decide/moves.h"
#include "src/decide/policy_words.h"

namespace sales {
namespace {

bool IsPending(const std::vector<Proposal>& proposals) {
  return !proposals.empty() && proposals.back().state == ProposalState::kRequested;
}

std::string ProposalText(const Proposal& proposal) {
  return std::to_string(proposal.version) + ":" + ProposalStateName(proposal.state);
}

// Adds a version, in no state yet.
absl::Status AddVersion(Lead& lead) {
  SALES_RETURN_IF_ERROR(CheckRoom("proposals", lead.proposals.size(), limits::proposals_max));
  Proposal proposal;
  proposal.version = static_cast<int>(lead.proposals.size()) + 1;
  lead.proposals.push_back(proposal);
  return absl::OkStatus();
}

void SetState(ProposalState state, Proposal& proposal, Effect& effect) {
  std::string before =
      proposal.state == ProposalState::kUnspecified ? std::string() : ProposalText(proposal);
  proposal.state = state;
  effect.changes.push_back({"proposal", std::move(before), ProposalText(proposal)});
}

absl::Status AddRequest(const DecideContext& context, Lead& lead, Effect& effect) {
  SALES_RETURN_IF_ERROR(AddVersion(lead));
  lead.proposals.back().request_time = context.occur_time;
  SetState(ProposalState::kRequested, lead.proposals.back(), effect);
  return absl::OkStatus();
}

absl::Status CheckAnswer(const AnswerProposal& command) {
  switch (command.answer) {
    case ProposalState::kAccepted:
    case ProposalState::kRejected:
    case ProposalState::kWithdrawn:
      return absl::OkStatus();
    case ProposalState::kUnspecified:
      return FieldError(Reason::kFieldRequired, "answer", "is needed");
    default:
      return FieldError(Reason::kEnumUnknown, "answer",
                        "is neither accepted nor rejected nor withdrawn");
  }
}

}  // namespace

absl::StatusOr<Effect> DecideOn(const AgreeRequirements& command, const DecideContext& context,
                                LeadRecord& record) {
  SALES_RETURN_IF_ERROR(CheckText("text", command.text, limits::text_bytes_max));
  Lead& lead = record.lead;
  SALES_RETURN_IF_ERROR(RequireOpen(lead));
  SALES_RETURN_IF_ERROR(
      CheckRoom("requirements", lead.requirements.size(), limits::requirements_max));
  Effect effect;
  effect.type = EventType::kRequirementsAgreed;
  const int version = static_cast<int>(lead.requirements.size()) + 1;
  lead.requirements.push_back({version, command.text, context.occur_time});
  effect.changes.push_back(
      {"requirements", version == 1 ? "" : std::to_string(version - 1), std::to_string(version)});
  if (!IsPending(lead.proposals)) SALES_RETURN_IF_ERROR(AddRequest(context, lead, effect));
  return effect;
}

absl::StatusOr<Effect> DecideOn(const RequestProposal&, const DecideContext& context,
                                LeadRecord& record) {
  Lead& lead = record.lead;
  SALES_RETURN_IF_ERROR(RequireOpen(lead));
  if (IsPending(lead.proposals)) {
    return MakeError(Reason::kProposalAlreadyRequested, "A proposal is being prepared already.");
  }
  Effect effect;
  effect.type = EventType::kProposalRequested;
  SALES_RETURN_IF_ERROR(AddRequest(context, lead, effect));
  return effect;
}

absl::StatusOr<Effect> DecideOn(const SendProposal& command, const DecideContext& context,
                                LeadRecord& record) {
  SALES_RETURN_IF_ERROR(CheckText("scope", command.scope, limits::text_bytes_max));
  SALES_RETURN_IF_ERROR(CheckMoney("price", command.price, context.currency_code));
  if (command.valid_until.has_value()) {
    SALES_RETURN_IF_ERROR(CheckDay("valid_until", *command.valid_until));
    if (*command.valid_until < absl::ToCivilDay(context.occur_time, context.zone)) {
      return FieldError(Reason::kFieldInvalid, "valid_until", "is before the day of sending");
    }
  }
  Lead& lead = record.lead;
  SALES_RETURN_IF_ERROR(RequireOpen(lead));
  if (!IsPending(lead.proposals)) SALES_RETURN_IF_ERROR(AddVersion(lead));
  Proposal& proposal = lead.proposals.back();
  proposal.scope = command.scope;
  proposal.price = command.price;
  proposal.valid_until = command.valid_until;
  proposal.send_time = context.occur_time;
  Effect effect;
  effect.type = EventType::kProposalSent;
  SetState(ProposalState::kSent, proposal, effect);
  return effect;
}

absl::StatusOr<Effect> DecideOn(const AnswerProposal& command, const DecideContext& context,
                                LeadRecord& record) {
  SALES_RETURN_IF_ERROR(CheckAnswer(command));
  Lead& lead = record.lead;
  SALES_RETURN_IF_ERROR(RequireOpen(lead));
  const int count = static_cast<int>(lead.proposals.size());
  const int version = command.version == 0 ? count : command.version;
  if (version < 1 || version > count) {
    return WithMetadata(
        MakeError(Reason::kProposalNotFound, "The lead has no proposal of that version."),
        "version", std::to_string(command.version));
  }
  Proposal& proposal = lead.proposals[version - 1];
  const bool sent = proposal.send_time.has_value() && (proposal.state == ProposalState::kSent ||
                                                       proposal.state == ProposalState::kExpired);
  if (sent && context.occur_time >= ExpiryOf(proposal, context.zone)) {
    return WithMetadata(
        MakeError(Reason::kProposalExpired, "The proposal stood until before this answer."),
        "valid_until", FormatDay(*proposal.valid_until));
  }
  // An answer that came in time counts, even if it is recorded after the proposal expired.
  if (!sent) {
    return WithMetadata(MakeError(Reason::kProposalNotSent, "The proposal awaits no answer."),
                        "state", ProposalStateName(proposal.state));
  }
  Effect effect;
  effect.type = EventType::kProposalAnswered;
  if (command.answer == ProposalState::kAccepted) {
    // A client who accepts another version gives up the one accepted before.
    for (Proposal& other : lead.proposals) {
      if (other.state != ProposalState::kAccepted) continue;
      SetState(ProposalState::kWithdrawn, other, effect);
    }
  }
  proposal.answer_time = context.occur_time;
  SetState(command.answer, proposal, effect);
  return effect;
}

}  // namespace sales
