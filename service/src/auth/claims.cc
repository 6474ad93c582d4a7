#include "service/src/auth/claims.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "service/src/auth/rights.h"
#include "service/src/convert/names.h"
#include "service/src/limits.h"

namespace sales::service {

Role RoleOfWord(const std::string& word) {
  if (word != absl::AsciiStrToLower(word)) return Role::kUnspecified;
  return RoleFrom(absl::StrReplaceAll(absl::AsciiStrToUpper(word), {{"-", "_"}}));
}

std::optional<Principal> PrincipalOf(const Claims& claims) {
  Principal principal;
  principal.role = RoleOfWord(claims.role);
  principal.actor = claims.actor;
  if (principal.role == Role::kUnspecified || principal.actor.empty()) return std::nullopt;
  // A seller is known by his id.
  const bool named = principal.role == Role::kSeller ? IsId(claims.actor) : IsActor(claims.actor);
  if (!named) return std::nullopt;
  if (claims.workspaces == std::vector<std::string>{"all"}) {
    principal.every_workspace = true;
    return principal;
  }
  if (claims.workspaces.empty() || claims.workspaces.size() > limits::identity_workspaces_max) {
    return std::nullopt;
  }
  for (const std::string& workspace : claims.workspaces) {
    if (!IsId(workspace)) return std::nullopt;
  }
  principal.workspaces = claims.workspaces;
  return principal;
}

}  // namespace sales::service
