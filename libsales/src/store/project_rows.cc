#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "src/decide/errors.h"
#include "src/store/handoff_rows.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

#define PROJECT_COLUMNS                                                             \
  "project, state, manager, seller, members, satisfaction, open_time, close_time, " \
  "create_time, update_time, revision"

Project ReadProject(const sql::Row& row) {
  Project project;
  project.id = TextOf(row, 0);
  project.state = static_cast<ProjectState>(row.Int(1));
  project.manager = TextOf(row, 2);
  project.seller = TextOf(row, 3);
  project.members = absl::StrSplit(TextOf(row, 4), ' ', absl::SkipEmpty());
  project.satisfaction = static_cast<int>(row.Int(5));
  project.open_time = TimeOf(row, 6);
  project.close_time = OptionalTimeOf(row, 7);
  project.create_time = TimeOf(row, 8);
  project.update_time = TimeOf(row, 9);
  project.revision = row.Int(10);
  project.etag = std::to_string(project.revision);
  project.client = TextOf(row, 11);
  return project;
}

constexpr FilterEnumName kStateNames[] = {
    {"LIVE", static_cast<int64_t>(ProjectState::kLive)},
    {"CLOSED", static_cast<int64_t>(ProjectState::kClosed)},
};
constexpr FilterField kFilterFields[] = {
    {"state", FilterType::kEnum, "state", kStateNames},
    {"client", FilterType::kResource, "client", {}, "contacts"},
    {"seller", FilterType::kResource, "seller", {}, "sellers"},
    {"manager", FilterType::kText, "manager"},
    {"satisfaction", FilterType::kInteger, "satisfaction"},
    {"open_time", FilterType::kTime, "open_time"},
    {"close_time", FilterType::kTime, "close_time"},
};
constexpr OrderField kOrderFields[] = {{"open_time", "open_time"}, {"update_time", "update_time"}};

}  // namespace

absl::StatusOr<std::optional<ProjectRecord>> LoadProject(sql::Connection& db,
                                                         const std::string& workspace,
                                                         const std::string& project) {
  std::optional<ProjectRecord> found;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT " PROJECT_COLUMNS
               ", client FROM shown_projects WHERE workspace = $1 AND project = $2",
               {std::string_view(workspace), std::string_view(project)},
               [&](const sql::Row& row) { found.emplace().project = ReadProject(row); }));
  if (!found.has_value()) return found;
  SALES_ASSIGN_OR_RETURN(found->sellers, SellersOfOtherLeads(db, workspace, project, ""));
  return found;
}

absl::StatusOr<std::vector<std::string>> SellersOfOtherLeads(sql::Connection& db,
                                                             const std::string& workspace,
                                                             const std::string& project,
                                                             const std::string& lead) {
  std::vector<std::string> sellers;
  // A lead that is nurtured is still to be sold.
  SALES_RETURN_IF_ERROR(db.Query(
      "SELECT DISTINCT seller FROM leads WHERE workspace = $1 AND project <> '' AND project = $2 "
      "AND seller <> '' AND lead <> $3 AND state IN ($4, $5)",
      {std::string_view(workspace), std::string_view(project), std::string_view(lead),
       static_cast<int64_t>(LeadState::kOpen), static_cast<int64_t>(LeadState::kNurtured)},
      [&](const sql::Row& row) { sellers.push_back(TextOf(row, 0)); }));
  return sellers;
}

absl::Status SaveProject(sql::Connection& db, const std::string& workspace,
                         const Project& project) {
  const std::string members = absl::StrJoin(project.members, " ");
  return db.Apply(
      "INSERT INTO projects (workspace, " PROJECT_COLUMNS
      ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
      "ON CONFLICT (workspace, project) DO UPDATE SET state = excluded.state, "
      "manager = excluded.manager, seller = excluded.seller, members = excluded.members, "
      "satisfaction = excluded.satisfaction, close_time = excluded.close_time, "
      "update_time = excluded.update_time, revision = excluded.revision",
      {std::string_view(workspace), std::string_view(project.id),
       static_cast<int64_t>(project.state), std::string_view(project.manager),
       std::string_view(project.seller), std::string_view(members), int64_t{project.satisfaction},
       ToMicros(project.open_time), Nullable(project.close_time), ToMicros(project.create_time),
       ToMicros(project.update_time), project.revision});
}

absl::StatusOr<std::vector<ProjectRecord>> ListProjects(sql::Connection& db,
                                                        const std::string& workspace,
                                                        const ListPlan& plan) {
  std::vector<ProjectRecord> records;
  SALES_RETURN_IF_ERROR(
      RunList(db, "SELECT " PROJECT_COLUMNS ", client FROM shown_projects", workspace, plan,
              [&](const sql::Row& row) { records.emplace_back().project = ReadProject(row); }));
  for (ProjectRecord& record : records) {
    SALES_ASSIGN_OR_RETURN(record.sellers,
                           SellersOfOtherLeads(db, workspace, record.project.id, ""));
  }
  return records;
}

const ListSchema& ProjectListSchema() {
  static const ListSchema schema = {
      "projects", kFilterFields, kOrderFields, {"open_time", false}, "project"};
  return schema;
}

int64_t ProjectOrderKey(const Project& project, const ListPlan& plan) {
  return ToMicros(std::string_view(plan.order.column) == "update_time" ? project.update_time
                                                                       : project.open_time);
}

}  // namespace sales::store
