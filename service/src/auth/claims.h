// What credentials from elsewhere say of their holder: the same words in a JWT and in the file of
// certificates' identities.
#ifndef SALES_SERVICE_AUTH_CLAIMS_H_
#define SALES_SERVICE_AUTH_CLAIMS_H_

#include <optional>
#include <string>
#include <vector>

#include "sales/token.h"
#include "service/src/auth/principal.h"

namespace sales::service {

struct Claims {
  std::string actor;
  // "head-of-sales".
  std::string role;
  // Ids, or "all" alone.
  std::vector<std::string> workspaces;
};

// "head-of-sales" is Role::kHeadOfSales; nothing of that name is Role::kUnspecified.
Role RoleOfWord(const std::string& word);

// Nobody, if the claims are not right: an actor that is none, an unknown role, no workspace.
std::optional<Principal> PrincipalOf(const Claims& claims);

}  // namespace sales::service

#endif  // SALES_SERVICE_AUTH_CLAIMS_H_
