#ifndef SALES_SRC_STORE_TEAM_ROWS_H_
#define SALES_SRC_STORE_TEAM_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "sales/lead.h"
#include "sales/load.h"
#include "sales/team.h"
#include "src/sql/driver.h"

namespace sales::store {

// Teams and sellers. Saving inserts or updates; `revision` becomes the workspace's last of its
// teams.

absl::StatusOr<std::optional<Team>> LoadTeam(sql::Connection& db, const std::string& workspace,
                                             const std::string& team);
absl::Status SaveTeam(sql::Connection& db, const std::string& workspace, const Team& team,
                      int64_t revision);
// Up to `count` with an id after `after`, by id.
absl::StatusOr<std::vector<Team>> ListTeams(sql::Connection& db, const std::string& workspace,
                                            const std::string& after, int count);

absl::StatusOr<std::optional<Seller>> LoadSeller(sql::Connection& db, const std::string& workspace,
                                                 const std::string& seller);
absl::Status SaveSeller(sql::Connection& db, const std::string& workspace, const Seller& seller,
                        int64_t revision);
absl::StatusOr<std::vector<Seller>> ListSellers(sql::Connection& db, const std::string& workspace,
                                                const std::string& after, int count);

absl::Status SetTeamRevision(sql::Connection& db, const std::string& workspace, int64_t revision);

// How many open leads a seller has in a stage.
struct SellerLoad {
  std::string seller;
  std::string funnel;
  std::string stage;
  int64_t leads = 0;
};
absl::StatusOr<std::vector<SellerLoad>> LoadSellerLoads(sql::Connection& db,
                                                        const std::string& workspace);
// Counts a lead where it is, and no longer where it was; unset: it was nowhere. Takes a lead that
// no longer waits for a seller out of the queue.
absl::Status MoveLoad(sql::Connection& db, const std::string& workspace, const Lead* before,
                      const Lead& after);
absl::Status LeaveQueue(sql::Connection& db, const std::string& workspace, const std::string& lead);
// How many counts differ from the open leads.
absl::StatusOr<int64_t> CountLoadFaults(sql::Connection& db, const std::string& workspace);

// How many leads a seller was given on a day, and in the days [first, end).
absl::Status AddToSellerDay(sql::Connection& db, const std::string& workspace,
                            const std::string& seller, absl::CivilDay day);
absl::StatusOr<int64_t> LeadsGiven(sql::Connection& db, const std::string& workspace,
                                   const std::string& seller, absl::CivilDay first,
                                   absl::CivilDay end);

struct SellerTurn {
  std::string seller;
  int64_t turn = 0;
  int64_t pass_start = 0;
  int64_t pass = 0;
};
absl::StatusOr<std::vector<SellerTurn>> LoadTurns(sql::Connection& db,
                                                  const std::string& workspace);
absl::Status SaveTurn(sql::Connection& db, const std::string& workspace, const SellerTurn& turn);
// For a seller who joins another team: he begins there like a new one.
absl::Status ForgetTurn(sql::Connection& db, const std::string& workspace,
                        const std::string& seller);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_TEAM_ROWS_H_
