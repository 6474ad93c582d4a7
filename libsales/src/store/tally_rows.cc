#include "src/store/tally_rows.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

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

bool IsKept(Sheet sheet, Grain grain) {
  return sheet != (grain == kDay ? Sheet::kPipeline : Sheet::kPipelineValues);
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
    const Sheet sheet = SheetOf(cell.metric);
    if (n == 0 || !IsKept(sheet, grain)) continue;
    sheets[{cell.dimension, sheet, PeriodOf(grain, cell.day), cell.key, cell.funnel}].push_back(
        {cell.metric, cell.detail, cell.bucket, n});
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

// Periods of one grain from `first` up to `end`.
struct Span {
  int64_t first = 0;
  int64_t end = 0;
};
struct Spans {
  Span months;
  // Before these months, and after them.
  Span days;
  Span later_days;
};

// The rows of one grain; of several keys those between are read too, but not taken apart. Spend and
// reach are of no funnel: they go with every one.
std::string SelectOf(Grain grain, const char* first, const char* end) {
  return absl::StrCat(
      "SELECT key, funnel, counts, period FROM tallies WHERE workspace = $1 AND dimension = $2 AND "
      "sheet = $3 AND ($4 = 0 OR key BETWEEN $5 AND $6) AND ($7 = '' OR funnel = $7 OR funnel = "
      "'') AND grain = ",
      static_cast<int64_t>(grain), " AND period >= ", first, " AND period < ", end);
}

// One statement for all of a window: on a server each costs its way there and back.
absl::Status ReadSpans(sql::Connection& db, const std::string& workspace, const TallyRange& range,
                       Sheet sheet, const Spans& spans,
                       absl::FunctionRef<void(int64_t period, const TallyGroup&)> on_group) {
  static const std::string* const kSelect = new std::string(
      absl::StrCat(SelectOf(kMonth, "$8", "$9"), " UNION ALL ", SelectOf(kDay, "$10", "$11"),
                   " UNION ALL ", SelectOf(kDay, "$12", "$13")));
  const bool few = range.keys != nullptr;
  if (few && range.keys->empty()) return absl::OkStatus();
  const std::string_view first_key = few ? std::string_view(*range.keys->begin()) : "";
  const std::string_view last_key = few ? std::string_view(*range.keys->rbegin()) : "";
  bool readable = true;
  SheetGroup group;
  SALES_RETURN_IF_ERROR(
      db.Query(*kSelect,
               {std::string_view(workspace), static_cast<int64_t>(range.dimension),
                static_cast<int64_t>(sheet), Flag(few), first_key, last_key,
                std::string_view(range.funnel), spans.months.first, spans.months.end,
                spans.days.first, spans.days.end, spans.later_days.first, spans.later_days.end},
               [&](const sql::Row& row) {
                 // Taken from the row once: a sheet may hold thousands of counts.
                 const std::string_view key = row.Text(0);
                 if (few && range.keys->count(key) == 0) return;
                 const std::string_view funnel = row.Text(1);
                 const int64_t period = row.Int(3);
                 SheetReader reader(row.Text(2), range.wants);
                 while (reader.NextGroup(group)) {
                   on_group(period, {key, funnel, group.metric, group.detail, group.counts});
                 }
                 readable = readable && reader.ok();
               }));
  return readable ? absl::OkStatus() : UnreadableSheet();
}

// All days of the window.
Spans DaysOf(const Window& window) {
  Spans spans;
  spans.days.first = window.start.has_value() ? DayNumber(*window.start) : -kNoBound;
  spans.days.end = window.end.has_value() ? DayNumber(*window.end) : kNoBound;
  return spans;
}

// Whole months from the first that begins in the window up to the last that ends in it, and the
// days before and after them.
Spans MonthsOf(const Window& window) {
  const auto& [start, end] = window;
  Spans spans;
  spans.months = {-kNoBound, kNoBound};
  if (start.has_value()) {
    absl::CivilMonth month(*start);
    if (absl::CivilDay(month) != *start) ++month;
    spans.months.first = month - kFirstMonth;
    spans.days = {DayNumber(*start), DayNumber(absl::CivilDay(month))};
  }
  if (end.has_value()) {
    const absl::CivilMonth month(*end);
    spans.months.end = month - kFirstMonth;
    spans.later_days = {DayNumber(absl::CivilDay(month)), DayNumber(*end)};
  }
  return spans.months.first < spans.months.end ? spans : DaysOf(window);
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
                         absl::FunctionRef<void(const TallyGroup&)> on_group) {
  for (const Sheet sheet : range.sheets) {
    const bool by_days = !IsKept(sheet, kMonth);
    SALES_RETURN_IF_ERROR(ReadSpans(db, workspace, range, sheet,
                                    by_days ? DaysOf(range.window) : MonthsOf(range.window),
                                    [&](int64_t, const TallyGroup& group) { on_group(group); }));
  }
  return absl::OkStatus();
}

absl::Status ReadDayTallies(sql::Connection& db, const std::string& workspace,
                            const TallyRange& range,
                            absl::FunctionRef<void(absl::CivilDay, const TallyGroup&)> on_group) {
  // Worked out once for the counts of a day, which come together.
  constexpr absl::CivilDay kFirstDay(1970, 1, 1);
  absl::CivilDay day = kFirstDay;
  int64_t number = 0;
  for (const Sheet sheet : range.sheets) {
    SALES_RETURN_IF_ERROR(ReadSpans(db, workspace, range, sheet, DaysOf(range.window),
                                    [&](int64_t period, const TallyGroup& group) {
                                      if (period != number) {
                                        number = period;
                                        day = kFirstDay + period;
                                      }
                                      on_group(day, group);
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
