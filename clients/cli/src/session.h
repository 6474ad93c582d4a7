// What every verb works with: the connection, the workspace and where answers go.
#ifndef SALES_CLIENTS_CLI_SRC_SESSION_H_
#define SALES_CLIENTS_CLI_SRC_SESSION_H_

#include <memory>
#include <optional>
#include <string>

#include "clients/cli/src/client.h"
#include "clients/cli/src/failure.h"
#include "clients/cli/src/request.h"

namespace salesctl {

struct Settings {
  std::string server = "127.0.0.1:8443";
  std::string workspace;
  std::string actor;
  // "table", "json", "csv" or "html".
  std::string output = "table";
  // With "csv": which of the answer's lists; empty: its first.
  std::string rows;
  double timeout_seconds = 10;
  // Files in PEM that encrypt the connection, and one with a token; empty: none.
  std::string ca_file;
  std::string cert_file;
  std::string key_file;
  std::string token_file;
};

class Session {
 public:
  explicit Session(Settings settings) : settings_(std::move(settings)) {}

  const Settings& settings() const { return settings_; }
  bool json() const { return settings_.output == "json"; }
  // Makes the client, which connects at its first call. Errors: usage, for files that cannot be
  // used.
  Done Connect();
  // After Connect().
  Client& client() { return *client_; }
  RequestScope scope();
  // "workspaces/studio", or that there is none.
  Result<std::string> WorkspaceName() const;
  // The workspace's currency.
  Result<std::string> Currency();

  // Writes an answer to standard output, as --output says. Errors: usage, for an answer that has no
  // such form.
  Done Print(const google::protobuf::Message& response) const;

 private:
  Settings settings_;
  std::unique_ptr<Client> client_;
  std::optional<std::string> currency_;
};

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_SESSION_H_
