#include <string>

#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/decide/errors.h"
#include "src/decide/lead_decisions.h"
#include "src/decide/moves.h"
#include "src/decide/policy_words.h"

namespace sales {
namespace {

absl::Status CheckStance(Stance stance) {
  if (stance == Stance::kUnspecified) {
    return FieldError(Reason::kFieldRequired, "stance", "is needed");
  }
  if (*StanceName(stance) == '\0') {
    return FieldError(Reason::kEnumUnknown, "stance", "is no stance");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Effect> DecideOn(const SetStance& command, const DecideContext& context,
                                LeadRecord& record) {
  SALES_RETURN_IF_ERROR(CheckStance(command.stance));
  SALES_RETURN_IF_ERROR(CheckRequiredText("reason", command.reason, limits::reason_bytes_max));
  Lead& lead = record.lead;
  SALES_RETURN_IF_ERROR(RequireOpenOrNurtured(lead));
  SALES_RETURN_IF_ERROR(CheckRoom("stances", lead.stances.size(), limits::stances_max));
  Effect effect;
  effect.type = EventType::kStanceSet;
  // Taken once more with another reason it is told too: somebody looked again. Another one is part
  // of the difference of the tracks.
  if (command.stance == lead.stance) {
    effect.changes.push_back({"stance", StanceName(lead.stance), StanceName(command.stance)});
  }
  lead.stance = command.stance;
  lead.stances.push_back(
      {command.stance, command.reason, lead.stage, context.occur_time, context.actor});
  return effect;
}

}  // namespace sales
