#include <algorithm>
#include <cstddef>
#include <optional>

#include "sales/limits.h"
#include "src/decide/civil.h"
#include "src/decide/clocks.h"

namespace sales {
namespace {

absl::Time Rounded(absl::Time time) { return FromMicros(ToMicros(time)); }

// The runs of one lead as a write changes them.
class RunKeeper {
 public:
  RunKeeper(const ClockContext& context, const LeadRecord& before, LeadRecord& after)
      : context_(context), before_(before), after_(after) {}

  void KeepResponses() {
    const auto& was = before_.last_response;
    const auto& is = after_.last_response;
    const bool ended = before_.awaiting_since.has_value() && !after_.awaiting_since.has_value();
    const bool amended = is.has_value() && (!was.has_value() || was->start_time != is->start_time ||
                                            was->stop_time != is->stop_time);
    if (is.has_value() && (ended || amended)) {
      Stop(RunKind::kResponse, is->start_time, is->stop_time, ended && Closes());
    }
    if (after_.awaiting_since.has_value() && after_.awaiting_since != before_.awaiting_since) {
      Begin(RunKind::kResponse, *after_.awaiting_since);
    }
  }

  void KeepProposals() {
    const std::optional<absl::Time> was = PendingSince(before_);
    const std::optional<absl::Time> is = PendingSince(after_);
    if (was.has_value() && !is.has_value()) {
      const std::optional<absl::Time> sent = after_.lead.proposals.back().send_time;
      Stop(RunKind::kProposal, *was, sent.value_or(after_.lead.close_time.value_or(*was)),
           !sent.has_value());
    }
    if (is.has_value() && is != was) Begin(RunKind::kProposal, *is);
  }

 private:
  bool Closes() const {
    return before_.lead.state != after_.lead.state && after_.lead.state != LeadState::kOpen;
  }

  static std::optional<absl::Time> PendingSince(const LeadRecord& record) {
    const Lead& lead = record.lead;
    if (lead.state != LeadState::kOpen || lead.proposals.empty()) return std::nullopt;
    const Proposal& last = lead.proposals.back();
    if (last.state != ProposalState::kRequested || !last.request_time.has_value()) {
      return std::nullopt;
    }
    return std::max(*last.request_time, OpenedAt(lead));
  }

  std::optional<absl::Time> DueOf(RunKind kind, absl::Time start) const {
    const ClockKind clock_kind =
        kind == RunKind::kResponse ? ClockKind::kResponse : ClockKind::kProposal;
    for (const LeadClock& clock : ClocksOf(after_, context_, absl::InfinitePast())) {
      if (clock.kind == clock_kind && clock.start_time == start && clock.due_time.has_value()) {
        return Rounded(*clock.due_time);
      }
    }
    return std::nullopt;
  }

  bool HasRoom(RunKind kind) const {
    return std::count_if(after_.runs.begin(), after_.runs.end(),
                         [&](const Run& run) { return run.kind == kind; }) < limits::runs_max;
  }

  void Begin(RunKind kind, absl::Time start) {
    if (!HasRoom(kind)) return;
    Run run;
    run.kind = kind;
    run.start = Rounded(start);
    run.due = DueOf(kind, start);
    after_.runs.push_back(run);
  }

  // The run that ends, or whose end turns out to have been another: of several that began at the
  // same moment the last.
  void Stop(RunKind kind, absl::Time start, absl::Time stop, bool dropped) {
    const absl::Time rounded = Rounded(start);
    auto run = std::find_if(after_.runs.rbegin(), after_.runs.rend(), [&](const Run& candidate) {
      return candidate.kind == kind && candidate.start == rounded;
    });
    if (run == after_.runs.rend()) {
      // It began before runs were kept, or when there was no room for more.
      if (before_.lead.id.empty() || !HasRoom(kind)) return;
      Begin(kind, start);
      run = after_.runs.rbegin();
    }
    run->stop = Rounded(stop);
    run->dropped = dropped;
    run->elapsed = absl::ZeroDuration();
    if (dropped) return;
    const absl::Duration elapsed = context_.working_time.Elapsed(run->start, *run->stop);
    run->elapsed = absl::Microseconds(absl::ToInt64Microseconds(elapsed));
  }

  const ClockContext& context_;
  const LeadRecord& before_;
  LeadRecord& after_;
};

}  // namespace

void KeepRuns(const ClockContext& context, const LeadRecord& before, LeadRecord& after) {
  RunKeeper keeper(context, before, after);
  keeper.KeepResponses();
  keeper.KeepProposals();
}

}  // namespace sales
