#include "src/store/base_rows.h"

#include <string_view>
#include <utility>

#include "src/decide/errors.h"
#include "src/decide/track_base.h"
#include "src/store/event_rows.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

#define BASE_COLUMNS "lead, capture_revision, capture_ordinal, revision, track"
// A handoff is proved by its own events (Engine::Check), which are few.
#define COMPACTABLE                                                                      \
  "workspace = $1 AND lead = $2 AND lead <> '' AND revision <= $3 AND subject NOT LIKE " \
  "'handoffs/%'"

absl::Status ReadBase(const sql::Row& row, LeadBase& base) {
  base.lead = TextOf(row, 0);
  base.capture_revision = row.Int(1);
  base.capture_ordinal = row.Int(2);
  base.revision = row.Int(3);
  SALES_ASSIGN_OR_RETURN(base.track, DecodeTrack(row.Text(4)));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<LeadBase>> LoadBases(sql::Connection& db, const std::string& workspace) {
  std::vector<LeadBase> bases;
  absl::Status read;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT " BASE_COLUMNS
               " FROM lead_bases WHERE workspace = $1 ORDER BY capture_revision, capture_ordinal",
               {sql::Param(std::string_view(workspace))},
               [&](const sql::Row& row) { read.Update(ReadBase(row, bases.emplace_back())); }));
  SALES_RETURN_IF_ERROR(read);
  return bases;
}

absl::StatusOr<std::optional<LeadBase>> LoadBase(sql::Connection& db, const std::string& workspace,
                                                 const std::string& lead) {
  std::optional<LeadBase> base;
  absl::Status read;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT " BASE_COLUMNS " FROM lead_bases WHERE workspace = $1 AND lead = $2",
               {std::string_view(workspace), std::string_view(lead)},
               [&](const sql::Row& row) { read = ReadBase(row, base.emplace()); }));
  SALES_RETURN_IF_ERROR(read);
  return base;
}

absl::Status SaveBase(sql::Connection& db, const std::string& workspace, const LeadBase& base) {
  const std::string track = EncodeTrack(base.track);
  return db.Apply("INSERT INTO lead_bases (workspace, " BASE_COLUMNS
                  ") VALUES ($1, $2, $3, $4, $5, $6) "
                  "ON CONFLICT (workspace, lead) DO UPDATE SET revision = $5, track = $6",
                  {std::string_view(workspace), std::string_view(base.lead), base.capture_revision,
                   base.capture_ordinal, base.revision, std::string_view(track)});
}

absl::StatusOr<std::vector<std::string>> SettledLeads(sql::Connection& db,
                                                      const std::string& workspace,
                                                      const std::string& after, int64_t revision,
                                                      int count) {
  std::vector<std::string> leads;
  SALES_RETURN_IF_ERROR(db.Query(
      "SELECT lead FROM leads WHERE workspace = $1 AND lead > $2 AND state NOT IN ($3, $4) "
      "AND revision <= $5 ORDER BY lead LIMIT $6",
      {std::string_view(workspace), std::string_view(after), static_cast<int64_t>(LeadState::kOpen),
       static_cast<int64_t>(LeadState::kNurtured), revision, int64_t{count}},
      [&leads](const sql::Row& row) { leads.push_back(TextOf(row, 0)); }));
  return leads;
}

absl::StatusOr<std::vector<Event>> CompactableEvents(sql::Connection& db,
                                                     const std::string& workspace,
                                                     const std::string& lead, int64_t revision) {
  std::vector<Event> events;
  absl::Status read;
  SALES_RETURN_IF_ERROR(db.Query(
      "SELECT " EVENT_COLUMNS " FROM events WHERE " COMPACTABLE " ORDER BY revision, ordinal",
      {std::string_view(workspace), std::string_view(lead), revision},
      [&](const sql::Row& row) { read.Update(ReadEvent(row, events.emplace_back())); }));
  SALES_RETURN_IF_ERROR(read);
  return events;
}

absl::StatusOr<int64_t> RemoveCompactable(sql::Connection& db, const std::string& workspace,
                                          const std::string& lead, int64_t revision) {
  return db.Execute("DELETE FROM events WHERE " COMPACTABLE,
                    {std::string_view(workspace), std::string_view(lead), revision});
}

absl::Status RaiseCompactedRevision(sql::Connection& db, const std::string& workspace,
                                    int64_t revision) {
  return db.Apply(
      "UPDATE workspaces SET compacted_revision = $2 "
      "WHERE workspace = $1 AND compacted_revision < $2",
      {std::string_view(workspace), revision});
}

}  // namespace sales::store
