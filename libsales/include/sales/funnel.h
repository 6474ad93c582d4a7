#ifndef SALES_FUNNEL_H_
#define SALES_FUNNEL_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sales/attribute.h"
#include "sales/lead.h"
#include "sales/money.h"

namespace sales {

// A fact about a lead that is or is not.
enum class Fact {
  kUnspecified = 0,
  kSellerAssigned,
  kResponded,
  kNeedKnown,
  kBudgetKnown,
  kDecisionMakerKnown,
  kRequirementsAgreed,
  kPriceOffered,
  kPriceAccepted,
};

enum class Comparison {
  kUnspecified = 0,
  kEqual = 1,
  kNotEqual = 2,
  kLess = 3,
  kLessOrEqual = 4,
  kGreater = 5,
  kGreaterOrEqual = 6,
  kSet = 7,
};

// What must be true of a lead. `kind` says which of the other fields count.
struct Condition {
  enum class Kind {
    kAllOf,  // children; without any it is always true
    kAnyOf,  // children
    kNot,    // the one child
    kFact,
    kInterestAtLeast,       // number
    kExpectedValueAtLeast,  // money
    kAttribute,             // key, comparison, value
    kActivity,              // activity_kind, direction, number
    kDaysInStageAtLeast,    // number
  };
  Kind kind = Kind::kAllOf;
  std::vector<Condition> children;
  Fact fact = Fact::kUnspecified;
  int64_t number = 0;
  std::optional<Money> money;
  std::string key;
  Comparison comparison = Comparison::kUnspecified;
  std::string value;
  // How the attribute's values are compared. Output only: the engine takes it from the workspace's
  // lead_attributes, where they have the key. Unspecified: as whole numbers where both are, else as
  // text.
  AttributeType attribute_type = AttributeType::kUnspecified;
  // Unspecified: any.
  ActivityKind activity_kind = ActivityKind::kUnspecified;
  Direction direction = Direction::kUnspecified;
};

// A bound on how long something may take.
struct Limit {
  absl::Duration within;
  // Counted in working time, else in calendar time.
  bool working = true;
};

struct Stage {
  std::string key;
  std::string display_name;
  // Whether entering it means that work begins with the client.
  bool qualifying = false;
  Condition entry;
  // Where a move may go; empty: every later stage, and back with a reason.
  std::vector<std::string> allowed_moves;
  // Of a waiting of the client that begins while the lead is in the stage.
  std::optional<Limit> respond_within;
  // Of a stay in the stage.
  std::optional<Limit> stage_within;
  // Of a proposal that is asked for while the lead is in the stage, or in an earlier one that has
  // no such limit.
  std::optional<Limit> proposal_within;
  // 0 to 100.
  int probability_percent = 0;
  int work_units = 0;
  // How long an open lead may be without activity and move, in calendar time.
  std::optional<absl::Duration> rot_after;
};

// What a refusal must carry.
struct DeclineRules {
  // All three arguments, else at least one.
  bool all_arguments = false;
  bool alternatives_required = false;
};

// How long the handoff of a won lead may take.
struct HandoffRules {
  std::optional<Limit> introduction_within;
  // Until it is accepted.
  std::optional<Limit> accept_within;
};

// The stages of a funnel and the rules of moving through them.
struct FunnelPolicy {
  std::string id;
  std::string display_name;
  // In funnel order; the last leads to won.
  std::vector<Stage> stages;
  DeclineRules decline;
  HandoffRules handoff;
  // Output only.
  int version = 0;
  absl::Time activate_time;
};

// One thing that is wrong with a policy.
struct PolicyFault {
  // "stages[2].entry.all_of[0].fact".
  std::string path;
  // "STAGE_UNREACHABLE".
  std::string code;
  std::string description;
};

struct ActivateFunnelPolicy {
  FunnelPolicy policy;
  // From each removed stage that leads are in to one of the policy's.
  std::map<std::string, std::string> stage_mapping;
};

// Everything that is wrong with a policy, in document order; empty if it may be put in force.
std::vector<PolicyFault> ValidateFunnelPolicy(const FunnelPolicy& policy);

// Reads a policy written in YAML or JSON. Errors: POLICY_INVALID with the path of each fault.
absl::StatusOr<FunnelPolicy> ParseFunnelPolicy(const std::string& yaml_or_json);

// Writes a policy so that ParseFunnelPolicy gives it back.
std::string FunnelPolicyToYaml(const FunnelPolicy& policy);
std::string FunnelPolicyToJson(const FunnelPolicy& policy);

// The policy that every workspace starts with: new, contacted, requirements, proposal,
// start_of_work (qualifying: requirements agreed and price offered), contract.
const FunnelPolicy& WebStudioPolicy();

}  // namespace sales

#endif  // SALES_FUNNEL_H_
