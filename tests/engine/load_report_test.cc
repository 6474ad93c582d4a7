// The load report and staffing: hours as clocks show them, open work, and what cannot be asked.
#include "sales/load.h"
#include "sales/report.h"
#include "sales/team.h"
#include "tests/engine/team_studio.h"

namespace sales::testing {
namespace {

class Load : public TeamStudio {
 protected:
  void CaptureAt(absl::Time time, const std::string& channel = "", const std::string& seller = "") {
    CaptureLead lead = Person("person" + std::to_string(next_++));
    lead.receive_time = time;
    lead.channel = channel;
    lead.seller = seller;
    const auto captured = desk().CaptureLead(lead);
    ASSERT_TRUE(captured.ok()) << captured.status();
    last_ = captured->lead.id;
  }
  static absl::Time Local(absl::CivilSecond time) {
    absl::TimeZone zone;
    EXPECT_TRUE(absl::LoadTimeZone("Europe/Amsterdam", &zone));
    return absl::FromCivil(time, zone);
  }
  LoadReport Report(const ReportQuery& query = {}) const {
    const auto report = desk().ReportLoad(query);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *report : LoadReport{};
  }
  static ReportQuery Of(absl::CivilDay start, absl::CivilDay end) {
    ReportQuery query;
    query.window = {start, end};
    return query;
  }
  static StaffingQuery Staffing() {
    StaffingQuery query;
    query.handling_time = absl::Minutes(20);
    query.wait_limit = absl::Minutes(15);
    query.goal = 0.8;
    return query;
  }
  Reason RefusalOf(const StaffingQuery& query) const {
    return ReasonIn(desk().PlanStaffing(query).status());
  }

  int next_ = 0;
  std::string last_;
};

TEST_F(Load, OfNothingIsEmptyAndNoFigureIsMissing) {
  const LoadReport report = Report();
  EXPECT_EQ(report.hours.size(), 168u);
  EXPECT_EQ(report.total.hours, 0);
  EXPECT_EQ(report.total.mean, 0);
  EXPECT_EQ(report.total.variance, 0);
  EXPECT_FALSE(report.total.dispersion.has_value());
  EXPECT_TRUE(report.busiest.empty());
  const LoadReport month = Report(Of(absl::CivilDay(2026, 2, 1), absl::CivilDay(2026, 3, 1)));
  EXPECT_EQ(month.total.hours, 28 * 24);
  EXPECT_EQ(month.hours[0].arrivals.hours, 4);
  EXPECT_FALSE(month.total.dispersion.has_value());
}

TEST_F(Load, CountsARepeatedHourAsTwo) {
  const absl::Time first = Local(absl::CivilSecond(2025, 10, 26, 2, 30, 0));
  CaptureAt(first);
  CaptureAt(first);
  CaptureAt(first + absl::Hours(1));
  const LoadReport report = Report(Of(absl::CivilDay(2025, 10, 26), absl::CivilDay(2025, 10, 27)));
  EXPECT_EQ(report.total.hours, 25);
  const ArrivalFigures& hour = report.hours[6 * 24 + 2].arrivals;
  EXPECT_EQ(hour.hours, 2);
  EXPECT_EQ(hour.arrivals, 3);
  EXPECT_EQ(hour.mean, 1.5);
  EXPECT_EQ(hour.variance, 0.5);
  ASSERT_EQ(report.busiest.size(), 2u);
  EXPECT_EQ(report.busiest[0].start_time, first - absl::Minutes(30));
  EXPECT_EQ(report.busiest[0].arrivals, 2);
  EXPECT_EQ(report.busiest[1].start_time, first + absl::Minutes(30));
}

TEST_F(Load, CountsASkippedHourNot) {
  const LoadReport report = Report(Of(absl::CivilDay(2025, 3, 30), absl::CivilDay(2025, 3, 31)));
  EXPECT_EQ(report.total.hours, 23);
  EXPECT_EQ(report.hours[6 * 24 + 2].arrivals.hours, 0);
  EXPECT_EQ(report.hours[6 * 24 + 2].arrivals.mean, 0);
}

TEST_F(Load, TakesOpenBoundsFromTheDaysOfTheLeads) {
  CaptureAt(Local(absl::CivilSecond(2026, 1, 5, 9, 0, 0)));
  CaptureAt(Local(absl::CivilSecond(2026, 1, 8, 23, 59, 0)));
  const LoadReport report = Report();
  EXPECT_EQ(report.window.start, absl::CivilDay(2026, 1, 5));
  EXPECT_EQ(report.window.end, absl::CivilDay(2026, 1, 9));
  EXPECT_EQ(report.total.hours, 4 * 24);
  EXPECT_NEAR(*report.total.dispersion, 94.0 / 95, 1e-12);
}

TEST_F(Load, ShowsTheOpenWorkOfSellers) {
  Hire("anna");
  CreateSeller boris;
  boris.id = "boris";
  boris.capacity = 7;
  ASSERT_TRUE(desk().CreateSeller(boris).ok());
  CaptureAt(clock_.Now(), "", "boris");
  CaptureAt(clock_.Now(), "", "boris");
  CaptureAt(clock_.Now(), "", "guest");
  CaptureAt(clock_.Now());
  const int64_t then = desk().GetWorkspace()->revision;
  const LoadReport before = Report();
  ASSERT_TRUE(desk().DeclineLead(last_, Refusal()).ok());
  UpdateSeller more;
  more.capacity = 70;
  ASSERT_TRUE(desk().UpdateSeller("boris", more).ok());
  const auto said = [](const LoadReport& report) {
    std::string text;
    for (const SellerLoad& load : report.sellers) {
      text += load.seller + ' ' + std::to_string(load.open_leads) + ' ' +
              (load.capacity ? std::to_string(*load.capacity) : "-") + ", ";
    }
    return text;
  };
  EXPECT_EQ(said(before), " 1 -, anna 0 -, boris 2 7, guest 1 -, ");
  EXPECT_EQ(said(Report()), "anna 0 -, boris 2 70, guest 1 -, ");
  ReportQuery past;
  past.as_of_revision = then;
  EXPECT_EQ(said(Report(past)), said(before));
  ReportQuery of_boris;
  of_boris.filter.seller = "boris";
  EXPECT_EQ(said(Report(of_boris)), "boris 2 70, ");
}

TEST_F(Load, SumsOverChannelsAreTheWhole) {
  ASSERT_TRUE(desk().CreateChannel({"ads", ""}).ok());
  for (int i = 0; i < 30; ++i) {
    CaptureAt(Local(absl::CivilSecond(2026, 1, 5, 0, 0, 0)) + absl::Hours(i * 7),
              i % 3 == 0 ? "ads" : "referral");
  }
  ReportQuery ads;
  ads.filter.channel = "ads";
  ReportQuery referral;
  referral.filter.channel = "referral";
  const LoadReport whole = Report();
  const LoadReport a = Report(ads);
  const LoadReport b = Report(referral);
  for (size_t i = 0; i < 168; ++i) {
    EXPECT_EQ(whole.hours[i].arrivals.arrivals,
              a.hours[i].arrivals.arrivals + b.hours[i].arrivals.arrivals);
  }
}

TEST_F(Load, RefusesWhatIsNotThere) {
  ReportQuery query;
  query.filter.channel = "nowhere";
  EXPECT_EQ(ReasonIn(desk().ReportLoad(query).status()), Reason::kChannelNotFound);
  EXPECT_EQ(
      ReasonIn(
          desk().ReportLoad(Of(absl::CivilDay(2026, 2, 1), absl::CivilDay(2026, 2, 1))).status()),
      Reason::kWindowInvalid);
  query = {};
  query.funnel = "nowhere";
  EXPECT_EQ(ReasonIn(desk().ReportLoad(query).status()), Reason::kFunnelNotFound);
  query = {};
  query.as_of_revision = 999;
  EXPECT_EQ(ReasonIn(desk().ReportLoad(query).status()), Reason::kRevisionInvalid);
}

TEST_F(Load, StaffsTheHoursInWhichPeopleCome) {
  for (int week = 0; week < 4; ++week) {
    for (int i = 0; i < 6; ++i) {
      CaptureAt(Local(absl::CivilSecond(2026, 1, 5, 9, 0, 0)) + absl::Hours(week * 168) +
                absl::Minutes(i * 9));
    }
  }
  StaffingQuery query = Staffing();
  query.window = {absl::CivilDay(2026, 1, 5), absl::CivilDay(2026, 2, 2)};
  query.simulation_rounds = 50;
  query.simulation_seed = 3;
  const auto plan = desk().PlanStaffing(query);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->hours[9].arrivals_per_hour, 6);
  EXPECT_EQ(plan->hours[9].offered_load, 2);
  EXPECT_EQ(plan->hours[9].sellers, 4);
  EXPECT_GE(plan->hours[9].service_level, 0.8);
  EXPECT_EQ(plan->seller_hours, 4);
  EXPECT_EQ(plan->sellers_at_peak, 4);
  ASSERT_TRUE(plan->simulation.has_value());
  EXPECT_EQ(plan->simulation->arrivals, 24);
  EXPECT_GT(plan->simulation->service_level, 0.7);
  EXPECT_LE(plan->simulation->low, plan->simulation->service_level);
  EXPECT_GE(plan->simulation->high, plan->simulation->service_level);
  // The same of a fold and of another filter that lets all through.
  CaptureAt(clock_.Now());
  query.as_of_revision = desk().GetWorkspace()->revision - 1;
  const auto past = desk().PlanStaffing(query);
  ASSERT_TRUE(past.ok()) << past.status();
  EXPECT_EQ(past->simulation->mean_wait, plan->simulation->mean_wait);
  query.as_of_revision = 0;
  query.filter.channel = "unknown";
  const auto filtered = desk().PlanStaffing(query);
  ASSERT_TRUE(filtered.ok()) << filtered.status();
  EXPECT_EQ(filtered->simulation->mean_wait, plan->simulation->mean_wait);
}

TEST_F(Load, StaffsNobodyWhereNobodyComes) {
  StaffingQuery query = Staffing();
  query.simulation_rounds = 5;
  const auto plan = desk().PlanStaffing(query);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->seller_hours, 0);
  EXPECT_EQ(plan->simulation->arrivals, 0);
}

TEST_F(Load, RefusesAGoalThatNobodyReaches) {
  StaffingQuery query = Staffing();
  query.handling_time = absl::Hours(168);
  for (int i = 0; i < 70; ++i) CaptureAt(Local(absl::CivilSecond(2026, 1, 5, 9, 0, 0)));
  query.window = {absl::CivilDay(2026, 1, 5), absl::CivilDay(2026, 1, 6)};
  EXPECT_EQ(RefusalOf(query), Reason::kStaffingGoalUnreachable);
}

TEST_F(Load, RefusesToPlanByWhatCannotBe) {
  StaffingQuery query = Staffing();
  query.goal = 1;
  EXPECT_EQ(RefusalOf(query), Reason::kFieldInvalid);
  query = Staffing();
  query.handling_time = absl::ZeroDuration();
  EXPECT_EQ(RefusalOf(query), Reason::kFieldInvalid);
  query = Staffing();
  query.window = {absl::CivilDay(2000, 1, 1), absl::CivilDay(2011, 1, 1)};
  EXPECT_EQ(RefusalOf(query), Reason::kWindowInvalid);
  query = Staffing();
  query.filter.team = "nowhere";
  EXPECT_EQ(RefusalOf(query), Reason::kTeamNotFound);
}

}  // namespace
}  // namespace sales::testing
