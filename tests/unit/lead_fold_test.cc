// What holds for every verb on every lead: the events tell all that reports know of it.
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "src/decide/track.h"
#include "tests/unit/lead_fixture.h"

namespace sales {
namespace {

bool SameVisits(const std::vector<Visit>& a, const std::vector<Visit>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i].stage != b[i].stage || a[i].enter_time != b[i].enter_time ||
        a[i].leave_time != b[i].leave_time) {
      return false;
    }
  }
  return true;
}

// Does commands and keeps, beside the lead, the track that its events fold to.
class FoldedLead {
 public:
  FoldedLead() : fixture(WebStudioPolicy()) {
    CaptureLead command;
    command.expected_value = Euros(500);
    EXPECT_DONE(fixture.Capture(command));
    Fold(Track{});
  }

  absl::Status Do(const LeadCommand& command) {
    const Track before = TrackOf(fixture.record);
    absl::Status status = fixture.Do(command);
    if (status.ok()) Fold(before);
    return status;
  }

  absl::Status Update(const UpdateLead& command) {
    const Track before = TrackOf(fixture.record);
    absl::Status status = fixture.Update(command);
    if (status.ok()) Fold(before);
    return status;
  }

  void ExpectFolded() {
    const Track track = TrackOf(fixture.record);
    EXPECT_TRUE(TrackChanges(folded_, track).empty());
    EXPECT_EQ(folded_.receive_time, track.receive_time);
    EXPECT_TRUE(SameVisits(folded_.visits, track.visits));
  }

  LeadFixture fixture;

 private:
  void Fold(const Track& before) {
    Event event;
    event.type = fixture.effect.type;
    event.occur_time = fixture.at;
    event.changes = TrackChanges(before, TrackOf(fixture.record));
    for (const Change& change : fixture.effect.changes) event.changes.push_back(change);
    EXPECT_DONE(ApplyEvent(event, folded_));
  }

  Track folded_;
};

std::vector<LeadCommand> Verbs(const std::string& stage) {
  SendProposal proposal;
  proposal.price = Euros(900);
  return {
      AssignLead{"boris"},
      AssignLead{},
      To(stage),
      To(stage, "back"),
      To(stage, "back", "The boss wants it."),
      Logged(ActivityKind::kCall, Direction::kIn),
      Logged(ActivityKind::kCall, Direction::kOut),
      Logged(ActivityKind::kNote, Direction::kInternal),
      AgreeRequirements{"A shop."},
      RequestProposal{},
      proposal,
      AnswerProposal{0, ProposalState::kAccepted},
      AnswerProposal{0, ProposalState::kRejected},
      AnswerProposal{0, ProposalState::kWithdrawn},
      Refusal(),
      LoseLead{"silence", ""},
      DisqualifyLead{"spam"},
      NurtureLead{"later", absl::CivilDay(2199, 1, 1), ""},
      WinLead{},
      WinLead{Euros(77), "Paid in advance."},
      ReopenLead{"He called.", ""},
      ReopenLead{"He called.", "The boss wants it."},
  };
}

UpdateLead RandomUpdate(std::mt19937& random) {
  UpdateLead update;
  switch (random() % 5) {
    case 0:
      update.need = "shop";
      break;
    case 1:
      update.expected_value = Euros(random() % 1'000);
      break;
    case 2:
      update.clear_expected_value = true;
      break;
    case 3:
      update.channel = random() % 2 == 0 ? "ads" : "mail";
      break;
    default:
      update.campaign = random() % 2 == 0 ? "" : "spring";
  }
  return update;
}

// What must hold of a record, whatever was done to it.
void ExpectConsistent(const LeadRecord& record) {
  const Lead& lead = record.lead;
  const bool open = lead.state == LeadState::kOpen;
  EXPECT_EQ(open, !lead.close_time.has_value());
  EXPECT_EQ(open, !lead.visits.back().leave_time.has_value());
  EXPECT_EQ(lead.visits.back().stage, lead.stage);
  EXPECT_EQ(lead.state == LeadState::kWon, lead.won_value.has_value());
  EXPECT_FALSE(!open && record.awaiting_since.has_value());
  for (size_t i = 0; i + 1 < lead.visits.size(); ++i) {
    ASSERT_TRUE(lead.visits[i].leave_time.has_value());
    EXPECT_LE(*lead.visits[i].leave_time, lead.visits[i + 1].enter_time);
  }
  int accepted = 0;
  for (const Proposal& proposal : lead.proposals) {
    accepted += proposal.state == ProposalState::kAccepted;
  }
  EXPECT_LE(accepted, 1);
}

TEST(EveryVerb, InAnyOrderLeavesTheTrackThatItsEventsFoldTo) {
  std::mt19937 random(20260302);
  std::set<std::string> reasons;
  std::set<size_t> done;
  for (int run = 0; run < 400; ++run) {
    FoldedLead lead;
    for (int step = 0; step < 60; ++step) {
      lead.fixture.at += absl::Minutes(random() % 90);
      const FunnelPolicy& policy = lead.fixture.policy;
      const std::string stage = policy.stages[random() % policy.stages.size()].key;
      const std::vector<LeadCommand> verbs = Verbs(stage);
      const size_t chosen = random() % (verbs.size() + 1);
      const absl::Status status =
          chosen == verbs.size() ? lead.Update(RandomUpdate(random)) : lead.Do(verbs[chosen]);
      if (status.ok()) done.insert(chosen);
      reasons.insert(ReasonName(ReasonOf(status)));
      lead.ExpectFolded();
      ExpectConsistent(lead.fixture.record);
      if (testing::Test::HasFailure()) FAIL() << "run " << run << ", step " << step;
    }
  }
  EXPECT_EQ(done.size(), Verbs("new").size() + 1);
  for (const char* reason :
       {"GUARD_UNMET", "LEAD_NOT_OPEN", "LEAD_OPEN", "MOVE_NOT_ALLOWED", "MOVE_REASON_REQUIRED",
        "PROPOSAL_ALREADY_REQUESTED", "PROPOSAL_NOT_SENT", "PROPOSAL_NOT_FOUND"}) {
    EXPECT_EQ(reasons.count(reason), 1u) << reason;
  }
}

LeadFixture InState(LeadState state) {
  LeadFixture fixture = Captured();
  fixture.record.lead.expected_value = Euros(5);
  switch (state) {
    case LeadState::kNurtured:
      EXPECT_DONE(fixture.Do(NurtureLead{"later", absl::CivilDay(2199, 1, 1), ""}));
      break;
    case LeadState::kWon:
      EXPECT_DONE(fixture.Do(WinLead{}));
      break;
    case LeadState::kDeclined:
      EXPECT_DONE(fixture.Do(Refusal()));
      break;
    case LeadState::kLost:
      EXPECT_DONE(fixture.Do(LoseLead{"silence", ""}));
      break;
    case LeadState::kDisqualified:
      EXPECT_DONE(fixture.Do(DisqualifyLead{"spam"}));
      break;
    default:
      break;
  }
  EXPECT_EQ(fixture.lead().state, state);
  return fixture;
}

struct VerbInStates {
  const char* name;
  LeadCommand command;
  // Which states it leads to from OPEN, NURTURED and the closed ones; '-' where it is refused.
  const char* open;
  const char* nurtured;
  const char* closed;
};

TEST(EveryVerb, OnEveryStateDoesWhatItShould) {
  const VerbInStates verbs[] = {
      {"assign", AssignLead{"boris"}, "OPEN", "NURTURED", "same"},
      {"advance", To("b"), "OPEN", "-", "-"},
      {"log inbound", Logged(ActivityKind::kCall, Direction::kIn), "OPEN", "OPEN", "same"},
      {"log outbound", Logged(ActivityKind::kCall, Direction::kOut), "OPEN", "NURTURED", "same"},
      {"agree", AgreeRequirements{""}, "OPEN", "-", "-"},
      {"request", RequestProposal{}, "OPEN", "-", "-"},
      {"send", SendProposal{"", Euros(1), {}}, "OPEN", "-", "-"},
      {"decline", Refusal(), "DECLINED", "DECLINED", "-"},
      {"lose", LoseLead{"silence", ""}, "LOST", "LOST", "-"},
      {"disqualify", DisqualifyLead{"spam"}, "DISQUALIFIED", "DISQUALIFIED", "-"},
      {"nurture", NurtureLead{"later", absl::CivilDay(2199, 1, 1), ""}, "NURTURED", "-", "-"},
      {"win", WinLead{}, "WON", "-", "-"},
      {"reopen", ReopenLead{"He called.", ""}, "-", "OPEN", "OPEN"},
  };
  for (int number = 1; number <= static_cast<int>(LeadState::kDisqualified); ++number) {
    const auto state = static_cast<LeadState>(number);
    for (const VerbInStates& verb : verbs) {
      LeadFixture fixture = InState(state);
      std::string expected = state == LeadState::kOpen       ? verb.open
                             : state == LeadState::kNurtured ? verb.nurtured
                                                             : verb.closed;
      if (expected == "same") expected = LeadStateName(state);
      const absl::Status status = fixture.Do(verb.command);
      const std::string what = std::string(verb.name) + " on " + LeadStateName(state);
      if (expected == "-") {
        EXPECT_REFUSED(status, state == LeadState::kOpen ? "LEAD_OPEN" : "LEAD_NOT_OPEN") << what;
        continue;
      }
      EXPECT_TRUE(status.ok()) << what << ": " << status;
      EXPECT_EQ(LeadStateName(fixture.lead().state), expected) << what;
    }
  }
}

TEST(EveryVerb, TellsNoPersonalTextInItsEvent) {
  const std::string canary = "Иван Петров";
  LeadFixture fixture = Captured();
  SendProposal proposal;
  proposal.scope = canary;
  proposal.price = Euros(1);
  DeclineLead refusal = Refusal();
  refusal.arguments = {canary, canary, canary};
  refusal.alternatives = canary;
  LogActivity call = Logged(ActivityKind::kCall, Direction::kOut);
  call.text = canary;
  for (const LeadCommand& command :
       std::vector<LeadCommand>{call, To("c"), To("a", canary), AgreeRequirements{canary}, proposal,
                                refusal, ReopenLead{canary, canary}, LoseLead{"price", canary}}) {
    EXPECT_DONE(fixture.Do(command));
    for (const Change& change : fixture.effect.changes) {
      EXPECT_EQ(change.after.find(canary), std::string::npos) << change.field;
    }
  }
}

}  // namespace
}  // namespace sales
