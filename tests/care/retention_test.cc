// Retention: old events give way to what they fold into, and nothing that is still told changes.
#include <map>

#include "sales/error.h"
#include "sales/simulation.h"
#include "tests/care/full_studio.h"
#include "tests/rigs/naive_report.h"

namespace sales::testing {
namespace {

class Retaining : public FullStudio {
 protected:
  // A life, then quiet, then a further one in which closed leads come back.
  void LiveTwice() {
    Live();
    old_ = desk().GetWorkspace()->revision;
    clock_.Turn(absl::Hours(24 * 60));
    EXPECT_TRUE(engine_->Sweep().ok());
    const std::string declined = LeadOf("declined");
    EXPECT_TRUE(desk().ReopenLead(declined, {"came back", "known"}).ok());
    EXPECT_TRUE(desk().LoseLead(declined, {"silence", "a rival"}).ok());
    const std::string later = Capture("later").lead.id;
    EXPECT_TRUE(desk().DeclineLead(later, Refusal()).ok());
    clock_.Turn(absl::Hours(24 * 10));
  }

  std::string LeadOf(const std::string& person) const {
    const std::string contact = desk().FindContact(Email(person + "@example.com"))->id;
    ListQuery query;
    query.filter = "contact = \"workspaces/studio/contacts/" + contact + "\"";
    const auto leads = desk().ListLeads(query);
    EXPECT_TRUE(leads.ok()) << leads.status();
    return leads->items.at(0).id;
  }

  void KeepFor(int days) const {
    UpdateWorkspace kept;
    kept.event_retention_days = days;
    const auto updated = desk().UpdateWorkspace(kept);
    ASSERT_TRUE(updated.ok()) << updated.status();
  }

  int64_t SweepAll() const {
    int64_t events = 0;
    while (true) {
      const auto swept = engine_->Sweep();
      EXPECT_TRUE(swept.ok()) << swept.status();
      events += swept->events_compacted;
      if (swept->next_time >= clock_.Now()) return events;
    }
  }

  int64_t Oldest() const { return desk().GetWorkspace()->oldest_revision; }

  void ExpectSame(const FunnelReport& a, const FunnelReport& b) {
    for (const std::string& line : naive::Differences(a, b)) ADD_FAILURE() << line;
  }
  void ExpectSame(const ChannelReport& a, const ChannelReport& b) {
    for (const std::string& line : naive::Differences(a, b)) ADD_FAILURE() << line;
  }

  // The last revision of the first life.
  int64_t old_ = 0;
};

TEST_F(Retaining, ChangesNoFigureAndNoReportOfAKeptRevision) {
  LiveTwice();
  KeepFor(30);
  std::map<int64_t, FunnelReport> funnels;
  std::map<int64_t, ChannelReport> channels;
  const int64_t last = desk().GetWorkspace()->revision;
  ReportQuery query;
  for (query.as_of_revision = old_ + 1; query.as_of_revision <= last; ++query.as_of_revision) {
    funnels[query.as_of_revision] = *desk().ReportFunnel(query);
    channels[query.as_of_revision] = *desk().ReportChannels(query);
  }
  ASSERT_GT(SweepAll(), 0);
  ASSERT_EQ(Oldest(), old_ + 1);
  EXPECT_EQ(desk().GetWorkspace()->revision, last);
  for (query.as_of_revision = old_ + 1; query.as_of_revision <= last; ++query.as_of_revision) {
    ExpectSame(*desk().ReportFunnel(query), funnels[query.as_of_revision]);
    ExpectSame(*desk().ReportChannels(query), channels[query.as_of_revision]);
  }
  ExpectSame(*desk().ReportFunnel({}), funnels[last]);
  ExpectSame(*desk().ReportChannels({}), channels[last]);
  ExpectClean();
  EXPECT_EQ(desk().RebuildTallies()->counts_mended, 0);
  ExpectClean();
}

TEST_F(Retaining, RefusesWhatIsOlder) {
  LiveTwice();
  KeepFor(30);
  SweepAll();
  ReportQuery query;
  query.as_of_revision = old_;
  const absl::Status report = desk().ReportFunnel(query).status();
  EXPECT_EQ(ReasonOf(report), Reason::kRevisionCompacted);
  EXPECT_EQ(DetailOf(report).metadata.at("oldest_revision"), std::to_string(old_ + 1));
  EventQuery events;
  EXPECT_EQ(ReasonOf(desk().ListEvents(events).status()), Reason::kRevisionCompacted);
  events.after_revision = old_ - 1;
  EXPECT_EQ(ReasonOf(desk().ListEvents(events).status()), Reason::kRevisionCompacted);
  events.after_revision = old_;
  const auto kept = desk().ListEvents(events);
  ASSERT_TRUE(kept.ok()) << kept.status();
  EXPECT_EQ(kept->events.front().revision, old_ + 1);
  EXPECT_EQ(kept->events.back().revision, desk().GetWorkspace()->revision);
}

TEST_F(Retaining, SimulatesOnlyWhereAllEventsAreKept) {
  LiveTwice();
  sales::SimulateFunnelPolicy command;
  command.policy = *desk().GetFunnelPolicy("web-studio");
  ASSERT_TRUE(desk().SimulateFunnelPolicy(command).ok());
  KeepFor(30);
  SweepAll();
  EXPECT_EQ(ReasonOf(desk().SimulateFunnelPolicy(command).status()), Reason::kRevisionCompacted);
}

TEST_F(Retaining, GoesOnFromWhatWasCompacted) {
  LiveTwice();
  KeepFor(30);
  SweepAll();
  EXPECT_TRUE(desk().ReopenLead(LeadOf("declined"), {"again", "known"}).ok());
  clock_.Turn(absl::Hours(24 * 40));
  EXPECT_TRUE(desk().DeclineLead(LeadOf("declined"), Refusal()).ok());
  clock_.Turn(absl::Hours(24 * 40));
  EXPECT_GT(SweepAll(), 0);
  ExpectClean();
  EXPECT_EQ(desk().RebuildTallies()->counts_mended, 0);
}

TEST_F(Retaining, KeepsEverythingUnlessTold) {
  LiveTwice();
  EXPECT_EQ(SweepAll(), 0);
  EXPECT_EQ(Oldest(), 1);
  UpdateWorkspace wrong;
  for (const int days : {-1, 36'501}) {
    wrong.event_retention_days = days;
    EXPECT_EQ(ReasonOf(desk().UpdateWorkspace(wrong).status()), Reason::kFieldInvalid);
  }
}

TEST_F(Retaining, KeepsTheLastRevisionHoweverOldItIs) {
  Live();
  KeepFor(1);
  clock_.Turn(absl::Hours(24 * 400));
  SweepAll();
  clock_.Turn(absl::Hours(24 * 400));
  SweepAll();
  EXPECT_LE(Oldest(), desk().GetWorkspace()->revision);
  ExpectClean();
}

TEST_F(Retaining, IsExportedAndImportedAsItIs) {
  LiveTwice();
  KeepFor(30);
  SweepAll();
  const std::string text = ExportOf(desk());
  const Engine other = Elsewhere();
  const auto imported = other.ImportWorkspace("studio", Pieces(text));
  ASSERT_TRUE(imported.ok()) << imported.status();
  EXPECT_EQ(imported->oldest_revision, old_ + 1);
  EXPECT_EQ(ExportOf(other.At("studio")), text);
}

}  // namespace
}  // namespace sales::testing
