#include "src/store/referral_rows.h"

#include <cstdint>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sales/limits.h"
#include "src/decide/errors.h"
#include "src/store/inquiry.h"
#include "src/store/list.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

Referral ReadReferral(const sql::Row& row) {
  return {TextOf(row, 0), TextOf(row, 1), TextOf(row, 2), TimeOf(row, 3)};
}

// A lead's year for AddToReferrer: of 365.25 days since 1970, the same in every time zone.
constexpr int64_t kYearMicros = int64_t{1461} * 6 * 3'600 * 1'000'000;

int64_t YearOf(absl::Time time) { return ToMicros(time) / kYearMicros; }

// What `referrers` must hold of each year, and of all of them: year, referrer, leads.
std::string SelectCounted(const std::string& year) {
  return absl::StrCat("SELECT CAST(", year, " AS BIGINT) AS year, referrer, COUNT(*) AS leads ",
                      "FROM leads WHERE workspace = $1 AND referrer <> '' AND generation > 0 ",
                      "GROUP BY 1, 2");
}
std::string SelectOfYears() { return SelectCounted(absl::StrCat("receive_time / ", kYearMicros)); }
std::string SelectOfAll() { return SelectCounted(absl::StrCat(kAllYears)); }

// Referrer, contact, state and won value.
ReferredRow ReadReferred(const sql::Row& row, int64_t generation) {
  const bool won = row.Int(2) == static_cast<int64_t>(LeadState::kWon);
  return {TextOf(row, 0), TextOf(row, 1), generation, won, won && !row.IsNull(3) ? row.Int(3) : 0};
}

// What `count` contacts sent, from $4 on, empty where there are fewer. The leads are looked for by
// their referrer: `+ 0` keeps a planner that does not know how long the times asked for are from
// taking all that were sent in them.
std::string SelectSent(size_t count) {
  return absl::StrCat(
      "SELECT referrer, contact, state, won_value FROM leads WHERE workspace = $1 AND referrer IN ",
      Placeholders(4, count),
      " AND referrer <> '' AND generation > 0 AND receive_time + 0 >= $2 AND receive_time + 0 < "
      "$3");
}

// The same of any number of contacts, with a '/' between two in $4. A planner that weighs a look by
// the index for each against going through all that were sent takes too much for the first; OFFSET
// 0 leaves it no choice.
constexpr std::string_view kSelectSentOfEach =
    "SELECT sent.referrer, sent.contact, sent.state, sent.won_value "
    "FROM unnest(string_to_array($4, '/')) AS sender (contact) CROSS JOIN LATERAL "
    "(SELECT referrer, contact, state, won_value FROM leads WHERE workspace = $1 AND "
    "referrer = sender.contact AND referrer <> '' AND generation > 0 AND receive_time >= $2 AND "
    "receive_time < $3 OFFSET 0) AS sent";

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

absl::Status AddToReferrer(sql::Connection& db, const std::string& workspace,
                           const std::string& referrer, absl::Time receive_time, int64_t leads) {
  for (const int64_t year : {kAllYears, YearOf(receive_time)}) {
    SALES_RETURN_IF_ERROR(
        db.Apply("INSERT INTO referrers (workspace, year, referrer, leads) VALUES ($1, $2, $3, $4) "
                 "ON CONFLICT (workspace, year, referrer) DO UPDATE SET "
                 "leads = referrers.leads + excluded.leads",
                 {std::string_view(workspace), year, std::string_view(referrer), leads}));
  }
  return absl::OkStatus();
}

std::pair<int64_t, int64_t> YearsOf(absl::Time from, absl::Time to) {
  return {YearOf(from), YearOf(to - absl::Microseconds(1))};
}

absl::Status ReplaceReferrers(sql::Connection& db, const std::string& workspace) {
  SALES_RETURN_IF_ERROR(
      db.Apply("DELETE FROM referrers WHERE workspace = $1", {std::string_view(workspace)}));
  for (const std::string& counted : {SelectOfYears(), SelectOfAll()}) {
    SALES_RETURN_IF_ERROR(
        db.Apply(absl::StrCat("INSERT INTO referrers (workspace, year, referrer, leads) "
                              "SELECT $1, year, referrer, leads FROM (",
                              counted, ") AS counted"),
                 {std::string_view(workspace)}));
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> CountReferrerFaults(sql::Connection& db, const std::string& workspace) {
  int64_t faults = 0;
  SALES_RETURN_IF_ERROR(
      db.Query(absl::StrCat("WITH kept AS (SELECT year, referrer, leads FROM referrers "
                            "WHERE workspace = $1 AND leads <> 0), there AS (",
                            SelectOfYears(), " UNION ALL ", SelectOfAll(),
                            "), too_many AS (SELECT * FROM kept EXCEPT SELECT * FROM there), "
                            "missing AS (SELECT * FROM there EXCEPT SELECT * FROM kept) "
                            "SELECT (SELECT COUNT(*) FROM too_many) + "
                            "(SELECT COUNT(*) FROM missing)"),
               {std::string_view(workspace)}, [&](const sql::Row& row) { faults = row.Int(0); }));
  return faults;
}

absl::StatusOr<NearReferrals> ReferralsNear(sql::Connection& db, const std::string& workspace,
                                            const std::string& referrer, absl::Time receive_time,
                                            const std::string& lead) {
  NearReferrals near;
  const auto look = [&](std::string_view sql, std::optional<absl::Time>& found) {
    return db.Query(sql,
                    {std::string_view(workspace), std::string_view(referrer),
                     ToMicros(receive_time), std::string_view(lead)},
                    [&](const sql::Row& row) { found = TimeOf(row, 0); });
  };
  SALES_RETURN_IF_ERROR(look(
      "SELECT receive_time FROM leads WHERE workspace = $1 AND referrer = $2 AND referrer <> '' "
      "AND generation > 0 AND receive_time <= $3 AND lead <> $4 "
      "ORDER BY receive_time DESC LIMIT 1",
      near.before));
  SALES_RETURN_IF_ERROR(look(
      "SELECT receive_time FROM leads WHERE workspace = $1 AND referrer = $2 AND referrer <> '' "
      "AND generation > 0 AND receive_time >= $3 AND lead <> $4 ORDER BY receive_time LIMIT 1",
      near.after));
  return near;
}

absl::StatusOr<std::vector<std::vector<ReferrerCount>>> MostReferring(
    sql::Connection& db, const std::string& workspace, absl::Span<const int64_t> years,
    absl::Time from, absl::Time to, int64_t count) {
  constexpr std::string_view kMost =
      "SELECT most.referrer, most.leads, (SELECT COUNT(*) FROM leads WHERE leads.workspace = $1 "
      "AND leads.referrer = most.referrer AND leads.referrer <> '' AND leads.generation > 0 AND "
      "leads.receive_time + 0 >= $2 AND leads.receive_time + 0 < $3) FROM "
      "(SELECT referrer, leads FROM referrers WHERE workspace = $1 AND year = $4 AND leads > 0 "
      "ORDER BY leads DESC, referrer LIMIT $5) AS most ORDER BY most.leads DESC, most.referrer";
  std::vector<std::vector<ReferrerCount>> referrers(years.size());
  Inquiry inquiry;
  for (size_t i = 0; i < years.size(); ++i) {
    inquiry.Add(kMost, {std::string_view(workspace), ToMicros(from), ToMicros(to), years[i], count},
                [&of_year = referrers[i]](const sql::Row& row) {
                  of_year.push_back({TextOf(row, 0), row.Int(1), row.Int(2)});
                  return absl::OkStatus();
                });
  }
  SALES_RETURN_IF_ERROR(inquiry.Ask(db));
  return referrers;
}

absl::Status ScanReferred(sql::Connection& db, const std::string& workspace, absl::Time from,
                          absl::Time to, absl::FunctionRef<void(ReferredRow)> on_row) {
  return db.Query(
      "SELECT referrer, contact, state, won_value, generation FROM leads WHERE workspace = $1 AND "
      "referrer <> '' AND generation > 0 AND receive_time >= $2 AND receive_time < $3",
      {std::string_view(workspace), ToMicros(from), ToMicros(to)},
      [&](const sql::Row& row) { on_row(ReadReferred(row, row.Int(4))); });
}

absl::Status ScanSent(sql::Connection& db, const std::string& workspace,
                      absl::Span<const std::string> contacts, absl::Time from, absl::Time to,
                      absl::FunctionRef<void(ReferredRow)> on_row) {
  const auto take = [&](const sql::Row& row) { on_row(ReadReferred(row, /*generation=*/0)); };
  if (db.has_lateral()) {
    const std::string senders = absl::StrJoin(contacts, "/");
    return db.Query(
        kSelectSentOfEach,
        {std::string_view(workspace), ToMicros(from), ToMicros(to), std::string_view(senders)},
        take);
  }
  // As many as a report lists where it is not asked for more, and as many as it lists at most.
  static const std::string* const kFew = new std::string(SelectSent(limits::page_size_default));
  static const std::string* const kMany = new std::string(SelectSent(limits::page_size_max));
  const bool few = contacts.size() <= static_cast<size_t>(limits::page_size_default);
  std::vector<sql::Param> params = {std::string_view(workspace), ToMicros(from), ToMicros(to)};
  for (const std::string& contact : contacts) params.emplace_back(std::string_view(contact));
  const size_t size = few ? limits::page_size_default : limits::page_size_max;
  params.resize(size + 3, std::string_view());
  return db.Query(few ? *kFew : *kMany, params, take);
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
