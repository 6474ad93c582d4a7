// The sweep: what falls due is recorded, once, whoever sweeps and however often.
#include <atomic>
#include <map>
#include <thread>

#include "sales/calendar.h"
#include "tests/engine/studio.h"

namespace sales::testing {
namespace {

class Sweeps : public Studio {
 protected:
  Engine::SweepResult Sweep(int leads_max = 1'000) const {
    const absl::StatusOr<Engine::SweepResult> result = engine_->Sweep(leads_max);
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *result : Engine::SweepResult{};
  }

  std::vector<Event> EventsOf(EventType type) const {
    std::vector<Event> found;
    for (Event& event : Events()) {
      if (event.type == type) found.push_back(std::move(event));
    }
    return found;
  }

  // Which clocks' limits events tell of, for a lead.
  std::string Breaches(const std::string& lead) const {
    std::string told;
    for (const Event& event : EventsOf(EventType::kLimitBreached)) {
      if (event.lead == lead) told += event.changes[0].after + " ";
    }
    return told;
  }

  LeadClock ClockOf(const std::string& lead, ClockKind kind) const {
    const Lead found = *desk().GetLead(lead);
    for (const LeadClock& clock : found.clocks) {
      if (clock.kind == kind) return clock;
    }
    return {};
  }

  static LogActivity Call() {
    LogActivity call;
    call.kind = ActivityKind::kCall;
    call.direction = Direction::kOut;
    return call;
  }

  static CreateCalendar Office() {
    CreateCalendar office;
    office.id = "office";
    for (int day = 0; day < 5; ++day) office.week[day] = {{600, 1080}};
    return office;
  }
  void UseOffice() const {
    ASSERT_TRUE(desk().CreateCalendar(Office()).ok());
    UpdateWorkspace update;
    update.default_calendar = "office";
    ASSERT_TRUE(desk().UpdateWorkspace(update).ok());
  }
};

TEST_F(Sweeps, RecordALimitOnceWithTheTimeAtWhichItFellDue) {
  const Lead lead = Capture("ivan").lead;
  EXPECT_EQ(Sweep().next_time, lead.receive_time + absl::Minutes(15));
  clock_.Turn(absl::Minutes(16));
  const Engine::SweepResult swept = Sweep();
  EXPECT_EQ(swept.leads, 1);
  EXPECT_EQ(swept.limits_breached, 1);
  EXPECT_EQ(Sweep().leads, 0);
  const std::vector<Event> breaches = EventsOf(EventType::kLimitBreached);
  ASSERT_EQ(breaches.size(), 1u);
  EXPECT_EQ(breaches[0].lead, lead.id);
  EXPECT_EQ(breaches[0].actor, "sweep");
  EXPECT_EQ(breaches[0].occur_time, lead.receive_time + absl::Minutes(15));
  ExpectClean();
}

TEST_F(Sweeps, DoNotChangeTheEtagForALimit) {
  const Lead lead = Capture("ivan").lead;
  clock_.Turn(absl::Hours(1));
  EXPECT_EQ(Sweep().limits_breached, 1);
  EXPECT_EQ(desk().GetLead(lead.id)->etag, lead.etag);
}

TEST_F(Sweeps, FindNothingWhenNothingIsDueAndTakeNoRevision) {
  Capture("ivan");
  const int64_t revision = desk().GetWorkspace()->revision;
  const Engine::SweepResult swept = Sweep();
  EXPECT_EQ(swept.leads, 0);
  EXPECT_EQ(desk().GetWorkspace()->revision, revision);
}

TEST_F(Sweeps, AreNotNeededForAClockToBeOverdue) {
  const Lead lead = Capture("ivan").lead;
  EXPECT_FALSE(ClockOf(lead.id, ClockKind::kResponse).overdue);
  clock_.Turn(absl::Hours(1));
  EXPECT_TRUE(ClockOf(lead.id, ClockKind::kResponse).overdue);
}

TEST_F(Sweeps, AreNotNeededForALimitThatAWritePasses) {
  const Lead lead = Capture("ivan").lead;
  clock_.Turn(absl::Hours(1));
  ASSERT_TRUE(desk().LogActivity(lead.id, Call()).ok());
  EXPECT_EQ(Breaches(lead.id), "RESPONSE ");
  EXPECT_EQ(Sweep().limits_breached, 0);
  const std::vector<Event> events = Events();
  EXPECT_EQ(events.back().type, EventType::kActivityLogged);
  EXPECT_EQ(events[events.size() - 2].revision, events.back().revision);
  ExpectClean();
}

TEST_F(Sweeps, AcceptAnAnswerThatWasGivenInTimeAndRecordedLate) {
  const Lead lead = Capture("ivan").lead;
  clock_.Turn(absl::Hours(1));
  sales::Call call;
  call.occur_time = lead.receive_time + absl::Minutes(10);
  ASSERT_TRUE(desk(call).LogActivity(lead.id, Call()).ok());
  EXPECT_EQ(Sweep().limits_breached, 0);
  EXPECT_FALSE(ClockOf(lead.id, ClockKind::kResponse).overdue);
}

TEST_F(Sweeps, AtTheSameTimeRecordEachLimitOnce) {
  constexpr int kLeads = 60;
  for (int i = 0; i < kLeads; ++i) Capture("lead" + std::to_string(i));
  clock_.Turn(absl::Hours(24 * 30));
  const absl::StatusOr<Engine> other = Engine::Open(Options());
  ASSERT_TRUE(other.ok()) << other.status();
  std::atomic<int> breached = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&, i] {
      const Engine& engine = i % 2 == 0 ? *engine_ : *other;
      for (int round = 0; round < 8; ++round) {
        const absl::StatusOr<Engine::SweepResult> swept = engine.Sweep(10);
        if (!swept.ok()) {
          EXPECT_EQ(ReasonIn(swept.status()), Reason::kStoreBusy) << swept.status();
          continue;
        }
        breached += swept->limits_breached;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  while (true) {
    const Engine::SweepResult swept = Sweep();
    breached += swept.limits_breached;
    if (swept.leads == 0) break;
  }
  // An answer and rot, of each lead.
  std::map<std::string, int> told;
  for (const Event& event : EventsOf(EventType::kLimitBreached)) {
    ++told[event.lead + event.changes[0].after];
  }
  EXPECT_EQ(told.size(), 2u * kLeads);
  for (const auto& [limit, count] : told) EXPECT_EQ(count, 1) << limit;
  EXPECT_EQ(breached, 2 * kLeads);
  ExpectClean();
}

TEST_F(Sweeps, LookAtNoMoreLeadsThanTheyAreTold) {
  for (int i = 0; i < 5; ++i) Capture("lead" + std::to_string(i));
  clock_.Turn(absl::Hours(1));
  const Engine::SweepResult first = Sweep(3);
  EXPECT_EQ(first.leads, 3);
  EXPECT_LT(first.next_time, clock_.Now());
  const Engine::SweepResult second = Sweep(3);
  EXPECT_EQ(second.leads, 2);
  EXPECT_GT(second.next_time, clock_.Now());
  EXPECT_EQ(ReasonIn(engine_->Sweep(0).status()), Reason::kFieldInvalid);
  EXPECT_EQ(ReasonIn(engine_->Sweep(1'001).status()), Reason::kFieldInvalid);
}

TEST_F(Sweeps, OfOneBusyWorkspaceDoNotKeepOthersWaiting) {
  CreateWorkspace other;
  other.id = "another";
  ASSERT_TRUE(engine_->CreateWorkspace(other).ok());
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(engine_->At("another").CaptureLead(Person("a" + std::to_string(i))).ok());
    Capture("s" + std::to_string(i));
  }
  clock_.Turn(absl::Hours(1));
  EXPECT_EQ(Sweep(2).leads, 2);
  EXPECT_EQ(Sweep(2).leads, 2);
  EXPECT_EQ(EventsOf(EventType::kLimitBreached).size(), 2u);
}

TEST_F(Sweeps, ExpireProposalsAfterTheirLastDay) {
  const Lead lead = Capture("ivan").lead;
  const absl::CivilDay today = absl::CivilDay(absl::ToCivilDay(clock_.Now(), absl::UTCTimeZone()));
  ASSERT_TRUE(desk().SendProposal(lead.id, {"a shop", {"EUR", 100}, today + 1}).ok());
  clock_.Turn(absl::Hours(24));
  EXPECT_EQ(Sweep().proposals_expired, 0);
  clock_.Turn(absl::Hours(24));
  EXPECT_EQ(Sweep().proposals_expired, 1);
  EXPECT_EQ(Sweep().proposals_expired, 0);
  EXPECT_EQ(desk().GetLead(lead.id)->proposals[0].state, ProposalState::kExpired);
  EXPECT_EQ(EventsOf(EventType::kProposalExpired).size(), 1u);
  EXPECT_EQ(ReasonIn(desk().AnswerProposal(lead.id, {0, ProposalState::kAccepted}).status()),
            Reason::kProposalExpired);
  ExpectClean();
}

TEST_F(Sweeps, WakeNurturedLeadsOnTheirDay) {
  const Lead lead = Capture("ivan").lead;
  const absl::CivilDay today = absl::ToCivilDay(clock_.Now(), absl::UTCTimeZone());
  ASSERT_TRUE(desk().NurtureLead(lead.id, {"later", today + 10, "anna"}).ok());
  clock_.Turn(absl::Hours(24 * 9));
  EXPECT_EQ(Sweep().leads_woken, 0);
  clock_.Turn(absl::Hours(24 * 2));
  EXPECT_EQ(Sweep().leads_woken, 1);
  EXPECT_EQ(Sweep().leads_woken, 0);
  const Lead woken = *desk().GetLead(lead.id);
  EXPECT_EQ(woken.state, LeadState::kNurtured);
  ASSERT_EQ(woken.planned_activities.size(), 1u);
  EXPECT_EQ(woken.planned_activities[0].owner, "anna");
  EXPECT_LT(woken.planned_activities[0].due_time, clock_.Now());
  EXPECT_EQ(EventsOf(EventType::kLeadWoken).size(), 1u);
  // The client answers the follow-up, and is there again.
  CompletePlannedActivity complete{woken.planned_activities[0].id, Call()};
  complete.activity.direction = Direction::kIn;
  const absl::StatusOr<LoggedActivity> logged = desk().CompletePlannedActivity(lead.id, complete);
  ASSERT_TRUE(logged.ok()) << logged.status();
  EXPECT_EQ(logged->lead.state, LeadState::kOpen);
  EXPECT_TRUE(logged->lead.planned_activities.empty());
  ExpectClean();
}

TEST_F(Sweeps, GoByTheCalendarOfTheWorkspace) {
  UseOffice();
  // Saturday 28 March 2026, 10:00 in Amsterdam.
  const Lead lead = Capture("ivan").lead;
  absl::TimeZone zone;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Amsterdam", &zone));
  const absl::Time due = absl::FromCivil(absl::CivilMinute(2026, 3, 30, 10, 15), zone);
  EXPECT_EQ(ClockOf(lead.id, ClockKind::kResponse).due_time, due);
  clock_.Turn(absl::Hours(24));
  EXPECT_EQ(Sweep().next_time, due);
}

TEST_F(Sweeps, WorkOutAgainWhatACalendarChanges) {
  const Lead lead = Capture("ivan").lead;
  UseOffice();
  clock_.Turn(absl::Hours(24));
  // On Sunday nobody works: the quarter of an hour has not passed.
  EXPECT_EQ(Sweep().limits_breached, 0);
  const absl::StatusOr<ImportedHolidays> imported = desk().ImportHolidays(
      "office",
      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\nBEGIN:VEVENT\r\nUID:1\r\n"
      "DTSTART;VALUE=DATE:20260330\r\nSUMMARY:Closed\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
  ASSERT_TRUE(imported.ok()) << imported.status();
  EXPECT_EQ(imported->days_added, 1);
  clock_.Turn(absl::Hours(24 + 12));
  EXPECT_EQ(Sweep().limits_breached, 0) << "Monday is closed";
  clock_.Turn(absl::Hours(24));
  EXPECT_EQ(Sweep().limits_breached, 1);
  EXPECT_EQ(Breaches(lead.id), "RESPONSE ");
  ExpectClean();
}

TEST_F(Sweeps, WorkOutAgainWhatAPolicyChanges) {
  const Lead lead = Capture("ivan").lead;
  FunnelPolicy patient = WebStudioPolicy();
  patient.stages[0].respond_within = Limit{absl::Hours(3), false};
  ASSERT_TRUE(desk().ActivateFunnelPolicy({patient, {}}).ok());
  clock_.Turn(absl::Hours(1));
  EXPECT_EQ(Sweep().next_time, lead.receive_time + absl::Hours(3));
  clock_.Turn(absl::Hours(3));
  EXPECT_EQ(Sweep().limits_breached, 1);
}

TEST_F(Sweeps, KeepWhatTheyDidOverARestart) {
  const Lead lead = Capture("ivan").lead;
  clock_.Turn(absl::Hours(1));
  EXPECT_EQ(Sweep().limits_breached, 1);
  Reopen();
  EXPECT_EQ(Sweep().limits_breached, 0);
  EXPECT_EQ(Breaches(lead.id), "RESPONSE ");
}

TEST_F(Sweeps, LeaveClosedLeadsAlone) {
  const Lead lead = Capture("ivan").lead;
  ASSERT_TRUE(desk().DisqualifyLead(lead.id, {"spam"}).ok());
  clock_.Turn(absl::Hours(24 * 300));
  const Engine::SweepResult swept = Sweep();
  EXPECT_EQ(swept.leads, 0);
  EXPECT_EQ(swept.next_time, absl::InfiniteFuture());
}

TEST_F(Sweeps, TellOfOpenLeadsThatWereImportedLate) {
  ImportLead row;
  row.capture = Person("old");
  row.capture.external_id = "1";
  row.capture.receive_time = clock_.Now() - absl::Hours(24 * 100);
  const auto imported = desk().ImportLeads({row});
  ASSERT_TRUE(imported.ok() && (*imported)[0].status.ok());
  EXPECT_TRUE(EventsOf(EventType::kLimitBreached).empty());
  EXPECT_EQ(Sweep().limits_breached, 2);
  EXPECT_EQ(Breaches((*imported)[0].lead), "RESPONSE ROT ");
  ExpectClean();
}

TEST_F(Sweeps, GiveAPlannedActivityBackUnderItsRequestId) {
  const Lead lead = Capture("ivan").lead;
  PlanActivity plan;
  plan.due_time = clock_.Now() + absl::Hours(5);
  plan.text = "call about the price";
  const absl::StatusOr<Lead> first = desk(WithRequest("r1")).PlanActivity(lead.id, plan);
  ASSERT_TRUE(first.ok()) << first.status();
  const absl::StatusOr<Lead> again = desk(WithRequest("r1")).PlanActivity(lead.id, plan);
  ASSERT_TRUE(again.ok()) << again.status();
  ASSERT_EQ(again->planned_activities.size(), 1u);
  EXPECT_EQ(again->planned_activities[0].text, plan.text);
  EXPECT_EQ(again->planned_activities[0].due_time, plan.due_time);
  EXPECT_EQ(desk().GetLead(lead.id)->planned_activities.size(), 1u);
}

using Calendars = Sweeps;

TEST_F(Calendars, AreGivenBackAsTheyWereMade) {
  CreateCalendar office = Office();
  office.display_name = "The office";
  office.week[4] = {{540, 720}, {780, 1020}};
  office.exceptions = {{absl::CivilDay(2026, 12, 25), "Christmas", {}},
                       {absl::CivilDay(2026, 12, 24), "", {{540, 720}}}};
  const absl::StatusOr<Calendar> made = desk(WithRequest("r1")).CreateCalendar(office);
  ASSERT_TRUE(made.ok()) << made.status();
  Reopen();
  for (const absl::StatusOr<Calendar>& calendar :
       {desk().GetCalendar("office"), desk(WithRequest("r1")).CreateCalendar(office)}) {
    ASSERT_TRUE(calendar.ok()) << calendar.status();
    EXPECT_EQ(calendar->display_name, "The office");
    EXPECT_EQ(calendar->time_zone, "Europe/Amsterdam");
    EXPECT_EQ(calendar->week, office.week);
    ASSERT_EQ(calendar->exceptions.size(), 2u);
    EXPECT_EQ(calendar->exceptions[0].intervals, office.exceptions[1].intervals);
    EXPECT_EQ(calendar->exceptions[1].title, "Christmas");
    EXPECT_EQ(calendar->create_time, made->create_time);
    EXPECT_EQ(calendar->etag, made->etag);
  }
  EXPECT_EQ(desk().ListCalendars({})->items.size(), 1u);
  ExpectClean();
}

TEST_F(Calendars, ThatCannotBeWorkedByAreRefused) {
  CreateCalendar office = Office();
  office.time_zone = "Mars/Olympus";
  EXPECT_EQ(ReasonIn(desk().CreateCalendar(office).status()), Reason::kTimeZoneUnknown);
  office = Office();
  office.week = {};
  EXPECT_EQ(ReasonIn(desk().CreateCalendar(office).status()), Reason::kCalendarEmpty);
  office.exceptions = {{absl::CivilDay(2020, 1, 2), "", {{540, 600}}}};
  EXPECT_EQ(ReasonIn(desk().CreateCalendar(office).status()), Reason::kCalendarEmpty);
  office = Office();
  office.week[0] = {{600, 700}, {650, 800}};
  EXPECT_EQ(ReasonIn(desk().CreateCalendar(office).status()), Reason::kHoursInvalid);
  ASSERT_TRUE(desk().CreateCalendar(Office()).ok());
  EXPECT_EQ(ReasonIn(desk().CreateCalendar(Office()).status()), Reason::kCalendarExists);
  EXPECT_EQ(ReasonIn(desk().GetCalendar("other").status()), Reason::kCalendarNotFound);
  UpdateWorkspace update;
  update.default_calendar = "other";
  EXPECT_EQ(ReasonIn(desk().UpdateWorkspace(update).status()), Reason::kCalendarNotFound);
}

TEST_F(Calendars, ChangeOnlyUnderTheirEtag) {
  const Calendar made = *desk().CreateCalendar(Office());
  UpdateCalendar update;
  update.display_name = "Office";
  EXPECT_TRUE(desk(WithEtag(made.etag)).UpdateCalendar("office", update).ok());
  EXPECT_EQ(ReasonIn(desk(WithEtag(made.etag)).UpdateCalendar("office", update).status()),
            Reason::kEtagMismatch);
  update.week = WorkWeek{};
  EXPECT_EQ(ReasonIn(desk().UpdateCalendar("office", update).status()), Reason::kCalendarEmpty);
}

TEST_F(Calendars, KeepTheHoursOfADayThatIsAnExceptionAlready) {
  CreateCalendar office = Office();
  office.exceptions = {{absl::CivilDay(2026, 12, 25), "Open", {{600, 700}}}};
  ASSERT_TRUE(desk().CreateCalendar(office).ok());
  const auto imported = desk().ImportHolidays(
      "office",
      "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261227\n"
      "END:VEVENT\nEND:VCALENDAR\n");
  ASSERT_TRUE(imported.ok()) << imported.status();
  EXPECT_EQ(imported->days_added, 1);
  EXPECT_EQ(imported->calendar.exceptions[0].title, "Open");
  EXPECT_EQ(ReasonIn(desk().ImportHolidays("office", "no calendar").status()),
            Reason::kIcalendarInvalid);
}

}  // namespace
}  // namespace sales::testing
