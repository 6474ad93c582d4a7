#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/decide/conditions.h"
#include "src/decide/errors.h"
#include "src/decide/facts.h"
#include "src/decide/moves.h"
#include "src/decide/record.h"

namespace sales {
namespace {

constexpr int64_t kInterestMax = 100;

absl::Status CheckOptionalMoney(const char* field, const std::optional<Money>& money,
                                const std::string& currency_code) {
  return money.has_value() ? CheckMoney(field, *money, currency_code) : absl::OkStatus();
}

absl::Status CheckOptionalDay(const char* field, const std::optional<absl::CivilDay>& day) {
  return day.has_value() ? CheckDay(field, *day) : absl::OkStatus();
}

absl::Status CheckContactInput(const ContactInput& contact) {
  SALES_RETURN_IF_ERROR(CheckOptionalId("contact.id", contact.id));
  SALES_RETURN_IF_ERROR(
      CheckText("contact.display_name", contact.display_name, limits::display_name_bytes_max));
  SALES_RETURN_IF_ERROR(
      CheckText("contact.organization", contact.organization, limits::display_name_bytes_max));
  SALES_RETURN_IF_ERROR(CheckAttributes("contact.attributes", contact.attributes));
  return CheckIdentities("contact.identities", contact.identities);
}

absl::Status CheckUpdate(const UpdateLead& command, const std::string& currency_code) {
  if (command.channel.has_value()) SALES_RETURN_IF_ERROR(CheckId("channel", *command.channel));
  if (command.campaign.has_value()) {
    SALES_RETURN_IF_ERROR(CheckOptionalId("campaign", *command.campaign));
  }
  if (command.need.has_value()) {
    SALES_RETURN_IF_ERROR(CheckText("need", *command.need, limits::text_bytes_max));
  }
  if (command.interest.has_value()) {
    SALES_RETURN_IF_ERROR(CheckRange("interest", *command.interest, 0, kInterestMax));
  }
  SALES_RETURN_IF_ERROR(
      CheckOptionalMoney("expected_value", command.expected_value, currency_code));
  SALES_RETURN_IF_ERROR(CheckOptionalMoney("budget", command.budget, currency_code));
  if (command.expected_value.has_value() && command.clear_expected_value) {
    return FieldError(Reason::kFieldInvalid, "expected_value", "is both given and cleared");
  }
  if (command.budget.has_value() && command.clear_budget) {
    return FieldError(Reason::kFieldInvalid, "budget", "is both given and cleared");
  }
  if (command.attributes.has_value()) {
    SALES_RETURN_IF_ERROR(CheckAttributes("attributes", *command.attributes));
  }
  SALES_RETURN_IF_ERROR(CheckOptionalDay("expected_close", command.expected_close));
  if (command.expected_close.has_value() && command.clear_expected_close) {
    return FieldError(Reason::kFieldInvalid, "expected_close", "is both given and cleared");
  }
  return command.labels.has_value() ? CheckLabels("labels", *command.labels) : absl::OkStatus();
}

std::vector<std::string> InOrder(std::vector<std::string> labels) {
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  return labels;
}

// A campaign is one of its channel's: another channel leaves it behind.
void UpdateChannel(const UpdateLead& command, Lead& lead) {
  if (command.channel.has_value() && *command.channel != lead.channel) {
    lead.channel = *command.channel;
    lead.campaign.clear();
  }
  if (command.campaign.has_value()) lead.campaign = *command.campaign;
}

}  // namespace

absl::Status CheckCapture(const CaptureLead& command, const std::string& currency_code,
                          absl::Time now) {
  SALES_RETURN_IF_ERROR(CheckContactInput(command.contact));
  SALES_RETURN_IF_ERROR(CheckOptionalId("id", command.id));
  SALES_RETURN_IF_ERROR(CheckOptionalId("channel", command.channel));
  SALES_RETURN_IF_ERROR(CheckOptionalId("campaign", command.campaign));
  if (command.channel.empty() && !command.campaign.empty()) {
    return FieldError(Reason::kFieldRequired, "channel", "is needed to know the campaign");
  }
  SALES_RETURN_IF_ERROR(CheckOptionalId("funnel", command.funnel));
  SALES_RETURN_IF_ERROR(CheckText("need", command.need, limits::text_bytes_max));
  SALES_RETURN_IF_ERROR(CheckRange("interest", command.interest, 0, kInterestMax));
  SALES_RETURN_IF_ERROR(
      CheckOptionalMoney("expected_value", command.expected_value, currency_code));
  SALES_RETURN_IF_ERROR(CheckOptionalMoney("budget", command.budget, currency_code));
  SALES_RETURN_IF_ERROR(CheckOptionalId("seller", command.seller));
  SALES_RETURN_IF_ERROR(CheckOptionalId("referrer", command.referrer));
  SALES_RETURN_IF_ERROR(
      CheckText("external_id", command.external_id, limits::external_id_bytes_max));
  SALES_RETURN_IF_ERROR(CheckAttributes("attributes", command.attributes));
  SALES_RETURN_IF_ERROR(CheckLabels("labels", command.labels));
  SALES_RETURN_IF_ERROR(CheckOptionalDay("expected_close", command.expected_close));
  if (!command.receive_time.has_value()) return absl::OkStatus();
  return CheckOccurTime("receive_time", *command.receive_time, now);
}

absl::StatusOr<Effect> DecideCapture(const CaptureLead& command, const DecideContext& context,
                                     LeadRecord& record) {
  SALES_RETURN_IF_ERROR(CheckCapture(command, context.currency_code, context.now));
  SALES_RETURN_IF_ERROR(CheckOccurTime("occur_time", context.occur_time, context.now));
  if (context.policy.stages.empty()) {
    return MakeError(Reason::kInternal, "The funnel policy in force has no stages.");
  }
  Lead& lead = record.lead;
  lead.need = command.need;
  lead.interest = command.interest;
  lead.expected_value = command.expected_value;
  lead.budget = command.budget;
  lead.decision_maker_known = command.decision_maker_known;
  lead.seller = command.seller;
  lead.referrer = command.referrer;
  lead.external_id = command.external_id;
  lead.attributes = command.attributes;
  lead.labels = InOrder(command.labels);
  lead.expected_close = command.expected_close;
  lead.receive_time = command.receive_time.value_or(context.occur_time);
  record.awaiting_since = lead.receive_time;

  Effect effect;
  effect.type = EventType::kLeadCaptured;
  AddFactChanges(nullptr, lead, effect.changes);
  const Stage& first = context.policy.stages.front();
  std::vector<MissingCondition> missing;
  AddMissing(first, record, lead.receive_time, missing);
  SALES_RETURN_IF_ERROR(PassGuard(std::move(missing), "", "", first.key, effect));
  lead.state = LeadState::kOpen;
  SALES_RETURN_IF_ERROR(EnterStage(context.policy, first.key, lead.receive_time, record));
  return effect;
}

absl::StatusOr<Effect> DecideUpdate(const UpdateLead& command, const DecideContext& context,
                                    LeadRecord& record) {
  SALES_RETURN_IF_ERROR(CheckOccurTime("occur_time", context.occur_time, context.now));
  SALES_RETURN_IF_ERROR(CheckUpdate(command, context.currency_code));
  Lead& lead = record.lead;
  const Lead before = lead;
  UpdateChannel(command, lead);
  if (command.need.has_value()) lead.need = *command.need;
  if (command.interest.has_value()) lead.interest = *command.interest;
  if (command.expected_value.has_value()) lead.expected_value = command.expected_value;
  if (command.clear_expected_value) lead.expected_value.reset();
  if (command.budget.has_value()) lead.budget = command.budget;
  if (command.clear_budget) lead.budget.reset();
  if (command.decision_maker_known.has_value()) {
    lead.decision_maker_known = *command.decision_maker_known;
  }
  if (command.attributes.has_value()) lead.attributes = *command.attributes;
  if (command.labels.has_value()) lead.labels = InOrder(*command.labels);
  if (command.expected_close.has_value()) lead.expected_close = command.expected_close;
  if (command.clear_expected_close) lead.expected_close.reset();
  Effect effect;
  effect.type = EventType::kLeadUpdated;
  AddFactChanges(&before, lead, effect.changes);
  return effect;
}

}  // namespace sales
