// A server that asks who calls, and callers of every kind.
#ifndef SALES_TESTS_SERVICE_AUTH_FIXTURE_H_
#define SALES_TESTS_SERVICE_AUTH_FIXTURE_H_

#include <optional>
#include <string>

#include "service/src/auth/secret.h"
#include "tests/service/server_fixture.h"

namespace sales::service {

class AuthTest : public ServerTest {
 protected:
  AuthTest() { auth_.mode = AuthMode::kRequired; }

  // Starts the server and makes the workspaces "studio" and "rival".
  void ServeTwo() {
    Start();
    for (const char* id : {"studio", "rival"}) {
      const auto made = server_->engine().CreateWorkspace({.id = id}, {.actor = "maker"});
      ASSERT_TRUE(made.ok()) << made.status();
    }
  }

  // The secret of a new token, whose id is `actor`.
  std::string TokenOf(const std::string& workspace, Role role, const std::string& actor,
                      std::optional<absl::Time> expire_time = {}) {
    const std::string secret = *MakeSecret();
    const auto token = server_->engine()
                           .At(workspace, {.actor = "maker"})
                           .CreateToken({actor, role, actor, HashOf(secret), expire_time});
    EXPECT_TRUE(token.ok()) << token.status();
    return secret;
  }

  // Makes a context by which somebody calls.
  static void As(const std::string& secret, grpc::ClientContext& context) {
    Within(context, 30);
    context.AddMetadata("authorization", "Bearer " + secret);
  }

  grpc::Status GetWorkspace(const std::string& secret, const std::string& workspace = "studio") {
    grpc::ClientContext context;
    if (!secret.empty()) As(secret, context);
    v1::GetWorkspaceRequest request;
    request.set_name("workspaces/" + workspace);
    v1::Workspace response;
    return workspaces_->GetWorkspace(&context, request, &response);
  }
};

}  // namespace sales::service

#endif  // SALES_TESTS_SERVICE_AUTH_FIXTURE_H_
