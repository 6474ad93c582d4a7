// What a policy would have stopped: the recorded past, judged move by move.
#ifndef SALES_SRC_DECIDE_SIMULATE_H_
#define SALES_SRC_DECIDE_SIMULATE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sales/event.h"
#include "sales/simulation.h"
#include "src/decide/facts.h"
#include "src/decide/simulate_limits.h"

namespace sales {

using Attributes = std::map<std::string, std::string>;

// Whether a condition of the policy asks for the value of an attribute.
bool AsksForAttributes(const FunnelPolicy& policy);

class PolicySimulator {
 public:
  // Everything must outlive the simulator. Days of the window are counted in the zone; clocks that
  // no event stopped ran `until` then.
  PolicySimulator(const SimulateFunnelPolicy& command, const std::string& currency_code,
                  const WorkingTime& working_time, absl::TimeZone zone, absl::Time until);

  // Judges one lead by its events, in their order; leads come by id. `attributes_at` gives the
  // attributes as a revision left them; it is asked only if AsksForAttributes.
  absl::Status Add(const std::string& lead, const std::vector<Event>& events,
                   absl::FunctionRef<absl::StatusOr<Attributes>(int64_t revision)> attributes_at);

  // Once, at the end.
  PolicySimulation Finish();

 private:
  struct Verdict {
    bool not_allowed = false;
    bool undecided = false;
    std::vector<MissingCondition> missing;
  };
  enum class Truth { kNo, kUnknown, kYes };

  Truth Judge(const Condition& condition, absl::Time at) const;
  bool IsTold(const Condition& condition) const;
  void AddUnmet(const std::string& stage, const Condition& condition, absl::Time at,
                Verdict& verdict) const;
  void AddUnmetOf(int from, int to, absl::Time at, Verdict& verdict) const;

  void JudgeEvent(const Event& event);
  void JudgeMove(const Event& event, const std::string& from, const std::string& to);
  void JudgeCapture(const Event& event);
  void JudgeReopening(const Event& event);
  void JudgeWin(const Event& event);
  void JudgeDecline(const Event& event);
  void Count(const Event& event, const std::string& from, const std::string& to, Verdict verdict,
             SimulatedGate& gate);
  // Names a stage of the past that the policy does not have.
  void CountUnknown(const std::string& stage, int moves);

  const FunnelPolicy& policy_;
  const std::string& funnel_;
  const std::string& currency_code_;
  const absl::TimeZone zone_;
  const absl::Time until_;
  const bool asks_for_attributes_;
  PolicySimulation result_;
  std::map<std::string, UnknownStage> unknown_;
  // By stage and condition, of each gate; winning is the last.
  std::vector<std::map<std::pair<int, std::string>, int64_t>> refused_by_;
  LimitWatch limits_;

  // Of the lead that is being judged.
  std::string lead_;
  std::optional<FactFold> facts_;
  bool attributes_told_ = true;
  bool counted_ = false;
  bool refused_ = false;
  std::set<std::string> unknown_of_lead_;
};

}  // namespace sales

#endif  // SALES_SRC_DECIDE_SIMULATE_H_
