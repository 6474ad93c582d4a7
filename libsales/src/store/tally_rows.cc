#include "src/store/tally_rows.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/civil_time.h"
#include "src/decide/errors.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

enum Grain : int64_t { kDay = 0, kMonth = 1 };

constexpr absl::CivilMonth kFirstMonth(1970, 1);
constexpr int64_t kNoBound = std::numeric_limits<int64_t>::max();

// A row of tallies: a sheet of one period.
struct SheetKey {
  Dimension dimension = Dimension::kAll;
  Sheet sheet = Sheet::kCounts;
  int64_t period = 0;
  std::string_view key;
  std::string_view funnel;

  friend bool operator==(const SheetKey& a, const SheetKey& b) {
    return a.dimension == b.dimension && a.sheet == b.sheet && a.period == b.period &&
           a.key == b.key && a.funnel == b.funnel;
  }
  template <typename H>
  friend H AbslHashValue(H h, const SheetKey& k) {
    return H::combine(std::move(h), static_cast<int64_t>(k.dimension),
                      static_cast<int64_t>(k.sheet), k.period, k.key, k.funnel);
  }
};
using SheetCounts = std::vector<SheetCount>;
using Sheets = absl::flat_hash_map<SheetKey, SheetCounts>;

int64_t PeriodOf(Grain grain, absl::CivilDay day) {
  return grain == kDay ? DayNumber(day) : absl::CivilMonth(day) - kFirstMonth;
}

// Brings counts in order and adds up those of the same place.
void Settle(SheetCounts& counts) {
  std::sort(counts.begin(), counts.end());
  size_t kept = 0;
  for (size_t i = 1; i < counts.size(); ++i) {
    if (counts[kept] < counts[i]) {
      counts[++kept] = counts[i];
    } else {
      counts[kept].n = WrappedSum(counts[kept].n, counts[i].n);
    }
  }
  counts.resize(kept + 1);
}

// The table's counts by sheet. Points into the table.
Sheets SheetsOf(Grain grain, const TallyTable& table) {
  Sheets sheets;
  for (const auto& [cell, n] : table) {
    const bool kept = grain == kMonth || SheetOf(cell.metric) != Sheet::kPipeline;
    if (n == 0 || !kept) continue;
    sheets[{cell.dimension, SheetOf(cell.metric), PeriodOf(grain, cell.day), cell.key, cell.funnel}]
        .push_back({cell.metric, cell.detail, cell.bucket, n});
  }
  for (auto& [key, counts] : sheets) Settle(counts);
  return sheets;
}

absl::Status AddToRow(sql::Connection& db, const std::string& workspace, Grain grain,
                      const SheetKey& key, const SheetCounts& deltas) {
  const auto dimension = static_cast<int64_t>(key.dimension);
  const auto sheet = static_cast<int64_t>(key.sheet);
  std::string kept;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT counts FROM tallies WHERE workspace = $1 AND dimension = $2 AND grain = $3 "
               "AND sheet = $4 AND period = $5 AND key = $6 AND funnel = $7",
               {std::string_view(workspace), dimension, static_cast<int64_t>(grain), sheet,
                key.period, key.key, key.funnel},
               [&](const sql::Row& row) { kept = TextOf(row, 0); }));
  std::string sum;
  SALES_RETURN_IF_ERROR(AddToSheet(kept, deltas, sum));
  return db.Apply(
      "INSERT INTO tallies (workspace, dimension, grain, sheet, period, key, funnel, counts) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (workspace, dimension, grain, "
      "sheet, period, key, funnel) DO UPDATE SET counts = excluded.counts",
      {std::string_view(workspace), dimension, static_cast<int64_t>(grain), sheet, key.period,
       key.key, key.funnel, std::string_view(sum)});
}

absl::Status AddToGrain(sql::Connection& db, const std::string& workspace, Grain grain,
                        const TallyTable& deltas) {
  for (const auto& [key, counts] : SheetsOf(grain, deltas)) {
    SALES_RETURN_IF_ERROR(AddToRow(db, workspace, grain, key, counts));
  }
  return absl::OkStatus();
}

// Gives each count of the sheets from the period `first` up to `end`.
absl::Status ReadPeriods(sql::Connection& db, const std::string& workspace, const TallyRange& range,
                         Grain grain, Sheet sheet, int64_t first, int64_t end,
                         absl::FunctionRef<void(int64_t period, const TallyRow&)> on_row) {
  if (first >= end) return absl::OkStatus();
  // Of several keys those between are read too, but not taken apart.
  const bool few = range.keys != nullptr;
  if (few && range.keys->empty()) return absl::OkStatus();
  const std::string_view first_key = few ? std::string_view(*range.keys->begin()) : "";
  const std::string_view last_key = few ? std::string_view(*range.keys->rbegin()) : "";
  bool readable = true;
  // Spend and reach are of no funnel: they go with every one.
  SALES_RETURN_IF_ERROR(db.Query(
      "SELECT key, funnel, counts, period FROM tallies WHERE workspace = $1 AND dimension = $2 AND "
      "grain = $3 AND sheet = $4 AND period >= $5 AND period < $6 AND ($7 = 0 OR key "
      "BETWEEN $8 AND $9) AND ($10 = '' OR funnel = $10 OR funnel = '')",
      {std::string_view(workspace), static_cast<int64_t>(range.dimension),
       static_cast<int64_t>(grain), static_cast<int64_t>(sheet), first, end, Flag(few), first_key,
       last_key, std::string_view(range.funnel)},
      [&](const sql::Row& row) {
        // Taken from the row once: a sheet may hold thousands of counts.
        const std::string_view key = row.Text(0);
        if (few && range.keys->count(key) == 0) return;
        const std::string_view funnel = row.Text(1);
        const int64_t period = row.Int(3);
        SheetReader reader(row.Text(2), range.wants);
        SheetCount count;
        while (reader.Next(count)) {
          on_row(period, {key, funnel, count.metric, count.detail, count.bucket, count.n});
        }
        readable = readable && reader.ok();
      }));
  return readable ? absl::OkStatus() : UnreadableSheet();
}

absl::Status ReadSheet(sql::Connection& db, const std::string& workspace, const TallyRange& range,
                       Sheet sheet, absl::FunctionRef<void(const TallyRow&)> on_row) {
  const auto read = [&](Grain grain, int64_t first, int64_t end) {
    return ReadPeriods(db, workspace, range, grain, sheet, first, end,
                       [&](int64_t, const TallyRow& row) { on_row(row); });
  };
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
    return read(kDay, DayNumber(*start), DayNumber(*end));
  }
  SALES_RETURN_IF_ERROR(read(kMonth, first_month, end_month));
  if (start.has_value()) {
    const absl::CivilDay month_begins(kFirstMonth + first_month);
    SALES_RETURN_IF_ERROR(read(kDay, DayNumber(*start), DayNumber(month_begins)));
  }
  if (end.has_value()) {
    const absl::CivilDay month_begins(kFirstMonth + end_month);
    SALES_RETURN_IF_ERROR(read(kDay, DayNumber(month_begins), DayNumber(*end)));
  }
  return absl::OkStatus();
}

// How many counts differ between two sheets; what cannot be read differs from everything.
int64_t CountDifferences(std::string_view a, std::string_view b) {
  SheetReader read_a(a);
  SheetReader read_b(b);
  SheetCount count_a;
  SheetCount count_b;
  bool has_a = read_a.Next(count_a);
  bool has_b = read_b.Next(count_b);
  int64_t differences = 0;
  while (has_a || has_b) {
    const bool only_a = !has_b || (has_a && count_a < count_b);
    const bool only_b = !has_a || (has_b && count_b < count_a);
    if (only_a || only_b || count_a.n != count_b.n) ++differences;
    if (!only_b) has_a = read_a.Next(count_a);
    if (!only_a) has_b = read_b.Next(count_b);
  }
  if (!read_a.ok() || !read_b.ok()) ++differences;
  return differences;
}

absl::StatusOr<int64_t> CountFaultsOfGrain(sql::Connection& db, const std::string& workspace,
                                           Grain grain, const TallyTable& expected) {
  Sheets left = SheetsOf(grain, expected);
  int64_t faults = 0;
  SALES_RETURN_IF_ERROR(db.Query(
      "SELECT dimension, sheet, period, key, funnel, counts FROM tallies WHERE workspace = $1 "
      "AND grain = $2 AND counts <> ''",
      {std::string_view(workspace), static_cast<int64_t>(grain)}, [&](const sql::Row& row) {
        const SheetKey key = {static_cast<Dimension>(row.Int(0)), static_cast<Sheet>(row.Int(1)),
                              row.Int(2), row.Text(3), row.Text(4)};
        SheetWriter writer;
        if (const auto found = left.find(key); found != left.end()) {
          for (const SheetCount& count : found->second) writer.Add(count);
          left.erase(found);
        }
        const std::string sheet = std::move(writer).Finish();
        if (sheet != row.Text(5)) faults += CountDifferences(sheet, row.Text(5));
      }));
  for (const auto& [key, counts] : left) {
    for (const SheetCount& count : counts) faults += count.n != 0 ? 1 : 0;
  }
  return faults;
}

}  // namespace

absl::Status AddToTallies(sql::Connection& db, const std::string& workspace,
                          const TallyTable& deltas) {
  SALES_RETURN_IF_ERROR(AddToGrain(db, workspace, kDay, deltas));
  return AddToGrain(db, workspace, kMonth, deltas);
}

absl::Status ReplaceTallies(sql::Connection& db, const std::string& workspace,
                            const TallyTable& tallies) {
  SALES_RETURN_IF_ERROR(
      db.Apply("DELETE FROM tallies WHERE workspace = $1", {std::string_view(workspace)}));
  return AddToTallies(db, workspace, tallies);
}

absl::Status ReadTallies(sql::Connection& db, const std::string& workspace, const TallyRange& range,
                         absl::FunctionRef<void(const TallyRow&)> on_row) {
  for (const Sheet sheet : range.sheets) {
    SALES_RETURN_IF_ERROR(ReadSheet(db, workspace, range, sheet, on_row));
  }
  return absl::OkStatus();
}

absl::Status ReadDayTallies(sql::Connection& db, const std::string& workspace,
                            const TallyRange& range,
                            absl::FunctionRef<void(absl::CivilDay, const TallyRow&)> on_row) {
  const auto& [start, end] = range.window;
  // Worked out once for the counts of a day, which come together.
  constexpr absl::CivilDay kFirstDay(1970, 1, 1);
  absl::CivilDay day = kFirstDay;
  int64_t number = 0;
  for (const Sheet sheet : range.sheets) {
    SALES_RETURN_IF_ERROR(ReadPeriods(
        db, workspace, range, kDay, sheet, start.has_value() ? DayNumber(*start) : -kNoBound,
        end.has_value() ? DayNumber(*end) : kNoBound, [&](int64_t period, const TallyRow& row) {
          if (period != number) {
            number = period;
            day = kFirstDay + period;
          }
          on_row(day, row);
        }));
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> CountTallyFaults(sql::Connection& db, const std::string& workspace,
                                         const TallyTable& expected) {
  SALES_ASSIGN_OR_RETURN(const int64_t days, CountFaultsOfGrain(db, workspace, kDay, expected));
  SALES_ASSIGN_OR_RETURN(const int64_t months, CountFaultsOfGrain(db, workspace, kMonth, expected));
  return days + months;
}

}  // namespace sales::store
