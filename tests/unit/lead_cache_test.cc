#include "src/engine/lead_cache.h"

#include <memory>
#include <string>

#include "sales/limits.h"
#include "tests/unit/lead_fixture.h"

namespace sales::internal {
namespace {

std::shared_ptr<const SeenLead> Seen(const std::string& need) {
  auto seen = std::make_shared<SeenLead>();
  seen->record.lead.need = need;
  return seen;
}

class LeadCacheTest : public ::testing::Test {
 protected:
  // What is kept of the lead; "-" for nothing.
  std::string Kept(const std::string& workspace, const std::string& lead) {
    const LeadCache::Found found = cache_.Find(workspace, lead);
    return found.lead == nullptr ? "-" : found.lead->record.lead.need;
  }
  // As a read does that nothing comes between.
  void Read(const std::string& workspace, const std::string& lead, const std::string& need) {
    cache_.Keep(workspace, lead, cache_.Find(workspace, lead), Seen(need));
  }
  void Write(const std::string& workspace) {
    cache_.BeginCommit();
    cache_.Forget(workspace);
    cache_.EndCommit();
  }

  LeadCache cache_{/*only_writer=*/true};
};

TEST_F(LeadCacheTest, KeepsALeadUntilItsWorkspaceIsWritten) {
  EXPECT_EQ(Kept("studio", "1"), "-");
  Read("studio", "1", "a shop");
  Read("studio", "2", "a game");
  Read("other", "1", "a map");
  EXPECT_EQ(Kept("studio", "1"), "a shop");
  Write("studio");
  EXPECT_EQ(Kept("studio", "1"), "-");
  EXPECT_EQ(Kept("studio", "2"), "-");
  EXPECT_EQ(Kept("other", "1"), "a map");
}

TEST_F(LeadCacheTest, DoesNotKeepWhatWasReadBeforeACommit) {
  const LeadCache::Found found = cache_.Find("studio", "1");
  Write("studio");
  cache_.Keep("studio", "1", found, Seen("as it was"));
  EXPECT_EQ(Kept("studio", "1"), "-");
}

TEST_F(LeadCacheTest, NeitherFindsNorKeepsWhatACommitUnderWayWrites) {
  Read("studio", "1", "a shop");
  Read("other", "1", "a map");
  const LeadCache::Found before = cache_.Find("studio", "2");
  cache_.BeginCommit();
  cache_.Forget("studio");
  EXPECT_EQ(Kept("studio", "1"), "-");
  EXPECT_EQ(Kept("other", "1"), "a map");
  cache_.Keep("studio", "2", before, Seen("as it was"));
  const LeadCache::Found during = cache_.Find("studio", "1");
  cache_.Keep("studio", "1", during, Seen("as it was"));
  EXPECT_EQ(Kept("studio", "1"), "-");
  EXPECT_EQ(Kept("studio", "2"), "-");
  cache_.EndCommit();
  // A snapshot taken meanwhile may be of before.
  cache_.Keep("studio", "1", during, Seen("as it was"));
  EXPECT_EQ(Kept("studio", "1"), "-");
  Read("studio", "1", "as it is");
  EXPECT_EQ(Kept("studio", "1"), "as it is");
}

TEST_F(LeadCacheTest, KeepsNoMoreThanItMay) {
  const std::string text(limits::text_bytes_max, 'x');
  constexpr int kFitting = limits::leads_cached_bytes_max / (limits::text_bytes_max + 4096);
  for (int lead = 0; lead < kFitting; ++lead) Read("studio", std::to_string(lead), text);
  EXPECT_EQ(Kept("studio", "0"), text);
  for (int lead = kFitting; lead < 2 * kFitting; ++lead) Read("other", std::to_string(lead), text);
  EXPECT_EQ(Kept("studio", "0"), "-");
  EXPECT_EQ(Kept("other", std::to_string(2 * kFitting - 1)), text);
  Read("other", "long", std::string(limits::leads_cached_bytes_max, 'x'));
  EXPECT_EQ(Kept("other", "long"), "-");
  // There is room again for what was forgotten.
  for (int round = 0; round < 10; ++round) {
    for (int lead = 0; lead < kFitting; ++lead) Read("studio", std::to_string(lead), text);
    EXPECT_EQ(Kept("studio", "0"), text) << round;
    Write("studio");
  }
}

TEST_F(LeadCacheTest, KeepsNothingWhereOthersWriteToo) {
  LeadCache shared(/*only_writer=*/false);
  shared.Keep("studio", "1", shared.Find("studio", "1"), Seen("a shop"));
  EXPECT_EQ(shared.Find("studio", "1").lead, nullptr);
}

TEST_F(LeadCacheTest, GivesALeadWithItsClocksAsTheyStandThen) {
  FunnelPolicy policy = PlainPolicy();
  policy.stages[0].respond_within = Limit{absl::Hours(2), false};
  LeadFixture fixture(policy);
  ASSERT_TRUE(fixture.Capture().ok());
  SeenLead seen;
  seen.record = fixture.record;
  seen.sources.policy = std::make_shared<const FunnelPolicy>(policy);
  seen.sources.zone = absl::UTCTimeZone();
  const absl::Time start = fixture.record.lead.receive_time;
  for (const bool late : {false, true}) {
    const Lead lead = seen.At(start + absl::Hours(late ? 3 : 1));
    ASSERT_FALSE(lead.clocks.empty());
    EXPECT_EQ(lead.clocks[0].kind, ClockKind::kResponse);
    EXPECT_EQ(lead.clocks[0].due_time, start + absl::Hours(2));
    EXPECT_EQ(lead.clocks[0].overdue, late);
  }
}

}  // namespace
}  // namespace sales::internal
