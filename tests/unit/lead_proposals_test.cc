#include <string>
#include <vector>

#include "sales/limits.h"
#include "tests/unit/lead_fixture.h"

namespace sales {
namespace {

SendProposal Price(int64_t minor_units) { return {"A shop.", Euros(minor_units), {}}; }

TEST(AgreeRequirements, AddsAVersionAndRequestsAProposal) {
  LeadFixture fixture = Captured();
  fixture.at = Hour(1);
  EXPECT_DONE(fixture.Do(AgreeRequirements{"A shop."}));
  EXPECT_EQ(fixture.Told("requirements"), ">1");
  EXPECT_EQ(fixture.Told("proposal"), ">1:REQUESTED");
  ASSERT_EQ(fixture.lead().proposals.size(), 1u);
  EXPECT_EQ(fixture.lead().proposals[0].request_time, Hour(1));
  EXPECT_EQ(fixture.lead().requirements[0].agree_time, Hour(1));
}

TEST(AgreeRequirements, LeavesAPendingRequestAlone) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(AgreeRequirements{"A shop."}));
  EXPECT_DONE(fixture.Do(AgreeRequirements{"A larger shop."}));
  EXPECT_EQ(fixture.Told("requirements"), "1>2");
  EXPECT_EQ(fixture.Told("proposal"), "-");
  EXPECT_EQ(fixture.lead().proposals.size(), 1u);
}

TEST(AgreeRequirements, StopsAtTheMostVersions) {
  LeadFixture fixture = Captured();
  for (int i = 0; i < limits::requirements_max; ++i) {
    EXPECT_DONE(fixture.Do(AgreeRequirements{""}));
  }
  EXPECT_REFUSED(fixture.Do(AgreeRequirements{""}), "LIMIT_REACHED");
}

TEST(RequestProposal, IsRefusedWhileOneIsBeingPrepared) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(RequestProposal{}));
  EXPECT_REFUSED(fixture.Do(RequestProposal{}), "PROPOSAL_ALREADY_REQUESTED");
  EXPECT_DONE(fixture.Do(Price(1)));
  EXPECT_DONE(fixture.Do(RequestProposal{}));
  EXPECT_EQ(fixture.lead().proposals.size(), 2u);
}

TEST(SendProposal, FillsTheOneThatWasRequested) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(RequestProposal{}));
  fixture.at = Hour(3);
  EXPECT_DONE(fixture.Do(Price(100)));
  ASSERT_EQ(fixture.lead().proposals.size(), 1u);
  EXPECT_EQ(fixture.lead().proposals[0].request_time, Hour(0));
  EXPECT_EQ(fixture.lead().proposals[0].send_time, Hour(3));
  EXPECT_EQ(fixture.Told("proposal"), "1:REQUESTED>1:SENT");
}

TEST(SendProposal, LeavesASentOneAsItIs) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(Price(100)));
  EXPECT_DONE(fixture.Do(Price(80)));
  ASSERT_EQ(fixture.lead().proposals.size(), 2u);
  EXPECT_EQ(fixture.lead().proposals[0].price, Euros(100));
  EXPECT_EQ(fixture.lead().proposals[1].version, 2);
  EXPECT_EQ(fixture.Told("proposal"), ">2:SENT");
}

TEST(SendProposal, ChecksEachField) {
  LeadFixture fixture = Captured();
  EXPECT_REFUSED(fixture.Do(Price(-1)), "MONEY_INVALID");
  EXPECT_REFUSED(fixture.Do(SendProposal{"", Money{"USD", 1}, {}}), "CURRENCY_MISMATCH");
  EXPECT_REFUSED(fixture.Do(SendProposal{"\xff", Euros(1), {}}), "TEXT_INVALID");
  EXPECT_REFUSED(fixture.Do(SendProposal{"", Euros(1), absl::CivilDay(2200, 1, 1)}),
                 "TIME_OUT_OF_RANGE");
  EXPECT_REFUSED(fixture.Do(SendProposal{"", Euros(1), absl::CivilDay(2026, 3, 1)}),
                 "FIELD_INVALID");
  EXPECT_DONE(fixture.Do(SendProposal{"", Euros(1), absl::CivilDay(2026, 3, 2)}));
}

TEST(SendProposal, StopsAtTheMostVersions) {
  LeadFixture fixture = Captured();
  for (int i = 0; i < limits::proposals_max; ++i) EXPECT_DONE(fixture.Do(Price(1)));
  EXPECT_REFUSED(fixture.Do(Price(1)), "LIMIT_REACHED");
  EXPECT_REFUSED(fixture.Do(RequestProposal{}), "LIMIT_REACHED");
}

TEST(AnswerProposal, IsKeptWithItsTime) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(Price(1)));
  fixture.at = Hour(2);
  EXPECT_DONE(fixture.Do(AnswerProposal{1, ProposalState::kRejected}));
  EXPECT_EQ(fixture.lead().proposals[0].answer_time, Hour(2));
  EXPECT_EQ(fixture.Told("proposal"), "1:SENT>1:REJECTED");
}

TEST(AnswerProposal, OfAVersionThatIsNotThereIsRefused) {
  LeadFixture fixture = Captured();
  EXPECT_REFUSED(fixture.Do(AnswerProposal{0, ProposalState::kAccepted}), "PROPOSAL_NOT_FOUND");
  EXPECT_DONE(fixture.Do(Price(1)));
  EXPECT_REFUSED(fixture.Do(AnswerProposal{2, ProposalState::kAccepted}), "PROPOSAL_NOT_FOUND");
  EXPECT_REFUSED(fixture.Do(AnswerProposal{-1, ProposalState::kAccepted}), "PROPOSAL_NOT_FOUND");
}

TEST(AnswerProposal, OfOneThatIsNotSentIsRefused) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(RequestProposal{}));
  EXPECT_REFUSED(fixture.Do(AnswerProposal{0, ProposalState::kAccepted}), "PROPOSAL_NOT_SENT");
  EXPECT_DONE(fixture.Do(Price(1)));
  EXPECT_DONE(fixture.Do(AnswerProposal{0, ProposalState::kRejected}));
  const absl::Status refused = fixture.Do(AnswerProposal{0, ProposalState::kAccepted});
  EXPECT_REFUSED(refused, "PROPOSAL_NOT_SENT");
  EXPECT_EQ(MetadataOf(refused, "state"), "REJECTED");
}

TEST(AnswerProposal, IsOneOfThree) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(Price(1)));
  EXPECT_REFUSED(fixture.Do(AnswerProposal{}), "FIELD_REQUIRED");
  EXPECT_REFUSED(fixture.Do(AnswerProposal{0, ProposalState::kExpired}), "ENUM_UNKNOWN");
  EXPECT_REFUSED(fixture.Do(AnswerProposal{0, static_cast<ProposalState>(99)}), "ENUM_UNKNOWN");
}

TEST(AnswerProposal, LeavesOneAcceptedAtATime) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(Price(100)));
  EXPECT_DONE(fixture.Do(Price(80)));
  EXPECT_DONE(fixture.Do(AnswerProposal{1, ProposalState::kAccepted}));
  EXPECT_DONE(fixture.Do(AnswerProposal{2, ProposalState::kAccepted}));
  EXPECT_EQ(fixture.lead().proposals[0].state, ProposalState::kWithdrawn);
  EXPECT_EQ(fixture.lead().proposals[1].state, ProposalState::kAccepted);
  EXPECT_EQ(fixture.effect.changes.size(), 2u);
}

TEST(Proposals, AreForOpenLeads) {
  LeadFixture fixture = Captured();
  EXPECT_DONE(fixture.Do(Price(1)));
  EXPECT_DONE(fixture.Do(LoseLead{"silence", ""}));
  for (const LeadCommand& command :
       std::vector<LeadCommand>{AgreeRequirements{""}, RequestProposal{}, Price(1),
                                AnswerProposal{0, ProposalState::kAccepted}}) {
    EXPECT_REFUSED(fixture.Do(command), "LEAD_NOT_OPEN");
  }
}

}  // namespace
}  // namespace sales
