// How long clients wait for answers and proposals.
#include "sales/speed.h"

#include "sales/calendar.h"
#include "sales/report.h"
#include "tests/engine/team_studio.h"

namespace sales::testing {
namespace {

class Speed : public TeamStudio {
 protected:
  // Monday to Friday, 9 to 18, Amsterdam.
  void WorkByDay() const {
    CreateCalendar command;
    command.id = "office";
    command.time_zone = "Europe/Amsterdam";
    for (size_t day = 0; day < 5; ++day) {
      command.week[day] = {{9 * 60, 18 * 60}};
    }
    const auto made = desk().CreateCalendar(command);
    ASSERT_TRUE(made.ok()) << made.status();
    UpdateWorkspace update;
    update.default_calendar = "office";
    ASSERT_TRUE(desk().UpdateWorkspace(update).ok());
  }

  SpeedReport Report(const ReportQuery& query = {}) const {
    const auto report = desk().ReportSpeed(query);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *report : SpeedReport{};
  }
  SpeedFigures Responses() const { return Report().response; }
  SpeedFigures Proposals() const { return Report().proposal; }

  void Log(const std::string& lead, Direction direction, absl::Duration ago = {}) const {
    Call call;
    if (ago > absl::ZeroDuration()) call.occur_time = clock_.Now() - ago;
    const auto logged = desk(call).LogActivity(lead, {ActivityKind::kCall, direction, {}, ""});
    ASSERT_TRUE(logged.ok()) << logged.status();
  }
  void Answer(const std::string& lead) const { Log(lead, Direction::kOut); }

  static absl::CivilDay Day(int month, int day) { return absl::CivilDay(2026, month, day); }
  static ReportQuery On(absl::CivilDay day) {
    ReportQuery query;
    query.window = {day, day + 1};
    return query;
  }
};

TEST_F(Speed, OfNothingIsNothing) {
  const SpeedReport report = Report();
  EXPECT_EQ(report.response.asked, 0);
  EXPECT_EQ(report.response.within_limit.value, 0);
  EXPECT_EQ(report.response.time.count, 0);
  EXPECT_TRUE(report.sellers.empty());
  EXPECT_TRUE(report.channels.empty());
  EXPECT_TRUE(report.hours.empty());
}

TEST_F(Speed, CountsALeadThatIsCapturedAsAskedForAndOpen) {
  Capture("ivan");
  const SpeedFigures figures = Responses();
  EXPECT_EQ(figures.asked, 1);
  EXPECT_EQ(figures.open, 1);
  EXPECT_EQ(figures.overdue, 0);
  ExpectClean();
}

TEST_F(Speed, CountsWhatIsPastItsLimitWhetherOrNotTheSweepCameBy) {
  Capture("ivan");
  clock_.Turn(absl::Minutes(15));
  EXPECT_EQ(Responses().overdue, 0);
  clock_.Turn(absl::Microseconds(1));
  EXPECT_EQ(Responses().overdue, 1);
  ASSERT_TRUE(engine_->Sweep().ok());
  EXPECT_EQ(Responses().overdue, 1);
  EXPECT_EQ(Responses().within_limit.denominator, 1);
}

TEST_F(Speed, TakesTheTimeToTheAnswer) {
  const std::string lead = Capture("ivan").lead.id;
  clock_.Turn(absl::Minutes(10));
  Answer(lead);
  const SpeedFigures figures = Responses();
  EXPECT_EQ(figures.done, 1);
  EXPECT_EQ(figures.open, 0);
  EXPECT_EQ(figures.time.mean, absl::Minutes(10));
  EXPECT_EQ(figures.within_limit.numerator, 1);
  ASSERT_EQ(figures.within.size(), 5u);
  EXPECT_EQ(figures.within[0].done, 0);
  EXPECT_EQ(figures.within[1].done, 1);
  ExpectClean();
}

TEST_F(Speed, CountsEachTimeThatTheClientWaits) {
  const std::string lead = Capture("ivan").lead.id;
  Answer(lead);
  clock_.Turn(absl::Hours(1));
  Log(lead, Direction::kIn);
  Log(lead, Direction::kIn);
  clock_.Turn(absl::Hours(1));
  Answer(lead);
  const SpeedFigures figures = Responses();
  EXPECT_EQ(figures.asked, 2);
  EXPECT_EQ(figures.done, 2);
  EXPECT_EQ(figures.time.mean, absl::Minutes(30));
}

TEST_F(Speed, PutsAnAnswerThatIsRecordedLateWhereItBelongs) {
  const std::string lead = Capture("ivan").lead.id;
  clock_.Turn(absl::Hours(5));
  Answer(lead);
  Log(lead, Direction::kOut, absl::Hours(4));
  const SpeedFigures figures = Responses();
  EXPECT_EQ(figures.done, 1);
  EXPECT_EQ(figures.time.mean, absl::Hours(1));
  ExpectClean();
}

TEST_F(Speed, DropsWhatALeadThatIsClosedWaitedFor) {
  const std::string lead = Capture("ivan").lead.id;
  ASSERT_TRUE(desk().AgreeRequirements(lead, {"x"}).ok());
  ASSERT_TRUE(desk().LoseLead(lead, {"silence", ""}).ok());
  EXPECT_EQ(Responses().dropped, 1);
  EXPECT_EQ(Responses().open, 0);
  EXPECT_EQ(Proposals().dropped, 1);
  EXPECT_EQ(Proposals().within_limit.denominator, 0);
  ExpectClean();
}

TEST_F(Speed, LetsAProposalThatIsStillToBeSentBeAskedForAgainByReopening) {
  const std::string lead = Capture("ivan").lead.id;
  ASSERT_TRUE(desk().RequestProposal(lead).ok());
  ASSERT_TRUE(desk().LoseLead(lead, {"silence", ""}).ok());
  clock_.Turn(absl::Hours(100));
  ASSERT_TRUE(desk().ReopenLead(lead, {"he called", ""}).ok());
  clock_.Turn(absl::Hours(2));
  ASSERT_TRUE(desk().SendProposal(lead, {"x", {"EUR", 100}, std::nullopt}).ok());
  const SpeedFigures figures = Proposals();
  EXPECT_EQ(figures.asked, 2);
  EXPECT_EQ(figures.dropped, 1);
  EXPECT_EQ(figures.done, 1);
  EXPECT_EQ(figures.time.mean, absl::Hours(2));
  ExpectClean();
}

TEST_F(Speed, GoesByTheWorkingTimeThatWasInForce) {
  WorkByDay();
  // Saturday: from Monday 9:00 on somebody works.
  const std::string lead = Capture("ivan").lead.id;
  absl::TimeZone zone;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Amsterdam", &zone));
  const absl::Time monday = absl::FromCivil(absl::CivilSecond(2026, 3, 30, 9, 10, 0), zone);
  clock_.Turn(monday - clock_.Now());
  Answer(lead);
  const SpeedFigures figures = Responses();
  EXPECT_EQ(figures.time.mean, absl::Minutes(10));
  EXPECT_EQ(figures.within_limit.numerator, 1);
}

TEST_F(Speed, KeepsTheLimitThatWasInForceWhenTheWaitBegan) {
  const std::string lead = Capture("ivan").lead.id;
  FunnelPolicy policy = *desk().GetFunnelPolicy("web-studio");
  policy.stages[0].respond_within->within = absl::Hours(9);
  ActivateFunnelPolicy command;
  command.policy = policy;
  ASSERT_TRUE(desk().ActivateFunnelPolicy(command).ok());
  clock_.Turn(absl::Hours(1));
  EXPECT_EQ(Responses().overdue, 1);
  Answer(lead);
  EXPECT_EQ(Responses().within_limit.numerator, 0);
  EXPECT_EQ(Responses().within_limit.denominator, 1);
}

TEST_F(Speed, TellsTheHourOfTheWeekInTheWorkspacesZoneAcrossTheChangeOfClocks) {
  absl::TimeZone zone;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Amsterdam", &zone));
  // Sunday 2026-03-29: 2:00 becomes 3:00.
  for (const int minutes : {30, 90}) {
    CaptureLead lead = Person("p" + std::to_string(minutes));
    lead.receive_time =
        absl::FromCivil(absl::CivilSecond(2026, 3, 29, 1, 0, 0), zone) + absl::Minutes(minutes);
    clock_.Turn(*lead.receive_time + absl::Hours(1) - clock_.Now());
    ASSERT_TRUE(desk().CaptureLead(lead).ok());
  }
  EXPECT_TRUE(Report().hours.empty());
  ReportQuery query;
  query.include_hours = true;
  const SpeedReport report = Report(query);
  ASSERT_EQ(report.hours.size(), 2u);
  EXPECT_EQ(report.hours[0].hour_of_week, 6 * 24 + 1);
  EXPECT_EQ(report.hours[1].hour_of_week, 6 * 24 + 3);
  EXPECT_EQ(report.hours[1].response.asked, 1);
}

TEST_F(Speed, CountsOnTheDayOnWhichItWasAskedFor) {
  const std::string lead = Capture("ivan").lead.id;
  const absl::CivilDay asked = Today();
  clock_.Turn(absl::Hours(72));
  Answer(lead);
  EXPECT_EQ(Report(On(asked)).response.done, 1);
  EXPECT_EQ(Report(On(Today())).response.asked, 0);
}

TEST_F(Speed, GoesWithTheSellerWhoHasTheLead) {
  const std::string lead = Capture("ivan").lead.id;
  Answer(lead);
  Capture("olga");
  ASSERT_TRUE(desk().AssignLead(lead, {"anna"}).ok());
  const SpeedReport report = Report();
  ASSERT_EQ(report.sellers.size(), 2u);
  EXPECT_EQ(report.sellers[0].id, "");
  EXPECT_EQ(report.sellers[0].response.open, 1);
  EXPECT_EQ(report.sellers[1].id, "anna");
  EXPECT_EQ(report.sellers[1].response.done, 1);
  ExpectClean();
}

TEST_F(Speed, AsOfARevisionGoesByTheClockOfThatRevision) {
  Capture("ivan");
  clock_.Turn(absl::Minutes(10));
  Capture("olga");
  ReportQuery query;
  query.as_of_revision = desk().GetWorkspace()->revision;
  const SpeedReport then = Report(query);
  EXPECT_EQ(then.response.overdue, 0);
  clock_.Turn(absl::Hours(10));
  Capture("petr");
  EXPECT_EQ(Report(query).response.overdue, 0);
  EXPECT_EQ(Report(query).response.asked, 2);
  EXPECT_EQ(Report().response.overdue, 2);
}

TEST_F(Speed, KeepsTheFirstWaitsOfALeadThatHasVeryMany) {
  const std::string lead = Capture("ivan").lead.id;
  for (int i = 0; i < limits::runs_max + 20; ++i) {
    Answer(lead);
    Log(lead, Direction::kIn);
  }
  EXPECT_EQ(Responses().asked, limits::runs_max);
  EXPECT_EQ(Responses().done, limits::runs_max);
  ExpectClean();
}

TEST_F(Speed, RefusesWhatNobodyCanAskFor) {
  ReportQuery inverted;
  inverted.window = {Day(5, 2), Day(5, 1)};
  EXPECT_EQ(ReasonIn(desk().ReportSpeed(inverted).status()), Reason::kWindowInvalid);
  ReportQuery unknown;
  unknown.filter.channel = "nowhere";
  EXPECT_EQ(ReasonIn(desk().ReportSpeed(unknown).status()), Reason::kChannelNotFound);
  unknown.filter = {};
  unknown.filter.team = "nobody";
  EXPECT_EQ(ReasonIn(desk().ReportSpeed(unknown).status()), Reason::kTeamNotFound);
  unknown = {};
  unknown.funnel = "none";
  EXPECT_EQ(ReasonIn(desk().ReportSpeed(unknown).status()), Reason::kFunnelNotFound);
  unknown = {};
  unknown.as_of_revision = 1'000'000;
  EXPECT_EQ(ReasonIn(desk().ReportSpeed(unknown).status()), Reason::kRevisionInvalid);
}

TEST_F(Speed, TakesAWindowOfAHundredYears) {
  Capture("ivan");
  ReportQuery query;
  query.window = {absl::CivilDay(1990, 1, 1), absl::CivilDay(2090, 1, 1)};
  EXPECT_EQ(Report(query).response.asked, 1);
}

}  // namespace
}  // namespace sales::testing
