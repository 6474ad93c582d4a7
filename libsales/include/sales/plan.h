#ifndef SALES_PLAN_H_
#define SALES_PLAN_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "sales/money.h"

namespace sales {

// What is aimed at; unset: no target. Shares are in hundredths of a percent, 0 to 10 000.
struct PlanTargets {
  std::optional<Money> revenue;
  std::optional<int64_t> won;
  // Leads generated.
  std::optional<int64_t> leads;
  // Of requests answered, and of proposals sent, within their limits.
  std::optional<int> response_within_limit;
  std::optional<int> proposal_within_limit;
  // Won of received.
  std::optional<int> conversion;
};

// What a team or a seller is to reach in a quarter; without either it is the studio's.
struct Plan {
  // Output only.
  std::string id;
  // "2026-Q1", in civil days of the workspace.
  std::string quarter;
  std::string team;
  std::string seller;
  PlanTargets targets;
  absl::Time create_time;
  absl::Time update_time;
  int64_t revision = 0;
  std::string etag;
};

// Replaces the targets of the plan of this quarter, team and seller, or makes that plan.
struct SetPlan {
  std::string quarter;
  std::string team;
  std::string seller;
  // At least one.
  PlanTargets targets;
};

}  // namespace sales

#endif  // SALES_PLAN_H_
