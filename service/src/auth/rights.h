// What each role may do, from the table in rights.inc. What is not in it, nobody may.
#ifndef SALES_SERVICE_AUTH_RIGHTS_H_
#define SALES_SERVICE_AUTH_RIGHTS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "sales/token.h"
#include "service/src/auth/principal.h"

namespace sales::service {

// What is asked for beside a method.
enum class Right {
#define SALES_RIGHT(method, roles)
#define SALES_STORE_RIGHT(method, roles)
#define SALES_EXTRA_RIGHT(constant, name, roles) constant,
#include "service/src/auth/rights.inc"
#undef SALES_RIGHT
#undef SALES_STORE_RIGHT
#undef SALES_EXTRA_RIGHT
};

// A line of the table about a method.
struct MethodRight {
  // "/sales.v1.LeadService/GetLead".
  std::string method;
  // A letter for each role, in the order of Role from OWNER on; '-' where it may not.
  std::string roles;
  // Whether he must have the role in every workspace.
  bool every_workspace = false;
};
const std::vector<MethodRight>& MethodRights();

// Whether somebody may call the method. Errors: PERMISSION_DENIED (metadata `role`, `method`).
absl::Status CheckMethod(const Principal& principal, const std::string& method);

bool HasRight(const Principal& principal, Right right);
// Errors: PERMISSION_DENIED (metadata `role`, `right`).
absl::Status CheckRight(const Principal& principal, Right right);

// "HEAD_OF_SALES", and back; nothing of that name is Role::kUnspecified.
const char* RoleText(Role role);
Role RoleFrom(const std::string& text);

}  // namespace sales::service

#endif  // SALES_SERVICE_AUTH_RIGHTS_H_
