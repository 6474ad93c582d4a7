// From what came with a call to who calls.
#ifndef SALES_SERVICE_AUTH_AUTHENTICATOR_H_
#define SALES_SERVICE_AUTH_AUTHENTICATOR_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/engine.h"
#include "service/src/auth/certificates.h"
#include "service/src/auth/jwt.h"
#include "service/src/auth/principal.h"
#include "service/src/auth/throttle.h"
#include "service/src/auth/verified.h"
#include "service/src/log.h"

namespace sales::service {

// Where a call's credentials are.
struct Credentials {
  // The metadata `authorization`, as sent.
  std::string authorization;
  // Gives how gRPC names who is at the other end: "ipv4:10.0.0.7:4242". Asked only where it counts.
  std::function<std::string()> peer;
  // Gives the names in the client's certificate, if it has one that was verified.
  std::function<std::vector<std::string>()> certificate_names;
};

enum class AuthMode {
  // Everybody may do everything, under any name.
  kNone,
  kRequired,
};

struct AuthOptions {
  AuthMode mode = AuthMode::kNone;
  JwtOptions jwt;
  // See certificates.h. Empty: a certificate says nothing of who calls.
  std::string identities_file;
};

class Authenticator {
 public:
  // Errors: SETTING_INVALID, for a file that is not right. `engine` and `log` outlive it.
  static absl::StatusOr<std::unique_ptr<Authenticator>> Start(const Engine& engine,
                                                              const AuthOptions& options, Log& log);

  // Who calls. Errors: CREDENTIALS_MISSING, CREDENTIALS_INVALID, ATTEMPTS_EXHAUSTED (metadata
  // `seconds`), and those of the store.
  absl::StatusOr<PrincipalPtr> Identify(const Credentials& credentials);

  // Whether somebody identified before, as a stream's caller is, still may be who he is. Errors: as
  // above.
  absl::Status CheckStill(const Principal& principal);

  // To be called when a token was revoked, before anybody is told that it was.
  void ForgetTokens() { verified_.Forget(); }

  // How many calls came with wrong credentials.
  int64_t failures() const { return throttle_.failures(); }

 private:
  Authenticator(const Engine& engine, AuthMode mode) : engine_(engine), mode_(mode) {}

  absl::StatusOr<PrincipalPtr> IdentifyCertificate(const Credentials& credentials);
  absl::StatusOr<PrincipalPtr> IdentifyBearer(const std::string& secret,
                                              const Credentials& credentials);
  // Of a token that libsales keeps, and of any other.
  absl::StatusOr<PrincipalPtr> LookUpToken(const std::string& hash);
  absl::StatusOr<PrincipalPtr> LookUpJwt(const std::string& secret, const std::string& hash);

  const Engine& engine_;
  const AuthMode mode_;
  std::unique_ptr<Jwts> jwts_;
  std::unique_ptr<Certificates> certificates_;
  Verified verified_;
  Throttle throttle_;
};

}  // namespace sales::service

#endif  // SALES_SERVICE_AUTH_AUTHENTICATOR_H_
