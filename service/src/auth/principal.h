// Who calls, as far as the server has made sure.
#ifndef SALES_SERVICE_AUTH_PRINCIPAL_H_
#define SALES_SERVICE_AUTH_PRINCIPAL_H_

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "sales/token.h"

namespace sales::service {

struct Principal {
  // Empty: whoever he says he is.
  std::string actor;
  Role role = Role::kUnspecified;
  bool every_workspace = false;
  std::vector<std::string> workspaces = {};
  // The credentials' own end.
  absl::Time expire_time = absl::InfiniteFuture();
  // By which it is looked up again; empty where nothing can end it but its time.
  std::string credentials_hash = {};

  bool HasWorkspace(const std::string& workspace) const {
    return every_workspace ||
           std::find(workspaces.begin(), workspaces.end(), workspace) != workspaces.end();
  }

  friend bool operator==(const Principal&, const Principal&) = default;
};

using PrincipalPtr = std::shared_ptr<const Principal>;

// Of every caller of a server without authentication: he may do everything, under any name.
PrincipalPtr Anybody();

}  // namespace sales::service

#endif  // SALES_SERVICE_AUTH_PRINCIPAL_H_
