#include "src/store/referral_rows.h"

#include <cstdint>
#include <string_view>

#include "src/decide/errors.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

Referral ReadReferral(const sql::Row& row) {
  return {TextOf(row, 0), TextOf(row, 1), TextOf(row, 2), TimeOf(row, 3)};
}

}  // namespace

absl::Status InsertReferral(sql::Connection& db, const std::string& workspace,
                            const Referral& referral) {
  return db.Apply(
      "INSERT INTO referrals (workspace, contact, referrer, occur_time) "
      "VALUES ($1, $2, $3, $4)",
      {std::string_view(workspace), std::string_view(referral.contact),
       std::string_view(referral.referrer), ToMicros(referral.occur_time)});
}

absl::Status DeleteReferral(sql::Connection& db, const std::string& workspace,
                            const Referral& referral) {
  return db.Apply("DELETE FROM referrals WHERE workspace = $1 AND contact = $2 AND referrer = $3",
                  {std::string_view(workspace), std::string_view(referral.contact),
                   std::string_view(referral.referrer)});
}

absl::StatusOr<bool> ReferralExists(sql::Connection& db, const std::string& workspace,
                                    const Referral& referral) {
  bool found = false;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT 1 FROM referrals WHERE workspace = $1 AND contact = $2 AND referrer = $3",
               {std::string_view(workspace), std::string_view(referral.contact),
                std::string_view(referral.referrer)},
               [&](const sql::Row&) { found = true; }));
  return found;
}

absl::StatusOr<std::vector<Referral>> ReferralsByHand(sql::Connection& db,
                                                      const std::string& workspace,
                                                      const std::string& contact) {
  std::vector<Referral> referrals;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT referrer, contact, '', occur_time FROM referrals WHERE workspace = $1 AND "
               "(contact = $2 OR referrer = $2) ORDER BY contact, referrer",
               {std::string_view(workspace), std::string_view(contact)},
               [&](const sql::Row& row) { referrals.push_back(ReadReferral(row)); }));
  return referrals;
}

absl::StatusOr<std::vector<std::string>> ReferrersOf(sql::Connection& db,
                                                     const std::string& workspace,
                                                     const std::string& contact) {
  std::vector<std::string> referrers;
  // The leads by their keys: SQLite walks those of the workspace rather than look them up twice.
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT referrer FROM referrals WHERE workspace = $1 AND contact = $2 UNION "
               "SELECT referrer FROM leads WHERE workspace = $1 AND lead IN "
               "(SELECT lead FROM leads WHERE workspace = $1 AND contact = $2) AND referrer <> ''",
               {std::string_view(workspace), std::string_view(contact)},
               [&](const sql::Row& row) { referrers.push_back(TextOf(row, 0)); }));
  return referrers;
}

absl::StatusOr<int64_t> GenerationOf(sql::Connection& db, const std::string& workspace,
                                     const std::string& contact) {
  int64_t generation = 0;
  // By their keys, as above.
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT MIN(generation) FROM leads WHERE workspace = $1 AND lead IN "
               "(SELECT lead FROM leads WHERE workspace = $1 AND contact = $2) AND referrer <> '' "
               "AND generation > 0",
               {std::string_view(workspace), std::string_view(contact)},
               [&](const sql::Row& row) { generation = row.IsNull(0) ? 0 : row.Int(0); }));
  return generation;
}

absl::Status ScanReferred(sql::Connection& db, const std::string& workspace, absl::Time from,
                          absl::Time to, absl::FunctionRef<void(ReferredRow)> on_row) {
  return db.Query(
      "SELECT referrer, contact, generation, state, won_value FROM leads WHERE workspace = $1 AND "
      "referrer <> '' AND generation > 0 AND receive_time >= $2 AND receive_time < $3",
      {std::string_view(workspace), ToMicros(from), ToMicros(to)}, [&](const sql::Row& row) {
        const bool won = row.Int(3) == static_cast<int64_t>(LeadState::kWon);
        on_row({TextOf(row, 0), TextOf(row, 1), row.Int(2), won,
                won && !row.IsNull(4) ? row.Int(4) : 0});
      });
}

absl::StatusOr<std::vector<Referral>> ListReferrals(sql::Connection& db,
                                                    const std::string& workspace,
                                                    const std::string& contact,
                                                    const Referral& after, int count) {
  std::vector<Referral> referrals;
  SALES_RETURN_IF_ERROR(db.Query(
      "SELECT referrer, contact, lead, occur_time FROM ("
      "SELECT referrer, contact, '' AS lead, occur_time FROM referrals "
      "WHERE workspace = $1 AND (contact = $2 OR referrer = $2) UNION ALL "
      "SELECT referrer, contact, lead, receive_time FROM leads "
      "WHERE workspace = $1 AND referrer <> '' AND contact = $2 UNION ALL "
      "SELECT referrer, contact, lead, receive_time FROM leads "
      "WHERE workspace = $1 AND referrer <> '' AND referrer = $2 AND contact <> $2) AS referral "
      "WHERE (contact, referrer, lead) > ($3, $4, $5) ORDER BY contact, referrer, lead LIMIT $6",
      {std::string_view(workspace), std::string_view(contact), std::string_view(after.contact),
       std::string_view(after.referrer), std::string_view(after.lead), int64_t{count}},
      [&](const sql::Row& row) { referrals.push_back(ReadReferral(row)); }));
  return referrals;
}

}  // namespace sales::store
