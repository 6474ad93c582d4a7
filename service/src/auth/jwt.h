// JWTs that an OpenID provider signed: RS256 and ES256, by the keys of a JWKS file.
//
// Claims: `iss` and `aud` are the ones set; `exp` is needed, `nbf` heeded. `sales_role` is
// "owner", "head-of-sales" and so on; `sales_workspaces` a list of ids or "all"; the actor is
// `sales_actor`, or else `sub`.
#ifndef SALES_SERVICE_AUTH_JWT_H_
#define SALES_SERVICE_AUTH_JWT_H_

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "service/src/auth/changing_file.h"
#include "service/src/auth/principal.h"
#include "service/src/auth/public_key.h"
#include "service/src/log.h"

namespace sales::service {

struct JwtOptions {
  // Empty: JWTs are not taken.
  std::string keys_file;
  std::string issuer;
  std::string audience;
};

class Jwts {
 public:
  // By how much clocks may differ.
  static constexpr absl::Duration kLeeway = absl::Seconds(60);

  // Errors: SETTING_INVALID. `log` outlives it; it is told of a changed file that is not right, and
  // the keys from before hold on.
  static absl::StatusOr<std::unique_ptr<Jwts>> Load(JwtOptions options, Log& log);
  ~Jwts();

  // Whose a token is; nobody's if anything about it is not right.
  std::optional<Principal> Verify(const std::string& token, absl::Time now);

 private:
  // A public key, and the one algorithm that it is for: what the token says of that counts for
  // nothing, so that none can be verified in a way that its key is not meant for.
  struct Key {
    PublicKey key;
    std::string algorithm;
  };
  using Keys = std::map<std::string, Key>;

  Jwts(JwtOptions options, Log& log);
  // By their ids.
  absl::StatusOr<Keys> ParseKeys(const std::string& text) const;
  std::optional<Key> KeyOf(const std::string& id, absl::Time now);

  const JwtOptions options_;
  Log& log_;
  std::mutex mutex_;
  ChangingFile file_;  // guarded by mutex_
  Keys keys_;          // guarded by mutex_
};

}  // namespace sales::service

#endif  // SALES_SERVICE_AUTH_JWT_H_
