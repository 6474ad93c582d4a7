#include "src/store/tally_rows.h"

#include <algorithm>
#include <functional>
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

enum Grain : int64_t { kDay = 0, kMonth = 1, kYear = 2 };

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
  if (grain == kYear) return day.year();
  return grain == kDay ? DayNumber(day) : absl::CivilMonth(day) - kFirstMonth;
}

// Times are very many counts: those of answers, of which there are sheets for each hour of the week
// too, are kept by years besides.
bool IsKept(Sheet sheet, Grain grain) {
  if (grain == kYear) return sheet == Sheet::kSpeed;
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

// Periods of one grain from `first` up to `end`, to be added or taken away.
struct Span {
  Grain grain = kDay;
  int64_t first = 0;
  int64_t end = 0;
  int64_t sign = 1;
};
using Spans = std::vector<Span>;
constexpr size_t kSpansMax = 5;

// The rows of `count` spans, whose values are from $8 on. Of several keys those between are read
// too, but not taken apart. Spend and reach are of no funnel: they go with every one.
std::string SelectOf(size_t count) {
  std::string select;
  for (size_t i = 0; i < count; ++i) {
    absl::StrAppend(&select, i == 0 ? "" : " UNION ALL ", "SELECT key, funnel, counts, period, ", i,
                    " FROM tallies WHERE workspace = $1 AND dimension = $2 AND sheet = $3 AND "
                    "($4 = 0 OR key BETWEEN $5 AND $6) AND ($7 = '' OR funnel = $7 OR funnel = '') "
                    "AND grain = $",
                    8 + 3 * i, " AND period >= $", 9 + 3 * i, " AND period < $", 10 + 3 * i);
  }
  return select;
}

const std::string& SelectOfSpans(size_t count) {
  static const auto* const kSelects = [] {
    auto* selects = new std::vector<std::string>;
    for (size_t i = 0; i <= kSpansMax; ++i) selects->push_back(SelectOf(i));
    return selects;
  }();
  return (*kSelects)[count];
}

using OnPeriod = std::function<void(int64_t period, const TallyGroup&)>;

// Takes the rows of a sheet apart. Refers to the range.
class SheetRows {
 public:
  SheetRows(const TallyRange& range, Spans spans, OnPeriod on_group)
      : range_(range), spans_(std::move(spans)), on_group_(std::move(on_group)) {}

  absl::Status operator()(const sql::Row& row) {
    // Taken from the row once: a sheet may hold thousands of counts.
    const std::string_view key = row.Text(0);
    if (range_.keys != nullptr && range_.keys->count(key) == 0) return absl::OkStatus();
    const std::string_view funnel = row.Text(1);
    const int64_t period = row.Int(3);
    const int64_t sign = spans_[static_cast<size_t>(row.Int(4))].sign;
    SheetReader reader(row.Text(2), range_.wants);
    while (reader.NextGroup(group_)) {
      if (sign < 0) {
        for (BucketCount& count : group_.counts) {
          count.n = static_cast<int64_t>(0 - static_cast<uint64_t>(count.n));
        }
      }
      on_group_(period, {key, funnel, group_.metric, group_.detail, group_.counts});
    }
    return reader.ok() ? absl::OkStatus() : UnreadableSheet();
  }

 private:
  const TallyRange& range_;
  Spans spans_;
  OnPeriod on_group_;
  SheetGroup group_;
};

// A sheet of a range in all periods of its window is one statement.
void AskForSheet(Inquiry& inquiry, const std::string& workspace, const TallyRange& range,
                 Sheet sheet, const Spans& spans, OnPeriod on_group) {
  const auto* const keys = range.keys;
  if (spans.empty() || (keys != nullptr && keys->empty())) return;
  std::vector<sql::Param> params = {
      std::string_view(workspace),
      static_cast<int64_t>(range.dimension),
      static_cast<int64_t>(sheet),
      Flag(keys != nullptr),
      keys != nullptr ? std::string_view(*keys->begin()) : std::string_view(),
      keys != nullptr ? std::string_view(*keys->rbegin()) : std::string_view(),
      std::string_view(range.funnel)};
  for (const Span& span : spans) {
    params.insert(params.end(), {static_cast<int64_t>(span.grain), span.first, span.end});
  }
  inquiry.Add(SelectOfSpans(spans.size()), std::move(params),
              SheetRows(range, spans, std::move(on_group)));
}

// Collects the spans of a window; those without a period are left out.
class Cover {
 public:
  void Add(Grain grain, int64_t first, int64_t end, int64_t sign = 1) {
    if (first < end) spans_.push_back({grain, first, end, sign});
  }

  void AddDays(const Window& window) {
    Add(kDay, window.start.has_value() ? DayNumber(*window.start) : -kNoBound,
        window.end.has_value() ? DayNumber(*window.end) : kNoBound);
  }

  // Whole months from the first that begins in the window up to the last that ends in it, and the
  // days before and after them.
  void AddMonths(const Window& window, int64_t sign = 1) {
    const int64_t first = window.start.has_value() ? FirstMonthFrom(*window.start) : -kNoBound;
    const int64_t end =
        window.end.has_value() ? absl::CivilMonth(*window.end) - kFirstMonth : kNoBound;
    if (first >= end) {
      Add(kDay, DayNumber(*window.start), DayNumber(*window.end), sign);
      return;
    }
    Add(kMonth, first, end, sign);
    if (window.start.has_value()) {
      Add(kDay, DayNumber(*window.start), DayNumber(absl::CivilDay(kFirstMonth + first)), sign);
    }
    if (window.end.has_value()) {
      Add(kDay, DayNumber(absl::CivilDay(kFirstMonth + end)), DayNumber(*window.end), sign);
    }
  }

  // Whole years, and what a window has of its first and its last year: read itself, or the year
  // without the rest of it, whichever is less.
  void AddYears(const Window& window) {
    const auto& [start, end] = window;
    if (start.has_value() && end.has_value() && start->year() == end->year()) {
      AddMonths(window);
      return;
    }
    int64_t first = -kNoBound;
    int64_t last = kNoBound;
    if (start.has_value()) {
      const absl::CivilDay begins(start->year(), 1, 1);
      const absl::CivilDay ends(start->year() + 1, 1, 1);
      const bool most = *start - begins < ends - *start;
      first = start->year() + (most ? 0 : 1);
      if (most && begins < *start) AddMonths({begins, *start}, -1);
      if (!most) AddMonths({*start, ends});
    }
    if (end.has_value()) {
      const absl::CivilDay begins(end->year(), 1, 1);
      const absl::CivilDay ends(end->year() + 1, 1, 1);
      const bool most = *end - begins > ends - *end;
      last = end->year() + (most ? 1 : 0);
      if (most) AddMonths({*end, ends}, -1);
      if (!most && begins < *end) AddMonths({begins, *end});
    }
    Add(kYear, first, last);
  }

  const Spans& spans() const { return spans_; }

 private:
  static int64_t FirstMonthFrom(absl::CivilDay day) {
    const absl::CivilMonth month(day);
    return month - kFirstMonth + (absl::CivilDay(month) == day ? 0 : 1);
  }

  Spans spans_;
};

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
  for (const Grain grain : {kDay, kMonth, kYear}) {
    SALES_RETURN_IF_ERROR(AddToGrain(db, workspace, grain, deltas));
  }
  return absl::OkStatus();
}

absl::Status ReplaceTallies(sql::Connection& db, const std::string& workspace,
                            const TallyTable& tallies) {
  SALES_RETURN_IF_ERROR(
      db.Apply("DELETE FROM tallies WHERE workspace = $1", {std::string_view(workspace)}));
  return AddToTallies(db, workspace, tallies);
}

void AskForTallies(Inquiry& inquiry, const std::string& workspace,
                   absl::Span<const TallyRange> ranges, const OnTallyGroup& on_group) {
  for (const TallyRange& range : ranges) {
    for (const Sheet sheet : range.sheets) {
      Cover cover;
      if (IsKept(sheet, kYear)) {
        cover.AddYears(range.window);
      } else if (IsKept(sheet, kMonth)) {
        cover.AddMonths(range.window);
      } else {
        cover.AddDays(range.window);
      }
      AskForSheet(inquiry, workspace, range, sheet, cover.spans(),
                  [&range, on_group](int64_t, const TallyGroup& group) { on_group(range, group); });
    }
  }
}

absl::Status ReadTallies(sql::Connection& db, const std::string& workspace,
                         absl::Span<const TallyRange> ranges, const OnTallyGroup& on_group) {
  Inquiry inquiry;
  AskForTallies(inquiry, workspace, ranges, on_group);
  return inquiry.Ask(db);
}

absl::Status ReadTallies(sql::Connection& db, const std::string& workspace, const TallyRange& range,
                         absl::FunctionRef<void(const TallyGroup&)> on_group) {
  return ReadTallies(db, workspace, absl::MakeConstSpan(&range, 1),
                     [&](const TallyRange&, const TallyGroup& group) { on_group(group); });
}

absl::Status ReadDayTallies(sql::Connection& db, const std::string& workspace,
                            const TallyRange& range,
                            absl::FunctionRef<void(absl::CivilDay, const TallyGroup&)> on_group) {
  // Worked out once for the counts of a day, which come together.
  constexpr absl::CivilDay kFirstDay(1970, 1, 1);
  absl::CivilDay day = kFirstDay;
  int64_t number = 0;
  Cover cover;
  cover.AddDays(range.window);
  const auto take = [&](int64_t period, const TallyGroup& group) {
    if (period != number) {
      number = period;
      day = kFirstDay + period;
    }
    on_group(day, group);
  };
  Inquiry inquiry;
  for (const Sheet sheet : range.sheets) {
    AskForSheet(inquiry, workspace, range, sheet, cover.spans(), take);
  }
  return inquiry.Ask(db);
}

absl::StatusOr<int64_t> CountTallyFaults(sql::Connection& db, const std::string& workspace,
                                         const TallyTable& expected) {
  int64_t faults = 0;
  for (const Grain grain : {kDay, kMonth, kYear}) {
    SALES_ASSIGN_OR_RETURN(const int64_t of_grain,
                           CountFaultsOfGrain(db, workspace, grain, expected));
    faults += of_grain;
  }
  return faults;
}

}  // namespace sales::store
