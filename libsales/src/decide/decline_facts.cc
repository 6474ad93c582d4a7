#include <cstddef>
#include <utility>

#include "src/decide/civil.h"
#include "src/decide/facts.h"
#include "src/decide/record.h"

namespace sales {
namespace {

Decline DeclineOf(const Outcome& outcome) {
  Decline decline;
  decline.time = FromMicros(ToMicros(outcome.occur_time));
  decline.reason = outcome.reason;
  decline.stage = outcome.stage;
  decline.actor = outcome.actor;
  decline.better = !IsBlank(outcome.arguments.better);
  decline.price = !IsBlank(outcome.arguments.price);
  decline.differ = !IsBlank(outcome.arguments.differ);
  return decline;
}

// What a won lead is worth; 0 of any other.
int64_t WonValue(const Lead& lead) {
  return lead.state == LeadState::kWon && lead.won_value.has_value() ? lead.won_value->minor_units
                                                                     : 0;
}

}  // namespace

void NoteReturn(absl::Time at, Decline& decline) {
  const absl::Time rounded = FromMicros(ToMicros(at));
  if (!decline.return_time.has_value() || rounded < *decline.return_time) {
    decline.return_time = rounded;
  }
}

void KeepDeclines(const LeadRecord& before, LeadRecord& after) {
  const Lead& was = before.lead;
  const Lead& is = after.lead;
  for (size_t i = was.outcomes.size(); i < is.outcomes.size(); ++i) {
    if (is.outcomes[i].state == LeadState::kDeclined) {
      after.declines.push_back(DeclineOf(is.outcomes[i]));
    }
  }
  if (after.declines.empty()) return;
  Decline& last = after.declines.back();
  if (was.state == LeadState::kDeclined && is.state == LeadState::kOpen && !is.visits.empty()) {
    NoteReturn(is.visits.back().enter_time, last);
  }
  last.won += int64_t{is.state == LeadState::kWon} - int64_t{was.state == LeadState::kWon};
  last.revenue += WonValue(is) - WonValue(was);
}

}  // namespace sales
