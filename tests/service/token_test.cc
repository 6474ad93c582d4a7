// Bearer tokens through a real server: who is let in, in whose name, and for how long.
#include <future>
#include <set>
#include <string>
#include <vector>

#include "sales/v1/store.grpc.pb.h"
#include "sales/v1/token.pb.h"
#include "service/src/auth/throttle.h"
#include "service/src/auth/verified.h"
#include "tests/service/auth_fixture.h"

namespace sales::service {
namespace {

using BearerTokens = AuthTest;

TEST_F(BearerTokens, AreAskedFor) {
  ServeTwo();
  const grpc::Status status = GetWorkspace("");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(ReasonOf(status), "CREDENTIALS_MISSING");
}

TEST_F(BearerTokens, LetTheirHoldersIn) {
  ServeTwo();
  const std::string secret = TokenOf("studio", Role::kAnalyst, "olga");
  const grpc::Status status = GetWorkspace(secret);
  EXPECT_TRUE(status.ok()) << status.error_message();
}

TEST_F(BearerTokens, ThatNobodyMadeAreRefused) {
  ServeTwo();
  const std::string secret = TokenOf("studio", Role::kAnalyst, "olga");
  std::string wrong = secret;
  wrong.back() = wrong.back() == 'A' ? 'B' : 'A';
  for (const std::string& bad :
       {wrong, secret + "x", std::string("sales_"), std::string("x"), std::string(100'000, 'x')}) {
    const grpc::Status status = GetWorkspace(bad);
    EXPECT_FALSE(status.ok()) << bad.size();
    // gRPC itself refuses metadata that is too long.
    if (bad.size() < 8'000) {
      EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED) << bad.size();
      EXPECT_EQ(ReasonOf(status), "CREDENTIALS_INVALID");
    }
  }
}

TEST_F(BearerTokens, OfAnotherSchemeAreRefused) {
  ServeTwo();
  const std::string secret = TokenOf("studio", Role::kAnalyst, "olga");
  for (const std::string& text : {secret, "Basic " + secret, "Bearer" + secret}) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", text);
    v1::GetWorkspaceRequest request;
    request.set_name("workspaces/studio");
    v1::Workspace response;
    EXPECT_EQ(ReasonOf(workspaces_->GetWorkspace(&context, request, &response)),
              "CREDENTIALS_INVALID");
  }
}

TEST_F(BearerTokens, EndByThemselves) {
  ServeTwo();
  const std::string secret =
      TokenOf("studio", Role::kAnalyst, "olga", absl::Now() + absl::Milliseconds(1500));
  EXPECT_TRUE(GetWorkspace(secret).ok());
  absl::SleepFor(absl::Milliseconds(1600));
  EXPECT_EQ(ReasonOf(GetWorkspace(secret)), "CREDENTIALS_INVALID");
}

TEST_F(BearerTokens, AreMadeAndRevokedByOwners) {
  ServeTwo();
  const std::string owner = TokenOf("studio", Role::kOwner, "boss");
  v1::Token made;
  {
    grpc::ClientContext context;
    As(owner, context);
    v1::CreateTokenRequest request;
    request.set_parent("workspaces/studio");
    request.set_token_id("site");
    request.mutable_token()->set_role(v1::ROLE_INTEGRATION);
    request.mutable_token()->set_actor("site");
    const grpc::Status status = workspaces_->CreateToken(&context, request, &made);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }
  EXPECT_EQ(made.name(), "workspaces/studio/tokens/site");
  EXPECT_EQ(made.creator(), "boss");
  EXPECT_EQ(made.secret().substr(0, 6), "sales_");
  EXPECT_EQ(made.secret().size(), 49u);
  EXPECT_TRUE(GetWorkspace(made.secret()).ok());
  {
    grpc::ClientContext context;
    As(owner, context);
    v1::DeleteTokenRequest request;
    request.set_name(made.name());
    v1::Token revoked;
    ASSERT_TRUE(workspaces_->DeleteToken(&context, request, &revoked).ok());
    EXPECT_TRUE(revoked.has_revoke_time());
    EXPECT_EQ(revoked.secret(), "");
  }
  // At once, though it was used a moment ago.
  EXPECT_EQ(ReasonOf(GetWorkspace(made.secret())), "CREDENTIALS_INVALID");
}

TEST_F(BearerTokens, TellTheirSecretOnceAlsoToWhoAsksAgain) {
  ServeTwo();
  const std::string owner = TokenOf("studio", Role::kOwner, "boss");
  v1::CreateTokenRequest request;
  request.set_parent("workspaces/studio");
  request.mutable_token()->set_role(v1::ROLE_ANALYST);
  request.mutable_token()->set_actor("olga");
  request.set_request_id("once");
  v1::Token first;
  v1::Token second;
  for (v1::Token* token : {&first, &second}) {
    grpc::ClientContext context;
    As(owner, context);
    ASSERT_TRUE(workspaces_->CreateToken(&context, request, token).ok());
  }
  EXPECT_NE(first.secret(), "");
  EXPECT_EQ(second.secret(), "");
  EXPECT_EQ(first.name(), second.name());
}

TEST_F(BearerTokens, ForEveryWorkspaceAreMadeByThoseWhoHaveOne) {
  ServeTwo();
  const std::string everywhere = TokenOf(kEveryWorkspace, Role::kOwner, "root");
  const std::string owner = TokenOf("studio", Role::kOwner, "boss");
  v1::CreateTokenRequest request;
  request.set_parent("workspaces/-");
  request.mutable_token()->set_role(v1::ROLE_OWNER);
  request.mutable_token()->set_actor("other");
  v1::Token token;
  grpc::ClientContext context;
  As(owner, context);
  EXPECT_EQ(ReasonOf(workspaces_->CreateToken(&context, request, &token)), "WORKSPACE_NOT_FOUND");
  grpc::ClientContext allowed;
  As(everywhere, allowed);
  const grpc::Status status = workspaces_->CreateToken(&allowed, request, &token);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(token.name().substr(0, 20), "workspaces/-/tokens/");
  for (const char* workspace : {"studio", "rival"}) {
    EXPECT_TRUE(GetWorkspace(token.secret(), workspace).ok());
  }
}

// The actor of the workspace's last event.
std::string LastActor(const Engine& engine, const std::string& workspace) {
  const auto page = engine.At(workspace).ListEvents({.page_size = 1000});
  return page.ok() && !page->events.empty() ? page->events.back().actor : "";
}

TEST_F(BearerTokens, SayInWhoseNameTheirHoldersAct) {
  ServeTwo();
  const auto capture_as = [this](const std::string& secret, const std::string& said) {
    grpc::ClientContext context;
    As(secret, context);
    context.AddMetadata("sales-actor", said);
    v1::CaptureLeadResponse response;
    const grpc::Status status =
        leads_->CaptureLead(&context, Capture(said + "@example.com"), &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return LastActor(server_->engine(), "studio");
  };
  EXPECT_EQ(capture_as(TokenOf("studio", Role::kSeller, "anna"), "ivan"), "anna");
  EXPECT_EQ(capture_as(TokenOf("studio", Role::kOwner, "boss"), "ivan"), "boss");
  // Telephony says who called.
  EXPECT_EQ(capture_as(TokenOf("studio", Role::kIntegration, "telephony"), "oleg"), "oleg");
}

// Streams that are under way when the token that began them is revoked.
class RevokedTokens : public AuthTest {
 protected:
  void SetUp() override {
    ServeTwo();
    secret_ = TokenOf(kEveryWorkspace, Role::kOwner, "olga");
  }

  // Of everything that is sent, far more than what is on its way before anybody reads.
  void RecordMuch() {
    const Desk desk = server_->engine().At("studio", {.actor = "maker"});
    for (int i = 0; i < 800; ++i) {
      const std::string email = "person" + std::to_string(i) + "@example.com";
      const auto captured = desk.CaptureLead(
          {.contact = {.identities = {Email(email)}}, .need = std::string(9'000, 'x')});
      ASSERT_TRUE(captured.ok()) << captured.status();
    }
  }

  void Revoke() {
    grpc::ClientContext context;
    As(TokenOf(kEveryWorkspace, Role::kOwner, "boss"), context);
    v1::DeleteTokenRequest request;
    request.set_name("workspaces/-/tokens/olga");
    v1::Token revoked;
    ASSERT_TRUE(workspaces_->DeleteToken(&context, request, &revoked).ok());
  }

  // Reads what was on its way already, to the end.
  template <typename Response>
  static std::string ReasonOfTheEnd(grpc::ClientReader<Response>& stream) {
    Response response;
    while (stream.Read(&response)) {
    }
    return ReasonOf(stream.Finish());
  }

  std::string secret_;
};

TEST_F(RevokedTokens, EndAWatch) {
  grpc::ClientContext context;
  As(secret_, context);
  v1::WatchEventsRequest request;
  request.set_parent("workspaces/studio");
  const auto stream = events_->WatchEvents(&context, request);
  v1::WatchEventsResponse response;
  ASSERT_TRUE(stream->Read(&response));
  Revoke();
  EXPECT_EQ(ReasonOfTheEnd(*stream), "CREDENTIALS_INVALID");
}

TEST_F(RevokedTokens, EndABackup) {
  RecordMuch();
  grpc::ClientContext context;
  As(secret_, context);
  const auto stream = v1::StoreService::NewStub(channel_)->BackupStore(&context, {});
  v1::BackupStoreResponse response;
  ASSERT_TRUE(stream->Read(&response));
  Revoke();
  EXPECT_EQ(ReasonOfTheEnd(*stream), "CREDENTIALS_INVALID");
}

TEST_F(RevokedTokens, EndAnExport) {
  RecordMuch();
  grpc::ClientContext context;
  As(secret_, context);
  v1::ExportWorkspaceRequest request;
  request.set_name("workspaces/studio");
  const auto stream = workspaces_->ExportWorkspace(&context, request);
  v1::ExportWorkspaceResponse response;
  ASSERT_TRUE(stream->Read(&response));
  Revoke();
  EXPECT_EQ(ReasonOfTheEnd(*stream), "CREDENTIALS_INVALID");
}

// Though nothing more is sent.
TEST_F(RevokedTokens, EndAnImportOfAWorkspace) {
  grpc::ClientContext context;
  As(secret_, context);
  v1::Workspace imported;
  const auto stream = workspaces_->ImportWorkspace(&context, &imported);
  v1::ImportWorkspaceRequest request;
  request.set_name("workspaces/agency");
  ASSERT_TRUE(stream->Write(request));
  Revoke();
  EXPECT_EQ(ReasonOf(stream->Finish()), "CREDENTIALS_INVALID");
}

// Though the very page that they ask for was read a moment ago.
TEST_F(BearerTokens, OfAnotherWorkspaceAreShownNoEvents) {
  ServeTwo();
  const auto watch_as = [&](const std::string& secret) {
    grpc::ClientContext context;
    As(secret, context);
    v1::WatchEventsRequest request;
    request.set_parent("workspaces/studio");
    const auto stream = events_->WatchEvents(&context, request);
    v1::WatchEventsResponse response;
    if (stream->Read(&response)) return std::string("events");
    return ReasonOf(stream->Finish());
  };
  EXPECT_EQ(watch_as(TokenOf("studio", Role::kAnalyst, "anna")), "events");
  EXPECT_EQ(watch_as(TokenOf("rival", Role::kAnalyst, "anna")), "WORKSPACE_NOT_FOUND");
}

TEST_F(BearerTokens, OfASellerShowOverrides) {
  ServeTwo();
  const Desk desk = server_->engine().At("studio", {.actor = "maker"});
  const auto captured = desk.CaptureLead({.contact = {.identities = {Email("a@example.com")}}});
  ASSERT_TRUE(captured.ok()) << captured.status();
  const auto advance_as = [&](Role role, const std::string& actor) {
    grpc::ClientContext context;
    As(TokenOf("studio", role, actor), context);
    v1::AdvanceLeadRequest request;
    request.set_name("workspaces/studio/leads/" + captured->lead.id);
    request.set_stage("start_of_work");
    request.set_override_reason("the client is a friend");
    v1::Lead lead;
    return leads_->AdvanceLead(&context, request, &lead);
  };
  const grpc::Status refused = advance_as(Role::kSeller, "anna");
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(rigs::AnswerFrom(refused.error_details()).metadata.at("right"), "override");
  EXPECT_TRUE(advance_as(Role::kHeadOfSales, "head").ok());
}

TEST_F(BearerTokens, ThatAreWrongAreHeldBackByTheirAddressAndRightOnesAreNot) {
  ServeTwo();
  const std::string secret = TokenOf("studio", Role::kAnalyst, "olga");
  ASSERT_TRUE(GetWorkspace(secret).ok());
  std::set<std::string> reasons;
  for (int i = 0; i < Throttle::kAttempts; ++i) reasons.insert(ReasonOf(GetWorkspace("sales_no")));
  EXPECT_EQ(reasons, std::set<std::string>{"CREDENTIALS_INVALID"});
  const grpc::Status held = GetWorkspace("sales_no");
  EXPECT_EQ(held.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonOf(held), "ATTEMPTS_EXHAUSTED");
  EXPECT_TRUE(GetWorkspace(secret).ok());
}

TEST(Throttles, GiveAttemptsBackInTime) {
  Throttle throttle;
  const absl::Time start = absl::UnixEpoch();
  for (int i = 0; i < Throttle::kAttempts; ++i) {
    EXPECT_EQ(throttle.WaitOf("a", start), absl::ZeroDuration()) << i;
    throttle.NoteFailure("a", start);
  }
  EXPECT_EQ(throttle.WaitOf("a", start), Throttle::kRefill);
  EXPECT_EQ(throttle.WaitOf("b", start), absl::ZeroDuration());
  EXPECT_EQ(throttle.WaitOf("a", start + Throttle::kRefill), absl::ZeroDuration());
  EXPECT_EQ(throttle.failures(), Throttle::kAttempts);
}

TEST(Throttles, RememberABoundedNumberOfAddresses) {
  Throttle throttle;
  for (int i = 0; i < 12'000; ++i) {
    throttle.NoteFailure(std::to_string(i), absl::UnixEpoch());
  }
  EXPECT_LE(throttle.size(), 10'000u);
}

TEST(Throttles, KnowAnAddressByItsMachine) {
  EXPECT_EQ(AddressOf("ipv4:10.0.0.7:4242"), "10.0.0.7");
  EXPECT_EQ(AddressOf("ipv6:%5B::1%5D:4242"), "::");
  EXPECT_EQ(AddressOf("ipv6:[2001:db8:1:2:3:4:5:6]:80"), "2001:db8:1:2::");
  EXPECT_EQ(AddressOf("ipv6:[::ffff:10.0.0.7]:80"), "::ffff:10.0.0.7");
  EXPECT_EQ(AddressOf("unix"), "unix");
}

PrincipalPtr Somebody(absl::Time expire_time = absl::InfiniteFuture()) {
  auto principal = std::make_shared<Principal>();
  principal->expire_time = expire_time;
  return principal;
}

TEST(VerifiedCredentials, AreLookedUpAgainAfterAWhile) {
  Verified verified;
  const absl::Time start = absl::UnixEpoch();
  const std::string hash = HashOf("a");
  verified.Remember(hash, Somebody(), start, verified.generation());
  EXPECT_NE(verified.Find(hash, start), nullptr);
  EXPECT_EQ(verified.Find(HashOf("b"), start), nullptr);
  EXPECT_EQ(verified.Find(hash, start + Verified::kAge), nullptr);
}

TEST(VerifiedCredentials, AreNotKeptBeyondTheirEnd) {
  Verified verified;
  const absl::Time start = absl::UnixEpoch();
  verified.Remember("aa", Somebody(start + absl::Seconds(1)), start, verified.generation());
  EXPECT_EQ(verified.Find("aa", start + absl::Seconds(1)), nullptr);
}

TEST(VerifiedCredentials, LookedUpBeforeARevocationAreNotRememberedAfterIt) {
  Verified verified;
  const uint64_t before = verified.generation();
  verified.Forget();
  verified.Remember("aa", Somebody(), absl::UnixEpoch(), before);
  EXPECT_EQ(verified.Find("aa", absl::UnixEpoch()), nullptr);
}

TEST(Secrets, AreLongRandomAndFitInAHeader) {
  std::set<std::string> secrets;
  for (int i = 0; i < 1000; ++i) {
    const std::string secret = *MakeSecret();
    EXPECT_EQ(secret.size(), 49u);
    EXPECT_EQ(secret.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789-_"),
              std::string::npos);
    EXPECT_TRUE(secrets.insert(secret).second);
  }
}

TEST(Secrets, AreHashedAsEverybodyHashes) {
  EXPECT_EQ(HashOf("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace sales::service
