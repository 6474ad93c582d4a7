#include "src/store/tally_codec.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/decide/errors.h"

namespace sales::store {
namespace {

// What a count takes at most besides its detail.
constexpr size_t kCountBytes = 64;

}  // namespace

bool SheetReader::Fail() {
  ok_ = false;
  return false;
}

bool SheetReader::Take(char expected) {
  if (rest_.empty() || rest_.front() != expected) return false;
  rest_.remove_prefix(1);
  return true;
}

bool SheetReader::Number(int64_t& number) {
  // Nearly all that a sheet is made of are short numbers, of which a report reads hundreds of
  // thousands: they are read here. No number of so few digits is too large.
  constexpr size_t kFew = 18;
  const bool negative = !rest_.empty() && rest_.front() == '-';
  const size_t first = negative ? 1 : 0;
  const size_t most = std::min(rest_.size(), first + kFew);
  size_t end = first;
  int64_t value = 0;
  for (; end < most && rest_[end] >= '0' && rest_[end] <= '9'; ++end) {
    value = value * 10 + (rest_[end] - '0');
  }
  if (end > first && end < first + kFew) {
    number = negative ? -value : value;
    rest_.remove_prefix(end);
    return true;
  }
  const auto [rest, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
  if (error != std::errc()) return false;
  rest_.remove_prefix(static_cast<size_t>(rest - rest_.data()));
  return true;
}

bool SheetReader::FindGroup() {
  while (!rest_.empty()) {
    int64_t metric = 0;
    if (!Number(metric) || !Take(':')) return Fail();
    group_.metric = static_cast<Metric>(metric);
    const bool wanted = wants_ == nullptr || wants_(group_.metric);
    const size_t end = rest_.find(wanted ? ' ' : ';');
    if (end == std::string_view::npos) return Fail();
    if (wanted) {
      group_.detail = rest_.substr(0, end);
      rest_.remove_prefix(end);
      return true;
    }
    rest_.remove_prefix(end + 1);
  }
  return false;
}

bool SheetReader::Next(SheetCount& count) {
  if (!in_group_ && !FindGroup()) return false;
  if (!Take(' ') || !Number(group_.bucket) || !Take('=') || !Number(group_.n)) return Fail();
  in_group_ = !Take(';');
  count = group_;
  return true;
}

bool SheetReader::NextGroup(SheetGroup& group) {
  if (!FindGroup()) return false;
  group.metric = group_.metric;
  group.detail = group_.detail;
  group.counts.clear();
  do {
    BucketCount& count = group.counts.emplace_back();
    if (!Take(' ') || !Number(count.bucket) || !Take('=') || !Number(count.n)) return Fail();
  } while (!Take(';'));
  return true;
}

void SheetWriter::Add(const SheetCount& count) {
  if (count.n == 0) return;
  if (text_.empty() || count.metric != metric_ || count.detail != detail_) {
    if (!text_.empty()) text_ += ';';
    metric_ = count.metric;
    detail_ = count.detail;
    absl::StrAppend(&text_, static_cast<int64_t>(count.metric), ":");
    text_ += count.detail;
  }
  absl::StrAppend(&text_, " ", count.bucket, "=", count.n);
}

std::string SheetWriter::Finish() && {
  if (!text_.empty()) text_ += ';';
  return std::move(text_);
}

absl::Status UnreadableSheet() {
  return MakeError(Reason::kStoreCorrupt, "A tally's sheet cannot be read.");
}

absl::Status AddToSheet(std::string_view sheet, absl::Span<const SheetCount> deltas,
                        std::string& sum) {
  SheetReader reader(sheet);
  SheetWriter writer;
  writer.Reserve(sheet.size() + deltas.size() * kCountBytes);
  auto delta = deltas.begin();
  SheetCount kept;
  while (reader.Next(kept)) {
    while (delta != deltas.end() && *delta < kept) writer.Add(*delta++);
    if (delta != deltas.end() && !(kept < *delta)) {
      kept.n = WrappedSum(kept.n, delta->n);
      ++delta;
    }
    writer.Add(kept);
  }
  if (!reader.ok()) return UnreadableSheet();
  while (delta != deltas.end()) writer.Add(*delta++);
  sum = std::move(writer).Finish();
  return absl::OkStatus();
}

}  // namespace sales::store
