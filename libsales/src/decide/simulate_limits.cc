#include "src/decide/simulate_limits.h"

#include "src/decide/civil.h"
#include "src/decide/moves.h"
#include "src/decide/tally_sum.h"

namespace sales {

LimitWatch::LimitWatch(const ClockContext& context, const Window& window)
    : context_(context), window_(window) {
  const std::vector<Stage>& stages = context_.policy.stages;
  for (size_t i = 0; i < stages.size(); ++i) {
    const auto add = [&](ClockKind kind, bool has_limit) {
      if (has_limit) limits_[{static_cast<int>(i), kind}] = {stages[i].key, kind};
    };
    add(ClockKind::kResponse, stages[i].respond_within.has_value());
    add(ClockKind::kProposal, stages[i].proposal_within.has_value());
    add(ClockKind::kStage, stages[i].stage_within.has_value());
    add(ClockKind::kRot, stages[i].rot_after.has_value());
  }
}

void LimitWatch::Look(const LeadRecord& record, absl::Time at) {
  std::array<const LeadClock*, std::tuple_size<decltype(running_)>::value> found = {};
  const std::vector<LeadClock> clocks = ClocksOf(record, context_, at);
  for (const LeadClock& clock : clocks) {
    const bool runs = !clock.stop_time.has_value() && clock.due_time.has_value();
    if (runs) found[static_cast<size_t>(clock.kind)] = &clock;
  }
  for (size_t kind = 0; kind < running_.size(); ++kind) {
    std::optional<Running>& running = running_[kind];
    const LeadClock* const now = found[kind];
    const bool stopped =
        now == nullptr || (running.has_value() && now->start_time != running->clock.start_time);
    if (running.has_value() && stopped) {
      Count(*running);
      running.reset();
    }
    if (now == nullptr) continue;
    if (!running.has_value()) running = Running{};
    running->clock = *now;
    running->breached |= now->overdue;
  }
}

void LimitWatch::EndLead(const LeadRecord& record, absl::Time at) {
  Look(record, at);
  for (std::optional<Running>& running : running_) {
    // One that still runs within its limit may yet be kept or breached.
    if (running.has_value() && running->breached) Count(*running);
    running.reset();
  }
}

void LimitWatch::Count(const Running& running) {
  if (!InWindow(window_, DayOf(*running.clock.due_time, context_.zone))) return;
  const int stage = StageIndex(context_.policy, running.clock.stage);
  SimulatedLimit& limit = limits_[{stage, running.clock.kind}];
  ++limit.clocks;
  if (running.breached) ++limit.breached;
}

std::vector<SimulatedLimit> LimitWatch::Finish() const {
  std::vector<SimulatedLimit> limits;
  for (const auto& [place, limit] : limits_) limits.push_back(limit);
  return limits;
}

}  // namespace sales
