#include <stdexcept>
#include <utility>

#include "service/src/server.h"
#include "tests/rigs/fresh_store.h"
#include "tests/rigs/kept_log.h"
#include "tests/rigs/rig.h"

namespace sales::rigs {
namespace {

// What is asked of the server goes through the client, as everybody's does.
class ServerRig final : public Rig {
 public:
  explicit ServerRig(const std::string& folder) : store_(folder + "/server.db") {
    service::ServerOptions options;
    options.engine.store = store_.name();
    options.engine.webhooks.secret = WebhookSecret();
    auto server = service::Server::Start(std::move(options), log_);
    if (!server.ok()) throw std::runtime_error(server.status().ToString());
    server_ = *std::move(server);
    client_ = MakeClientRig("127.0.0.1:" + std::to_string(server_->port()));
  }

  Answer Call(const std::string& method, const nlohmann::json& request,
              const std::string& actor) override {
    return client_->Call(method, request, actor);
  }

 private:
  const FreshStore store_;
  OwnLog log_;
  std::unique_ptr<service::Server> server_;
  std::unique_ptr<Rig> client_;
};

}  // namespace

std::unique_ptr<Rig> MakeServerRig(const std::string& folder) {
  return std::make_unique<ServerRig>(folder);
}

}  // namespace sales::rigs
