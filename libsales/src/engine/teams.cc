#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sales/engine.h"
#include "src/decide/assignment.h"
#include "src/decide/bounds.h"
#include "src/decide/page_token.h"
#include "src/engine/core.h"
#include "src/engine/fingerprint.h"
#include "src/store/list.h"
#include "src/store/team_codec.h"
#include "src/store/team_rows.h"

namespace sales {
namespace {

using internal::CallFingerprint;
using internal::ReadScope;
using internal::WriteScope;

absl::StatusOr<Team> FindTeam(sql::Connection& db, const std::string& workspace,
                              const std::string& team) {
  SALES_ASSIGN_OR_RETURN(std::optional<Team> found, store::LoadTeam(db, workspace, team));
  if (!found.has_value()) return MakeError(Reason::kTeamNotFound, "There is no such team.");
  return *std::move(found);
}

absl::Status CheckDisplayName(const std::string& display_name) {
  return CheckText("display_name", display_name, limits::display_name_bytes_max);
}

absl::Status Keep(WriteScope& scope, EventType type, Team& team) {
  team.update_time = scope.now;
  team.etag = std::to_string(scope.revision());
  SALES_RETURN_IF_ERROR(store::SaveTeam(scope.db, scope.workspace(), team, scope.revision()));
  Event event;
  event.type = type;
  event.subject = "teams/" + team.id;
  return scope.Record(std::move(event));
}

}  // namespace

absl::StatusOr<Team> Desk::CreateTeam(const sales::CreateTeam& command) const {
  SALES_RETURN_IF_ERROR(CheckId("team_id", command.id));
  SALES_RETURN_IF_ERROR(CheckDisplayName(command.display_name));
  return core_->Write<Team>(
      workspace_, call_, CallFingerprint(call_, "CreateTeam", command),
      [&](WriteScope& scope) -> absl::StatusOr<Team> {
        SALES_ASSIGN_OR_RETURN(const std::vector<Team> teams,
                               store::ListTeams(scope.db, workspace_, "", limits::teams_max));
        for (const Team& other : teams) {
          if (other.id == command.id) return FieldError(Reason::kTeamExists, "team_id", "is taken");
        }
        SALES_RETURN_IF_ERROR(CheckRoomFor("teams", teams.size(), limits::teams_max));
        Team team;
        team.id = command.id;
        team.display_name = command.display_name.empty() ? command.id : command.display_name;
        team.create_time = scope.now;
        SALES_RETURN_IF_ERROR(Keep(scope, EventType::kTeamCreated, team));
        return team;
      });
}

absl::StatusOr<Team> Desk::GetTeam(const std::string& team) const {
  Team found;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(found, FindTeam(scope.db, workspace_, team));
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<Page<Team>> Desk::ListTeams(const ListQuery& query) const {
  SALES_RETURN_IF_ERROR(CheckPageSize(query.page_size));
  const int page_size = PageSizeOf(query.page_size);
  const uint64_t fingerprint = Fingerprint({"teams", workspace_});
  SALES_ASSIGN_OR_RETURN(const std::string after, store::IdAfter(fingerprint, query.page_token));
  Page<Team> page;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(page.items,
                           store::ListTeams(scope.db, workspace_, after, page_size + 1));
    return absl::OkStatus();
  }));
  if (static_cast<int>(page.items.size()) > page_size) {
    page.items.pop_back();
    page.next_page_token = store::IdPageToken(fingerprint, page.items.back().id);
  }
  return page;
}

absl::StatusOr<Team> Desk::UpdateTeam(const std::string& team,
                                      const sales::UpdateTeam& command) const {
  if (command.display_name.has_value()) {
    SALES_RETURN_IF_ERROR(CheckDisplayName(*command.display_name));
  }
  return core_->Write<Team>(workspace_, call_, CallFingerprint(call_, "UpdateTeam", team, command),
                            [&](WriteScope& scope) -> absl::StatusOr<Team> {
                              SALES_ASSIGN_OR_RETURN(Team changed,
                                                     FindTeam(scope.db, workspace_, team));
                              SALES_RETURN_IF_ERROR(internal::CheckEtag(call_, changed.etag));
                              if (command.display_name.has_value())
                                changed.display_name = *command.display_name;
                              SALES_RETURN_IF_ERROR(Keep(scope, EventType::kTeamUpdated, changed));
                              return changed;
                            });
}

}  // namespace sales
