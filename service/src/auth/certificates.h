// Whose a client's certificate is, from a file:
//
//   crm.example.com: {actor: crm, role: integration, workspaces: [studio]}
//   "spiffe://studio/site": {actor: site, role: integration, workspaces: [studio, shop]}
//   Anna: {actor: anna, role: seller, workspaces: all}
//
// The key is one of the certificate's alternative names (DNS, URI, e-mail, IP) or, of one without
// any, its common name.
#ifndef SALES_SERVICE_AUTH_CERTIFICATES_H_
#define SALES_SERVICE_AUTH_CERTIFICATES_H_

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "service/src/auth/changing_file.h"
#include "service/src/auth/principal.h"
#include "service/src/log.h"

namespace sales::service {

class Certificates {
 public:
  // Errors: SETTING_INVALID. `log` outlives it; it is told of a changed file that is not right, and
  // what was there before holds on.
  static absl::StatusOr<std::unique_ptr<Certificates>> Load(const std::string& path, Log& log);

  // Who has a certificate with these names, the first that is known; null: nobody.
  PrincipalPtr Find(const std::vector<std::string>& names, absl::Time now);

 private:
  using Principals = std::map<std::string, PrincipalPtr>;

  Certificates(const std::string& path, Log& log);
  absl::StatusOr<Principals> Parse(const std::string& text) const;

  Log& log_;
  std::mutex mutex_;
  ChangingFile file_;      // guarded by mutex_
  Principals principals_;  // guarded by mutex_
};

}  // namespace sales::service

#endif  // SALES_SERVICE_AUTH_CERTIFICATES_H_
