#include "service/src/auth/credentials.h"

#include <string>
#include <vector>

#include "grpc/grpc_security_constants.h"
#include "grpcpp/security/auth_context.h"

namespace sales::service {

namespace {

// The alternative names of the peer's certificate or, of one without any, its common name.
std::vector<std::string> NamesOf(const grpc::AuthContext& peer) {
  if (!peer.IsPeerAuthenticated()) return {};
  std::vector<std::string> names;
  for (const char* property : {GRPC_X509_SAN_PROPERTY_NAME, GRPC_X509_CN_PROPERTY_NAME}) {
    for (const grpc::string_ref& name : peer.FindPropertyValues(property)) {
      names.emplace_back(name.data(), name.size());
    }
    if (!names.empty()) break;
  }
  return names;
}

}  // namespace

Credentials CredentialsOf(const grpc::ServerContextBase& call) {
  Credentials credentials;
  const auto found = call.client_metadata().find("authorization");
  if (found != call.client_metadata().end()) {
    credentials.authorization.assign(found->second.data(), found->second.size());
  }
  credentials.peer = [&call] { return call.peer(); };
  credentials.certificate_names = [&call] { return NamesOf(*call.auth_context()); };
  return credentials;
}

}  // namespace sales::service
