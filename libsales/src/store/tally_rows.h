// Tallies in rows: a sheet of counts for each day and each month, so that a report over years reads
// months and only the edges of its window by day.
#ifndef SALES_SRC_STORE_TALLY_ROWS_H_
#define SALES_SRC_STORE_TALLY_ROWS_H_

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "sales/report.h"
#include "src/decide/tally.h"
#include "src/sql/driver.h"
#include "src/store/inquiry.h"
#include "src/store/tally_codec.h"

namespace sales::store {

// Adds the deltas to the workspace's tallies.
absl::Status AddToTallies(sql::Connection& db, const std::string& workspace,
                          const TallyTable& deltas);

// Keeps these tallies instead of the workspace's.
absl::Status ReplaceTallies(sql::Connection& db, const std::string& workspace,
                            const TallyTable& tallies);

// Counts of one period that differ by their bucket alone, ascending.
struct TallyGroup {
  std::string_view key;
  std::string_view funnel;
  Metric metric;
  std::string_view detail;
  absl::Span<const BucketCount> counts;
};

// Gives the counts of a dimension in a window to `on_group`, in no order, several times for the
// same place. With keys or a funnel only those; an empty funnel lets every funnel through.
struct TallyRange {
  Dimension dimension = Dimension::kAll;
  // Null: every key.
  const std::set<std::string, std::less<>>* keys = nullptr;
  std::string funnel;
  Window window;
  absl::Span<const Sheet> sheets;
  // Null: every metric.
  WantsMetric wants = nullptr;
};
absl::Status ReadTallies(sql::Connection& db, const std::string& workspace, const TallyRange& range,
                         absl::FunctionRef<void(const TallyGroup&)> on_group);

// As ReadTallies, of several ranges at once. Gives each group with the range that it is of.
using OnTallyGroup = std::function<void(const TallyRange&, const TallyGroup&)>;
absl::Status ReadTallies(sql::Connection& db, const std::string& workspace,
                         absl::Span<const TallyRange> ranges, const OnTallyGroup& on_group);
// The same as part of an inquiry; `workspace` and `ranges` must stay until it is asked.
void AskForTallies(Inquiry& inquiry, const std::string& workspace,
                   absl::Span<const TallyRange> ranges, const OnTallyGroup& on_group);

// As ReadTallies, but day by day: for what is counted by day only.
absl::Status ReadDayTallies(sql::Connection& db, const std::string& workspace,
                            const TallyRange& range,
                            absl::FunctionRef<void(absl::CivilDay, const TallyGroup&)> on_group);

// How many counts differ between `expected` and what is kept, by day and by month together. A row
// that cannot be read differs.
absl::StatusOr<int64_t> CountTallyFaults(sql::Connection& db, const std::string& workspace,
                                         const TallyTable& expected);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_TALLY_ROWS_H_
