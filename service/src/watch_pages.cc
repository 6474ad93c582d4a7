#include "service/src/watch_pages.h"

#include <cstddef>
#include <utility>

namespace sales::service {
namespace {

// A page may be as large as a revision.
constexpr size_t kPagesMost = 16;
// What a caller may see can change, and events are forgotten: not for longer.
constexpr absl::Duration kKept = absl::Seconds(1);

}  // namespace

std::shared_ptr<const WatchPage> WatchPages::Find(const WatchQuestion& question, absl::Time since,
                                                  absl::Time now) {
  const absl::Time oldest = now - kKept;
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto kept = kept_.rbegin(); kept != kept_.rend(); ++kept) {
    if (kept->begun < oldest || (!kept->page->more && kept->begun < since)) continue;
    if (kept->question == question) return kept->page;
  }
  return nullptr;
}

void WatchPages::Keep(WatchQuestion question, absl::Time begun,
                      std::shared_ptr<const WatchPage> page) {
  const absl::Time oldest = begun - kKept;
  const std::lock_guard<std::mutex> lock(mutex_);
  while (!kept_.empty() && (kept_.size() >= kPagesMost || kept_.front().begun < oldest)) {
    kept_.pop_front();
  }
  kept_.push_back({std::move(question), begun, std::move(page)});
}

}  // namespace sales::service
