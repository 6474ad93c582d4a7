#include "src/decide/consent.h"

#include <utility>
#include <variant>

#include "src/decide/bounds.h"
#include "src/decide/errors.h"

namespace sales {
namespace {

bool RefusedAt(const Consent& consent, absl::Time at) {
  return consent.refused && (!consent.time.has_value() || at >= *consent.time);
}

absl::Status Refusal(const char* kind, const char* message) {
  ErrorDetail detail;
  detail.reason = Reason::kDoNotContact;
  detail.metadata["kind"] = kind;
  return MakeError(std::move(detail), message);
}

}  // namespace

absl::Status CheckConsent(const std::string& field, const Consent& consent, absl::Time now) {
  SALES_RETURN_IF_ERROR(CheckOptionalId(field + ".source", consent.source));
  if (!consent.time.has_value()) return absl::OkStatus();
  return CheckOccurTime(field + ".time", *consent.time, now);
}

absl::Status CheckNotErased(const Contact& contact) {
  if (!contact.erase_time.has_value()) return absl::OkStatus();
  return MakeError(Reason::kContactErased,
                   "The lead's contact was erased; capture the person anew to begin again.");
}

absl::Status CheckContact(const Contact& contact, const LeadCommand& command, absl::Time at) {
  const bool closes =
      std::holds_alternative<AssignLead>(command) || std::holds_alternative<LoseLead>(command) ||
      std::holds_alternative<DisqualifyLead>(command) || std::holds_alternative<WinLead>(command);
  if (!closes) SALES_RETURN_IF_ERROR(CheckNotErased(contact));
  const auto* activity = std::get_if<LogActivity>(&command);
  return activity == nullptr ? absl::OkStatus() : CheckReach(contact, *activity, at);
}

absl::Status CheckReach(const Contact& contact, const LogActivity& command, absl::Time at) {
  if (command.direction != Direction::kOut) return absl::OkStatus();
  if (command.kind == ActivityKind::kEmail && RefusedAt(contact.do_not_email, at)) {
    return Refusal("email",
                   "The contact does not want e-mails; reach him in another way, or record his "
                   "consent first.");
  }
  if (command.kind == ActivityKind::kCall && RefusedAt(contact.do_not_call, at)) {
    return Refusal("call",
                   "The contact does not want calls; reach him in another way, or record his "
                   "consent first.");
  }
  return absl::OkStatus();
}

}  // namespace sales
