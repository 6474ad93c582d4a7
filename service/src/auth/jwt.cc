#include "service/src/auth/jwt.h"

#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"
#include "service/src/auth/claims.h"
#include "service/src/auth/public_key.h"
#include "service/src/limits.h"
#include "service/src/result.h"

namespace sales::service {
namespace {

using nlohmann::json;

constexpr char kRs256[] = "RS256";
constexpr char kEs256[] = "ES256";

// An object's text; empty if it has none of the name.
std::string TextOf(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

// The object that a part of a token is.
std::optional<json> PartOf(const std::string& part) {
  const std::optional<std::string> text = FromBase64Url(part);
  if (!text.has_value()) return std::nullopt;
  json object = json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return std::nullopt;
  return object;
}

// A time of a claim, as seconds since the epoch; nullopt if it is there and none.
std::optional<absl::Time> TimeOf(const json& claims, const char* key, absl::Time otherwise) {
  const auto found = claims.find(key);
  if (found == claims.end()) return otherwise;
  if (!found->is_number()) return std::nullopt;
  const double seconds = found->get<double>();
  if (!std::isfinite(seconds) || std::abs(seconds) > 1e12) return std::nullopt;
  return absl::FromUnixSeconds(static_cast<int64_t>(seconds));
}

bool IsAudience(const json& claims, const std::string& audience) {
  const auto found = claims.find("aud");
  if (found == claims.end()) return false;
  if (found->is_string()) return found->get<std::string>() == audience;
  if (!found->is_array()) return false;
  for (const json& entry : *found) {
    if (entry.is_string() && entry.get<std::string>() == audience) return true;
  }
  return false;
}

std::vector<std::string> WorkspacesOf(const json& claims) {
  const auto found = claims.find("sales_workspaces");
  if (found == claims.end()) return {};
  if (found->is_string()) return {found->get<std::string>()};
  std::vector<std::string> workspaces;
  for (const json& entry : *found) {
    // No id of a workspace: the claims are then of nobody.
    workspaces.push_back(entry.is_string() ? entry.get<std::string>() : "");
  }
  return workspaces;
}

// Who the claims say; nobody if they are not for this server and this moment.
std::optional<Principal> HolderOf(const json& claims, const JwtOptions& options, absl::Time now) {
  const std::optional<absl::Time> expire_time = TimeOf(claims, "exp", absl::InfinitePast());
  const std::optional<absl::Time> begin_time = TimeOf(claims, "nbf", absl::InfinitePast());
  if (!expire_time.has_value() || !begin_time.has_value()) return std::nullopt;
  const absl::Time end_time = *expire_time + Jwts::kLeeway;
  if (now >= end_time || now < *begin_time - Jwts::kLeeway) return std::nullopt;
  if (TextOf(claims, "iss") != options.issuer || !IsAudience(claims, options.audience)) {
    return std::nullopt;
  }
  Claims said;
  said.actor = TextOf(claims, claims.contains("sales_actor") ? "sales_actor" : "sub");
  said.role = TextOf(claims, "sales_role");
  said.workspaces = WorkspacesOf(claims);
  std::optional<Principal> principal = PrincipalOf(said);
  if (principal.has_value()) principal->expire_time = end_time;
  return principal;
}

}  // namespace

Jwts::Jwts(JwtOptions options, Log& log)
    : options_(std::move(options)), log_(log), file_("--jwt-keys-file", options_.keys_file) {}

Jwts::~Jwts() = default;

absl::StatusOr<std::unique_ptr<Jwts>> Jwts::Load(JwtOptions options, Log& log) {
  std::unique_ptr<Jwts> jwts(new Jwts(std::move(options), log));
  ASSIGN_OR_RETURN(const std::string text, jwts->file_.Read());
  ASSIGN_OR_RETURN(jwts->keys_, jwts->ParseKeys(text));
  return jwts;
}

absl::StatusOr<Jwts::Keys> Jwts::ParseKeys(const std::string& text) const {
  const json set = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!set.is_object() || !set.contains("keys") || !set["keys"].is_array()) {
    return file_.Fault("is no JWKS: {\"keys\": […]}");
  }
  Keys keys;
  for (const json& entry : set["keys"]) {
    if (!entry.is_object()) return file_.Fault("holds a key that is no object");
    const std::string type = TextOf(entry, "kty");
    const bool signs = !entry.contains("use") || TextOf(entry, "use") == "sig";
    const bool rsa = type == "RSA";
    const bool ec = type == "EC" && TextOf(entry, "crv") == "P-256";
    // Providers have keys for other purposes in the same set.
    if (!signs || (!rsa && !ec)) continue;
    const char* const algorithm = rsa ? kRs256 : kEs256;
    if (entry.contains("alg") && TextOf(entry, "alg") != algorithm) continue;
    const std::optional<std::string> first = FromBase64Url(TextOf(entry, rsa ? "n" : "x"));
    const std::optional<std::string> second = FromBase64Url(TextOf(entry, rsa ? "e" : "y"));
    const std::string id = TextOf(entry, "kid");
    if (id.empty()) return file_.Fault("holds a key without kid");
    Key key{nullptr, algorithm};
    if (first.has_value() && second.has_value()) {
      key.key = rsa ? RsaKey(*first, *second) : P256Key(*first, *second);
    }
    if (key.key == nullptr) return file_.Fault("holds a key that is none, or too short");
    if (!keys.emplace(id, std::move(key)).second) return file_.Fault("holds two keys of one kid");
  }
  if (keys.empty()) return file_.Fault("holds no key for RS256 or ES256");
  return keys;
}

std::optional<Jwts::Key> Jwts::KeyOf(const std::string& id, absl::Time now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (const std::optional<std::string> text = file_.ReadIfChanged(now); text.has_value()) {
    absl::StatusOr<Keys> parsed = ParseKeys(*text);
    if (parsed.ok()) {
      keys_ = *std::move(parsed);
    } else {
      log_.Write(LogLine(LogLevel::kError, std::string(parsed.status().message())));
    }
  }
  const auto found = keys_.find(id);
  if (found == keys_.end()) return std::nullopt;
  return found->second;
}

std::optional<Principal> Jwts::Verify(const std::string& token, absl::Time now) {
  if (token.size() > limits::credentials_bytes_max) return std::nullopt;
  const std::vector<std::string> parts = absl::StrSplit(token, '.');
  if (parts.size() != 3) return std::nullopt;
  const std::optional<json> header = PartOf(parts[0]);
  const std::optional<std::string> signature = FromBase64Url(parts[2]);
  if (!header.has_value() || !signature.has_value()) return std::nullopt;
  // What must be understood to trust it is not understood here.
  if (header->contains("crit")) return std::nullopt;
  const std::optional<Key> key = KeyOf(TextOf(*header, "kid"), now);
  if (!key.has_value() || TextOf(*header, "alg") != key->algorithm) return std::nullopt;
  const std::string text = parts[0] + "." + parts[1];
  const bool good = key->algorithm == kRs256 ? VerifyRs256(key->key, text, *signature)
                                             : VerifyEs256(key->key, text, *signature);
  if (!good) return std::nullopt;
  const std::optional<json> claims = PartOf(parts[1]);
  if (!claims.has_value()) return std::nullopt;
  return HolderOf(*claims, options_, now);
}

}  // namespace sales::service
