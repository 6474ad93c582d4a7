// A workspace that is removed is gone at once, and no byte of it is left after a vacuum.
#include <fstream>
#include <sstream>

#include "sales/error.h"
#include "tests/care/full_studio.h"

namespace sales::testing {
namespace {

class Removing : public FullStudio {
 protected:
  // How often the text stands in the store's files.
  int Traces(const std::string& text) const {
    int traces = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
      std::ifstream file(entry.path(), std::ios::binary);
      std::stringstream bytes;
      bytes << file.rdbuf();
      const std::string all = bytes.str();
      for (size_t at = all.find(text); at != std::string::npos; at = all.find(text, at + 1)) {
        ++traces;
      }
    }
    return traces;
  }
  void SweepAll() const {
    while (true) {
      const auto swept = engine_->Sweep();
      ASSERT_TRUE(swept.ok()) << swept.status();
      if (swept->rows_removed == 0) return;
    }
  }
};

TEST_F(Removing, LeavesNoByteAfterTheSweepAndAVacuum) {
  CreateWorkspace other;
  other.id = "agency";
  ASSERT_TRUE(engine_->CreateWorkspace(other).ok());
  ASSERT_TRUE(engine_->At("agency").CaptureLead(Person("stays")).ok());
  Live();
  EXPECT_GT(Traces("three pages"), 0);
  ASSERT_TRUE(desk().DeleteWorkspace({.force = true}).ok());
  EXPECT_EQ(ReasonOf(desk().GetWorkspace().status()), Reason::kWorkspaceNotFound);
  SweepAll();
  ASSERT_TRUE(engine_->Vacuum().ok());
  for (const char* const text : {"three pages", "declined@example.com", "Keizersgracht", "vip"}) {
    EXPECT_EQ(Traces(text), 0) << text;
  }
  EXPECT_TRUE(engine_->At("agency").FindContact(Email("stays@example.com")).ok());
  ExpectClean();
}

TEST_F(Removing, IsAskedForTwiceWhereSomebodyIsInIt) {
  Capture("person");
  EXPECT_EQ(ReasonOf(desk().DeleteWorkspace()), Reason::kWorkspaceNotEmpty);
  EXPECT_EQ(ReasonOf(desk(WithEtag("999")).DeleteWorkspace({.force = true})),
            Reason::kEtagMismatch);
  EXPECT_TRUE(desk().GetWorkspace().ok());
  EXPECT_TRUE(desk().DeleteWorkspace({.force = true}).ok());
  EXPECT_EQ(ReasonOf(desk().DeleteWorkspace({.force = true})), Reason::kWorkspaceNotFound);
  EXPECT_TRUE(desk().DeleteWorkspace({.force = true, .allow_missing = true}).ok());
}

TEST_F(Removing, NeedsNoForceWhereNobodyIs) { EXPECT_TRUE(desk().DeleteWorkspace().ok()); }

TEST_F(Removing, FreesItsIdOnceItsRowsAreGone) {
  Live();
  ASSERT_TRUE(desk().DeleteWorkspace({.force = true}).ok());
  CreateWorkspace same;
  same.id = "studio";
  EXPECT_EQ(ReasonOf(engine_->CreateWorkspace(same).status()), Reason::kWorkspaceUnfinished);
  SweepAll();
  ASSERT_TRUE(engine_->CreateWorkspace(same).ok());
  EXPECT_TRUE(desk().ListLeads({})->items.empty());
  ExpectClean();
}

TEST_F(Removing, TellsTheSweepThatThereIsMoreToDo) {
  Live();
  ASSERT_TRUE(desk().DeleteWorkspace({.force = true}).ok());
  EXPECT_LT(engine_->Sweep()->next_time, clock_.Now());
  SweepAll();
  EXPECT_EQ(engine_->Sweep()->next_time, absl::InfiniteFuture());
}

// What was kept in memory of a workspace is not taken for the next one's of the same id.
TEST_F(Removing, GivesTheNextWorkspaceItsOwnPolicy) {
  FunnelPolicy policy = *desk().GetFunnelPolicy("web-studio");
  policy.version = 0;
  policy.stages.back().display_name = "Old";
  ASSERT_TRUE(desk().ActivateFunnelPolicy({policy, {}}).ok());
  Capture("person");
  ASSERT_TRUE(desk().DeleteWorkspace({.force = true}).ok());
  SweepAll();
  CreateWorkspace same;
  same.id = "studio";
  ASSERT_TRUE(engine_->CreateWorkspace(same).ok());
  policy.stages.back().display_name = "New";
  ASSERT_TRUE(desk().ActivateFunnelPolicy({policy, {}}).ok());
  EXPECT_EQ(desk().GetFunnelPolicy("web-studio")->stages.back().display_name, "New");
}

}  // namespace
}  // namespace sales::testing
