#include "src/store/team_rows.h"

#include <string_view>

#include "sales/load.h"
#include "src/decide/errors.h"
#include "src/store/params.h"
#include "src/store/team_codec.h"

namespace sales::store {
namespace {

#define TEAM_COLUMNS "team, display_name, create_time, update_time, revision"

Team ReadTeam(const sql::Row& row) {
  return {TextOf(row, 0), TextOf(row, 1), TimeOf(row, 2), TimeOf(row, 3),
          std::to_string(row.Int(4))};
}

bool IsLoad(const Lead& lead) { return lead.state == LeadState::kOpen && !lead.seller.empty(); }

bool SameLoad(const Lead& a, const Lead& b) {
  return IsLoad(a) == IsLoad(b) && a.seller == b.seller && a.funnel == b.funnel &&
         a.stage == b.stage;
}

absl::Status AddToLoad(sql::Connection& db, const std::string& workspace, const Lead& lead,
                       int64_t leads) {
  return db.Apply(
      "INSERT INTO seller_loads (workspace, seller, funnel, stage, leads) VALUES "
      "($1, $2, $3, $4, $5) ON CONFLICT (workspace, seller, funnel, stage) DO UPDATE SET "
      "leads = seller_loads.leads + excluded.leads",
      {std::string_view(workspace), std::string_view(lead.seller), std::string_view(lead.funnel),
       std::string_view(lead.stage), leads});
}

}  // namespace

absl::StatusOr<std::optional<Team>> LoadTeam(sql::Connection& db, const std::string& workspace,
                                             const std::string& team) {
  std::optional<Team> found;
  SALES_RETURN_IF_ERROR(db.Query("SELECT " TEAM_COLUMNS
                                 " FROM teams WHERE workspace = $1 AND team = $2",
                                 {std::string_view(workspace), std::string_view(team)},
                                 [&](const sql::Row& row) { found = ReadTeam(row); }));
  return found;
}

absl::Status SaveTeam(sql::Connection& db, const std::string& workspace, const Team& team,
                      int64_t revision) {
  SALES_RETURN_IF_ERROR(db.Apply(
      "INSERT INTO teams (workspace, " TEAM_COLUMNS
      ") VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace, team) DO UPDATE SET "
      "display_name = excluded.display_name, update_time = excluded.update_time, "
      "revision = excluded.revision",
      {std::string_view(workspace), std::string_view(team.id), std::string_view(team.display_name),
       ToMicros(team.create_time), ToMicros(team.update_time), revision}));
  return SetTeamRevision(db, workspace, revision);
}

absl::StatusOr<std::vector<Team>> ListTeams(sql::Connection& db, const std::string& workspace,
                                            const std::string& after, int count) {
  std::vector<Team> teams;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT " TEAM_COLUMNS
               " FROM teams WHERE workspace = $1 AND team > $2 ORDER BY team LIMIT $3",
               {std::string_view(workspace), std::string_view(after), int64_t{count}},
               [&](const sql::Row& row) { teams.push_back(ReadTeam(row)); }));
  return teams;
}

absl::StatusOr<std::optional<Seller>> LoadSeller(sql::Connection& db, const std::string& workspace,
                                                 const std::string& seller) {
  std::optional<Seller> found;
  absl::Status read;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT record FROM sellers WHERE workspace = $1 AND seller = $2",
               {std::string_view(workspace), std::string_view(seller)},
               [&](const sql::Row& row) { read = DecodeAnswer(row.Text(0), &found.emplace()); }));
  SALES_RETURN_IF_ERROR(read);
  return found;
}

absl::Status SaveSeller(sql::Connection& db, const std::string& workspace, const Seller& seller,
                        int64_t revision) {
  const std::string record = EncodeAnswer(seller);
  SALES_RETURN_IF_ERROR(
      db.Apply("INSERT INTO sellers (workspace, seller, record, revision) VALUES "
               "($1, $2, $3, $4) ON CONFLICT (workspace, seller) DO UPDATE SET "
               "record = excluded.record, revision = excluded.revision",
               {std::string_view(workspace), std::string_view(seller.id), std::string_view(record),
                revision}));
  return SetTeamRevision(db, workspace, revision);
}

absl::StatusOr<std::vector<Seller>> ListSellers(sql::Connection& db, const std::string& workspace,
                                                const std::string& after, int count) {
  std::vector<Seller> sellers;
  absl::Status read;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT record FROM sellers WHERE workspace = $1 AND seller > $2 "
               "ORDER BY seller LIMIT $3",
               {std::string_view(workspace), std::string_view(after), int64_t{count}},
               [&](const sql::Row& row) {
                 read.Update(DecodeAnswer(row.Text(0), &sellers.emplace_back()));
               }));
  SALES_RETURN_IF_ERROR(read);
  return sellers;
}

absl::Status SetTeamRevision(sql::Connection& db, const std::string& workspace, int64_t revision) {
  return db.Apply("UPDATE workspaces SET team_revision = $2 WHERE workspace = $1",
                  {std::string_view(workspace), revision});
}

absl::StatusOr<std::vector<SellerLoad>> LoadSellerLoads(sql::Connection& db,
                                                        const std::string& workspace) {
  std::vector<SellerLoad> loads;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT seller, funnel, stage, leads FROM seller_loads WHERE workspace = $1 AND "
               "leads <> 0 ORDER BY seller, funnel, stage",
               {std::string_view(workspace)}, [&](const sql::Row& row) {
                 loads.push_back({TextOf(row, 0), TextOf(row, 1), TextOf(row, 2), row.Int(3)});
               }));
  return loads;
}

absl::Status LeaveQueue(sql::Connection& db, const std::string& workspace,
                        const std::string& lead) {
  return db.Apply("DELETE FROM assignment_queue WHERE workspace = $1 AND lead = $2",
                  {std::string_view(workspace), std::string_view(lead)});
}

absl::Status MoveLoad(sql::Connection& db, const std::string& workspace, const Lead* before,
                      const Lead& after) {
  if (before == nullptr) {
    return IsLoad(after) ? AddToLoad(db, workspace, after, 1) : absl::OkStatus();
  }
  if (before->seller != after.seller || before->state != after.state) {
    SALES_RETURN_IF_ERROR(LeaveQueue(db, workspace, after.id));
  }
  if (SameLoad(*before, after)) return absl::OkStatus();
  if (IsLoad(*before)) SALES_RETURN_IF_ERROR(AddToLoad(db, workspace, *before, -1));
  return IsLoad(after) ? AddToLoad(db, workspace, after, 1) : absl::OkStatus();
}

absl::StatusOr<int64_t> CountLoadFaults(sql::Connection& db, const std::string& workspace) {
  int64_t faults = 0;
  SALES_RETURN_IF_ERROR(db.Query(
      "WITH kept AS (SELECT seller, funnel, stage, leads FROM seller_loads "
      "WHERE workspace = $1 AND leads <> 0), "
      "there AS (SELECT seller, funnel, stage, COUNT(*) AS leads FROM leads "
      "WHERE workspace = $1 AND state = 1 AND seller <> '' GROUP BY seller, funnel, stage), "
      "too_many AS (SELECT * FROM kept EXCEPT SELECT * FROM there), "
      "missing AS (SELECT * FROM there EXCEPT SELECT * FROM kept) "
      "SELECT (SELECT COUNT(*) FROM too_many) + (SELECT COUNT(*) FROM missing)",
      {std::string_view(workspace)}, [&](const sql::Row& row) { faults = row.Int(0); }));
  return faults;
}

absl::Status AddToSellerDay(sql::Connection& db, const std::string& workspace,
                            const std::string& seller, absl::CivilDay day) {
  return db.Apply(
      "INSERT INTO seller_days (workspace, seller, day, leads) VALUES ($1, $2, $3, 1) "
      "ON CONFLICT (workspace, seller, day) DO UPDATE SET leads = seller_days.leads + 1",
      {std::string_view(workspace), std::string_view(seller), DayNumber(day)});
}

absl::StatusOr<int64_t> LeadsGiven(sql::Connection& db, const std::string& workspace,
                                   const std::string& seller, absl::CivilDay first,
                                   absl::CivilDay end) {
  int64_t leads = 0;
  SALES_RETURN_IF_ERROR(db.Query(
      "SELECT SUM(leads) FROM seller_days WHERE workspace = $1 AND "
      "seller = $2 AND day >= $3 AND day < $4",
      {std::string_view(workspace), std::string_view(seller), DayNumber(first), DayNumber(end)},
      [&](const sql::Row& row) { leads = row.Int(0); }));
  return leads;
}

absl::StatusOr<std::vector<SellerTurn>> LoadTurns(sql::Connection& db,
                                                  const std::string& workspace) {
  std::vector<SellerTurn> turns;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT seller, turn, pass_start, pass FROM seller_turns WHERE workspace = $1",
               {std::string_view(workspace)}, [&](const sql::Row& row) {
                 turns.push_back({TextOf(row, 0), row.Int(1), row.Int(2), row.Int(3)});
               }));
  return turns;
}

absl::Status SaveTurn(sql::Connection& db, const std::string& workspace, const SellerTurn& turn) {
  return db.Apply(
      "INSERT INTO seller_turns (workspace, seller, turn, pass_start, pass) VALUES "
      "($1, $2, $3, $4, $5) ON CONFLICT (workspace, seller) DO UPDATE SET "
      "turn = excluded.turn, pass_start = excluded.pass_start, pass = excluded.pass",
      {std::string_view(workspace), std::string_view(turn.seller), turn.turn, turn.pass_start,
       turn.pass});
}

absl::Status ForgetTurn(sql::Connection& db, const std::string& workspace,
                        const std::string& seller) {
  return db.Apply(
      "UPDATE seller_turns SET pass_start = 0, pass = 0 WHERE workspace = $1 AND "
      "seller = $2",
      {std::string_view(workspace), std::string_view(seller)});
}

}  // namespace sales::store
