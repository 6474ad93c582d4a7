// Scores and advice through the verbs: what outcomes are told with, and what becomes of it.
#include <algorithm>
#include <random>

#include "sales/team.h"
#include "tests/engine/team_studio.h"
#include "tests/rigs/naive_load.h"

namespace sales::testing {
namespace {

class Scores : public TeamStudio {
 protected:
  absl::Status SetFeatures(std::vector<std::string> features) const {
    UpdateWorkspace update;
    update.score_features = std::move(features);
    return desk().UpdateWorkspace(update).status();
  }
  std::string Captured(const std::string& name, const std::string& channel = "referral",
                       int interest = 0) const {
    CaptureLead lead = Person(name);
    lead.channel = channel;
    lead.interest = interest;
    lead.expected_value = Money{"EUR", 100'000};
    const auto captured = desk().CaptureLead(lead);
    EXPECT_TRUE(captured.ok()) << captured.status();
    return captured->lead.id;
  }
  void Win(const std::string& lead, int64_t value = 100'000) const {
    WinLead win;
    win.value = Money{"EUR", value};
    win.override_reason = "signed";
    AdvanceLead last;
    last.stage = "contract";
    last.override_reason = "signed";
    (void)desk().AdvanceLead(lead, last);
    const auto won = desk().WinLead(lead, win);
    EXPECT_TRUE(won.ok()) << won.status();
  }
  void Reopened(const std::string& lead) const {
    ReopenLead reopening;
    reopening.reason = "called";
    reopening.override_reason = "known";
    EXPECT_TRUE(desk().ReopenLead(lead, reopening).ok());
  }
  void Decline(const std::string& lead) const {
    EXPECT_TRUE(desk().DeclineLead(lead, Refusal()).ok());
  }
  std::map<std::string, std::string> LastChanges(const std::string& lead) const {
    std::map<std::string, std::string> told;
    for (const Event& event : Events()) {
      if (event.lead != lead) continue;
      told.clear();
      for (const Change& change : event.changes) told[change.field] = change.after;
    }
    return told;
  }
  ScoreReport Report(const ScoreQuery& query = {}) const {
    const auto report = desk().ReportScore(query);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *report : ScoreReport{};
  }
  Advice Advised(const std::string& lead) const {
    const auto advice = desk().AdviseLead(lead);
    EXPECT_TRUE(advice.ok()) << advice.status();
    return advice.ok() ? *advice : Advice{};
  }
};

TEST_F(Scores, AreNotKeptWithoutFeatures) {
  const std::string lead = Captured("a");
  Decline(lead);
  const auto told = LastChanges(lead);
  EXPECT_EQ(told.count("scored_features"), 0u);
  EXPECT_EQ(told.count("promised"), 0u);
  const ScoreReport report = Report();
  EXPECT_EQ(report.scored, 0);
  EXPECT_FALSE(report.auc.has_value());
  EXPECT_TRUE(report.features.empty());
}

TEST_F(Scores, RestOnTheOutcomesBefore) {
  ASSERT_TRUE(SetFeatures({"channel", "interest"}).ok());
  Win(Captured("a"));
  Decline(Captured("b"));
  const std::string third = Captured("c", "referral", 80);
  Decline(third);
  const auto told = LastChanges(third);
  EXPECT_EQ(told.at("scored_features"), "channel=referral interest=75-100");
  // Even odds, and referral was seen in both kinds alike; the interest never was.
  EXPECT_EQ(told.at("promised"), "500");
  const ScoreReport report = Report();
  EXPECT_EQ(report.scored, 1);
  EXPECT_EQ(report.won.numerator, 0);
  EXPECT_EQ(report.features.size(), 3u);
}

TEST_F(Scores, AreNotPromisedBeforeOutcomesOfBothKinds) {
  ASSERT_TRUE(SetFeatures({"channel"}).ok());
  Decline(Captured("a"));
  const std::string second = Captured("b");
  Decline(second);
  EXPECT_EQ(LastChanges(second).count("promised"), 0u);
  EXPECT_EQ(Report().scored, 0);
}

TEST_F(Scores, TakeBackWhatIsReopened) {
  ASSERT_TRUE(SetFeatures({"channel"}).ok());
  Win(Captured("a"));
  Decline(Captured("b"));
  const std::string lead = Captured("c");
  Decline(lead);
  EXPECT_EQ(Report().scored, 1);
  Reopened(lead);
  const ScoreReport report = Report();
  EXPECT_EQ(report.scored, 0);
  ASSERT_EQ(report.features.size(), 1u);
  EXPECT_EQ(report.features[0].not_won, 1);
  ExpectClean();
}

TEST_F(Scores, CountNoLeadThatWasNone) {
  ASSERT_TRUE(SetFeatures({"channel"}).ok());
  ASSERT_TRUE(desk().DisqualifyLead(Captured("a"), {"spam"}).ok());
  NurtureLead nurture;
  nurture.reason = "later";
  nurture.wake = absl::CivilDay(2030, 1, 1);
  ASSERT_TRUE(desk().NurtureLead(Captured("b"), nurture).ok());
  EXPECT_TRUE(Report().features.empty());
}

TEST_F(Scores, OfAWriteSeeThoseOfTheSameCommit) {
  ASSERT_TRUE(SetFeatures({"channel"}).ok());
  std::vector<ImportLead> rows(3);
  for (int i = 0; i < 3; ++i) {
    rows[i].capture = Person("imported" + std::to_string(i));
    rows[i].capture.external_id = "row" + std::to_string(i);
    rows[i].capture.channel = "referral";
    rows[i].capture.receive_time = clock_.Now() - absl::Hours(10);
    const absl::Time later = clock_.Now() - absl::Hours(5);
    if (i == 0) {
      AdvanceLead contract;
      contract.stage = "contract";
      contract.override_reason = "signed";
      WinLead win;
      win.value = Money{"EUR", 5};
      win.override_reason = "signed";
      rows[i].steps = {{later, contract}, {later, win}};
    } else {
      rows[i].steps = {{later, Refusal()}};
    }
  }
  const auto results = desk().ImportLeads(rows);
  ASSERT_TRUE(results.ok()) << results.status();
  for (const ImportResult& result : *results) ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(Report().scored, 1);
  EXPECT_EQ(LastChanges(results->at(2).lead).at("promised"), "500");
  ExpectClean();
}

TEST_F(Scores, AreOfFeaturesThatThereAre) {
  EXPECT_EQ(ReasonIn(SetFeatures({"mood"})), Reason::kFieldInvalid);
  EXPECT_EQ(ReasonIn(SetFeatures({"attribute:region"})), Reason::kAttributeUnknown);
  EXPECT_EQ(ReasonIn(SetFeatures(std::vector<std::string>(51, "x"))), Reason::kListTooLong);
  UpdateWorkspace update;
  update.lead_attributes = {{{"region", "", AttributeType::kEnum, {"north west", "south"}},
                             {"note", "", AttributeType::kText, {}}}};
  update.score_features = {{"attribute:region"}};
  const auto updated = desk().UpdateWorkspace(update);
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(updated->score_features, std::vector<std::string>{"attribute:region"});
  EXPECT_EQ(desk().GetWorkspace()->score_features, std::vector<std::string>{"attribute:region"});
  EXPECT_EQ(ReasonIn(SetFeatures({"attribute:note"})), Reason::kFieldInvalid);
  UpdateWorkspace without;
  without.lead_attributes.emplace();
  EXPECT_EQ(ReasonIn(desk().UpdateWorkspace(without).status()), Reason::kAttributeInUse);
  const std::string lead = Captured("a");
  UpdateLead region;
  region.attributes = {{{"region", "north west"}}};
  ASSERT_TRUE(desk().UpdateLead(lead, region).ok());
  Decline(lead);
  EXPECT_EQ(LastChanges(lead).at("scored_features"), "attribute:region=north%20west");
  EXPECT_EQ(Report().features[0].value, "north west");
}

TEST_F(Scores, MayBeAskedForWithANewWorkspace) {
  CreateWorkspace command;
  command.id = "other";
  command.score_features = {"channel", "repeat"};
  const auto created = engine_->CreateWorkspace(command);
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(engine_->At("other").GetWorkspace()->score_features, command.score_features);
  command.id = "third";
  command.score_features = {"attribute:x"};
  EXPECT_EQ(ReasonIn(engine_->CreateWorkspace(command).status()), Reason::kAttributeUnknown);
}

TEST_F(Scores, ReportsNeedAWindowThatIsOne) {
  ScoreQuery query;
  query.window = {absl::CivilDay(2026, 2, 2), absl::CivilDay(2026, 2, 1)};
  EXPECT_EQ(ReasonIn(desk().ReportScore(query).status()), Reason::kWindowInvalid);
  query = {};
  query.as_of_revision = 99'999;
  EXPECT_EQ(ReasonIn(desk().ReportScore(query).status()), Reason::kRevisionInvalid);
}

TEST_F(Scores, AdviseByWhatIsKnown) {
  ASSERT_TRUE(SetFeatures({"channel"}).ok());
  ASSERT_TRUE(desk().CreateChannel({"ads", ""}).ok());
  for (int i = 0; i < 6; ++i) {
    Win(Captured("won" + std::to_string(i)));
    Decline(Captured("declined" + std::to_string(i), "ads"));
  }
  const Advice likely = Advised(Captured("likely"));
  EXPECT_EQ(likely.action, AdviceAction::kPursue);
  EXPECT_EQ(likely.reasons[0].code, "score-high");
  EXPECT_GT(likely.score.probability, 0.7);
  ASSERT_EQ(likely.score.contributions.size(), 1u);
  EXPECT_NEAR(likely.score.log_odds,
              likely.score.base_log_odds + likely.score.contributions[0].log_odds, 1e-12);
  const std::string unlikely = Captured("unlikely", "ads");
  EXPECT_EQ(Advised(unlikely).action, AdviceAction::kNurture);
  LogActivity call;
  call.kind = ActivityKind::kCall;
  call.direction = Direction::kIn;
  call.expectation = 5;
  ASSERT_TRUE(desk().LogActivity(unlikely, call).ok());
  const Advice at_peak = Advised(unlikely);
  EXPECT_EQ(at_peak.action, AdviceAction::kDecline);
  EXPECT_EQ(at_peak.reasons[0].code, "expectation-peak");
}

TEST_F(Scores, AdviseByTheSellersLoad) {
  CreateSeller anna;
  anna.id = "anna";
  anna.capacity = 1'000;
  ASSERT_TRUE(desk().CreateSeller(anna).ok());
  const std::string lead = Captured("a");
  ASSERT_TRUE(desk().AssignLead(lead, {"anna"}).ok());
  const Advice advice = Advised(lead);
  EXPECT_EQ(advice.reasons[0].code, "load-low");
  EXPECT_EQ(advice.action, AdviceAction::kSteady);
}

TEST_F(Scores, AdviseOpenLeadsOnly) {
  EXPECT_EQ(ReasonIn(desk().AdviseLead("nobody").status()), Reason::kLeadNotFound);
  const std::string lead = Captured("a");
  Decline(lead);
  EXPECT_EQ(ReasonIn(desk().AdviseLead(lead).status()), Reason::kLeadNotOpen);
}

TEST_F(Scores, AdviseOnceForOneRequest) {
  const std::string lead = Captured("a");
  const std::string etag = desk().GetLead(lead)->etag;
  const auto first = desk(WithRequest("r")).AdviseLead(lead);
  ASSERT_TRUE(first.ok()) << first.status();
  Decline(lead);
  const auto again = desk(WithRequest("r")).AdviseLead(lead);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->action, first->action);
  EXPECT_EQ(again->reasons.size(), first->reasons.size());
  EXPECT_EQ(again->score.log_odds, first->score.log_odds);
  EXPECT_EQ(ReasonIn(desk(WithRequest("r")).AdviseLead("b").status()), Reason::kRequestIdReused);
  int64_t advised = 0;
  for (const Event& event : Events()) advised += event.type == EventType::kLeadAdvised ? 1 : 0;
  EXPECT_EQ(advised, 1);
  EXPECT_NE(etag, desk().GetLead(lead)->etag);
}

TEST_F(Scores, AdviceLeavesTheLeadsEtag) {
  const std::string lead = Captured("a");
  const std::string etag = desk().GetLead(lead)->etag;
  Advised(lead);
  EXPECT_EQ(desk().GetLead(lead)->etag, etag);
}

TEST_F(Scores, JudgeStancesAndAdviceByTheLast) {
  const std::string won = Captured("a");
  ASSERT_TRUE(desk().SetStance(won, {Stance::kLetGo, "too small"}).ok());
  ASSERT_TRUE(desk().SetStance(won, {Stance::kPursue, "it grew"}).ok());
  Advised(won);
  Win(won, 7'000);
  const ScoreReport report = Report();
  ASSERT_EQ(report.stances.size(), 1u);
  EXPECT_EQ(report.stances[0].stance, Stance::kPursue);
  EXPECT_EQ(report.stances[0].won.numerator, 1);
  EXPECT_EQ(report.stances[0].revenue.minor_units, 7'000);
  ASSERT_EQ(report.advice.size(), 1u);
  EXPECT_EQ(report.advice[0].closed, 1);
  Reopened(won);
  EXPECT_TRUE(Report().stances.empty());
  EXPECT_TRUE(Report().advice.empty());
  ExpectClean();
}

class ScoredHistories : public Scores, public ::testing::WithParamInterface<uint32_t> {
 protected:
  ScoredHistories() : random_(GetParam()) {
    Hire("anna");
    EXPECT_TRUE(desk().CreateChannel({"ads", ""}).ok());
    EXPECT_TRUE(desk().CreateCampaign({"ads", "spring", "", 0}).ok());
    EXPECT_TRUE(SetFeatures(Features()).ok());
  }

  int64_t Below(int64_t end) { return static_cast<int64_t>(random_()) % end; }
  bool Sometimes(int of) { return Below(of) == 0; }
  const std::string& OneOf(const std::vector<std::string>& some) {
    return some[static_cast<size_t>(Below(static_cast<int64_t>(some.size())))];
  }
  std::vector<std::string> Features() {
    std::vector<std::string> all = {"channel",  "seller",      "repeat",
                                    "interest", "expectation", "expected_value"};
    std::shuffle(all.begin(), all.end(), random_);
    all.resize(static_cast<size_t>(2 + Below(5)));
    return all;
  }

  void Step() {
    clock_.Turn(absl::Minutes(Below(900)));
    if (leads_.empty() || Sometimes(3)) {
      CaptureLead lead = Person("person" + std::to_string(Below(60)));
      if (Sometimes(2)) lead.channel = Sometimes(2) ? "ads" : "referral";
      if (lead.channel == "ads" && Sometimes(2)) lead.campaign = "spring";
      if (Sometimes(2)) lead.seller = Sometimes(2) ? "anna" : "olga";
      lead.interest = static_cast<int>(Below(101));
      if (Sometimes(2)) lead.expected_value = Money{"EUR", Below(100'000)};
      if (Sometimes(3)) lead.receive_time = clock_.Now() - absl::Hours(Below(4'000));
      const auto captured = desk().CaptureLead(lead);
      if (!captured.ok()) return;
      leads_.push_back(captured->lead.id);
      contacts_.push_back(captured->contact.id);
      return;
    }
    if (Sometimes(40)) {
      EXPECT_TRUE(SetFeatures(Sometimes(4) ? std::vector<std::string>() : Features()).ok());
      return;
    }
    Change(OneOf(leads_));
  }

  void Change(const std::string& lead) {
    WinLead win;
    win.value = Money{"EUR", Below(90'000)};
    win.override_reason = "signed";
    AdvanceLead contract;
    contract.stage = Sometimes(2) ? "contract" : "proposal";
    contract.override_reason = "so";
    ReopenLead reopening;
    reopening.reason = "called";
    reopening.override_reason = "known";
    LogActivity call;
    call.kind = ActivityKind::kCall;
    call.direction = Direction::kIn;
    call.expectation = static_cast<int>(Below(6));
    UpdateLead update;
    update.interest = static_cast<int>(Below(101));
    NurtureLead nurture;
    nurture.reason = "later";
    nurture.wake = absl::CivilDay(2035, 1, 1);
    switch (Below(14)) {
      case 0:
      case 1:
        (void)desk().AdvanceLead(lead, contract);
        (void)desk().WinLead(lead, win);
        return;
      case 2:
      case 3:
        (void)desk().DeclineLead(lead, Refusal());
        return;
      case 4:
        (void)desk().LoseLead(lead, {"silence", ""});
        return;
      case 5:
        (void)desk().DisqualifyLead(lead, {"spam"});
        return;
      case 6:
        (void)desk().ReopenLead(lead, reopening);
        return;
      case 7:
        (void)desk().SetStance(lead, {static_cast<Stance>(1 + Below(3)), "so"});
        return;
      case 8:
      case 9:
        (void)desk().AdviseLead(lead);
        return;
      case 10:
        (void)desk().LogActivity(lead, call);
        return;
      case 11:
        (void)desk().UpdateLead(lead, update);
        return;
      case 12:
        if (Sometimes(2)) {
          (void)desk().MergeContacts(OneOf(contacts_), OneOf(contacts_));
        } else if (Sometimes(3)) {
          (void)desk().EraseContact(OneOf(contacts_));
        } else {
          (void)desk().AssignLead(lead, {Sometimes(2) ? "anna" : "olga"});
        }
        return;
      default:
        (void)desk().NurtureLead(lead, nurture);
    }
  }

  struct Queried {
    ReportQuery load;
    ScoreQuery score;
  };
  static std::vector<Queried> Queries() {
    std::vector<Queried> queries(6);
    queries[1].load.window = {absl::CivilDay(2025, 10, 1), absl::CivilDay(2026, 5, 15)};
    queries[2].load.window.start = absl::CivilDay(2026, 4, 20);
    queries[3].load.filter.channel = "ads";
    queries[4].load.filter.seller = "anna";
    queries[5].load.filter = {"ads", "spring", "olga", "", ""};
    for (Queried& query : queries) query.score.window = query.load.window;
    return queries;
  }

  void ExpectEqual(Queried query, const std::vector<Event>& events) {
    absl::TimeZone zone;
    ASSERT_TRUE(absl::LoadTimeZone("Europe/Amsterdam", &zone));
    const auto load = desk().ReportLoad(query.load);
    ASSERT_TRUE(load.ok()) << load.status();
    for (const std::string& difference : naive::Differences(
             *load, naive::ReportLoad(events, zone, *desk().GetFunnelPolicy("web-studio"),
                                      {{"anna", 0}}, query.load))) {
      ADD_FAILURE() << difference;
    }
    const auto score = desk().ReportScore(query.score);
    ASSERT_TRUE(score.ok()) << score.status();
    for (const std::string& difference :
         naive::Differences(*score, naive::ReportScore(events, zone, "EUR", query.score))) {
      ADD_FAILURE() << difference;
    }
  }

  std::mt19937 random_;
  std::vector<std::string> leads_;
  std::vector<std::string> contacts_;
};

TEST_P(ScoredHistories, GiveReportsThatEqualTheNaiveOnes) {
  for (int i = 0; i < 400; ++i) Step();
  const std::vector<Event> events = Events();
  for (const Queried& query : Queries()) ExpectEqual(query, events);
  for (const std::string& fault : naive::PromiseFaults(events)) ADD_FAILURE() << fault;
  EXPECT_GT(Report().scored, 0);
  ExpectClean();
  if (HasFailure()) ADD_FAILURE() << "seed " << GetParam();
}

TEST_P(ScoredHistories, GiveTheSameReportOfARevisionHoweverMuchComesLater) {
  for (int i = 0; i < 200; ++i) Step();
  const int64_t then = desk().GetWorkspace()->revision;
  const std::vector<Event> events = Events();
  for (int i = 0; i < 100; ++i) Step();
  for (Queried query : Queries()) {
    query.load.as_of_revision = then;
    query.score.as_of_revision = then;
    ExpectEqual(query, events);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ScoredHistories, ::testing::Range(0u, 10u));

}  // namespace
}  // namespace sales::testing
