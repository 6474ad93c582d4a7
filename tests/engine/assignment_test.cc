// Who gets which lead: by the policy, within what sellers can take, each place once.
#include <algorithm>
#include <atomic>
#include <map>
#include <random>
#include <thread>

#include "sales/calendar.h"
#include "sales/team.h"
#include "tests/engine/team_studio.h"

namespace sales::testing {
namespace {

class Assignments : public TeamStudio {
 protected:
  std::string SellerOf(const std::string& lead) const { return desk().GetLead(lead)->seller; }
  int SweepAssigned() const {
    const absl::StatusOr<Engine::SweepResult> swept = engine_->Sweep();
    EXPECT_TRUE(swept.ok()) << swept.status();
    return swept.ok() ? swept->leads_assigned : -1;
  }
  Exclusion WhyNot(const std::string& lead, const std::string& seller) const {
    const AssignmentRecord record = *desk().ExplainAssignment(lead);
    for (size_t i = 0; i < record.inputs.candidates.size(); ++i) {
      if (record.inputs.candidates[i].seller == seller) return record.decision.exclusions[i];
    }
    ADD_FAILURE() << "no candidate " << seller;
    return Exclusion::kUnspecified;
  }
  std::map<std::string, int> LeadsBySeller() const {
    std::map<std::string, int> counts;
    ListQuery query;
    query.page_size = 1'000;
    while (true) {
      const absl::StatusOr<Page<Lead>> page = desk().ListLeads(query);
      EXPECT_TRUE(page.ok()) << page.status();
      for (const Lead& lead : page->items) ++counts[lead.seller];
      if (page->next_page_token.empty()) return counts;
      query.page_token = page->next_page_token;
    }
  }
  // Every record decides the same again by its version of the policy.
  void ExpectReplays() const {
    ListQuery query;
    query.page_size = 1'000;
    const absl::StatusOr<Page<Lead>> page = desk().ListLeads(query);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const Lead& lead : page->items) {
      const absl::StatusOr<AssignmentRecord> record = desk().ExplainAssignment(lead.id);
      ASSERT_TRUE(record.ok()) << record.status();
      const auto policy = desk().GetAssignmentPolicy(record->policy_version);
      ASSERT_TRUE(policy.ok()) << policy.status();
      const AssignmentDecision again = DecideAssignment(*policy, record->inputs);
      ASSERT_EQ(again.seller, record->decision.seller);
      ASSERT_EQ(again.exclusions, record->decision.exclusions);
      ASSERT_EQ(again.turn, record->decision.turn);
    }
  }

  // So many captures of people of their own, from several threads at once.
  void CaptureTogether(int count, int threads) const {
    std::atomic<int> next = 0;
    std::vector<std::thread> workers;
    for (int i = 0; i < threads; ++i) {
      workers.emplace_back([&] {
        for (int n = next++; n < count; n = next++) {
          const auto captured = desk().CaptureLead(Person("p" + std::to_string(n)));
          EXPECT_TRUE(captured.ok()) << captured.status();
        }
      });
    }
    for (std::thread& worker : workers) worker.join();
  }
};

TEST_F(Assignments, AThousandCapturesAtOnceGoRoundInTurn) {
  for (const char* id : {"anna", "boris", "olga", "pavel"}) Hire(id);
  Use(OnCapture(AssignmentMethod::kRoundRobin));
  CaptureTogether(1'000, 16);
  EXPECT_EQ(LeadsBySeller(), (std::map<std::string, int>{
                                 {"anna", 250}, {"boris", 250}, {"olga", 250}, {"pavel", 250}}));
  ExpectReplays();
  ExpectClean();
}

TEST_F(Assignments, AThousandCapturesAtOnceAreSharedByWeight) {
  Hire("anna", WithWeight(5));
  Hire("boris", WithWeight(3));
  Hire("olga", WithWeight(2));
  Use(OnCapture(AssignmentMethod::kWeighted));
  CaptureTogether(1'000, 16);
  EXPECT_EQ(LeadsBySeller(),
            (std::map<std::string, int>{{"anna", 500}, {"boris", 300}, {"olga", 200}}));
  ExpectReplays();
  ExpectClean();
}

TEST_F(Assignments, CapturesAtOnceNeverTakeAPlaceTwice) {
  Hire("anna", WithCapacity(30));
  Hire("boris", WithCapacity(50));
  Use(OnCapture(AssignmentMethod::kLeastLoad));
  CaptureTogether(200, 16);
  // A new lead of web-studio is one work unit.
  EXPECT_EQ(LeadsBySeller(), (std::map<std::string, int>{{"", 120}, {"anna", 30}, {"boris", 50}}));
  ExpectReplays();
  ExpectClean();
}

TEST_F(Assignments, TurnsOfTwoEnginesOnOneStoreAreOneOrder) {
  for (const char* id : {"anna", "boris"}) Hire(id);
  Use(OnCapture(AssignmentMethod::kRoundRobin));
  const absl::StatusOr<Engine> other = Engine::Open(Options());
  ASSERT_TRUE(other.ok()) << other.status();
  for (int i = 0; i < 10; ++i) {
    const Desk& desk_of = i % 3 == 0 ? other->At("studio") : desk();
    ASSERT_TRUE(desk_of.CaptureLead(Person("p" + std::to_string(i))).ok());
  }
  EXPECT_EQ(LeadsBySeller(), (std::map<std::string, int>{{"anna", 5}, {"boris", 5}}));
}

TEST_F(Assignments, OfABatchGoRoundToo) {
  for (const char* id : {"anna", "boris", "olga"}) Hire(id);
  Use(OnCapture(AssignmentMethod::kRoundRobin));
  std::vector<CaptureLead> batch;
  for (int i = 0; i < 9; ++i) batch.push_back(Person("p" + std::to_string(i)));
  ASSERT_TRUE(desk().BatchCaptureLeads(batch).ok());
  EXPECT_EQ(LeadsBySeller(), (std::map<std::string, int>{{"anna", 3}, {"boris", 3}, {"olga", 3}}));
  ExpectClean();
}

TEST_F(Assignments, FourteenAMonthAreServedEveryMonthAndNoMore) {
  Hire("anna", WithIntake({14, 1, IntakeUnit::kMonth}));
  Use(OnCapture(AssignmentMethod::kRoundRobin));
  // Through both changes of the clock, with two requests a day.
  std::map<absl::CivilMonth, int> given;
  std::map<absl::CivilDay, int> of_day;
  int number = 0;
  while (Today() < absl::CivilDay(2026, 12, 1)) {
    const auto captured = desk().CaptureLead(Person("p" + std::to_string(number++)));
    ASSERT_TRUE(captured.ok()) << captured.status();
    if (!captured->lead.seller.empty()) {
      ++given[absl::CivilMonth(Today())];
      ++of_day[Today()];
    }
    clock_.Turn(absl::Hours(12));
  }
  for (absl::CivilMonth month(2026, 4); month < absl::CivilMonth(2026, 12); ++month) {
    EXPECT_EQ(given[month], 14) << month;
  }
  for (const auto& [day, count] : of_day) {
    if (day < absl::CivilDay(2026, 4, 1)) continue;
    EXPECT_EQ(count, 1) << day;
  }
  ExpectClean();
}

TEST_F(Assignments, ByHandUseTheIntakeUp) {
  Hire("anna", WithIntake({1, 1, IntakeUnit::kDay}));
  Use(OnCapture(AssignmentMethod::kRoundRobin));
  CaptureLead person = Person("ivan");
  person.seller = "anna";
  ASSERT_TRUE(desk().CaptureLead(person).ok());
  const Lead lead = Capture("petr").lead;
  EXPECT_EQ(lead.seller, "");
  EXPECT_EQ(WhyNot(lead.id, "anna"), Exclusion::kIntakeUsed);
}

TEST_F(Assignments, ASellerOnLeaveGetsNoneUntilHeIsBack) {
  Hire("anna");
  Hire("boris");
  ASSERT_TRUE(desk().SetAbsence("anna", {Today(), Today() + 4}).ok());
  Use(OnCapture(AssignmentMethod::kRoundRobin));
  for (int i = 0; i < 6; ++i) {
    const Lead lead = Capture("p" + std::to_string(i)).lead;
    EXPECT_EQ(lead.seller, "boris");
    EXPECT_EQ(WhyNot(lead.id, "anna"), Exclusion::kAbsent);
  }
  clock_.Turn(absl::Hours(24 * 5));
  EXPECT_EQ(Capture("late").lead.seller, "anna");
}

TEST_F(Assignments, AnAbsenceThatIsRemovedCountsNoMore) {
  Hire("anna");
  ASSERT_TRUE(desk().SetAbsence("anna", {Today(), Today() + 4}).ok());
  Use(OnCapture(AssignmentMethod::kRoundRobin));
  EXPECT_EQ(Capture("ivan").lead.seller, "");
  ASSERT_TRUE(desk().RemoveAbsence("anna", Today()).ok());
  EXPECT_EQ(Capture("petr").lead.seller, "anna");
}

TEST_F(Assignments, WaitInTheQueueUntilSomebodyWorks) {
  CreateCalendar office;
  office.id = "office";
  for (int day = 0; day < 5; ++day) office.week[day] = {{600, 1080}};
  ASSERT_TRUE(desk().CreateCalendar(office).ok());
  CreateSeller seller;
  seller.calendar = "office";
  Hire("anna", seller);
  Use(OnCapture(AssignmentMethod::kRoundRobin));
  // A Saturday.
  const Lead lead = Capture("ivan").lead;
  EXPECT_EQ(lead.seller, "");
  EXPECT_EQ(WhyNot(lead.id, "anna"), Exclusion::kNotWorking);
  EXPECT_EQ(Events().back().type, EventType::kLeadQueued);
  const int64_t revision = desk().GetWorkspace()->revision;
  EXPECT_EQ(SweepAssigned(), 0);
  EXPECT_EQ(desk().GetWorkspace()->revision, revision);
  clock_.Turn(absl::Hours(24 * 2 + 6));
  EXPECT_EQ(SweepAssigned(), 1);
  EXPECT_EQ(SellerOf(lead.id), "anna");
  EXPECT_EQ(desk().ExplainAssignment(lead.id)->cause, AssignmentCause::kSweep);
  EXPECT_EQ(SweepAssigned(), 0);
  ExpectClean();
}

TEST_F(Assignments, OfTheQueueServeTheLongestWaitingFirst) {
  Use(OnCapture(AssignmentMethod::kRoundRobin));
  std::vector<std::string> leads;
  for (int i = 0; i < 5; ++i) leads.push_back(Capture("p" + std::to_string(i)).lead.id);
  Hire("anna", WithCapacity(2));
  EXPECT_EQ(SweepAssigned(), 2);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(SellerOf(leads[i]), i < 2 ? "anna" : "") << i;
  ASSERT_TRUE(desk().DeclineLead(leads[0], Refusal()).ok());
  EXPECT_EQ(SweepAssigned(), 1);
  EXPECT_EQ(SellerOf(leads[2]), "anna");
  ExpectClean();
}

TEST_F(Assignments, LeaveTheQueueWhenTheyAreClosedOrGivenByHand) {
  Use(OnCapture(AssignmentMethod::kRoundRobin));
  const std::string declined = Capture("ivan").lead.id;
  const std::string given = Capture("petr").lead.id;
  const std::string unassigned = Capture("olga").lead.id;
  ASSERT_TRUE(desk().DeclineLead(declined, Refusal()).ok());
  ASSERT_TRUE(desk().AssignLead(given, {"boris"}).ok());
  ASSERT_TRUE(desk().AssignLead(unassigned, {"", /*unassign=*/true}).ok());
  Hire("anna");
  EXPECT_EQ(SweepAssigned(), 0);
  EXPECT_EQ(SellerOf(given), "boris");
}

TEST_F(Assignments, WaitAgainWhenALeadWithoutASellerIsReopened) {
  Use(OnCapture(AssignmentMethod::kRoundRobin));
  const std::string lead = Capture("ivan").lead.id;
  ASSERT_TRUE(desk().DeclineLead(lead, Refusal()).ok());
  Hire("anna");
  EXPECT_EQ(SweepAssigned(), 0);
  ASSERT_TRUE(desk().ReopenLead(lead, {"he called", ""}).ok());
  EXPECT_EQ(SweepAssigned(), 1);
  EXPECT_EQ(SellerOf(lead), "anna");
  ASSERT_TRUE(desk().DeclineLead(lead, Refusal()).ok());
  ASSERT_TRUE(desk().ReopenLead(lead, {"he called", ""}).ok());
  EXPECT_EQ(SellerOf(lead), "anna");
  EXPECT_EQ(SweepAssigned(), 0);
  ExpectClean();
}

TEST_F(Assignments, SweptAtTheSameTimeAreGivenOnce) {
  Use(OnCapture(AssignmentMethod::kRoundRobin));
  for (int i = 0; i < 40; ++i) Capture("p" + std::to_string(i));
  Hire("anna", WithCapacity(15));
  Hire("boris", WithCapacity(10));
  std::atomic<int> assigned = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) threads.emplace_back([&] { assigned += SweepAssigned(); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(assigned, 25);
  EXPECT_EQ(LeadsBySeller(), (std::map<std::string, int>{{"", 15}, {"anna", 15}, {"boris", 10}}));
  ExpectClean();
}

TEST_F(Assignments, SeeTheWholeOfALongQueueInTime) {
  ASSERT_TRUE(desk().CreateTeam({"shops", ""}).ok());
  ASSERT_TRUE(desk().CreateTeam({"sites", ""}).ok());
  AssignmentPolicy policy = OnCapture(AssignmentMethod::kRoundRobin);
  policy.rules.resize(1);
  policy.rules[0].attributes = {{"kind", Comparison::kEqual, "shop"}};
  policy.rules[0].team = "shops";
  policy.default_team = "sites";
  Use(policy);
  for (int i = 0; i < 8; ++i) Capture("p" + std::to_string(i));
  CaptureLead shop = Person("shop");
  shop.attributes["kind"] = "shop";
  const std::string last = desk().CaptureLead(shop)->lead.id;
  Hire("anna", InTeam("shops"));
  int assigned = 0;
  for (int i = 0; i < 4; ++i) assigned += engine_->Sweep(3)->leads_assigned;
  EXPECT_EQ(assigned, 1);
  EXPECT_EQ(SellerOf(last), "anna");
}

TEST_F(Assignments, GoByOpenWorkAndNotByCountsOfClosedLeads) {
  Hire("anna");
  Hire("boris");
  for (int i = 0; i < 3; ++i) {
    CaptureLead person = Person("a" + std::to_string(i));
    person.seller = "anna";
    const Lead lead = desk().CaptureLead(person)->lead;
    ASSERT_TRUE(desk().DeclineLead(lead.id, Refusal()).ok());
  }
  CaptureLead person = Person("b");
  person.seller = "boris";
  const Lead lead = desk().CaptureLead(person)->lead;
  ASSERT_TRUE(desk().AdvanceLead(lead.id, {"requirements", "", ""}).ok());
  Use(OnCapture(AssignmentMethod::kLeastLoad));
  const Lead first = Capture("first").lead;
  EXPECT_EQ(first.seller, "anna");
  const AssignmentRecord record = *desk().ExplainAssignment(first.id);
  EXPECT_EQ(record.inputs.candidates[0].open_work_units, 0);
  // Requirements are two work units of web-studio.
  EXPECT_EQ(record.inputs.candidates[1].open_work_units, 2);
  ExpectClean();
}

TEST_F(Assignments, GoToThePreviousSellerOfTheContact) {
  Hire("anna");
  Hire("boris");
  AssignmentPolicy policy = OnCapture(AssignmentMethod::kRoundRobin);
  policy.previous_seller = true;
  Use(policy);
  EXPECT_EQ(Capture("ivan").lead.seller, "anna");
  EXPECT_EQ(Capture("petr").lead.seller, "boris");
  EXPECT_EQ(Capture("petr").lead.seller, "boris");
  ASSERT_TRUE(desk().SetAbsence("boris", {Today(), Today()}).ok());
  EXPECT_EQ(Capture("petr").lead.seller, "anna");
}

TEST_F(Assignments, PassOverSellersWhoAreNoResource) {
  Use(OnCapture(AssignmentMethod::kRoundRobin));
  CaptureLead person = Person("ivan");
  person.seller = "somebody";
  EXPECT_EQ(desk().CaptureLead(person)->lead.seller, "somebody");
  EXPECT_EQ(Capture("petr").lead.seller, "");
}

TEST_F(Assignments, OnRequestAskThePolicyToo) {
  Hire("anna");
  AssignmentPolicy policy = OnCapture(AssignmentMethod::kRoundRobin);
  policy.assign_on_capture = false;
  const std::string lead = Capture("ivan").lead.id;
  EXPECT_EQ(ReasonIn(desk().AssignLead(lead, {}).status()), Reason::kAssignmentPolicyNotSet);
  Use(policy);
  EXPECT_EQ(ReasonIn(desk().ExplainAssignment(lead).status()), Reason::kAssignmentNotFound);
  EXPECT_EQ(desk().AssignLead(lead, {})->seller, "anna");
  EXPECT_EQ(desk().ExplainAssignment(lead)->cause, AssignmentCause::kRequest);
  EXPECT_EQ(desk().AssignLead(lead, {"", true})->seller, "");
  EXPECT_EQ(ReasonIn(desk().AssignLead(lead, {"anna", true}).status()), Reason::kFieldInvalid);
  EXPECT_EQ(ReasonIn(desk().ExplainAssignment("none").status()), Reason::kLeadNotFound);
  ExpectClean();
}

TEST_F(Assignments, LeaveALeadWithItsSellerWhereNobodyIsAvailable) {
  Hire("anna");
  Use(OnCapture(AssignmentMethod::kRoundRobin));
  const std::string lead = Capture("ivan").lead.id;
  ASSERT_TRUE(desk().SetAbsence("anna", {Today(), Today()}).ok());
  const absl::Status refused = desk().AssignLead(lead, {}).status();
  EXPECT_EQ(ReasonIn(refused), Reason::kNobodyAvailable);
  EXPECT_EQ(DetailOf(refused).metadata.at("sellers"), "anna=ABSENT");
  EXPECT_EQ(SellerOf(lead), "anna");
}

TEST_F(Assignments, OfClosedLeadsAreRefused) {
  Hire("anna");
  const std::string lead = Capture("ivan").lead.id;
  Use(OnCapture(AssignmentMethod::kRoundRobin));
  ASSERT_TRUE(desk().DeclineLead(lead, Refusal()).ok());
  EXPECT_EQ(ReasonIn(desk().AssignLead(lead, {}).status()), Reason::kLeadNotOpen);
}

TEST_F(Assignments, OfARepeatedRequestAreDecidedOnce) {
  Hire("anna");
  Hire("boris");
  Use(OnCapture(AssignmentMethod::kRoundRobin));
  const auto first = desk(WithRequest("r1")).CaptureLead(Person("ivan"));
  const auto again = desk(WithRequest("r1")).CaptureLead(Person("ivan"));
  ASSERT_TRUE(first.ok() && again.ok());
  EXPECT_EQ(again->lead.seller, "anna");
  EXPECT_EQ(Capture("petr").lead.seller, "boris");
}

TEST_F(Assignments, OfImportsAreLeftAsTheyCome) {
  Hire("anna", WithIntake({1, 1, IntakeUnit::kDay}));
  Use(OnCapture(AssignmentMethod::kRoundRobin));
  ImportLead row;
  row.capture = Person("ivan");
  row.capture.external_id = "1";
  ImportLead owned = row;
  owned.capture = Person("petr");
  owned.capture.external_id = "2";
  owned.capture.seller = "anna";
  const auto results = desk().ImportLeads({row, owned});
  ASSERT_TRUE(results.ok()) << results.status();
  EXPECT_EQ(SellerOf((*results)[0].lead), "");
  EXPECT_EQ(SweepAssigned(), 0);
  EXPECT_EQ(Capture("olga").lead.seller, "anna");
  ExpectClean();
}

TEST_F(Assignments, OfAnImportedPastAreThoseItNames) {
  Hire("anna");
  Use(OnCapture(AssignmentMethod::kRoundRobin));
  ImportLead row;
  row.capture = Person("ivan");
  row.capture.external_id = "1";
  row.capture.seller = "anna";
  row.capture.receive_time = clock_.Now() - absl::Hours(2);
  row.steps = {{clock_.Now() - absl::Hours(1), AssignLead{"boris"}}};
  ImportLead left = row;
  left.capture = Person("petr");
  left.capture.external_id = "2";
  left.steps[0].command = AssignLead{""};
  const auto results = desk().ImportLeads({row, left});
  ASSERT_TRUE(results.ok()) << results.status();
  EXPECT_EQ(SellerOf((*results)[0].lead), "boris");
  EXPECT_EQ(SellerOf((*results)[1].lead), "");
  EXPECT_EQ(SweepAssigned(), 0);
  ExpectClean();
}

// Leads that live through everything that can happen to them.
class Lives : public Assignments, public ::testing::WithParamInterface<uint32_t> {
 protected:
  Lives() : random_(GetParam()) {}

  int Below(size_t end) { return static_cast<int>(random_() % end); }
  const std::string& Any(const std::vector<std::string>& ids) { return ids[Below(ids.size())]; }

  void Change() {
    clock_.Turn(absl::Minutes(Below(3'000)));
    if (leads_.empty() || Below(4) == 0) {
      const auto captured = desk().CaptureLead(Person("p" + std::to_string(Below(12))));
      if (captured.ok()) {
        leads_.push_back(captured->lead.id);
        contacts_.push_back(captured->contact.id);
      }
      return;
    }
    const std::string lead = Any(leads_);
    static const std::vector<std::string> stages = {"contacted", "requirements", "proposal"};
    switch (Below(12)) {
      case 0:
        (void)desk().AdvanceLead(lead, {Any(stages), "known", "by hand"});
        break;
      case 1:
        (void)desk().DeclineLead(lead, Refusal());
        break;
      case 2:
        (void)desk().ReopenLead(lead, {"he called", "known"});
        break;
      case 3:
        (void)desk().NurtureLead(lead, {"later", Today() + 2, "anna"});
        break;
      case 4:
        (void)desk().AssignLead(lead, {});
        break;
      case 5:
        (void)desk().AssignLead(lead, {"", /*unassign=*/true});
        break;
      case 6:
        (void)desk().AssignLead(lead, {"somebody"});
        break;
      case 7:
        (void)desk().WinLead(lead, {Money{"EUR", 900}, "by hand"});
        break;
      case 8:
        (void)desk().MergeContacts(Any(contacts_), Any(contacts_));
        break;
      case 9:
        (void)desk().UnmergeContact(Any(contacts_));
        break;
      case 10:
        if (Below(4) == 0) (void)desk().EraseContact(Any(contacts_));
        break;
      default:
        (void)engine_->Sweep();
    }
  }

  std::mt19937 random_;
  std::vector<std::string> leads_;
  std::vector<std::string> contacts_;
};

TEST_P(Lives, LeaveTheLoadsThoseOfTheOpenLeads) {
  Hire("anna", WithCapacity(6));
  Hire("boris", WithIntake({3, 1, IntakeUnit::kWeek}));
  AssignmentPolicy policy = OnCapture(AssignmentMethod::kLeastLoad);
  policy.previous_seller = true;
  Use(policy);
  for (int i = 0; i < 150; ++i) Change();
  ExpectClean();
  for (const std::string& lead : leads_) {
    const absl::StatusOr<AssignmentRecord> record = desk().ExplainAssignment(lead);
    ASSERT_TRUE(record.ok()) << record.status();
    const auto kept = desk().GetAssignmentPolicy(record->policy_version);
    EXPECT_EQ(DecideAssignment(*kept, record->inputs).seller, record->decision.seller);
    for (const AssignmentCandidate& candidate : record->inputs.candidates) {
      EXPECT_GE(candidate.open_work_units, 0);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Lives, ::testing::Range(1u, 9u));

}  // namespace
}  // namespace sales::testing
