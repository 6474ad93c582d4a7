// Keeps the tallies of contacts' paths true while leads and touches change.
#ifndef SALES_SRC_ENGINE_PATHS_H_
#define SALES_SRC_ENGINE_PATHS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "src/decide/contact_paths.h"
#include "src/decide/record.h"
#include "src/engine/core.h"

namespace sales::internal {

// After a capture was written. Of somebody new, nothing is looked up.
absl::Status NotePathsOfCapture(WriteScope& scope, const std::string& lead, const Track& track,
                                bool contact_created);

// After a lead's change was written. Nothing is looked up unless the change is one of paths: a win
// or its end, its day and value, or the lead's channel.
absl::Status NotePathsOfChange(WriteScope& scope, const std::string& lead, const Track& before,
                               const Track& after);

// After a touch was written, once for each contact and touch.
absl::Status NotePathsOfTouch(WriteScope& scope, const std::string& contact,
                              const RecordedTouch& touch);

// The paths of several contacts, taken before a merge or its end and compared afterwards.
class PathsOfContacts {
 public:
  explicit PathsOfContacts(WriteScope& scope) : scope_(scope) {}

  absl::Status Take(const std::string& contact);
  // Counts what the contacts have now instead of what was taken.
  absl::Status Count(const std::vector<std::string>& contacts);

 private:
  WriteScope& scope_;
  std::vector<ContactTouches> taken_;
};

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_PATHS_H_
