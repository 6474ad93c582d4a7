// Every field of every answer survives being kept.
#include "src/store/answers.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "sales/channel.h"
#include "sales/contact.h"
#include "sales/error.h"
#include "sales/funnel.h"
#include "sales/lead.h"
#include "sales/token.h"
#include "sales/workspace.h"

namespace sales::store {
namespace {

absl::Time At(int64_t micros) { return absl::FromUnixMicros(1'600'000'000'000'000 + micros); }

template <typename Answer>
Answer Kept(const Answer& answer) {
  Answer back;
  const std::string text = EncodeAnswer(answer);
  EXPECT_TRUE(DecodeAnswer(text, &back).ok()) << text;
  EXPECT_EQ(EncodeAnswer(back), text);
  return back;
}

Contact FullContact() {
  Contact contact;
  contact.id = "c1";
  contact.display_name = "Иван \"Ваня\"\n\\ \x01 Петров";
  contact.organization = "ООО «Ромашка»";
  contact.identities = {{IdentityKind::kEmail, "I@X.org", "", "i@x.org", true},
                        {IdentityKind::kExternal, "17", "crm", "", false}};
  contact.attributes = {{"city", "Тверь"}};
  contact.do_not_email = {true, "letter", At(4)};
  contact.do_not_call = {false, "by-phone", At(5)};
  contact.merged_into = "c0";
  contact.erase_time = At(6);
  contact.lead_count = 3;
  contact.create_time = At(1);
  contact.update_time = At(2);
  contact.revision = 41;
  contact.etag = "41";
  return contact;
}

void ExpectFullContact(const Contact& contact) {
  const Contact expected = FullContact();
  EXPECT_EQ(contact.id, expected.id);
  EXPECT_EQ(contact.display_name, expected.display_name);
  EXPECT_EQ(contact.organization, expected.organization);
  ASSERT_EQ(contact.identities.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(contact.identities[i].kind, expected.identities[i].kind);
    EXPECT_EQ(contact.identities[i].value, expected.identities[i].value);
    EXPECT_EQ(contact.identities[i].source, expected.identities[i].source);
    EXPECT_EQ(contact.identities[i].normal_value, expected.identities[i].normal_value);
    EXPECT_EQ(contact.identities[i].usable, expected.identities[i].usable);
  }
  EXPECT_EQ(contact.attributes, expected.attributes);
  EXPECT_TRUE(contact.do_not_email.refused);
  EXPECT_EQ(contact.do_not_email.source, "letter");
  EXPECT_EQ(contact.do_not_email.time, At(4));
  EXPECT_FALSE(contact.do_not_call.refused);
  EXPECT_EQ(contact.do_not_call.source, "by-phone");
  EXPECT_EQ(contact.do_not_call.time, At(5));
  EXPECT_EQ(contact.merged_into, "c0");
  EXPECT_EQ(contact.erase_time, At(6));
  EXPECT_EQ(contact.lead_count, 3);
  EXPECT_EQ(contact.create_time, At(1));
  EXPECT_EQ(contact.update_time, At(2));
  EXPECT_EQ(contact.revision, 41);
  EXPECT_EQ(contact.etag, "41");
}

Proposal FullProposal() {
  Proposal proposal;
  proposal.version = 2;
  proposal.state = ProposalState::kAccepted;
  proposal.scope = "shop";
  proposal.price = Money{"EUR", 9'000'000'000'000};
  proposal.valid_until = absl::CivilDay(2024, 2, 29);
  proposal.request_time = At(10);
  proposal.send_time = At(11);
  proposal.answer_time = At(12);
  return proposal;
}

Outcome FullOutcome() {
  Outcome outcome;
  outcome.state = LeadState::kDeclined;
  outcome.stage = "proposal";
  outcome.occur_time = At(20);
  outcome.actor = "anna";
  outcome.reason = "price";
  outcome.arguments = {"better", "price", "differ"};
  outcome.alternatives = "a template";
  outcome.told_in = "a1";
  outcome.may_keep_in_touch = true;
  outcome.revisit = absl::CivilDay(1969, 12, 31);
  outcome.competitor = "them";
  outcome.wake = absl::CivilDay(2199, 12, 31);
  outcome.owner = "boris";
  outcome.value = Money{"EUR", 0};
  return outcome;
}

Lead FullLead() {
  Lead lead;
  lead.id = "l1";
  lead.contact = "c1";
  lead.state = LeadState::kDeclined;
  lead.stage = "proposal";
  lead.funnel = "web-studio";
  lead.channel = "ads";
  lead.campaign = "spring";
  lead.need = "an online shop";
  lead.interest = 70;
  lead.expected_value = Money{"EUR", 100};
  lead.budget = Money{"EUR", 50};
  lead.decision_maker_known = true;
  lead.seller = "anna";
  lead.referrer = "c2";
  lead.external_id = "x-1";
  lead.attributes = {{"", "empty key"}, {"клю\"ч", ""}, {"size", "10"}};
  lead.labels = {"late", "vip"};
  lead.receive_time = At(3);
  lead.close_time = At(4);
  lead.won_value = Money{"EUR", 7};
  lead.first_response_time = At(5);
  lead.visits = {{"new", At(6), At(7)}, {"proposal", At(7), std::nullopt}};
  lead.requirements = {{1, "pages", At(8)}};
  lead.proposals = {Proposal{}, FullProposal()};
  lead.outcomes = {FullOutcome(), Outcome{}};
  lead.stance = Stance::kLetGo;
  lead.stances = {{Stance::kPursue, "a name", "new", At(10), "anna"},
                  {Stance::kLetGo, "no budget", "proposal", At(11), "boris"}};
  lead.returned_from = "l0";
  lead.create_time = At(30);
  lead.update_time = At(31);
  lead.revision = 42;
  lead.etag = "42";
  return lead;
}

void ExpectFullLead(const Lead& lead) {
  const Lead expected = FullLead();
  EXPECT_EQ(lead.id, expected.id);
  EXPECT_EQ(lead.contact, expected.contact);
  EXPECT_EQ(lead.state, expected.state);
  EXPECT_EQ(lead.stage, expected.stage);
  EXPECT_EQ(lead.funnel, expected.funnel);
  EXPECT_EQ(lead.channel, expected.channel);
  EXPECT_EQ(lead.campaign, expected.campaign);
  EXPECT_EQ(lead.need, expected.need);
  EXPECT_EQ(lead.interest, expected.interest);
  EXPECT_EQ(lead.expected_value, expected.expected_value);
  EXPECT_EQ(lead.budget, expected.budget);
  EXPECT_EQ(lead.decision_maker_known, expected.decision_maker_known);
  EXPECT_EQ(lead.seller, expected.seller);
  EXPECT_EQ(lead.referrer, expected.referrer);
  EXPECT_EQ(lead.external_id, expected.external_id);
  EXPECT_EQ(lead.attributes, expected.attributes);
  EXPECT_EQ(lead.labels, expected.labels);
  EXPECT_EQ(lead.stance, expected.stance);
  EXPECT_EQ(lead.receive_time, expected.receive_time);
  EXPECT_EQ(lead.close_time, expected.close_time);
  EXPECT_EQ(lead.won_value, expected.won_value);
  EXPECT_EQ(lead.first_response_time, expected.first_response_time);
  EXPECT_EQ(lead.returned_from, expected.returned_from);
  EXPECT_EQ(lead.create_time, expected.create_time);
  EXPECT_EQ(lead.update_time, expected.update_time);
  EXPECT_EQ(lead.revision, expected.revision);
  EXPECT_EQ(lead.etag, expected.etag);
}

TEST(Answers, OfALeadKeepEveryFieldOfItsOwn) { ExpectFullLead(Kept(FullLead())); }

TEST(Answers, OfALeadKeepItsVisits) {
  const Lead lead = Kept(FullLead());
  ASSERT_EQ(lead.visits.size(), 2u);
  EXPECT_EQ(lead.visits[0].stage, "new");
  EXPECT_EQ(lead.visits[0].enter_time, At(6));
  EXPECT_EQ(lead.visits[0].leave_time, At(7));
  EXPECT_EQ(lead.visits[1].leave_time, std::nullopt);
}

TEST(Answers, OfALeadKeepItsRequirements) {
  const Lead lead = Kept(FullLead());
  ASSERT_EQ(lead.requirements.size(), 1u);
  EXPECT_EQ(lead.requirements[0].version, 1);
  EXPECT_EQ(lead.requirements[0].text, "pages");
  EXPECT_EQ(lead.requirements[0].agree_time, At(8));
}

TEST(Answers, OfALeadKeepItsProposals) {
  const Lead lead = Kept(FullLead());
  ASSERT_EQ(lead.proposals.size(), 2u);
  EXPECT_EQ(lead.proposals[0].price, std::nullopt);
  EXPECT_EQ(lead.proposals[0].valid_until, std::nullopt);
  const Proposal& proposal = lead.proposals[1];
  const Proposal expected = FullProposal();
  EXPECT_EQ(proposal.version, expected.version);
  EXPECT_EQ(proposal.state, expected.state);
  EXPECT_EQ(proposal.scope, expected.scope);
  EXPECT_EQ(proposal.price, expected.price);
  EXPECT_EQ(proposal.valid_until, expected.valid_until);
  EXPECT_EQ(proposal.request_time, expected.request_time);
  EXPECT_EQ(proposal.send_time, expected.send_time);
  EXPECT_EQ(proposal.answer_time, expected.answer_time);
}

TEST(Answers, OfALeadKeepItsOutcomes) {
  const Lead lead = Kept(FullLead());
  ASSERT_EQ(lead.outcomes.size(), 2u);
  const Outcome& outcome = lead.outcomes[0];
  const Outcome expected = FullOutcome();
  EXPECT_EQ(outcome.state, expected.state);
  EXPECT_EQ(outcome.stage, expected.stage);
  EXPECT_EQ(outcome.occur_time, expected.occur_time);
  EXPECT_EQ(outcome.actor, expected.actor);
  EXPECT_EQ(outcome.reason, expected.reason);
  EXPECT_EQ(outcome.arguments.better, expected.arguments.better);
  EXPECT_EQ(outcome.arguments.price, expected.arguments.price);
  EXPECT_EQ(outcome.arguments.differ, expected.arguments.differ);
  EXPECT_EQ(outcome.alternatives, expected.alternatives);
  EXPECT_EQ(outcome.told_in, expected.told_in);
  EXPECT_EQ(outcome.may_keep_in_touch, expected.may_keep_in_touch);
  EXPECT_EQ(outcome.revisit, expected.revisit);
  EXPECT_EQ(outcome.competitor, expected.competitor);
  EXPECT_EQ(outcome.wake, expected.wake);
  EXPECT_EQ(outcome.owner, expected.owner);
  EXPECT_EQ(outcome.value, expected.value);
}

TEST(Answers, OfALeadKeepItsStances) {
  const Lead lead = Kept(FullLead());
  ASSERT_EQ(lead.stances.size(), 2u);
  EXPECT_EQ(lead.stances[1].stance, Stance::kLetGo);
  EXPECT_EQ(lead.stances[1].reason, "no budget");
  EXPECT_EQ(lead.stances[1].stage, "proposal");
  EXPECT_EQ(lead.stances[1].occur_time, At(11));
  EXPECT_EQ(lead.stances[1].actor, "boris");
}

TEST(Answers, OfAContactKeepEveryField) { ExpectFullContact(Kept(FullContact())); }

TEST(Answers, OfACaptureKeepEveryField) {
  CaptureResult result;
  result.lead = FullLead();
  result.contact = FullContact();
  result.contact_created = true;
  result.possible_duplicates = {"c7", "c8"};
  const std::vector<CaptureResult> kept = Kept(std::vector<CaptureResult>{result, {}});
  ASSERT_EQ(kept.size(), 2u);
  ExpectFullLead(kept[0].lead);
  ExpectFullContact(kept[0].contact);
  EXPECT_TRUE(kept[0].contact_created);
  EXPECT_EQ(kept[0].possible_duplicates, result.possible_duplicates);
  ExpectFullLead(Kept(result).lead);
}

TEST(Answers, OfAnActivityKeepEveryField) {
  LoggedActivity logged;
  logged.activity = {"a1",
                     "l1",
                     ActivityKind::kMeeting,
                     Direction::kIn,
                     At(1),
                     absl::Minutes(90) + absl::Nanoseconds(1),
                     "text",
                     At(2),
                     "anna",
                     4};
  logged.lead = FullLead();
  const LoggedActivity kept = Kept(logged);
  EXPECT_EQ(kept.activity.id, "a1");
  EXPECT_EQ(kept.activity.lead, "l1");
  EXPECT_EQ(kept.activity.kind, ActivityKind::kMeeting);
  EXPECT_EQ(kept.activity.direction, Direction::kIn);
  EXPECT_EQ(kept.activity.occur_time, At(1));
  EXPECT_EQ(kept.activity.duration, logged.activity.duration);
  EXPECT_EQ(kept.activity.text, "text");
  EXPECT_EQ(kept.activity.record_time, At(2));
  EXPECT_EQ(kept.activity.actor, "anna");
  EXPECT_EQ(kept.activity.expectation, 4);
  ExpectFullLead(kept.lead);
}

TEST(Answers, OfAWorkspaceKeepEveryField) {
  Workspace workspace{"w",          "Студия", "Europe/Berlin", "EUR", "DE",
                      "web-studio", 9,        At(1),           At(2), "9"};
  workspace.lead_attributes = {{"region", "Region", AttributeType::kEnum, {"north", "south"}}};
  workspace.lead_visibility = LeadVisibility::kOwn;
  const Workspace kept = Kept(workspace);
  EXPECT_EQ(kept.lead_visibility, LeadVisibility::kOwn);
  ASSERT_EQ(kept.lead_attributes.size(), 1u);
  EXPECT_EQ(kept.lead_attributes[0].key, "region");
  EXPECT_EQ(kept.lead_attributes[0].display_name, "Region");
  EXPECT_EQ(kept.lead_attributes[0].type, AttributeType::kEnum);
  EXPECT_EQ(kept.lead_attributes[0].values, (std::vector<std::string>{"north", "south"}));
  EXPECT_EQ(kept.id, "w");
  EXPECT_EQ(kept.display_name, "Студия");
  EXPECT_EQ(kept.time_zone, "Europe/Berlin");
  EXPECT_EQ(kept.currency_code, "EUR");
  EXPECT_EQ(kept.default_region, "DE");
  EXPECT_EQ(kept.default_funnel, "web-studio");
  EXPECT_EQ(kept.revision, 9);
  EXPECT_EQ(kept.create_time, At(1));
  EXPECT_EQ(kept.update_time, At(2));
  EXPECT_EQ(kept.etag, "9");
}

TEST(Answers, OfATokenKeepEveryField) {
  const Token kept = Kept(Token{"t", "w", Role::kAnalyst, "olga", "boss", At(1), At(2), At(3)});
  EXPECT_EQ(kept.id, "t");
  EXPECT_EQ(kept.workspace, "w");
  EXPECT_EQ(kept.role, Role::kAnalyst);
  EXPECT_EQ(kept.actor, "olga");
  EXPECT_EQ(kept.creator, "boss");
  EXPECT_EQ(kept.create_time, At(1));
  EXPECT_EQ(kept.expire_time, At(2));
  EXPECT_EQ(kept.revoke_time, At(3));
}

TEST(Answers, OfAChannelKeepEveryField) {
  const Channel kept = Kept(Channel{"ads", "Ads", At(1), At(2), "3"});
  EXPECT_EQ(kept.id, "ads");
  EXPECT_EQ(kept.display_name, "Ads");
  EXPECT_EQ(kept.create_time, At(1));
  EXPECT_EQ(kept.update_time, At(2));
  EXPECT_EQ(kept.etag, "3");
}

TEST(Answers, OfACampaignKeepEveryField) {
  const Campaign kept = Kept(Campaign{"ads", "spring", "Spring", 5'000'000'000, At(1), At(2), "3"});
  EXPECT_EQ(kept.channel, "ads");
  EXPECT_EQ(kept.id, "spring");
  EXPECT_EQ(kept.display_name, "Spring");
  EXPECT_EQ(kept.audience_size, 5'000'000'000);
  EXPECT_EQ(kept.create_time, At(1));
  EXPECT_EQ(kept.update_time, At(2));
  EXPECT_EQ(kept.etag, "3");
}

TEST(Answers, OfTouchesKeepEveryField) {
  const TouchResult kept = Kept(TouchResult{5, 6});
  EXPECT_EQ(kept.newly_reached, 5);
  EXPECT_EQ(kept.revision, 6);
}

TEST(Answers, OfARevisionKeepTheWholeNumber) {
  EXPECT_EQ(Kept(int64_t{INT64_MAX}), INT64_MAX);
  EXPECT_EQ(Kept(int64_t{INT64_MIN}), INT64_MIN);
  EXPECT_EQ(Kept(int64_t{0}), 0);
}

TEST(Answers, OfAPolicyKeepWhatTheEngineAdded) {
  FunnelPolicy policy = WebStudioPolicy();
  policy.version = 4;
  policy.activate_time = At(5);
  const FunnelPolicy kept = Kept(policy);
  EXPECT_EQ(kept.version, 4);
  EXPECT_EQ(kept.activate_time, At(5));
  EXPECT_EQ(FunnelPolicyToJson(kept), FunnelPolicyToJson(policy));
}

TEST(Answers, ThatAreDamagedAreRefused) {
  for (const char* text : {"", "{", "[]", "7", "{\"id\":1}", "{\"revision\":\"1\"}",
                           "{\"visits\":{}}", "{\"expected_value\":[]}", "{\"revision\":1.5}"}) {
    Lead lead;
    EXPECT_EQ(ReasonOf(DecodeAnswer(text, &lead)), Reason::kStoreCorrupt) << text;
  }
}

TEST(Answers, FromBeforeAFieldExistedLeaveItEmpty) {
  Lead lead = FullLead();
  ASSERT_TRUE(DecodeAnswer("{\"id\":\"l9\",\"unheard\":[1]}", &lead).ok());
  EXPECT_EQ(lead.id, "l9");
  EXPECT_EQ(lead.contact, "");
  EXPECT_TRUE(lead.visits.empty());
}

}  // namespace
}  // namespace sales::store
