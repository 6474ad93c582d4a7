#include "src/store/plan_rows.h"

#include <string_view>
#include <utility>

#include "src/decide/errors.h"
#include "src/decide/plans.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

#define PLAN_COLUMNS                                                          \
  "plan, quarter, team, seller, revenue, won, leads, response_within_limit, " \
  "proposal_within_limit, conversion, create_time, update_time, revision"

template <typename Number>
std::optional<Number> OptionalNumber(const sql::Row& row, int column) {
  if (row.IsNull(column)) return std::nullopt;
  return static_cast<Number>(row.Int(column));
}

Plan ReadPlan(const sql::Row& row, const std::string& currency_code) {
  Plan plan;
  plan.id = TextOf(row, 0);
  plan.quarter = FormatQuarter(row.Int(1));
  plan.team = TextOf(row, 2);
  plan.seller = TextOf(row, 3);
  plan.targets.revenue = OptionalMoneyOf(row, 4, currency_code);
  plan.targets.won = OptionalNumber<int64_t>(row, 5);
  plan.targets.leads = OptionalNumber<int64_t>(row, 6);
  plan.targets.response_within_limit = OptionalNumber<int>(row, 7);
  plan.targets.proposal_within_limit = OptionalNumber<int>(row, 8);
  plan.targets.conversion = OptionalNumber<int>(row, 9);
  plan.create_time = TimeOf(row, 10);
  plan.update_time = TimeOf(row, 11);
  plan.revision = row.Int(12);
  plan.etag = std::to_string(plan.revision);
  return plan;
}

// As FormatQuarter writes it.
constexpr char kQuarterText[] =
    "(CAST(quarter / 4 AS TEXT) || '-Q' || CAST(quarter % 4 + 1 AS TEXT))";

constexpr FilterField kFilterFields[] = {
    {"team", FilterType::kResource, "team", {}, "teams"},
    {"seller", FilterType::kResource, "seller", {}, "sellers"},
    {"quarter", FilterType::kText, kQuarterText},
};
constexpr OrderField kOrderFields[] = {{"quarter", "quarter"}, {"update_time", "update_time"}};

}  // namespace

absl::StatusOr<std::optional<Plan>> LoadPlan(sql::Connection& db, const std::string& workspace,
                                             const std::string& plan,
                                             const std::string& currency_code) {
  std::optional<Plan> found;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT " PLAN_COLUMNS " FROM plans WHERE workspace = $1 AND plan = $2",
               {std::string_view(workspace), std::string_view(plan)},
               [&](const sql::Row& row) { found = ReadPlan(row, currency_code); }));
  return found;
}

absl::StatusOr<std::optional<Plan>> FindPlan(sql::Connection& db, const std::string& workspace,
                                             int64_t quarter, const std::string& team,
                                             const std::string& seller,
                                             const std::string& currency_code) {
  std::optional<Plan> found;
  SALES_RETURN_IF_ERROR(db.Query(
      "SELECT " PLAN_COLUMNS
      " FROM plans WHERE workspace = $1 AND quarter = $2 AND team = $3 AND seller = $4",
      {std::string_view(workspace), quarter, std::string_view(team), std::string_view(seller)},
      [&](const sql::Row& row) { found = ReadPlan(row, currency_code); }));
  return found;
}

absl::StatusOr<std::vector<Plan>> PlansOfQuarter(sql::Connection& db, const std::string& workspace,
                                                 int64_t quarter,
                                                 const std::string& currency_code) {
  std::vector<Plan> plans;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT " PLAN_COLUMNS
               " FROM plans WHERE workspace = $1 AND quarter = $2 ORDER BY seller <> '', team, "
               "seller",
               {std::string_view(workspace), quarter},
               [&](const sql::Row& row) { plans.push_back(ReadPlan(row, currency_code)); }));
  return plans;
}

absl::StatusOr<std::optional<int64_t>> NextPlannedQuarter(sql::Connection& db,
                                                          const std::string& workspace,
                                                          int64_t quarter) {
  std::optional<int64_t> next;
  SALES_RETURN_IF_ERROR(db.Query(
      "SELECT quarter FROM plans WHERE workspace = $1 AND quarter >= $2 ORDER BY quarter LIMIT 1",
      {std::string_view(workspace), quarter}, [&](const sql::Row& row) { next = row.Int(0); }));
  return next;
}

absl::Status SavePlan(sql::Connection& db, const std::string& workspace, const Plan& plan) {
  const PlanTargets& targets = plan.targets;
  const int64_t quarter = ParseQuarter(plan.quarter).value_or(0);
  const auto nullable = [](const std::optional<int>& target) {
    return target.has_value() ? sql::Param(int64_t{*target}) : sql::Param(nullptr);
  };
  return db.Apply(
      "INSERT INTO plans (workspace, " PLAN_COLUMNS
      ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
      "ON CONFLICT (workspace, plan) DO UPDATE SET revenue = excluded.revenue, "
      "won = excluded.won, leads = excluded.leads, "
      "response_within_limit = excluded.response_within_limit, "
      "proposal_within_limit = excluded.proposal_within_limit, "
      "conversion = excluded.conversion, update_time = excluded.update_time, "
      "revision = excluded.revision",
      {std::string_view(workspace), std::string_view(plan.id), quarter, std::string_view(plan.team),
       std::string_view(plan.seller), Nullable(targets.revenue), Nullable(targets.won),
       Nullable(targets.leads), nullable(targets.response_within_limit),
       nullable(targets.proposal_within_limit), nullable(targets.conversion),
       ToMicros(plan.create_time), ToMicros(plan.update_time), plan.revision});
}

absl::StatusOr<std::vector<Plan>> ListPlans(sql::Connection& db, const std::string& workspace,
                                            const std::string& currency_code,
                                            const ListPlan& plan) {
  std::vector<Plan> plans;
  SALES_RETURN_IF_ERROR(
      RunList(db, "SELECT " PLAN_COLUMNS " FROM plans", workspace, plan,
              [&](const sql::Row& row) { plans.push_back(ReadPlan(row, currency_code)); }));
  return plans;
}

const ListSchema& PlanListSchema() {
  static const ListSchema schema = {
      "plans", kFilterFields, kOrderFields, {"quarter", false}, "plan"};
  return schema;
}

int64_t PlanOrderKey(const Plan& plan, const ListPlan& list) {
  if (std::string_view(list.order.column) == "update_time") return ToMicros(plan.update_time);
  return ParseQuarter(plan.quarter).value_or(0);
}

}  // namespace sales::store
