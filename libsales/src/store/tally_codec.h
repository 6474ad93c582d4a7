// The text of a tally sheet: many counts in one value, so that a lead costs a few rows and not
// hundreds, and a report reads few rows however many leads there are.
//
// "metric:detail bucket=n bucket=n;metric:detail bucket=n;", ascending by metric, detail and
// bucket, without counts of 0.
#ifndef SALES_SRC_STORE_TALLY_CODEC_H_
#define SALES_SRC_STORE_TALLY_CODEC_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "src/decide/tally.h"

namespace sales::store {

// The detail points into what it was read from or taken from.
struct SheetCount {
  Metric metric = Metric::kReceived;
  std::string_view detail;
  int64_t bucket = 0;
  int64_t n = 0;

  // By place in the sheet; whatever n is.
  friend bool operator<(const SheetCount& a, const SheetCount& b) {
    if (a.metric != b.metric) return a.metric < b.metric;
    if (const int order = a.detail.compare(b.detail); order != 0) return order < 0;
    return a.bucket < b.bucket;
  }
};

// The counts of one metric and detail. The detail points into what it was read from.
struct SheetGroup {
  Metric metric = Metric::kReceived;
  std::string_view detail;
  std::vector<BucketCount> counts;
};

// Whether somebody reads the counts of a metric.
using WantsMetric = bool (*)(Metric);

// Reads a sheet count by count, or group by group.
class SheetReader {
 public:
  // `text` must outlive the reader. The metrics that `wants` does not want are passed over; null
  // wants all.
  explicit SheetReader(std::string_view text, WantsMetric wants = nullptr)
      : rest_(text), wants_(wants) {}

  // Whether there was a further count. Ends at the first fault, too: see ok().
  bool Next(SheetCount& count);
  // Whether there was a further group, all of which is then in `group`.
  bool NextGroup(SheetGroup& group);
  bool ok() const { return ok_; }

 private:
  // Comes to the next group that is wanted, if there is one.
  bool FindGroup();
  bool Number(int64_t& number);
  bool Take(char expected);
  bool Fail();

  std::string_view rest_;
  WantsMetric wants_;
  SheetCount group_;
  bool in_group_ = false;
  bool ok_ = true;
};

// Writes a sheet; counts must come in ascending order.
class SheetWriter {
 public:
  void Add(const SheetCount& count);
  std::string Finish() &&;
  void Reserve(size_t bytes) { text_.reserve(bytes); }

 private:
  std::string text_;
  Metric metric_ = {};
  std::string_view detail_;
};

// STORE_CORRUPT, for a sheet whose reader is not ok.
absl::Status UnreadableSheet();

// The sheet with the deltas added, which must ascend. Sums wrap as the tallies do. Errors:
// STORE_CORRUPT.
absl::Status AddToSheet(std::string_view sheet, absl::Span<const SheetCount> deltas,
                        std::string& sum);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_TALLY_CODEC_H_
