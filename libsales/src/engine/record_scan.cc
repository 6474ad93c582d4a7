#include "src/engine/record_scan.h"

#include <tuple>
#include <vector>

#include "src/decide/errors.h"
#include "src/store/base_rows.h"
#include "src/store/event_rows.h"

namespace sales::internal {

absl::Status ScanRecord(sql::Connection& db, const std::string& workspace, int64_t until,
                        Fold& fold, absl::FunctionRef<absl::Status(const Event&)> on_event) {
  SALES_ASSIGN_OR_RETURN(const std::vector<store::LeadBase> bases, store::LoadBases(db, workspace));
  auto next = bases.begin();
  const auto is_before = [](const store::LeadBase& base, const Event& event) {
    return std::tuple(base.capture_revision, base.capture_ordinal) <
           std::tuple(event.revision, int64_t{event.ordinal});
  };
  SALES_RETURN_IF_ERROR(store::ScanEvents(db, workspace, 0, until, [&](const Event& event) {
    for (; next != bases.end() && is_before(*next, event); ++next) {
      fold.Begin(next->lead, next->track);
    }
    return on_event(event);
  }));
  for (; next != bases.end(); ++next) fold.Begin(next->lead, next->track);
  return absl::OkStatus();
}

}  // namespace sales::internal
