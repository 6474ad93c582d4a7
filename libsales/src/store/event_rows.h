#ifndef SALES_SRC_STORE_EVENT_ROWS_H_
#define SALES_SRC_STORE_EVENT_ROWS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sales/event.h"
#include "src/sql/driver.h"

namespace sales::store {

absl::Status InsertEvent(sql::Connection& db, const std::string& workspace, const Event& event);

// Gives the events after `after` up to `until` (both revisions) to `on_event` in the order of
// recording, as long as it returns OK.
absl::Status ScanEvents(sql::Connection& db, const std::string& workspace, int64_t after,
                        int64_t until, absl::FunctionRef<absl::Status(Event)> on_event);

// Gives each lead that has events up to `until` to `on_lead` with them, by id, the events in the
// order of recording, as long as it returns OK.
absl::Status ScanLeads(
    sql::Connection& db, const std::string& workspace, int64_t until,
    absl::FunctionRef<absl::Status(const std::string& lead, const std::vector<Event>& events)>
        on_lead);

// The events after query.after_revision that the query lets through, at least `count` of them if
// there are as many, and whole revisions. `last` is the revision that the list reaches.
struct EventRows {
  std::vector<Event> events;
  bool more = false;
  int64_t last = 0;
};
// Of those about a lead or contact only where it is, or has, a lead of one of `sellers`, if given.
absl::StatusOr<EventRows> ListEvents(sql::Connection& db, const std::string& workspace,
                                     const EventQuery& query, int count,
                                     const std::optional<std::vector<std::string>>& sellers = {});

// When the last event up to a revision was recorded; infinitely long ago where there is none.
absl::StatusOr<absl::Time> RecordTimeOf(sql::Connection& db, const std::string& workspace,
                                        int64_t revision);

// The columns that ReadEvent reads.
#define EVENT_COLUMNS \
  "revision, ordinal, type, occur_time, record_time, actor, lead, contact, subject, changes"
absl::Status ReadEvent(const sql::Row& row, Event& event);

// How many different revisions a workspace's events have from one on, and the least and greatest.
struct RevisionSpan {
  int64_t count = 0;
  int64_t first = 0;
  int64_t last = 0;
};
absl::StatusOr<RevisionSpan> RevisionsOf(sql::Connection& db, const std::string& workspace,
                                         int64_t from);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_EVENT_ROWS_H_
