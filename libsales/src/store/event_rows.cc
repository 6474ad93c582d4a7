#include "src/store/event_rows.h"

#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/decide/errors.h"
#include "src/store/list.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

void AppendQuoted(const std::string& text, std::string& out) {
  out += '"';
  for (const char c : text) {
    // Changes are ids, codes and numbers; a quote or backslash can only be in a condition's value.
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) continue;
    out += c;
  }
  out += '"';
}

// [[field, before, after], …]; written by hand because a capture writes two of these.
std::string EncodeChanges(const std::vector<Change>& changes) {
  std::string out = "[";
  for (const Change& change : changes) {
    out += out.size() == 1 ? "[" : ",[";
    AppendQuoted(change.field, out);
    out += ',';
    AppendQuoted(change.before, out);
    out += ',';
    AppendQuoted(change.after, out);
    out += ']';
  }
  out += ']';
  return out;
}

absl::Status DecodeChanges(std::string_view text, std::vector<Change>& changes) {
  absl::Status unreadable = MakeError(Reason::kStoreCorrupt, "An event cannot be read.");
  const nlohmann::json list = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!list.is_array()) return unreadable;
  for (const nlohmann::json& entry : list) {
    if (!entry.is_array() || entry.size() != 3 || !entry[0].is_string() || !entry[1].is_string() ||
        !entry[2].is_string()) {
      return unreadable;
    }
    changes.push_back(
        {entry[0].get<std::string>(), entry[1].get<std::string>(), entry[2].get<std::string>()});
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadEvent(const sql::Row& row, Event& event) {
  event.revision = row.Int(0);
  event.ordinal = static_cast<int>(row.Int(1));
  event.type = static_cast<EventType>(row.Int(2));
  event.occur_time = TimeOf(row, 3);
  event.record_time = TimeOf(row, 4);
  event.actor = TextOf(row, 5);
  event.lead = TextOf(row, 6);
  event.contact = TextOf(row, 7);
  event.subject = TextOf(row, 8);
  return DecodeChanges(row.Text(9), event.changes);
}

absl::Status InsertEvent(sql::Connection& db, const std::string& workspace, const Event& event) {
  const std::string changes = EncodeChanges(event.changes);
  return db.Apply(
      "INSERT INTO events (workspace, " EVENT_COLUMNS
      ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
      {std::string_view(workspace), event.revision, int64_t{event.ordinal},
       static_cast<int64_t>(event.type), ToMicros(event.occur_time), ToMicros(event.record_time),
       std::string_view(event.actor), std::string_view(event.lead), std::string_view(event.contact),
       std::string_view(event.subject), std::string_view(changes)});
}

absl::Status ScanEvents(sql::Connection& db, const std::string& workspace, int64_t after,
                        int64_t until, absl::FunctionRef<absl::Status(Event)> on_event) {
  absl::Status status;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT " EVENT_COLUMNS
               " FROM events WHERE workspace = $1 AND revision > $2 AND revision <= $3 "
               "ORDER BY revision, ordinal",
               {std::string_view(workspace), after, until}, [&](const sql::Row& row) {
                 if (!status.ok()) return;
                 Event event;
                 status = ReadEvent(row, event);
                 if (status.ok()) status = on_event(std::move(event));
               }));
  return status;
}

absl::Status ScanLeads(
    sql::Connection& db, const std::string& workspace, int64_t until,
    absl::FunctionRef<absl::Status(const std::string& lead, const std::vector<Event>& events)>
        on_lead) {
  absl::Status status;
  std::vector<Event> events;
  const auto end_lead = [&] {
    if (!events.empty() && status.ok()) status = on_lead(events[0].lead, events);
    events.clear();
  };
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT " EVENT_COLUMNS
               " FROM events WHERE workspace = $1 AND lead <> '' AND revision <= $2 "
               "ORDER BY lead, revision, ordinal",
               {std::string_view(workspace), until}, [&](const sql::Row& row) {
                 if (!events.empty() && events[0].lead != row.Text(6)) end_lead();
                 if (status.ok()) status = ReadEvent(row, events.emplace_back());
               }));
  end_lead();
  return status;
}

absl::StatusOr<absl::Time> RecordTimeOf(sql::Connection& db, const std::string& workspace,
                                        int64_t revision) {
  absl::Time time = absl::InfinitePast();
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT record_time FROM events WHERE workspace = $1 AND revision <= $2 "
               "ORDER BY revision DESC, ordinal DESC LIMIT 1",
               {std::string_view(workspace), revision},
               [&](const sql::Row& row) { time = TimeOf(row, 0); }));
  return time;
}

absl::StatusOr<EventRows> ListEvents(sql::Connection& db, const std::string& workspace,
                                     const EventQuery& query, int count,
                                     const std::optional<std::vector<std::string>>& sellers) {
  std::vector<sql::Param> params = {std::string_view(workspace), query.after_revision};
  std::string where = " WHERE workspace = $1 AND revision > $2";
  if (!query.filter.lead.empty()) {
    params.push_back(std::string_view(query.filter.lead));
    absl::StrAppend(&where, " AND lead <> '' AND lead = $", params.size());
  }
  if (!query.filter.types.empty()) {
    const char* separator = " AND type IN ($";
    for (const EventType type : query.filter.types) {
      params.push_back(static_cast<int64_t>(type));
      absl::StrAppend(&where, separator, params.size());
      separator = ", $";
    }
    where += ")";
  }
  if (sellers.has_value()) {
    const std::string list = Placeholders(params.size() + 1, sellers->size());
    params.insert(params.end(), sellers->begin(), sellers->end());
    absl::StrAppend(&where,
                    " AND ((lead = '' AND contact = '') OR EXISTS (SELECT 1 FROM leads WHERE "
                    "leads.workspace = $1 AND (leads.lead = events.lead OR (events.lead = '' AND "
                    "leads.contact = events.contact)) AND leads.seller IN ",
                    list, "))");
  }
  // The revision in which the count-th event lies ends the page, whole; if there is none, the page
  // ends with the last event.
  std::vector<sql::Param> bound = params;
  bound.push_back(int64_t{count} - 1);
  EventRows rows;
  bool bounded = false;
  SALES_RETURN_IF_ERROR(
      db.Query(absl::StrCat("SELECT revision FROM events", where,
                            " ORDER BY revision, ordinal LIMIT 1 OFFSET $", bound.size()),
               bound, [&](const sql::Row& row) {
                 rows.last = row.Int(0);
                 bounded = true;
               }));
  if (bounded) {
    params.push_back(rows.last);
    absl::StrAppend(&where, " AND revision <= $", params.size());
  }
  absl::Status read;
  SALES_RETURN_IF_ERROR(db.Query(
      absl::StrCat("SELECT " EVENT_COLUMNS " FROM events", where, " ORDER BY revision, ordinal"),
      params,
      [&](const sql::Row& row) { read.Update(ReadEvent(row, rows.events.emplace_back())); }));
  SALES_RETURN_IF_ERROR(read);
  rows.more = bounded;
  if (!bounded && !rows.events.empty()) rows.last = rows.events.back().revision;
  return rows;
}

absl::StatusOr<RevisionSpan> RevisionsOf(sql::Connection& db, const std::string& workspace,
                                         int64_t from) {
  RevisionSpan span;
  SALES_RETURN_IF_ERROR(db.Query(
      "SELECT COUNT(DISTINCT revision), COALESCE(MIN(revision), 0), COALESCE(MAX(revision), 0) "
      "FROM events WHERE workspace = $1 AND revision >= $2",
      {std::string_view(workspace), from}, [&](const sql::Row& row) {
        span = {row.Int(0), row.Int(1), row.Int(2)};
      }));
  return span;
}

}  // namespace sales::store
