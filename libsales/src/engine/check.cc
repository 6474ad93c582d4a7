#include "src/engine/check.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/decide/errors.h"
#include "src/decide/fold.h"
#include "src/decide/handoff.h"
#include "src/engine/record_scan.h"
#include "src/store/event_rows.h"
#include "src/store/handoff_rows.h"
#include "src/store/referral_rows.h"
#include "src/store/tally_rows.h"
#include "src/store/team_rows.h"
#include "src/store/workspace_rows.h"

namespace sales::internal {
namespace {

absl::Status CheckHandoffs(sql::Connection& db, const Workspace& workspace,
                           std::map<std::string, HandoffFold> told,
                           std::vector<CheckFault>& faults) {
  int64_t differences = 0;
  SALES_RETURN_IF_ERROR(store::ScanHandoffs(db, workspace.id, [&](const Handoff& handoff) {
    const auto found = told.find(handoff.id);
    if (found == told.end() || !(found->second == FoldOf(handoff))) ++differences;
    if (found != told.end()) told.erase(found);
  }));
  differences += static_cast<int64_t>(told.size());
  if (differences > 0) {
    faults.push_back({workspace.id, "handoff",
                      absl::StrCat(differences, " handoffs differ from what the events tell")});
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckWorkspace(sql::Connection& db, const Workspace& workspace,
                            std::vector<CheckFault>& faults) {
  SALES_ASSIGN_OR_RETURN(const store::RevisionSpan span,
                         store::RevisionsOf(db, workspace.id, workspace.oldest_revision));
  if (span.first != workspace.oldest_revision || span.last != workspace.revision ||
      span.count != workspace.revision - workspace.oldest_revision + 1) {
    faults.push_back({workspace.id, "revision_gap",
                      absl::StrCat("revisions ", span.first, " to ", span.last, ", ", span.count,
                                   " of them, where ", workspace.oldest_revision, " to ",
                                   workspace.revision, " are expected")});
  }
  SALES_ASSIGN_OR_RETURN(const absl::TimeZone zone, LoadZone("time_zone", workspace.time_zone));
  Fold fold(zone);
  std::map<std::string, HandoffFold> handoffs;
  SALES_RETURN_IF_ERROR(
      ScanRecord(db, workspace.id, workspace.revision, fold, [&](const Event& event) {
        constexpr absl::string_view kHandoffs = "handoffs/";
        if (absl::StartsWith(event.subject, kHandoffs)) {
          handoffs[event.subject.substr(kHandoffs.size())].Add(event);
        }
        return fold.Add(event);
      }));
  SALES_RETURN_IF_ERROR(CheckHandoffs(db, workspace, std::move(handoffs), faults));
  SALES_ASSIGN_OR_RETURN(const int64_t differences,
                         store::CountTallyFaults(db, workspace.id, fold.Tallies()));
  if (differences > 0) {
    faults.push_back({workspace.id, "tally",
                      absl::StrCat(differences, " counts differ from a fold over the events")});
  }
  SALES_ASSIGN_OR_RETURN(const int64_t referrers, store::CountReferrerFaults(db, workspace.id));
  if (referrers > 0) {
    faults.push_back({workspace.id, "referrer",
                      absl::StrCat(referrers, " counts differ from the leads that were sent")});
  }
  SALES_ASSIGN_OR_RETURN(const int64_t loads, store::CountLoadFaults(db, workspace.id));
  if (loads > 0) {
    faults.push_back(
        {workspace.id, "load", absl::StrCat(loads, " counts differ from the sellers' open leads")});
  }
  return absl::OkStatus();
}

absl::Status CheckWorkspaces(sql::Connection& db, std::vector<CheckFault>& faults) {
  std::string after;
  while (true) {
    SALES_ASSIGN_OR_RETURN(const std::vector<Workspace> workspaces,
                           store::ListWorkspaces(db, after, limits::page_size_max));
    for (const Workspace& workspace : workspaces) {
      SALES_RETURN_IF_ERROR(CheckWorkspace(db, workspace, faults));
    }
    if (static_cast<int>(workspaces.size()) < limits::page_size_max) return absl::OkStatus();
    after = workspaces.back().id;
  }
}

}  // namespace sales::internal
