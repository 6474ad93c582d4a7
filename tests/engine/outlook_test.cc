// Plans, their snapshots, the forecast and attribution, on small stories worked out by hand.
#include <thread>

#include "sales/attribution.h"
#include "sales/calendar.h"
#include "sales/forecast.h"
#include "sales/plan.h"
#include "sales/report.h"
#include "sales/team.h"
#include "tests/engine/studio.h"

namespace sales::testing {
namespace {

class Outlook : public Studio {
 protected:
  static SetPlan PlanOf(std::string quarter, std::string team = "", std::string seller = "") {
    SetPlan plan;
    plan.quarter = std::move(quarter);
    plan.team = std::move(team);
    plan.seller = std::move(seller);
    plan.targets.revenue = Money{"EUR", 10'000};
    plan.targets.won = 4;
    return plan;
  }
  std::string Planned() const { return desk().SetPlan(PlanOf("2026-Q1"))->id; }
  int Snapshots() const {
    const auto swept = engine_->Sweep();
    EXPECT_TRUE(swept.ok()) << swept.status();
    return swept.ok() ? swept->plan_snapshots : -1;
  }
  std::vector<PlanSnapshot> ListOf(const std::string& plan) const {
    const auto page = desk().ListPlanSnapshots(plan, {});
    EXPECT_TRUE(page.ok()) << page.status();
    return page.ok() ? page->items : std::vector<PlanSnapshot>();
  }
  PlanReport Report(const PlanQuery& query = {}) const {
    const auto report = desk().ReportPlan(query);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *report : PlanReport{};
  }
  static PlanQuery AsOf(int64_t revision) {
    PlanQuery query;
    query.as_of_revision = revision;
    return query;
  }
  ForecastReport Forecast(const ForecastQuery& query = {}) const {
    const auto report = desk().ReportForecast(query);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *report : ForecastReport{};
  }
  Lead CaptureWorth(const std::string& name, int64_t value,
                    std::optional<absl::CivilDay> close = std::nullopt) const {
    CaptureLead lead = Person(name);
    lead.expected_value = Money{"EUR", value};
    lead.expected_close = close;
    return desk().CaptureLead(lead)->lead;
  }
  void Win(const std::string& lead, int64_t value) const {
    const auto won = desk().WinLead(lead, {Money{"EUR", value}, "signed"});
    ASSERT_TRUE(won.ok()) << won.status();
  }
  void UseWeekdays() const {
    CreateCalendar office;
    office.id = "office";
    for (int day = 0; day < 5; ++day) office.week[day] = {{600, 1080}};
    ASSERT_TRUE(desk().CreateCalendar(office).ok());
    UpdateWorkspace update;
    update.default_calendar = "office";
    ASSERT_TRUE(desk().UpdateWorkspace(update).ok());
  }
  void MakeChannels() const {
    for (const char* const channel : {"ads", "mail"}) {
      ASSERT_TRUE(desk().CreateChannel({channel, ""}).ok());
      ASSERT_TRUE(desk().CreateCampaign({channel, "spring", "", 0}).ok());
    }
  }
  void Touch(const std::string& channel, const std::string& contact, absl::Time time) const {
    Call call;
    call.occur_time = time;
    ASSERT_TRUE(desk(call).RecordTouches({channel, "spring", {contact}}).ok());
  }
  AttributionReport Attribution(const AttributionQuery& query = {}) const {
    const auto report = desk().ReportAttribution(query);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *report : AttributionReport{};
  }
  static ChannelAttribution RowOf(const AttributionReport& report, const std::string& channel) {
    for (const ChannelAttribution& row : report.rows) {
      if (row.channel == channel) return row;
    }
    return {};
  }
};

TEST_F(Outlook, GivesTheStudiosFactsWithoutAPlan) {
  Win(Capture("ivan").lead.id, 700);
  Capture("olga");
  const PlanReport report = Report();
  EXPECT_EQ(report.quarter, "2026-Q1");
  ASSERT_EQ(report.rows.size(), 1u);
  EXPECT_EQ(report.rows[0].plan, "");
  EXPECT_EQ(report.rows[0].revenue.fact, (Money{"EUR", 700}));
  EXPECT_EQ(report.rows[0].won.fact, 1);
  EXPECT_EQ(report.rows[0].leads.fact, 2);
  EXPECT_EQ(report.rows[0].conversion.fact.numerator, 1);
  EXPECT_EQ(report.rows[0].conversion.fact.denominator, 2);
  EXPECT_FALSE(report.rows[0].won.due.has_value());
}

TEST_F(Outlook, LeavesFactsOfOtherQuartersOut) {
  Win(Capture("ivan").lead.id, 700);
  clock_.Turn(absl::Hours(24 * 5));
  Capture("olga");
  EXPECT_EQ(Report().rows[0].leads.fact, 1);
  EXPECT_EQ(Report().rows[0].won.fact, 0);
  PlanQuery before;
  before.quarter = "2026-Q1";
  EXPECT_EQ(Report(before).rows[0].won.fact, 1);
}

TEST_F(Outlook, CountsATeamsAndASellersLeadsForTheirPlans) {
  ASSERT_TRUE(desk().CreateTeam({"north", ""}).ok());
  CreateSeller anna;
  anna.id = "anna";
  anna.team = "north";
  ASSERT_TRUE(desk().CreateSeller(anna).ok());
  CaptureLead lead = Person("ivan");
  lead.seller = "anna";
  Win(desk().CaptureLead(lead)->lead.id, 700);
  Win(Capture("olga").lead.id, 900);
  ASSERT_TRUE(desk().SetPlan(PlanOf("2026-Q1", "", "anna")).ok());
  ASSERT_TRUE(desk().SetPlan(PlanOf("2026-Q1", "north")).ok());
  const PlanReport report = Report();
  ASSERT_EQ(report.rows.size(), 3u);
  EXPECT_EQ(report.rows[0].revenue.fact.minor_units, 1'600);
  EXPECT_EQ(report.rows[1].team, "north");
  EXPECT_EQ(report.rows[1].revenue.fact.minor_units, 700);
  EXPECT_EQ(report.rows[2].seller, "anna");
  EXPECT_EQ(report.rows[2].won.fact, 1);
}

TEST_F(Outlook, CountsAnswersWithinTheirLimit) {
  const LogActivity call = {ActivityKind::kCall, Direction::kOut, {}, "x"};
  const std::string prompt = Capture("ivan").lead.id;
  const std::string late = Capture("olga").lead.id;
  ASSERT_TRUE(desk().LogActivity(prompt, call).ok());
  clock_.Turn(absl::Hours(1));
  ASSERT_TRUE(desk().LogActivity(late, call).ok());
  const Rate fact = Report().rows[0].response_within_limit.fact;
  EXPECT_EQ(fact.numerator, 1);
  EXPECT_EQ(fact.denominator, 2);
}

TEST_F(Outlook, CountsProposalsWithinTheirLimit) {
  // Of `web-studio`: a working day.
  UseWeekdays();
  const auto ask = [&](const std::string& name) {
    const std::string lead = Capture(name).lead.id;
    EXPECT_TRUE(desk().AgreeRequirements(lead, {"a list"}).ok());
    return lead;
  };
  const auto send = [&](const std::string& lead) {
    SendProposal proposal;
    proposal.scope = "all of it";
    proposal.price = Money{"EUR", 500};
    EXPECT_TRUE(desk().SendProposal(lead, proposal).ok());
  };
  const std::string prompt = ask("ivan");
  const std::string late = ask("olga");
  ask("petr");
  send(prompt);
  EXPECT_EQ(Report().rows[0].proposal_within_limit.fact.denominator, 1);
  // Saturday became Tuesday night: Monday's working day and half of Tuesday's are over.
  clock_.Turn(absl::Hours(3 * 24 + 12));
  send(late);
  const Rate fact = Report().rows[0].proposal_within_limit.fact;
  EXPECT_EQ(fact.numerator, 1);
  EXPECT_EQ(fact.denominator, 3);
}

TEST_F(Outlook, CountsAsOfARevisionForTheTeamThatItsSellerWasInThen) {
  for (const char* const team : {"north", "south"}) {
    ASSERT_TRUE(desk().CreateTeam({team, ""}).ok());
    ASSERT_TRUE(desk().SetPlan(PlanOf("2026-Q1", team)).ok());
  }
  CreateSeller anna;
  anna.id = "anna";
  anna.team = "north";
  ASSERT_TRUE(desk().CreateSeller(anna).ok());
  CaptureLead lead = Person("ivan");
  lead.seller = "anna";
  Win(desk().CaptureLead(lead)->lead.id, 700);
  const int64_t then = desk().GetWorkspace()->revision;
  UpdateSeller moved;
  moved.team = "south";
  ASSERT_TRUE(desk().UpdateSeller("anna", moved).ok());
  const auto won = [](const PlanReport& report, const std::string& team) {
    for (const PlanProgress& row : report.rows) {
      if (row.team == team) return row.won.fact;
    }
    return int64_t{-1};
  };
  EXPECT_EQ(won(Report(AsOf(then)), "north"), 1);
  EXPECT_EQ(won(Report(AsOf(then)), "south"), 0);
  EXPECT_EQ(won(Report(), "north"), 0);
  EXPECT_EQ(won(Report(), "south"), 1);
}

TEST_F(Outlook, GoesByTheWorkingTimeOfTheCalendar) {
  UseWeekdays();
  Planned();
  Win(Capture("ivan").lead.id, 6'200);
  const PlanProgress row = Report().rows[0];
  // 64 weekdays in the quarter, 62 until Saturday the 28th of March.
  EXPECT_EQ(row.total, absl::Hours(64 * 8));
  EXPECT_EQ(row.elapsed, absl::Hours(62 * 8));
  EXPECT_EQ(row.revenue.due->minor_units, 9'688);
  EXPECT_EQ(row.revenue.projection->minor_units, 6'400);
  EXPECT_DOUBLE_EQ(*row.won.due, 4.0 * 62 / 64);
  EXPECT_DOUBLE_EQ(*row.won.projection, 64.0 / 62);
}

TEST_F(Outlook, RefusesWhatIsNoQuarterAndWhomNobodyKnows) {
  PlanQuery query;
  query.quarter = "2026-Q5";
  EXPECT_EQ(ReasonIn(desk().ReportPlan(query).status()), Reason::kFieldInvalid);
  query = {};
  query.team = "west";
  EXPECT_EQ(ReasonIn(desk().ReportPlan(query).status()), Reason::kTeamNotFound);
  query = {};
  query.seller = "nobody";
  EXPECT_EQ(ReasonIn(desk().ReportPlan(query).status()), Reason::kSellerNotFound);
  EXPECT_EQ(ReasonIn(desk().ListPlanSnapshots("none", {}).status()), Reason::kPlanNotFound);
}

TEST_F(Outlook, SnapshotsAPlanOnceADayAfterMidnightOfTheStudio) {
  const std::string plan = Planned();
  absl::TimeZone zone;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Amsterdam", &zone));
  const absl::Time midnight = absl::FromCivil(absl::CivilDay(2026, 3, 29), zone);
  EXPECT_EQ(engine_->Sweep()->next_time, midnight);
  clock_.Turn(midnight - clock_.Now() - absl::Seconds(1));
  EXPECT_EQ(Snapshots(), 0);
  clock_.Turn(absl::Seconds(1));
  EXPECT_EQ(Snapshots(), 1);
  EXPECT_EQ(Snapshots(), 0);
  ASSERT_EQ(ListOf(plan).size(), 1u);
  EXPECT_EQ(ListOf(plan)[0].day, absl::CivilDay(2026, 3, 28));
  ExpectClean();
}

TEST_F(Outlook, SnapshotsTheLastDayOfAQuarterOnTheFirstOfTheNext) {
  const std::string ended = Planned();
  const std::string begun = desk().SetPlan(PlanOf("2026-Q2"))->id;
  Win(Capture("ivan").lead.id, 700);
  absl::TimeZone zone;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Amsterdam", &zone));
  clock_.Turn(absl::FromCivil(absl::CivilDay(2026, 4, 1), zone) - clock_.Now());
  Win(Capture("olga").lead.id, 900);
  EXPECT_EQ(Snapshots(), 1);
  ASSERT_EQ(ListOf(ended).size(), 1u);
  EXPECT_EQ(ListOf(ended)[0].day, absl::CivilDay(2026, 3, 31));
  EXPECT_EQ(ListOf(ended)[0].progress.revenue.fact.minor_units, 700);
  EXPECT_TRUE(ListOf(begun).empty());
  clock_.Turn(absl::Hours(24));
  EXPECT_EQ(Snapshots(), 1);
  EXPECT_EQ(ListOf(ended).size(), 1u);
  ASSERT_EQ(ListOf(begun).size(), 1u);
  EXPECT_EQ(ListOf(begun)[0].progress.revenue.fact.minor_units, 900);
}

TEST_F(Outlook, SnapshotsAPlanOnceHoweverManySweep) {
  const std::string plan = Planned();
  clock_.Turn(absl::Hours(20));
  std::vector<std::thread> sweepers;
  for (int i = 0; i < 4; ++i) sweepers.emplace_back([&] { (void)engine_->Sweep(); });
  for (std::thread& sweeper : sweepers) sweeper.join();
  EXPECT_EQ(ListOf(plan).size(), 1u);
}

TEST_F(Outlook, ListsSnapshotsByDayInPagesAndNeverChangesThem) {
  const CaptureResult ivan = Capture("ivan");
  Win(ivan.lead.id, 700);
  const std::string plan = Planned();
  clock_.Turn(absl::Hours(24));
  EXPECT_EQ(Snapshots(), 1);
  ASSERT_TRUE(desk().EraseContact(ivan.contact.id).ok());
  Win(Capture("olga").lead.id, 800);
  clock_.Turn(absl::Hours(24));
  EXPECT_EQ(Snapshots(), 1);
  ListQuery query;
  query.page_size = 1;
  const auto first = desk().ListPlanSnapshots(plan, query);
  ASSERT_EQ(first->items.size(), 1u);
  EXPECT_EQ(first->items[0].progress.revenue.fact.minor_units, 700);
  query.page_token = first->next_page_token;
  const auto second = desk().ListPlanSnapshots(plan, query);
  ASSERT_EQ(second->items.size(), 1u);
  EXPECT_EQ(second->items[0].progress.revenue.fact.minor_units, 1'500);
  EXPECT_EQ(second->next_page_token, "");
}

TEST_F(Outlook, GivesThePlanReportOfARevisionAgainAfterTheCalendarChanged) {
  UseWeekdays();
  Planned();
  Win(Capture("ivan").lead.id, 700);
  const int64_t then = desk().GetWorkspace()->revision;
  const PlanProgress before = Report(AsOf(then)).rows[0];
  UpdateCalendar longer;
  longer.week = WorkWeek{};
  for (auto& day : *longer.week) day = {{0, 1440}};
  ASSERT_TRUE(desk().UpdateCalendar("office", longer).ok());
  clock_.Turn(absl::Hours(24));
  Win(Capture("olga").lead.id, 900);
  const PlanProgress after = Report(AsOf(then)).rows[0];
  EXPECT_EQ(after.elapsed, before.elapsed);
  EXPECT_EQ(after.total, before.total);
  EXPECT_EQ(after.revenue.fact, before.revenue.fact);
  EXPECT_EQ(after.revenue.due, before.revenue.due);
  EXPECT_EQ(after.revenue.projection, before.revenue.projection);
}

TEST_F(Outlook, ForecastsOpenLeadsByMonthAndStage) {
  CaptureWorth("ivan", 1'030, absl::CivilDay(2026, 5, 2));
  CaptureWorth("olga", 2'000);
  Win(CaptureWorth("pjotr", 500).id, 500);
  ASSERT_TRUE(desk().LoseLead(CaptureWorth("lena", 100).id, {"silence", ""}).ok());
  const ForecastReport report = Forecast();
  ASSERT_EQ(report.months.size(), 2u);
  EXPECT_EQ(report.months[0].month, absl::CivilMonth(2026, 5));
  EXPECT_EQ(report.months[0].figures.weighted.minor_units, 52);
  EXPECT_FALSE(report.months[1].month.has_value());
  EXPECT_EQ(report.total.weighted.minor_units, 152);
  ASSERT_EQ(report.stages.size(), 1u);
  EXPECT_EQ(report.stages[0].figures.weighted.minor_units, 152);
  EXPECT_DOUBLE_EQ(report.total.expected_wins, 0.1);
  EXPECT_EQ(report.won, 1);
  EXPECT_EQ(report.revenue.minor_units, 500);
  EXPECT_EQ(report.lost, 1);
}

TEST_F(Outlook, SimulatesTheSameForTheSameSeed) {
  for (int i = 0; i < 30; ++i) CaptureWorth("p" + std::to_string(i), 1'000);
  ForecastQuery query;
  query.simulation_rounds = 500;
  query.simulation_seed = 7;
  const ForecastFigures total = Forecast(query).total;
  EXPECT_LE(total.p10->minor_units, total.p50->minor_units);
  EXPECT_LE(total.p50->minor_units, total.p90->minor_units);
  EXPECT_EQ(Forecast(query).total.p90, total.p90);
  for (const int rounds : {-1, limits::forecast_rounds_max + 1}) {
    query.simulation_rounds = rounds;
    EXPECT_EQ(ReasonIn(desk().ReportForecast(query).status()), Reason::kFieldInvalid);
  }
}

TEST_F(Outlook, ForecastsNothingOfAnEmptyWorkspace) {
  ForecastQuery query;
  query.simulation_rounds = 10;
  const ForecastFigures total = Forecast(query).total;
  EXPECT_EQ(total.leads, 0);
  EXPECT_EQ(total.expected_wins, 0);
  EXPECT_EQ(total.p50->minor_units, 0);
}

TEST_F(Outlook, FollowsTheExpectedCloseAndKnowsTheOneBefore) {
  const Lead lead = CaptureWorth("ivan", 1'000, absl::CivilDay(2026, 5, 2));
  ForecastQuery then;
  then.as_of_revision = desk().GetWorkspace()->revision;
  UpdateLead update;
  update.expected_close = absl::CivilDay(2026, 7, 1);
  ASSERT_TRUE(desk().UpdateLead(lead.id, update).ok());
  EXPECT_EQ(Forecast().months[0].month, absl::CivilMonth(2026, 7));
  update = {};
  update.clear_expected_close = true;
  ASSERT_TRUE(desk().UpdateLead(lead.id, update).ok());
  EXPECT_FALSE(Forecast().months[0].month.has_value());
  EXPECT_EQ(Forecast(then).months[0].month, absl::CivilMonth(2026, 5));
  ExpectClean();
}

TEST_F(Outlook, CreditsTouchesBeforeTheWinAndTakesItBackOnReopening) {
  MakeChannels();
  const CaptureResult ivan = Capture("ivan");
  const absl::Time start = clock_.Now();
  clock_.Turn(absl::Hours(24 * 8));
  Touch("ads", ivan.contact.id, start + absl::Hours(24 * 7));
  Win(ivan.lead.id, 900);
  AttributionReport report = Attribution();
  EXPECT_EQ(report.conversions, 1);
  EXPECT_EQ(report.revenue.minor_units, 900);
  EXPECT_EQ(RowOf(report, "unknown").first.conversions, 1);
  EXPECT_EQ(RowOf(report, "ads").last.revenue.minor_units, 900);
  EXPECT_EQ(RowOf(report, "ads").time_decay.revenue.minor_units, 600);
  // Recorded after the win, but it happened before.
  Touch("mail", ivan.contact.id, start + absl::Hours(1));
  report = Attribution();
  EXPECT_NEAR(RowOf(report, "mail").linear.conversions, 1.0 / 3, 1e-8);
  EXPECT_NEAR(RowOf(report, "mail").position.conversions, 0.2, 1e-8);
  EXPECT_NEAR(RowOf(report, "ads").position.conversions, 0.4, 1e-8);
  int64_t markov = 0;
  for (const ChannelAttribution& row : report.rows) markov += row.markov.revenue.minor_units;
  EXPECT_EQ(markov, 900);
  AttributionQuery before;
  before.window.end = absl::CivilDay(2026, 4, 5);
  EXPECT_EQ(Attribution(before).conversions, 0);
  ASSERT_TRUE(desk().ReopenLead(ivan.lead.id, {"called again", "known"}).ok());
  EXPECT_EQ(Attribution().conversions, 0);
  EXPECT_EQ(Attribution().paths_without_conversion, 1);
  ExpectClean();
}

TEST_F(Outlook, MovesTouchesWithAMergeAndBack) {
  MakeChannels();
  const CaptureResult anna = Capture("anna");
  const CaptureResult ann = Capture("ann");
  Touch("ads", ann.contact.id, clock_.Now());
  clock_.Turn(absl::Hours(1));
  Win(anna.lead.id, 900);
  EXPECT_EQ(RowOf(Attribution(), "ads").last.conversions, 0);
  ASSERT_TRUE(desk().MergeContacts(anna.contact.id, ann.contact.id).ok());
  EXPECT_GT(RowOf(Attribution(), "ads").linear.conversions, 0);
  ASSERT_TRUE(desk().UnmergeContact(ann.contact.id).ok());
  EXPECT_EQ(RowOf(Attribution(), "ads").linear.conversions, 0);
  ExpectClean();
}

}  // namespace
}  // namespace sales::testing
