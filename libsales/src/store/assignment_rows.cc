#include "src/store/assignment_rows.h"

#include <string_view>

#include "src/decide/errors.h"
#include "src/store/params.h"
#include "src/store/team_codec.h"

namespace sales::store {

absl::StatusOr<std::optional<AssignmentPolicy>> LoadAssignmentPolicy(sql::Connection& db,
                                                                     const std::string& workspace,
                                                                     int version) {
  std::optional<AssignmentPolicy> found;
  absl::Status read;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT policy FROM assignment_policies WHERE workspace = $1 AND "
               "($2 = 0 OR version = $2) ORDER BY version DESC LIMIT 1",
               {std::string_view(workspace), int64_t{version}},
               [&](const sql::Row& row) { read = DecodeAnswer(row.Text(0), &found.emplace()); }));
  SALES_RETURN_IF_ERROR(read);
  return found;
}

absl::Status InsertAssignmentPolicy(sql::Connection& db, const std::string& workspace,
                                    const AssignmentPolicy& policy, int64_t revision) {
  const std::string text = EncodeAnswer(policy);
  return db.Apply(
      "INSERT INTO assignment_policies (workspace, version, policy, set_time, revision) "
      "VALUES ($1, $2, $3, $4, $5)",
      {std::string_view(workspace), int64_t{policy.version}, std::string_view(text),
       ToMicros(policy.set_time), revision});
}

absl::StatusOr<std::optional<AssignmentRecord>> LoadAssignment(sql::Connection& db,
                                                               const std::string& workspace,
                                                               const std::string& lead) {
  std::optional<AssignmentRecord> found;
  absl::Status read;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT record FROM assignments WHERE workspace = $1 AND lead = $2 "
               "ORDER BY revision DESC LIMIT 1",
               {std::string_view(workspace), std::string_view(lead)},
               [&](const sql::Row& row) { read = DecodeAnswer(row.Text(0), &found.emplace()); }));
  SALES_RETURN_IF_ERROR(read);
  return found;
}

absl::Status InsertAssignment(sql::Connection& db, const std::string& workspace,
                              const AssignmentRecord& record) {
  const std::string text = EncodeAnswer(record);
  return db.Apply(
      "INSERT INTO assignments (workspace, lead, revision, record) VALUES ($1, $2, $3, $4)",
      {std::string_view(workspace), std::string_view(record.lead), record.revision,
       std::string_view(text)});
}

absl::StatusOr<std::string> PreviousSeller(sql::Connection& db, const std::string& workspace,
                                           const std::string& contact, const std::string& lead) {
  std::string seller;
  SALES_RETURN_IF_ERROR(
      // Said so that SQLite looks the contact's leads up: by itself it walks all of the workspace,
      // and by the bare time all of them in its order.
      db.Query("SELECT seller FROM leads WHERE workspace = $1 AND lead IN "
               "(SELECT lead FROM leads WHERE workspace = $1 AND contact = $2) AND "
               "lead <> $3 AND seller <> '' ORDER BY receive_time + 0 DESC, lead DESC LIMIT 1",
               {std::string_view(workspace), std::string_view(contact), std::string_view(lead)},
               [&](const sql::Row& row) { seller = TextOf(row, 0); }));
  return seller;
}

absl::Status EnterQueue(sql::Connection& db, const std::string& workspace,
                        const QueuedLead& queued) {
  return db.Apply(
      "INSERT INTO assignment_queue (workspace, lead, revision) VALUES ($1, $2, $3) "
      "ON CONFLICT (workspace, lead) DO NOTHING",
      {std::string_view(workspace), std::string_view(queued.lead), queued.revision});
}

absl::StatusOr<std::vector<QueuedLead>> ListQueue(sql::Connection& db, const std::string& workspace,
                                                  const QueuedLead& after, int count) {
  std::vector<QueuedLead> queue;
  SALES_RETURN_IF_ERROR(db.Query(
      "SELECT revision, lead FROM assignment_queue WHERE workspace = $1 AND "
      "(revision > $2 OR (revision = $2 AND lead > $3)) ORDER BY revision, lead LIMIT $4",
      {std::string_view(workspace), after.revision, std::string_view(after.lead), int64_t{count}},
      [&](const sql::Row& row) {
        queue.push_back({row.Int(0), TextOf(row, 1)});
      }));
  return queue;
}

}  // namespace sales::store
