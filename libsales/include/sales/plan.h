#ifndef SALES_PLAN_H_
#define SALES_PLAN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "sales/money.h"
#include "sales/report.h"

namespace sales {

// What is aimed at; unset: no target. Shares are in hundredths of a percent, 0 to 10 000.
struct PlanTargets {
  std::optional<Money> revenue;
  std::optional<int64_t> won;
  // Leads generated.
  std::optional<int64_t> leads;
  // Of requests and proposals that were done or are overdue, those within their limit; as in the
  // speed report.
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

struct PlanQuery {
  // "2026-Q1"; empty: the one that runs.
  std::string quarter;
  // Only plans of this team, or of this seller.
  std::string team;
  std::string seller;
  int64_t as_of_revision = 0;
};

struct PlanAmount {
  // Unset: no target. So in the next two.
  std::optional<Money> target;
  Money fact;
  // Unset without a target.
  std::optional<Money> due;
  // Unset before any working time has passed.
  std::optional<Money> projection;
};

struct PlanCount {
  std::optional<int64_t> target;
  int64_t fact = 0;
  std::optional<double> due;
  std::optional<double> projection;
};

struct PlanShare {
  // Hundredths of a percent.
  std::optional<int> target;
  Rate fact;
};

// Targets against facts. Amounts and counts run through the quarter with the working time: what is
// due by now is the target's share of it, and the projection goes on at the same pace. Shares have
// no pace: the fact is the projection.
struct PlanProgress {
  // Empty: no plan.
  std::string plan;
  std::string quarter;
  std::string team;
  std::string seller;
  // Working time of the quarter so far, and in all.
  absl::Duration elapsed;
  absl::Duration total;
  PlanAmount revenue;
  PlanCount won;
  PlanCount leads;
  PlanShare response_within_limit;
  PlanShare proposal_within_limit;
  PlanShare conversion;
};

struct PlanReport {
  std::string quarter;
  int64_t as_of_revision = 0;
  // The studio's facts come first, also where there is no plan; then teams, then sellers.
  std::vector<PlanProgress> rows;
};

// How a plan stood at the end of a day; never changed afterwards.
struct PlanSnapshot {
  std::string plan;
  // The day that had ended.
  absl::CivilDay day;
  // What it stands for.
  int64_t revision = 0;
  PlanProgress progress;
};

}  // namespace sales

#endif  // SALES_PLAN_H_
