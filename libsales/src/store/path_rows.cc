#include "src/store/path_rows.h"

#include <cstdint>
#include <limits>
#include <string_view>

#include "sales/limits.h"
#include "src/decide/errors.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

absl::StatusOr<ContactTouches> Load(sql::Connection& db, const std::string& workspace,
                                    const std::string& contact, int64_t touches_max,
                                    int64_t leads_max) {
  ContactTouches found;
  SALES_RETURN_IF_ERROR(db.Query(
      "SELECT channel, campaign, occur_time, revision FROM touches WHERE workspace = $1 "
      "AND contact = $2 ORDER BY occur_time, revision, channel, campaign LIMIT $3",
      {std::string_view(workspace), std::string_view(contact), touches_max},
      [&](const sql::Row& row) {
        found.touches.push_back({TextOf(row, 0), TextOf(row, 1), TimeOf(row, 2), row.Int(3)});
      }));
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT lead, channel, funnel, receive_time, create_time, state, close_time, "
               "won_value FROM leads WHERE workspace = $1 AND contact = $2 ORDER BY lead LIMIT $3",
               {std::string_view(workspace), std::string_view(contact), leads_max},
               [&](const sql::Row& row) {
                 PathLead& lead = found.leads.emplace_back();
                 lead.id = TextOf(row, 0);
                 lead.channel = TextOf(row, 1);
                 lead.funnel = TextOf(row, 2);
                 lead.receive_time = TimeOf(row, 3);
                 lead.create_time = TimeOf(row, 4);
                 lead.won = static_cast<LeadState>(row.Int(5)) == LeadState::kWon && !row.IsNull(6);
                 if (!lead.won) return;
                 lead.win_time = TimeOf(row, 6);
                 lead.won_value = row.IsNull(7) ? 0 : row.Int(7);
               }));
  return found;
}

}  // namespace

absl::StatusOr<ContactTouches> LoadContactTouches(sql::Connection& db, const std::string& workspace,
                                                  const std::string& contact) {
  return Load(db, workspace, contact, limits::path_touches_max + 1, limits::path_leads_max + 1);
}

absl::StatusOr<ContactTouches> LoadAllContactTouches(sql::Connection& db,
                                                     const std::string& workspace,
                                                     const std::string& contact) {
  constexpr int64_t kAll = std::numeric_limits<int64_t>::max();
  return Load(db, workspace, contact, kAll, kAll);
}

}  // namespace sales::store
