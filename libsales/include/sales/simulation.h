#ifndef SALES_SIMULATION_H_
#define SALES_SIMULATION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "sales/error.h"
#include "sales/funnel.h"
#include "sales/lead.h"
#include "sales/report.h"

namespace sales {

// Asks what a policy would have stopped, had it been in force.
struct SimulateFunnelPolicy {
  FunnelPolicy policy;
  // Whose leads are replayed; empty: those of the policy's own funnel.
  std::string funnel;
  // When the moves happened.
  Window window;
  // 0: the workspace's last revision.
  int64_t as_of_revision = 0;
};

// How often a condition would have stopped a move.
struct SimulatedCondition {
  // The stage that asks for it: the one moved to, or one that the move passes.
  std::string stage;
  // "requirements_agreed", as in refusals.
  std::string condition;
  int64_t refused = 0;
};

// The moves into one stage. moves = passed + refused + overridden + undecided.
struct SimulatedGate {
  // Empty: winning.
  std::string stage;
  int64_t moves = 0;
  int64_t passed = 0;
  int64_t refused = 0;
  // Of `refused`: moves that the policy's allowed moves leave out, which no override helps.
  int64_t not_allowed = 0;
  // Made with an override that the policy would have asked for too.
  int64_t overridden = 0;
  // Of `passed`: made with an override that the policy would not have asked for.
  int64_t overrides_spared = 0;
  // Moves that depend on a fact that the record does not hold any more, or never held.
  int64_t undecided = 0;
  // What the passed moves cost sellers by the policy.
  int64_t work_units = 0;
  // By the place of the stage in the policy, then by the condition.
  std::vector<SimulatedCondition> conditions;
};

// A move that the policy would have refused.
struct SimulatedRefusal {
  std::string lead;
  absl::Time occur_time;
  // Empty for a capture.
  std::string from;
  // Empty for a win.
  std::string to;
  bool not_allowed = false;
  std::vector<MissingCondition> missing;
};

// A stage of the past that the policy does not have.
struct UnknownStage {
  std::string stage;
  // Moves into it, which are not judged; a capture is judged as one into the policy's first stage.
  int64_t moves = 0;
  // That moved into it or out of it.
  int64_t leads = 0;
};

struct SimulatedDeclines {
  int64_t count = 0;
  // By what the policy asks of a decline.
  int64_t refused = 0;
  // Of which the record does not hold how they were argued.
  int64_t undecided = 0;
  // How many carried each.
  int64_t better = 0;
  int64_t price = 0;
  int64_t differ = 0;
  int64_t alternatives = 0;
};

// How a limit of the policy was kept. A clock counts by the day on which its limit fell due.
struct SimulatedLimit {
  std::string stage;
  ClockKind clock = ClockKind::kUnspecified;
  // Clocks that stopped, or ran past the limit.
  int64_t clocks = 0;
  // Of which past the limit.
  int64_t breached = 0;
};

// Each recorded move is judged by itself, on the lead's facts as they were recorded at the time: a
// refused move changes nothing in what is judged after it. Captures and reopenings are moves too.
// The moves of leads whose stage a policy removed are not: nobody made them.
struct PolicySimulation {
  Window window;
  std::string funnel;
  int64_t as_of_revision = 0;
  // Those that moved, were won or were declined in the window.
  int64_t leads = 0;
  // Those of which a move or win would have been refused.
  int64_t leads_refused = 0;
  // One a stage of the policy, in its order.
  std::vector<SimulatedGate> stages;
  SimulatedGate win;
  // One a limit of the policy, in the order of its stages. In working time by the calendar that the
  // workspace has now.
  std::vector<SimulatedLimit> limits;
  SimulatedDeclines declines;
  // By key.
  std::vector<UnknownStage> unknown_stages;
  // By lead, then in the order of recording; at most limits::simulated_refusals_max.
  std::vector<SimulatedRefusal> refusals;
  // How many more there are.
  int64_t refusals_left_out = 0;
};

}  // namespace sales

#endif  // SALES_SIMULATION_H_
