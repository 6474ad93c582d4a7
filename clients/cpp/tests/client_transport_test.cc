// Encrypted connections to the real server, with an authority made for the test.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "clients/cpp/tests/salesd_process.h"
#include "sales/client.h"
#include "sales/v1/workspace.pb.h"
#include "tests/service/test_ca.h"

namespace sales::client {
namespace {

class Transport : public testing::Test {
 protected:
  Transport()
      : folder_(std::filesystem::path(testing::TempDir()) /
                ("sales-transport-" + std::to_string(getpid()))),
        ca_((std::filesystem::create_directories(folder_), folder_), "ca"),
        stranger_(folder_, "stranger") {}
  ~Transport() override { std::filesystem::remove_all(folder_); }

  std::vector<std::string> Encrypted() const {
    const service::TestCa::Pair pair = ca_.Issue("server");
    return {"--tls-cert-file=" + pair.cert, "--tls-key-file=" + pair.key};
  }

  static absl::Status Ask(const SalesdProcess& server, Options options) {
    options.deadline = absl::Seconds(5);
    const auto client = Client::Connect(server.target(), options);
    if (!client.ok()) return client.status();
    return client->ListWorkspaces({}).Next().status();
  }

  const std::filesystem::path folder_;
  const service::TestCa ca_;
  const service::TestCa stranger_;
};

TEST_F(Transport, TrustsTheAuthorityThatItIsTold) {
  const SalesdProcess server(Encrypted());
  EXPECT_TRUE(Ask(server, {.ca_file = ca_.file()}).ok());
  EXPECT_FALSE(Ask(server, {.ca_file = stranger_.file()}).ok());
  EXPECT_FALSE(Ask(server, {.tls = true}).ok());
  EXPECT_FALSE(Ask(server, {}).ok());
}

TEST_F(Transport, ShowsItsCertificate) {
  std::vector<std::string> flags = Encrypted();
  flags.push_back("--tls-client-ca-file=" + ca_.file());
  const SalesdProcess server(flags);
  const service::TestCa::Pair known = ca_.Issue("client");
  const service::TestCa::Pair unknown = stranger_.Issue("client");
  EXPECT_TRUE(
      Ask(server, {.ca_file = ca_.file(), .cert_file = known.cert, .key_file = known.key}).ok());
  EXPECT_FALSE(
      Ask(server, {.ca_file = ca_.file(), .cert_file = unknown.cert, .key_file = unknown.key})
          .ok());
  EXPECT_FALSE(Ask(server, {.ca_file = ca_.file()}).ok());
}

TEST_F(Transport, RefusesWhatCannotBeUsed) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      Client::Connect("localhost:1", {.ca_file = folder_ / "none.pem"}).status()));
  EXPECT_TRUE(
      absl::IsInvalidArgument(Client::Connect("localhost:1", {.cert_file = ca_.file()}).status()));
}

TEST_F(Transport, SendsATokenInTheClearToThisMachineOnly) {
  const std::string token = folder_ / "token";
  std::ofstream(token) << "sales_secret\n";
  for (const char* target : {"localhost:8443", "127.0.0.1:1", "127.1.2.3", "[::1]:8443",
                             "dns:///localhost:1", "unix:/run/sales.sock"}) {
    EXPECT_TRUE(Client::Connect(target, {.token_file = token}).ok()) << target;
  }
  for (const char* target : {"sales.example.com:443", "10.0.0.1:1", "localhost.example.com",
                             "dns:///sales:1", "127.0.0.1.example.com:1"}) {
    EXPECT_FALSE(Client::Connect(target, {.token_file = token}).ok()) << target;
    EXPECT_TRUE(Client::Connect(target, {.tls = true, .token_file = token}).ok()) << target;
  }
}

}  // namespace
}  // namespace sales::client
