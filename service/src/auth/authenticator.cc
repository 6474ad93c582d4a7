#include "service/src/auth/authenticator.h"

#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "sales/error.h"
#include "service/src/auth/secret.h"
#include "service/src/limits.h"
#include "service/src/result.h"

namespace sales::service {
namespace {

// A look at the store must not hold up the thread that takes calls.
constexpr absl::Duration kLookUpTime = absl::Seconds(5);
constexpr char kBearer[] = "bearer ";

absl::Status Missing() {
  ErrorDetail detail;
  detail.reason = Reason::kCredentialsMissing;
  return MakeError(detail, "the call came without credentials");
}

absl::Status Invalid() {
  ErrorDetail detail;
  detail.reason = Reason::kCredentialsInvalid;
  return MakeError(detail, "the call's credentials are not good");
}

absl::Status Exhausted(absl::Duration wait) {
  ErrorDetail detail;
  detail.reason = Reason::kAttemptsExhausted;
  detail.metadata["seconds"] = std::to_string(absl::ToInt64Seconds(wait) + 1);
  return MakeError(detail, "too many calls from this address came with wrong credentials");
}

}  // namespace

PrincipalPtr Anybody() {
  static const auto* const anybody = [] {
    Principal principal;
    principal.role = Role::kOwner;
    principal.every_workspace = true;
    return new PrincipalPtr(std::make_shared<Principal>(std::move(principal)));
  }();
  return *anybody;
}

absl::StatusOr<std::unique_ptr<Authenticator>> Authenticator::Start(const Engine& engine,
                                                                    const AuthOptions& options,
                                                                    Log& log) {
  std::unique_ptr<Authenticator> made(new Authenticator(engine, options.mode));
  if (!options.jwt.keys_file.empty()) {
    ASSIGN_OR_RETURN(made->jwts_, Jwts::Load(options.jwt, log));
  }
  if (!options.identities_file.empty()) {
    ASSIGN_OR_RETURN(made->certificates_, Certificates::Load(options.identities_file, log));
  }
  return made;
}

absl::StatusOr<PrincipalPtr> Authenticator::Identify(const Credentials& credentials) {
  if (mode_ == AuthMode::kNone) return Anybody();
  const std::string& text = credentials.authorization;
  // A program behind a proxy with a certificate has a token of its own: that says more.
  if (text.empty()) return IdentifyCertificate(credentials);
  if (text.size() > limits::credentials_bytes_max || !absl::StartsWithIgnoreCase(text, kBearer)) {
    throttle_.NoteFailure(AddressOf(credentials.peer()), absl::Now());
    return Invalid();
  }
  return IdentifyBearer(text.substr(sizeof(kBearer) - 1), credentials);
}

absl::StatusOr<PrincipalPtr> Authenticator::IdentifyCertificate(const Credentials& credentials) {
  if (certificates_ == nullptr) return Missing();
  const std::vector<std::string> names = credentials.certificate_names();
  if (names.empty()) return Missing();
  PrincipalPtr found = certificates_->Find(names, absl::Now());
  if (found == nullptr) return Invalid();
  return found;
}

absl::StatusOr<PrincipalPtr> Authenticator::IdentifyBearer(const std::string& secret,
                                                           const Credentials& credentials) {
  const std::string hash = HashOf(secret);
  const absl::Time now = absl::Now();
  if (PrincipalPtr known = verified_.Find(hash, now); known != nullptr) return known;
  // Only those who are not known are held back: others behind the same address go on.
  const std::string address = AddressOf(credentials.peer());
  const absl::Duration wait = throttle_.WaitOf(address, now);
  if (wait > absl::ZeroDuration()) return Exhausted(wait);
  absl::StatusOr<PrincipalPtr> found =
      absl::StartsWith(secret, kSecretPrefix) ? LookUpToken(hash) : LookUpJwt(secret, hash);
  if (ReasonOf(found.status()) == Reason::kCredentialsInvalid) throttle_.NoteFailure(address, now);
  return found;
}

absl::StatusOr<PrincipalPtr> Authenticator::LookUpToken(const std::string& hash) {
  const uint64_t generation = verified_.generation();
  Call call;
  call.deadline = absl::Now() + kLookUpTime;
  absl::StatusOr<Token> token = engine_.FindToken(hash, call);
  if (ReasonOf(token.status()) == Reason::kTokenNotFound) return Invalid();
  if (absl::IsDeadlineExceeded(token.status())) {
    // The deadline is ours, and not the caller's: to come back is worth it.
    ErrorDetail detail;
    detail.reason = Reason::kStoreUnavailable;
    return MakeError(std::move(detail), "the store does not answer in time");
  }
  if (!token.ok()) return token.status();
  Principal principal;
  principal.actor = std::move(token->actor);
  principal.role = token->role;
  principal.every_workspace = token->workspace == kEveryWorkspace;
  if (!principal.every_workspace) principal.workspaces = {std::move(token->workspace)};
  principal.expire_time = token->expire_time;
  principal.credentials_hash = hash;
  auto kept = std::make_shared<const Principal>(std::move(principal));
  verified_.Remember(hash, kept, absl::Now(), generation);
  return kept;
}

absl::StatusOr<PrincipalPtr> Authenticator::LookUpJwt(const std::string& secret,
                                                      const std::string& hash) {
  if (jwts_ == nullptr) return Invalid();
  const uint64_t generation = verified_.generation();
  const absl::Time now = absl::Now();
  std::optional<Principal> principal = jwts_->Verify(secret, now);
  if (!principal.has_value()) return Invalid();
  auto kept = std::make_shared<const Principal>(*std::move(principal));
  verified_.Remember(hash, kept, now, generation);
  return kept;
}

absl::Status Authenticator::CheckStill(const Principal& principal) {
  const absl::Time now = absl::Now();
  if (now >= principal.expire_time) return Invalid();
  const std::string& hash = principal.credentials_hash;
  if (hash.empty() || verified_.Find(hash, now) != nullptr) return absl::OkStatus();
  return LookUpToken(hash).status();
}

}  // namespace sales::service
