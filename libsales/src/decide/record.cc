#include "src/decide/record.h"

#include <string>
#include <utility>
#include <variant>

#include "sales/limits.h"
#include "src/decide/advice.h"
#include "src/decide/bounds.h"
#include "src/decide/errors.h"
#include "src/decide/lead_decisions.h"
#include "src/decide/moves.h"
#include "src/decide/policy_words.h"

namespace sales {
namespace {

absl::Status NotOpen(const Lead& lead) {
  ErrorDetail detail;
  detail.reason = Reason::kLeadNotOpen;
  detail.metadata["state"] = LeadStateName(lead.state);
  return MakeError(std::move(detail),
                   std::string("The lead is ") + LeadStateName(lead.state) + ", not open.");
}

MoveCheck CheckStage(const DecideContext& context, const LeadRecord& record, int from, int to) {
  MoveCheck check;
  check.stage = context.policy.stages[to].key;
  if (from == to) return check;
  check.missing = MissingForMove(context, record, to);
  check.allowed = record.lead.state == LeadState::kOpen && check.missing.empty() &&
                  MoveAllowed(context.policy, from, to);
  return check;
}

}  // namespace

std::string JoinLabels(const std::vector<std::string>& labels) {
  std::string text;
  for (const std::string& label : labels) text += (text.empty() ? "" : " ") + label;
  return text;
}

Track TrackOf(const LeadRecord& record) {
  const Lead& lead = record.lead;
  Track track;
  track.contact = lead.contact;
  track.funnel = lead.funnel;
  track.channel = lead.channel;
  track.campaign = lead.campaign;
  track.seller = lead.seller;
  track.stage = lead.stage;
  track.state = lead.state;
  track.furthest = record.furthest;
  track.qualified = record.qualified;
  track.new_contact = record.new_contact;
  if (lead.expected_value.has_value()) track.expected_value = lead.expected_value->minor_units;
  if (lead.won_value.has_value()) track.won_value = lead.won_value->minor_units;
  track.expected_close = CloseNumber(lead.expected_close);
  track.receive_time = lead.receive_time;
  track.create_time = lead.create_time;
  track.close_time = lead.close_time;
  track.first_response_time = lead.first_response_time;
  if (lead.state != LeadState::kOpen && !lead.outcomes.empty()) {
    track.reason = lead.outcomes.back().reason;
  }
  track.returned_from = lead.returned_from;
  track.labels = JoinLabels(lead.labels);
  track.returned = record.returned;
  track.returned_won = record.returned_won;
  track.returned_revenue = record.returned_revenue;
  track.stance = StanceName(lead.stance);
  track.advice = AdviceName(record.advice);
  track.promised = record.promised;
  track.scored_features = record.scored_features;
  track.referrer = lead.referrer;
  track.generation = record.generation;
  track.runs = record.runs;
  track.declines = record.declines;
  track.visits = lead.visits;
  return track;
}

absl::StatusOr<Effect> Decide(const LeadCommand& command, const DecideContext& context,
                              LeadRecord& record) {
  SALES_RETURN_IF_ERROR(CheckOccurTime("occur_time", context.occur_time, context.now));
  return std::visit([&](const auto& given) { return DecideOn(given, context, record); }, command);
}

MoveChecks CheckMoves(const DecideContext& context, const LeadRecord& record) {
  MoveChecks checks;
  const int from = StageIndex(context.policy, record.lead.stage);
  const int count = static_cast<int>(context.policy.stages.size());
  checks.stages.reserve(count);
  for (int to = 0; to < count; ++to) {
    checks.stages.push_back(CheckStage(context, record, from, to));
  }
  checks.win.missing = MissingForWin(context, record);
  checks.win.allowed = record.lead.state == LeadState::kOpen && checks.win.missing.empty() &&
                       WinAllowed(context.policy, from);
  return checks;
}

absl::Status CheckOptionalReason(const char* field, const std::string& reason) {
  if (reason.empty()) return absl::OkStatus();
  return CheckRequiredText(field, reason, limits::reason_bytes_max);
}

absl::Status RequireOpen(const Lead& lead) {
  return lead.state == LeadState::kOpen ? absl::OkStatus() : NotOpen(lead);
}

absl::Status RequireOpenOrNurtured(const Lead& lead) {
  return lead.state == LeadState::kNurtured ? absl::OkStatus() : RequireOpen(lead);
}

}  // namespace sales
