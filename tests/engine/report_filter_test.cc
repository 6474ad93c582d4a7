// What reports let through by team and label.
#include "sales/report.h"
#include "sales/team.h"
#include "tests/engine/team_studio.h"

namespace sales::testing {
namespace {

class Filters : public TeamStudio {
 protected:
  Filters() {
    EXPECT_TRUE(desk().CreateTeam({"north", ""}).ok());
    Hire("anna", InTeam("north"));
    Hire("boris");
  }

  int64_t Received(const ReportFilter& filter, int64_t as_of_revision = 0) const {
    ReportQuery query;
    query.filter = filter;
    query.as_of_revision = as_of_revision;
    const auto funnel = desk().ReportFunnel(query);
    EXPECT_TRUE(funnel.ok()) << funnel.status();
    const auto channels = desk().ReportChannels(query);
    EXPECT_TRUE(channels.ok()) << channels.status();
    if (!funnel.ok() || !channels.ok()) return -1;
    EXPECT_EQ(channels->total.leads, funnel->received);
    return funnel->received;
  }
  Reason RefusalOf(const ReportFilter& filter) const {
    ReportQuery query;
    query.filter = filter;
    return ReasonIn(desk().ReportFunnel(query).status());
  }
  void CaptureFor(const std::string& seller, std::vector<std::string> labels = {}) const {
    CaptureLead lead = Person(seller + std::to_string(Events().size()));
    lead.seller = seller;
    lead.labels = std::move(labels);
    ASSERT_TRUE(desk().CaptureLead(lead).ok());
  }

  static ReportFilter OfTeam(const std::string& team) {
    ReportFilter filter;
    filter.team = team;
    return filter;
  }
  static ReportFilter OfLabel(const std::string& label) {
    ReportFilter filter;
    filter.label = label;
    return filter;
  }
};

TEST_F(Filters, OfATeamLetLeadsOfItsSellersThrough) {
  CaptureFor("anna");
  CaptureFor("anna");
  CaptureFor("boris");
  EXPECT_EQ(Received(OfTeam("north")), 2);
}

TEST_F(Filters, OfATeamGoByWhoWasInItAtTheRevision) {
  CaptureFor("anna");
  CaptureFor("boris");
  CaptureFor("boris");
  const int64_t then = desk().GetWorkspace()->revision;
  UpdateSeller joins;
  joins.team = "north";
  ASSERT_TRUE(desk().UpdateSeller("boris", joins).ok());
  UpdateSeller leaves;
  leaves.team = "";
  ASSERT_TRUE(desk().UpdateSeller("anna", leaves).ok());
  EXPECT_EQ(Received(OfTeam("north"), then), 1);
  EXPECT_EQ(Received(OfTeam("north")), 2);
}

TEST_F(Filters, OfATeamWithoutSellersLetNothingThrough) {
  ASSERT_TRUE(desk().CreateTeam({"empty", ""}).ok());
  CaptureFor("anna");
  EXPECT_EQ(Received(OfTeam("empty")), 0);
}

TEST_F(Filters, OfAnUnknownTeamAreRefused) {
  EXPECT_EQ(RefusalOf(OfTeam("west")), Reason::kTeamNotFound);
}

TEST_F(Filters, OfASellerAndATeamThatHeIsNotInLetNothingThrough) {
  CaptureFor("boris");
  ReportFilter filter = OfTeam("north");
  filter.seller = "boris";
  EXPECT_EQ(Received(filter), 0);
}

TEST_F(Filters, OfALabelLetLeadsWithItThrough) {
  CaptureFor("anna", {"fair", "vip"});
  CaptureFor("anna", {"vip-only"});
  CaptureFor("anna");
  EXPECT_EQ(Received(OfLabel("vip")), 1);
  EXPECT_EQ(Received(OfLabel("nobody-has-it")), 0);
}

TEST_F(Filters, OfWhatCannotBeALabelAreRefused) {
  EXPECT_EQ(RefusalOf(OfLabel("no such label")), Reason::kIdInvalid);
}

}  // namespace
}  // namespace sales::testing
