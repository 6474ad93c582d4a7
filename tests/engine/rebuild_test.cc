#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "sales/report.h"
#include "tests/engine/tampered_studio.h"

namespace sales {
namespace {

class Rebuilding : public testing::TamperedStudio {
 protected:
  int64_t Mended() {
    const absl::StatusOr<Desk::RebuildResult> result = desk().RebuildTallies();
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? result->counts_mended : -1;
  }
};

TEST_F(Rebuilding, ChangesNothingWhereNothingIsWrong) {
  Capture("anna");
  const int64_t revision = desk().GetWorkspace()->revision;
  const absl::StatusOr<Desk::RebuildResult> result = desk().RebuildTallies();
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->counts_mended, 0);
  EXPECT_EQ(result->revision, revision);
  EXPECT_EQ(desk().GetWorkspace()->revision, revision);
  EXPECT_EQ(Kinds(), "");
}

TEST_F(Rebuilding, MendsCountsThatAreWrong) {
  Capture("anna");
  Tamper("UPDATE tallies SET counts = replace(counts, '1: 0=1', '1: 0=2') WHERE dimension = 0");
  EXPECT_EQ(desk().ReportChannels({})->total.leads, 2);
  EXPECT_EQ(Mended(), 2);
  EXPECT_EQ(desk().ReportChannels({})->total.leads, 1);
  EXPECT_EQ(Kinds(), "");
}

TEST_F(Rebuilding, MendsSheetsThatAreGoneTooManyOrNotToBeRead) {
  Capture("anna");
  for (const char* sql :
       {"DELETE FROM tallies WHERE grain = 1",
        "INSERT INTO tallies SELECT workspace, dimension, grain, sheet, period + 1, key, funnel, "
        "counts FROM tallies",
        "UPDATE tallies SET counts = 'gibberish'"}) {
    Tamper(sql);
    EXPECT_GT(Mended(), 0) << sql;
    EXPECT_EQ(Kinds(), "") << sql;
  }
}

TEST_F(Rebuilding, HappensByItselfWhereTalliesAreOfAnEarlierLayout) {
  Capture("anna");
  CreateWorkspace other;
  other.id = "other";
  ASSERT_TRUE(engine_->CreateWorkspace(other).ok());
  ASSERT_TRUE(engine_->At("other").CaptureLead(Person("boris")).ok());
  Tamper("UPDATE tallies SET sheet = sheet + 20");
  EXPECT_NE(Kinds(), "");
  Tamper("UPDATE workspaces SET tallies_layout = 0");
  EXPECT_EQ(Kinds(), "");
  EXPECT_EQ(desk().ReportChannels({})->total.leads, 1);
  EXPECT_EQ(engine_->At("other").ReportChannels({})->total.leads, 1);
}

TEST_F(Rebuilding, IsOfOneWorkspace) {
  Capture("anna");
  CreateWorkspace other;
  other.id = "other";
  ASSERT_TRUE(engine_->CreateWorkspace(other).ok());
  ASSERT_TRUE(engine_->At("other").CaptureLead(Person("boris")).ok());
  Tamper("DELETE FROM tallies");
  EXPECT_GT(Mended(), 0);
  const std::vector<CheckFault> faults = *engine_->Check();
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].workspace, "other");
}

TEST_F(Rebuilding, StopsWhenToldAndLeavesTheTalliesAsTheyWere) {
  Capture("anna");
  Tamper("UPDATE tallies SET counts = 'gibberish'");
  const auto refuse = [](int64_t, int64_t) { return false; };
  EXPECT_EQ(testing::ReasonIn(desk().RebuildTallies(refuse).status()), Reason::kRebuildStopped);
  EXPECT_EQ(Kinds(), "tally;");
}

TEST_F(Rebuilding, TellsHowFarItIs) {
  Capture("anna");
  std::vector<int64_t> told;
  const auto note = [&](int64_t revision, int64_t last) {
    EXPECT_LE(revision, last);
    told.push_back(revision);
    return true;
  };
  ASSERT_TRUE(desk().RebuildTallies(note).ok());
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told.back(), desk().GetWorkspace()->revision);
}

TEST_F(Rebuilding, AStoreOpenedForReadingIsRefused) {
  Capture("anna");
  engine_.reset();
  EngineOptions options = Options();
  options.access = EngineOptions::Access::kReadOnly;
  const absl::StatusOr<Engine> reader = Engine::Open(options);
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_EQ(testing::ReasonIn(reader->At("studio").RebuildTallies().status()),
            Reason::kStoreReadOnly);
}

TEST_F(Rebuilding, NoWorkspaceHasNone) {
  EXPECT_EQ(testing::ReasonIn(engine_->At("nowhere").RebuildTallies().status()),
            Reason::kWorkspaceNotFound);
}

// Writers and the rebuilding share commits in every order that comes up.
TEST_F(Rebuilding, GoesOnWhileOthersWrite) {
  constexpr int kWriters = 8;
  constexpr int kLeads = 40;
  std::atomic<int> writing = kWriters;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 0; i < kLeads; ++i) {
        const std::string id = "lead-" + std::to_string(writer) + "-" + std::to_string(i);
        CaptureLead lead;
        lead.id = id;
        lead.contact.identities = {Email(id + "@example.com")};
        EXPECT_TRUE(desk().CaptureLead(lead).ok());
        EXPECT_TRUE(desk().LoseLead(id, {"price", ""}).ok());
      }
      --writing;
    });
  }
  int rebuilt = 0;
  do {
    EXPECT_EQ(Mended(), 0);
    ++rebuilt;
  } while (writing > 0);
  for (std::thread& writer : writers) writer.join();
  EXPECT_GT(rebuilt, 1);
  EXPECT_EQ(Kinds(), "");
  EXPECT_EQ(desk().ReportChannels({})->total.leads, kWriters * kLeads);
}

}  // namespace
}  // namespace sales
