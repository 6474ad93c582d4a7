// Tokens as values of a workspace, and of all.
#include "sales/token.h"

#include <set>
#include <string>

#include "tests/engine/studio.h"

namespace sales::testing {
namespace {

class Tokens : public Studio {
 protected:
  static CreateToken Of(const std::string& id, char digit = 'a') {
    CreateToken token;
    token.id = id;
    token.role = Role::kAnalyst;
    token.actor = "olga";
    token.hash = std::string(64, digit);
    return token;
  }
};

TEST_F(Tokens, AreFoundByTheirHash) {
  const auto made = desk({.actor = "boss"}).CreateToken(Of("t"));
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->creator, "boss");
  EXPECT_EQ(made->expire_time, clock_.Now() + absl::Hours(24 * 90));
  const auto found = engine_->FindToken(std::string(64, 'a'));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->id, "t");
  EXPECT_EQ(found->workspace, "studio");
  EXPECT_EQ(found->role, Role::kAnalyst);
  EXPECT_EQ(found->actor, "olga");
  EXPECT_EQ(ReasonOf(engine_->FindToken(std::string(64, 'b')).status()), Reason::kTokenNotFound);
}

TEST_F(Tokens, AreNotFoundOnceTheyExpired) {
  CreateToken token = Of("t");
  token.expire_time = clock_.Now() + absl::Hours(1);
  ASSERT_TRUE(desk().CreateToken(token).ok());
  clock_.Turn(absl::Hours(1));
  EXPECT_EQ(ReasonOf(engine_->FindToken(token.hash).status()), Reason::kTokenNotFound);
  // As a record it stays.
  EXPECT_TRUE(desk().GetToken("t").ok());
}

TEST_F(Tokens, AreRevokedForGood) {
  ASSERT_TRUE(desk().CreateToken(Of("t")).ok());
  const auto revoked = desk().RevokeToken("t");
  ASSERT_TRUE(revoked.ok()) << revoked.status();
  EXPECT_EQ(revoked->revoke_time, clock_.Now());
  EXPECT_EQ(ReasonOf(engine_->FindToken(std::string(64, 'a')).status()), Reason::kTokenNotFound);
  clock_.Turn(absl::Hours(1));
  EXPECT_EQ(desk().RevokeToken("t")->revoke_time, revoked->revoke_time);
  EXPECT_EQ(ReasonOf(desk().RevokeToken("none").status()), Reason::kTokenNotFound);
}

TEST_F(Tokens, AreToldOfByEventsWithoutTheirHash) {
  ASSERT_TRUE(desk({.actor = "boss"}).CreateToken(Of("t")).ok());
  ASSERT_TRUE(desk({.actor = "boss"}).RevokeToken("t").ok());
  const auto page = desk().ListEvents({.page_size = 100});
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_GE(page->events.size(), 2u);
  const Event& revoked = page->events.back();
  const Event& created = page->events[page->events.size() - 2];
  EXPECT_EQ(created.type, EventType::kTokenCreated);
  EXPECT_EQ(revoked.type, EventType::kTokenRevoked);
  for (const Event* event : {&created, &revoked}) {
    EXPECT_EQ(event->subject, "tokens/t");
    EXPECT_EQ(event->actor, "boss");
    for (const Change& change : event->changes)
      EXPECT_EQ(change.after.find("aaa"), std::string::npos);
  }
}

TEST_F(Tokens, OfEveryWorkspaceStandBesideThemAll) {
  const Desk everywhere = engine_->At(kEveryWorkspace, {.actor = "root"});
  const auto made = everywhere.CreateToken(Of("t"));
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(engine_->FindToken(std::string(64, 'a'))->workspace, kEveryWorkspace);
  EXPECT_EQ(everywhere.ListTokens({})->items.size(), 1u);
  EXPECT_TRUE(desk().ListTokens({})->items.empty());
  EXPECT_EQ(ReasonOf(desk().GetToken("t").status()), Reason::kTokenNotFound);
  ASSERT_TRUE(everywhere.RevokeToken("t").ok());
  EXPECT_EQ(ReasonOf(engine_->FindToken(std::string(64, 'a')).status()), Reason::kTokenNotFound);
  const auto faults = engine_->Check();
  ASSERT_TRUE(faults.ok()) << faults.status();
  EXPECT_TRUE(faults->empty());
}

TEST_F(Tokens, OfEveryWorkspaceAreMadeOnceUnderARequestId) {
  const Desk everywhere = engine_->At(kEveryWorkspace, WithRequest("r"));
  const auto first = everywhere.CreateToken(Of(""));
  const auto second = everywhere.CreateToken(Of("", 'b'));
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(first->id, second->id);
  EXPECT_FALSE(engine_->FindToken(std::string(64, 'b')).ok());
  CreateToken other = Of("");
  other.role = Role::kOwner;
  EXPECT_EQ(ReasonOf(everywhere.CreateToken(other).status()), Reason::kRequestIdReused);
}

TEST_F(Tokens, NeedARoleAnActorAndAHash) {
  const auto refused = [this](CreateToken token) {
    return ReasonOf(desk().CreateToken(token).status());
  };
  CreateToken token = Of("t");
  token.role = Role::kUnspecified;
  EXPECT_EQ(refused(token), Reason::kFieldRequired);
  token = Of("t");
  token.actor = "";
  EXPECT_EQ(refused(token), Reason::kFieldRequired);
  token = Of("t");
  token.hash = "secret";
  EXPECT_EQ(refused(token), Reason::kFieldInvalid);
  token = Of("t");
  token.expire_time = clock_.Now();
  EXPECT_EQ(refused(token), Reason::kFieldInvalid);
  token.expire_time = clock_.Now() + absl::Hours(24 * 3651);
  EXPECT_EQ(refused(token), Reason::kFieldInvalid);
  // A seller is known by his id.
  token = Of("t");
  token.role = Role::kSeller;
  token.actor = "crm:anna";
  EXPECT_EQ(refused(token), Reason::kIdInvalid);
}

TEST_F(Tokens, HaveAnIdAndAHashOfTheirOwn) {
  ASSERT_TRUE(desk().CreateToken(Of("t")).ok());
  EXPECT_EQ(ReasonOf(desk().CreateToken(Of("t", 'b')).status()), Reason::kTokenExists);
  EXPECT_EQ(ReasonOf(desk().CreateToken(Of("u")).status()), Reason::kTokenExists);
}

TEST_F(Tokens, AreListedByPages) {
  for (const char digit : {'1', '2', '3'}) {
    ASSERT_TRUE(desk().CreateToken(Of(std::string("t") + digit, digit)).ok());
  }
  std::set<std::string> seen;
  ListQuery query{.page_size = 2};
  do {
    const auto page = desk().ListTokens(query);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const Token& token : page->items) EXPECT_TRUE(seen.insert(token.id).second);
    query.page_token = page->next_page_token;
  } while (!query.page_token.empty());
  EXPECT_EQ(seen, (std::set<std::string>{"t1", "t2", "t3"}));
}

TEST_F(Tokens, OfAWorkspaceThatIsNoneAreNotMade) {
  EXPECT_EQ(ReasonOf(engine_->At("nowhere").CreateToken(Of("t")).status()),
            Reason::kWorkspaceNotFound);
  EXPECT_EQ(ReasonOf(engine_->At("").CreateToken(Of("t")).status()), Reason::kWorkspaceNotFound);
}

}  // namespace
}  // namespace sales::testing
