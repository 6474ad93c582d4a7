// Other proofs of who calls than tokens of libsales': client certificates and an OpenID provider's
// JWTs, through a real server.
#include <map>
#include <string>

#include "absl/time/clock.h"
#include "service/src/auth/certificates.h"
#include "tests/service/auth_fixture.h"
#include "tests/service/jwt_signer.h"
#include "tests/service/test_ca.h"

namespace sales::service {
namespace {

class Proof : public AuthTest {
 protected:
  Proof() : ca_(folder_, "ca"), file_((folder_ / "identities.yaml").string()) {}
  ~Proof() override { server_.reset(); }

  // Serves clients that have certificates, and makes the workspaces "studio" and "rival".
  void ServeMutual(const std::string& identities) {
    WriteText(file_, identities);
    const TestCa::Pair pair = ca_.Issue("server");
    ServerOptions options = Options();
    options.tls = {pair.cert, pair.key, ca_.file()};
    options.auth.identities_file = file_;
    auto server = Server::Start(std::move(options), log_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    for (const char* id : {"studio", "rival"}) {
      ASSERT_TRUE(server_->engine().CreateWorkspace({.id = id}, {.actor = "maker"}).ok());
    }
  }

  // What a client with such a certificate gets who captures a lead.
  grpc::Status CaptureAs(const TestCa::Pair& pair, const std::string& workspace = "studio") {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = TextOf(ca_.file());
    options.pem_cert_chain = TextOf(pair.cert);
    options.pem_private_key = TextOf(pair.key);
    const auto channel = ChannelTo(server_->port(), grpc::SslCredentials(options));
    grpc::ClientContext context;
    Within(context, 30);
    v1::CaptureLeadRequest request = Capture("a@example.com");
    request.set_parent("workspaces/" + workspace);
    v1::CaptureLeadResponse response;
    return v1::LeadService::NewStub(channel)->CaptureLead(&context, request, &response);
  }

  std::string LastActor() const {
    const auto page = server_->engine().At("studio").ListEvents({.page_size = 1000});
    return page.ok() && !page->events.empty() ? page->events.back().actor : "";
  }

  const TestCa ca_;
  const std::string file_;
};

TEST_F(Proof, IsACertificateWhoseNameIsInTheFile) {
  ServeMutual(
      "site.example.com: {actor: site, role: integration, workspaces: [studio]}\n"
      "\"spiffe://studio/crm\": {actor: crm, role: integration, workspaces: all}\n"
      "Anna: {actor: anna, role: seller, workspaces: [studio]}\n"
      "Olga: {actor: olga, role: analyst, workspaces: [studio]}\n");
  const TestCa::Pair site = ca_.Issue("whatever", "DNS:other.example.com,DNS:site.example.com");
  ASSERT_TRUE(CaptureAs(site).ok());
  EXPECT_EQ(LastActor(), "site");
  EXPECT_EQ(ReasonOf(CaptureAs(site, "rival")), "WORKSPACE_NOT_FOUND");
  const TestCa::Pair crm = ca_.Issue("crm", "URI:spiffe://studio/crm");
  EXPECT_TRUE(CaptureAs(crm).ok());
  EXPECT_EQ(LastActor(), "crm");
  EXPECT_TRUE(CaptureAs(crm, "rival").ok());
  EXPECT_TRUE(CaptureAs(ca_.Issue("Anna", "")).ok());
  EXPECT_EQ(LastActor(), "anna");
  EXPECT_EQ(ReasonOf(CaptureAs(ca_.Issue("Olga", ""))), "PERMISSION_DENIED");
  // Whom the CA knows need not be known here; and a common name beside other names is none.
  EXPECT_EQ(ReasonOf(CaptureAs(ca_.Issue("Boris", ""))), "CREDENTIALS_INVALID");
  EXPECT_EQ(ReasonOf(CaptureAs(ca_.Issue("Anna", "DNS:elsewhere.example.com"))),
            "CREDENTIALS_INVALID");
}

TEST_F(Proof, OfACertificateChangesWithTheFile) {
  ServeMutual("Anna: {actor: anna, role: seller, workspaces: [studio]}\n");
  const TestCa::Pair anna = ca_.Issue("Anna", "");
  EXPECT_TRUE(CaptureAs(anna).ok());
  WriteText(file_, "Boris: {actor: boris, role: seller, workspaces: [studio]}\n");
  grpc::Status status;
  for (int i = 0; i < 100; ++i) {
    status = CaptureAs(anna);
    if (!status.ok()) break;
    absl::SleepFor(absl::Milliseconds(50));
  }
  EXPECT_EQ(ReasonOf(status), "CREDENTIALS_INVALID");
}

TEST_F(Proof, NeedsAFileThatSaysWhoIsWho) {
  constexpr char kTwice[] =
      "A: {actor: a, role: seller, workspaces: all}\n"
      "A: {actor: b, role: owner, workspaces: all}";
  for (const char* text : {"", "- a", "Anna: anna", "Anna: {actor: anna}",
                           "Anna: {actor: anna, role: king, workspaces: all}",
                           "Anna: {actor: anna, role: seller, workspaces: []}",
                           "Anna: {actor: anna, role: seller, workspaces: [studio], more: x}",
                           "Anna: {actor: Anna Schmidt, role: seller, workspaces: all}",
                           "Anna: {actor: anna, role: [seller], workspaces: all}",
                           "Anna: {actor: anna, role: seller", kTwice}) {
    WriteText(file_, text);
    const auto certificates = Certificates::Load(file_, log_);
    EXPECT_EQ(sales::ReasonOf(certificates.status()), Reason::kSettingInvalid) << text;
  }
}

TEST_F(Proof, IsAProvidersJwt) {
  const Signer signer = Signer::P256();
  const std::string keys = (folder_ / "keys.json").string();
  WriteText(keys, nlohmann::json{{"keys", {signer.Jwk("k")}}}.dump());
  auth_.jwt = {keys, "https://login.example.com", "salesd"};
  ServeTwo();
  nlohmann::json claims = {{"iss", "https://login.example.com"},
                           {"aud", "salesd"},
                           {"sub", "anna"},
                           {"exp", absl::ToUnixSeconds(absl::Now()) + 600},
                           {"sales_role", "analyst"},
                           {"sales_workspaces", {"studio"}}};
  const nlohmann::json header = {{"alg", "ES256"}, {"kid", "k"}};
  const std::string token = signer.Token(header, claims.dump());
  for (int i = 0; i < 2; ++i) {
    const grpc::Status status = GetWorkspace(token);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }
  EXPECT_EQ(ReasonOf(GetWorkspace(token, "rival")), "WORKSPACE_NOT_FOUND");
  EXPECT_EQ(ReasonOf(GetWorkspace(token + "x")), "CREDENTIALS_INVALID");
  claims["aud"] = "other";
  EXPECT_EQ(ReasonOf(GetWorkspace(signer.Token(header, claims.dump()))), "CREDENTIALS_INVALID");
}

}  // namespace
}  // namespace sales::service
