#include "src/store/tally_rows.h"

#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "src/decide/errors.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

enum Grain : int64_t { kDay = 0, kMonth = 1 };

constexpr absl::CivilMonth kFirstMonth(1970, 1);
constexpr int64_t kNoBound = std::numeric_limits<int64_t>::max();

absl::Status AddRow(sql::Connection& db, const std::string& workspace, Grain grain, int64_t period,
                    const Cell& cell, int64_t n) {
  return db
      .Execute(
          "INSERT INTO tallies (workspace, dimension, grain, period, key, funnel, metric, detail, "
          "bucket, n) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (workspace, "
          "dimension, grain, period, key, funnel, metric, detail, bucket) DO UPDATE SET "
          "n = tallies.n + excluded.n",
          {std::string_view(workspace), static_cast<int64_t>(cell.dimension),
           static_cast<int64_t>(grain), period, std::string_view(cell.key),
           std::string_view(cell.funnel), static_cast<int64_t>(cell.metric),
           std::string_view(cell.detail), cell.bucket, n})
      .status();
}

// The same counts with every day replaced by the first of its month.
TallyTable ByMonth(const TallyTable& by_day) {
  TallyTable months;
  months.reserve(by_day.size());
  for (const auto& [cell, n] : by_day) {
    Cell month = cell;
    month.day = absl::CivilDay(absl::CivilMonth(cell.day));
    months[std::move(month)] += n;
  }
  return months;
}

absl::Status ReadPeriods(sql::Connection& db, const std::string& workspace, const TallyRange& range,
                         Grain grain, int64_t first, int64_t end,
                         absl::FunctionRef<void(const TallyRow&)> on_row) {
  if (first >= end) return absl::OkStatus();
  const std::string_view key = range.key != nullptr ? std::string_view(*range.key) : "";
  // Spend and reach are of no funnel: they go with every one.
  return db.Query(
      "SELECT key, funnel, metric, detail, bucket, n FROM tallies WHERE workspace = $1 AND "
      "dimension = $2 AND grain = $3 AND period >= $4 AND period < $5 AND ($6 = 1 OR key = $7) "
      "AND ($8 = '' OR funnel = $8 OR funnel = '')",
      {std::string_view(workspace), static_cast<int64_t>(range.dimension),
       static_cast<int64_t>(grain), first, end, Flag(range.key == nullptr), key,
       std::string_view(range.funnel)},
      [&](const sql::Row& row) {
        on_row({row.Text(0), row.Text(1), static_cast<Metric>(row.Int(2)), row.Text(3), row.Int(4),
                row.Int(5)});
      });
}

absl::StatusOr<int64_t> CountFaultsOfGrain(sql::Connection& db, const std::string& workspace,
                                           Grain grain, TallyTable expected) {
  int64_t faults = 0;
  SALES_RETURN_IF_ERROR(db.Query(
      "SELECT dimension, period, key, funnel, metric, detail, bucket, n FROM tallies WHERE "
      "workspace = $1 AND grain = $2 AND n <> 0",
      {std::string_view(workspace), static_cast<int64_t>(grain)}, [&](const sql::Row& row) {
        Cell cell;
        cell.dimension = static_cast<Dimension>(row.Int(0));
        cell.day =
            grain == kDay ? DayFromNumber(row.Int(1)) : absl::CivilDay(kFirstMonth + row.Int(1));
        cell.key = TextOf(row, 2);
        cell.funnel = TextOf(row, 3);
        cell.metric = static_cast<Metric>(row.Int(4));
        cell.detail = TextOf(row, 5);
        cell.bucket = row.Int(6);
        const auto found = expected.find(cell);
        if (found == expected.end() || found->second != row.Int(7)) ++faults;
        if (found != expected.end()) expected.erase(found);
      }));
  for (const auto& [cell, n] : expected) {
    if (n != 0) ++faults;
  }
  return faults;
}

}  // namespace

absl::Status AddToTallies(sql::Connection& db, const std::string& workspace,
                          const TallyTable& deltas) {
  for (const auto& [cell, n] : deltas) {
    if (n == 0) continue;
    SALES_RETURN_IF_ERROR(AddRow(db, workspace, kDay, DayNumber(cell.day), cell, n));
  }
  for (const auto& [cell, n] : ByMonth(deltas)) {
    if (n == 0) continue;
    const int64_t month = absl::CivilMonth(cell.day) - kFirstMonth;
    SALES_RETURN_IF_ERROR(AddRow(db, workspace, kMonth, month, cell, n));
  }
  return absl::OkStatus();
}

absl::Status ReadTallies(sql::Connection& db, const std::string& workspace, const TallyRange& range,
                         absl::FunctionRef<void(const TallyRow&)> on_row) {
  // Whole months from the first that begins in the window up to the last that ends in it.
  const auto& [start, end] = range.window;
  int64_t first_month = -kNoBound;
  int64_t end_month = kNoBound;
  if (start.has_value()) {
    absl::CivilMonth month(*start);
    if (absl::CivilDay(month) != *start) ++month;
    first_month = month - kFirstMonth;
  }
  if (end.has_value()) end_month = absl::CivilMonth(*end) - kFirstMonth;
  if (start.has_value() && end.has_value() && first_month >= end_month) {
    return ReadPeriods(db, workspace, range, kDay, DayNumber(*start), DayNumber(*end), on_row);
  }
  SALES_RETURN_IF_ERROR(ReadPeriods(db, workspace, range, kMonth, first_month, end_month, on_row));
  if (start.has_value()) {
    SALES_RETURN_IF_ERROR(ReadPeriods(db, workspace, range, kDay, DayNumber(*start),
                                      DayNumber(absl::CivilDay(kFirstMonth + first_month)),
                                      on_row));
  }
  if (end.has_value()) {
    SALES_RETURN_IF_ERROR(ReadPeriods(db, workspace, range, kDay,
                                      DayNumber(absl::CivilDay(kFirstMonth + end_month)),
                                      DayNumber(*end), on_row));
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> CountTallyFaults(sql::Connection& db, const std::string& workspace,
                                         const TallyTable& expected) {
  SALES_ASSIGN_OR_RETURN(const int64_t days, CountFaultsOfGrain(db, workspace, kDay, expected));
  SALES_ASSIGN_OR_RETURN(const int64_t months,
                         CountFaultsOfGrain(db, workspace, kMonth, ByMonth(expected)));
  return days + months;
}

}  // namespace sales::store
