// What a call may know of: Call::viewer and the workspace's lead_visibility, in one place. What its
// viewer does not see is not there for him, so every door says NOT_FOUND.
//
// `Scope` is ReadScope or WriteScope.
#ifndef SALES_SRC_ENGINE_SIGHT_H_
#define SALES_SRC_ENGINE_SIGHT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/decide/record.h"
#include "src/engine/core.h"
#include "src/store/list.h"

namespace sales::internal {

// Whose leads the viewer sees; nullopt: everybody's, and those of nobody.
using Sight = std::optional<std::vector<std::string>>;
template <typename Scope>
absl::StatusOr<Sight> SightOf(const Scope& scope);

// Errors: LEAD_NOT_FOUND, also for a lead that is not seen.
template <typename Scope>
absl::StatusOr<LeadRecord> FindSeenLead(const Scope& scope, const std::string& lead);

// LEAD_NOT_FOUND for a lead that there is not, or that is not seen.
template <typename Scope>
absl::Status CheckSeen(const Scope& scope, const std::optional<LeadRecord>& record);

// Whether something that has this seller is seen.
template <typename Scope>
absl::StatusOr<bool> SeesSeller(const Scope& scope, const std::string& seller);

// CONTACT_NOT_FOUND unless one of the contact's leads is seen.
template <typename Scope>
absl::Status CheckSeesContact(const Scope& scope, const std::string& contact);

// Leaves in a list what is seen: of what has a seller itself, and of contacts.
absl::Status NarrowToSeen(const ReadScope& scope, store::ListPlan& plan);
absl::Status NarrowToSeenContacts(const ReadScope& scope, store::ListPlan& plan);

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_SIGHT_H_
