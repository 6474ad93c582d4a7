#include "src/store/plan_snapshot_rows.h"

#include <limits>
#include <string_view>

#include "nlohmann/json.hpp"
#include "src/decide/errors.h"
#include "src/decide/statistics.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

using Json = nlohmann::json;

void Put(Json& out, const char* key, const std::optional<Money>& money) {
  if (money.has_value()) out[key] = money->minor_units;
}
template <typename T>
void Put(Json& out, const char* key, const std::optional<T>& number) {
  if (number.has_value()) out[key] = *number;
}

Json ToJson(const PlanAmount& amount) {
  Json out = {{"fact", amount.fact.minor_units}};
  Put(out, "target", amount.target);
  Put(out, "due", amount.due);
  Put(out, "projection", amount.projection);
  return out;
}

Json ToJson(const PlanCount& count) {
  Json out = {{"fact", count.fact}};
  Put(out, "target", count.target);
  Put(out, "due", count.due);
  Put(out, "projection", count.projection);
  return out;
}

Json ToJson(const PlanShare& share) {
  Json out = {{"numerator", share.fact.numerator}, {"denominator", share.fact.denominator}};
  Put(out, "target", share.target);
  return out;
}

// Reads what ToJson wrote. Whatever is not there is unset.
class Reader {
 public:
  Reader(const Json& json, const std::string& currency_code)
      : json_(json), currency_code_(currency_code) {}

  std::string Text(const char* key) const { return json_.value(key, std::string()); }
  absl::Duration Micros(const char* key) const {
    return absl::Microseconds(json_.value(key, int64_t{0}));
  }
  PlanAmount Amount(const char* key) const {
    const Json part = json_.value(key, Json::object());
    PlanAmount amount;
    amount.target = MoneyOf(part, "target");
    amount.fact = {currency_code_, part.value("fact", int64_t{0})};
    amount.due = MoneyOf(part, "due");
    amount.projection = MoneyOf(part, "projection");
    return amount;
  }
  PlanCount Count(const char* key) const {
    const Json part = json_.value(key, Json::object());
    PlanCount count;
    count.target = NumberOf<int64_t>(part, "target");
    count.fact = part.value("fact", int64_t{0});
    count.due = NumberOf<double>(part, "due");
    count.projection = NumberOf<double>(part, "projection");
    return count;
  }
  PlanShare Share(const char* key) const {
    const Json part = json_.value(key, Json::object());
    PlanShare share;
    share.target = NumberOf<int>(part, "target");
    share.fact =
        MakeRate(part.value("numerator", int64_t{0}), part.value("denominator", int64_t{0}));
    return share;
  }

 private:
  template <typename T>
  static std::optional<T> NumberOf(const Json& part, const char* key) {
    if (!part.contains(key)) return std::nullopt;
    return part.at(key).get<T>();
  }
  std::optional<Money> MoneyOf(const Json& part, const char* key) const {
    const std::optional<int64_t> units = NumberOf<int64_t>(part, key);
    if (!units.has_value()) return std::nullopt;
    return Money{currency_code_, *units};
  }

  const Json& json_;
  const std::string& currency_code_;
};

std::string Encode(const PlanProgress& progress) {
  Json out;
  out["quarter"] = progress.quarter;
  out["team"] = progress.team;
  out["seller"] = progress.seller;
  out["elapsed"] = absl::ToInt64Microseconds(progress.elapsed);
  out["total"] = absl::ToInt64Microseconds(progress.total);
  out["revenue"] = ToJson(progress.revenue);
  out["won"] = ToJson(progress.won);
  out["leads"] = ToJson(progress.leads);
  out["response_within_limit"] = ToJson(progress.response_within_limit);
  out["proposal_within_limit"] = ToJson(progress.proposal_within_limit);
  out["conversion"] = ToJson(progress.conversion);
  return out.dump();
}

bool Decode(std::string_view text, const std::string& plan, const std::string& currency_code,
            PlanProgress& progress) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return false;
  const Reader reader(json, currency_code);
  progress.plan = plan;
  progress.quarter = reader.Text("quarter");
  progress.team = reader.Text("team");
  progress.seller = reader.Text("seller");
  progress.elapsed = reader.Micros("elapsed");
  progress.total = reader.Micros("total");
  progress.revenue = reader.Amount("revenue");
  progress.won = reader.Count("won");
  progress.leads = reader.Count("leads");
  progress.response_within_limit = reader.Share("response_within_limit");
  progress.proposal_within_limit = reader.Share("proposal_within_limit");
  progress.conversion = reader.Share("conversion");
  return true;
}

}  // namespace

absl::StatusOr<bool> InsertPlanSnapshot(sql::Connection& db, const std::string& workspace,
                                        const PlanSnapshot& snapshot) {
  const std::string progress = Encode(snapshot.progress);
  SALES_ASSIGN_OR_RETURN(
      const int64_t inserted,
      db.Execute("INSERT INTO plan_snapshots (workspace, plan, day, revision, progress) "
                 "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                 {std::string_view(workspace), std::string_view(snapshot.plan),
                  DayNumber(snapshot.day), snapshot.revision, std::string_view(progress)}));
  return inserted > 0;
}

absl::StatusOr<std::vector<std::string>> PlansWithoutSnapshot(sql::Connection& db,
                                                              const std::string& workspace,
                                                              int64_t quarter, absl::CivilDay day,
                                                              absl::Time made_before) {
  std::vector<std::string> plans;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT plan FROM plans WHERE workspace = $1 AND quarter = $2 AND create_time < $4 "
               "AND NOT EXISTS (SELECT 1 FROM plan_snapshots AS s WHERE s.workspace = $1 AND "
               "s.plan = plans.plan AND s.day = $3) ORDER BY plan",
               {std::string_view(workspace), quarter, DayNumber(day), ToMicros(made_before)},
               [&](const sql::Row& row) { plans.push_back(TextOf(row, 0)); }));
  return plans;
}

absl::StatusOr<std::vector<PlanSnapshot>> ListPlanSnapshots(
    sql::Connection& db, const std::string& workspace, const std::string& plan,
    const std::string& currency_code, std::optional<absl::CivilDay> after, int count) {
  std::vector<PlanSnapshot> snapshots;
  bool readable = true;
  const int64_t after_day =
      after.has_value() ? DayNumber(*after) : std::numeric_limits<int64_t>::min();
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT day, revision, progress FROM plan_snapshots WHERE workspace = $1 AND "
               "plan = $2 AND day > $3 ORDER BY day LIMIT $4",
               {std::string_view(workspace), std::string_view(plan), after_day, int64_t{count}},
               [&](const sql::Row& row) {
                 PlanSnapshot& snapshot = snapshots.emplace_back();
                 snapshot.plan = plan;
                 snapshot.day = DayFromNumber(row.Int(0));
                 snapshot.revision = row.Int(1);
                 readable = readable && Decode(row.Text(2), plan, currency_code, snapshot.progress);
               }));
  if (!readable) return MakeError(Reason::kStoreCorrupt, "A plan's snapshot cannot be read.");
  return snapshots;
}

}  // namespace sales::store
