#include <string>
#include <utility>
#include <vector>

#include "sales/engine.h"
#include "src/decide/bounds.h"
#include "src/decide/page_token.h"
#include "src/engine/core.h"
#include "src/engine/retention.h"
#include "src/engine/sight.h"
#include "src/store/event_rows.h"
#include "src/store/list.h"

namespace sales {
namespace {

// Of the query without its place: a page token goes on with the same one only.
uint64_t FingerprintOf(const std::string& workspace, const EventQuery& query) {
  std::string types;
  for (const EventType type : query.filter.types)
    types += std::to_string(static_cast<int>(type)) + ",";
  return Fingerprint(
      {"events", workspace, types, query.filter.lead, std::to_string(query.after_revision)});
}

}  // namespace

absl::StatusOr<EventPage> Desk::ListEvents(const EventQuery& query) const {
  SALES_RETURN_IF_ERROR(CheckPageSize(query.page_size));
  SALES_RETURN_IF_ERROR(
      CheckList("filter.types", query.filter.types.size(), limits::event_types_max));
  SALES_RETURN_IF_ERROR(CheckOptionalId("filter.lead", query.filter.lead));
  const uint64_t fingerprint = FingerprintOf(workspace_, query);
  EventQuery from_here = query;
  SALES_ASSIGN_OR_RETURN(const std::string after, store::IdAfter(fingerprint, query.page_token));
  if (!after.empty()) from_here.after_revision = std::stoll(after);
  EventPage page;
  SALES_RETURN_IF_ERROR(
      core_->Read(workspace_, call_, [&](internal::ReadScope& scope) -> absl::Status {
        page.revision = scope.row.workspace.revision;
        if (query.after_revision < 0 || query.after_revision > page.revision) {
          return WithMetadata(FieldError(Reason::kRevisionInvalid, "after_revision",
                                         "is not one of the workspace's revisions"),
                              "revision", std::to_string(page.revision));
        }
        SALES_RETURN_IF_ERROR(
            internal::CheckKept(scope.row.workspace, from_here.after_revision + 1));
        SALES_ASSIGN_OR_RETURN(const internal::Sight sight, internal::SightOf(scope));
        SALES_ASSIGN_OR_RETURN(
            store::EventRows rows,
            store::ListEvents(scope.db, workspace_, from_here, PageSizeOf(query.page_size), sight));
        page.events = std::move(rows.events);
        if (rows.more) {
          page.next_page_token = store::IdPageToken(fingerprint, std::to_string(rows.last));
        }
        return absl::OkStatus();
      }));
  return page;
}

absl::StatusOr<int64_t> Desk::WaitForRevision(int64_t after) const {
  return core_->WaitForRevision(workspace_, after, call_.deadline);
}

}  // namespace sales
