#include "service/src/auth/rights.h"

#include <cstddef>
#include <iterator>
#include <unordered_map>
#include <utility>

#include "sales/error.h"

namespace sales::service {
namespace {

constexpr const char* kRoleTexts[] = {"UNSPECIFIED",        "OWNER",   "HEAD_OF_SALES", "SELLER",
                                      "PRODUCTION_MANAGER", "ANALYST", "INTEGRATION"};

struct ExtraRight {
  const char* name;
  const char* roles;
};

// In the order of Right.
constexpr ExtraRight kExtraRights[] = {
#define SALES_RIGHT(method, roles)
#define SALES_STORE_RIGHT(method, roles)
#define SALES_EXTRA_RIGHT(constant, name, roles) {name, roles},
#include "service/src/auth/rights.inc"
#undef SALES_RIGHT
#undef SALES_STORE_RIGHT
#undef SALES_EXTRA_RIGHT
};

bool Includes(const std::string& roles, Role role) {
  if (role == Role::kUnspecified) return false;
  const size_t place = static_cast<size_t>(role) - 1;
  return place < roles.size() && roles[place] != '-';
}

const std::unordered_map<std::string, const MethodRight*>& ByMethod() {
  static const auto* const found = [] {
    auto* map = new std::unordered_map<std::string, const MethodRight*>;
    for (const MethodRight& right : MethodRights()) map->emplace(right.method, &right);
    return map;
  }();
  return *found;
}

absl::Status Denied(const Principal& principal, const std::string& key, const std::string& what,
                    const std::string& message) {
  ErrorDetail detail;
  detail.reason = Reason::kPermissionDenied;
  detail.metadata["role"] = RoleText(principal.role);
  detail.metadata[key] = what;
  return MakeError(std::move(detail), message);
}

}  // namespace

const std::vector<MethodRight>& MethodRights() {
  static const auto* const rights = new std::vector<MethodRight>{
#define SALES_RIGHT(method, roles) {"/sales.v1." method, roles, false},
#define SALES_STORE_RIGHT(method, roles) {"/sales.v1." method, roles, true},
#define SALES_EXTRA_RIGHT(constant, name, roles)
#include "service/src/auth/rights.inc"
#undef SALES_RIGHT
#undef SALES_STORE_RIGHT
#undef SALES_EXTRA_RIGHT
  };
  return *rights;
}

absl::Status CheckMethod(const Principal& principal, const std::string& method) {
  const auto found = ByMethod().find(method);
  const bool allowed = found != ByMethod().end() &&
                       Includes(found->second->roles, principal.role) &&
                       (principal.every_workspace || !found->second->every_workspace);
  if (allowed) return absl::OkStatus();
  return Denied(principal, "method", method, "the caller's role may not call this method");
}

bool HasRight(const Principal& principal, Right right) {
  return Includes(kExtraRights[static_cast<size_t>(right)].roles, principal.role);
}

absl::Status CheckRight(const Principal& principal, Right right) {
  if (HasRight(principal, right)) return absl::OkStatus();
  return Denied(principal, "right", kExtraRights[static_cast<size_t>(right)].name,
                "the caller's role has not the right that this call asks for");
}

const char* RoleText(Role role) {
  const size_t number = static_cast<size_t>(role);
  return number < std::size(kRoleTexts) ? kRoleTexts[number] : kRoleTexts[0];
}

Role RoleFrom(const std::string& text) {
  for (size_t number = 1; number < std::size(kRoleTexts); ++number) {
    if (text == kRoleTexts[number]) return static_cast<Role>(number);
  }
  return Role::kUnspecified;
}

}  // namespace sales::service
