#include "src/engine/sight.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "src/engine/leads.h"
#include "src/store/lead_rows.h"

namespace sales::internal {

template <typename Scope>
absl::StatusOr<Sight> SightOf(const Scope& scope) {
  const std::string& viewer = scope.call.viewer;
  const LeadVisibility visibility = scope.row.workspace.lead_visibility;
  if (viewer.empty() || visibility == LeadVisibility::kAll) return Sight();
  std::vector<std::string> seen = {viewer};
  if (visibility == LeadVisibility::kOwn) return Sight(std::move(seen));
  SALES_ASSIGN_OR_RETURN(
      const std::shared_ptr<const TeamSheet> sheet,
      scope.core.teams().Get(scope.db, scope.workspace(), scope.row.team_revision));
  const auto own = std::find_if(sheet->sellers.begin(), sheet->sellers.end(),
                                [&](const Seller& seller) { return seller.id == viewer; });
  if (own == sheet->sellers.end() || own->team.empty()) return Sight(std::move(seen));
  for (const Seller& seller : sheet->sellers) {
    if (seller.team == own->team && seller.id != viewer) seen.push_back(seller.id);
  }
  return Sight(std::move(seen));
}

template <typename Scope>
absl::StatusOr<LeadRecord> FindSeenLead(const Scope& scope, const std::string& lead) {
  SALES_ASSIGN_OR_RETURN(auto&& record,
                         store::LoadLead(scope.db, scope.workspace(), lead, scope.currency_code()));
  SALES_RETURN_IF_ERROR(CheckSeen(scope, record));
  return *std::move(record);
}

template <typename Scope>
absl::Status CheckSeen(const Scope& scope, const std::optional<LeadRecord>& record) {
  if (!record.has_value()) return LeadNotFound();
  SALES_ASSIGN_OR_RETURN(const bool sees, SeesSeller(scope, record->lead.seller));
  return sees ? absl::OkStatus() : LeadNotFound();
}

template <typename Scope>
absl::StatusOr<bool> SeesSeller(const Scope& scope, const std::string& seller) {
  SALES_ASSIGN_OR_RETURN(const Sight sight, SightOf(scope));
  return !sight.has_value() || std::find(sight->begin(), sight->end(), seller) != sight->end();
}

template <typename Scope>
absl::Status CheckSeesContact(const Scope& scope, const std::string& contact) {
  SALES_ASSIGN_OR_RETURN(const Sight sight, SightOf(scope));
  if (!sight.has_value()) return absl::OkStatus();
  SALES_ASSIGN_OR_RETURN(const bool seen,
                         store::HasLeadOf(scope.db, scope.workspace(), contact, *sight));
  if (seen) return absl::OkStatus();
  return MakeError(Reason::kContactNotFound, "There is no such contact.");
}

absl::Status NarrowToSeen(const ReadScope& scope, store::ListPlan& plan) {
  SALES_ASSIGN_OR_RETURN(const Sight sight, SightOf(scope));
  if (sight.has_value()) store::KeepOfSellers(*sight, plan);
  return absl::OkStatus();
}

absl::Status NarrowToSeenContacts(const ReadScope& scope, store::ListPlan& plan) {
  SALES_ASSIGN_OR_RETURN(const Sight sight, SightOf(scope));
  if (sight.has_value()) store::KeepContactsOfSellers(*sight, plan);
  return absl::OkStatus();
}

#define SALES_SIGHT(Scope)                                                            \
  template absl::StatusOr<Sight> SightOf(const Scope&);                               \
  template absl::StatusOr<LeadRecord> FindSeenLead(const Scope&, const std::string&); \
  template absl::Status CheckSeen(const Scope&, const std::optional<LeadRecord>&);    \
  template absl::StatusOr<bool> SeesSeller(const Scope&, const std::string&);         \
  template absl::Status CheckSeesContact(const Scope&, const std::string&)
SALES_SIGHT(ReadScope);
SALES_SIGHT(WriteScope);
#undef SALES_SIGHT

}  // namespace sales::internal
