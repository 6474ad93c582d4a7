// A lead that is read again and again: as it is at that moment, whether or not it had to be read
// from the store.
#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/engine/studio.h"

namespace sales::testing {
namespace {

class LeadReading : public Studio {
 protected:
  LeadReading() {
    EngineOptions options = Options();
    options.on_store_use = [this](const StoreUse& use) {
      if (use.kind == StoreUse::Kind::kRead) ++reads_;
    };
    engine_.reset();
    engine_ = std::make_unique<Engine>(*Engine::Open(options));
    lead_ = Capture("anna").lead.id;
  }

  // How often the store was read for it; where others write to it, that is each time.
  int ReadsFor(int gets) {
    const int before = reads_;
    for (int i = 0; i < gets; ++i) EXPECT_TRUE(desk().GetLead(lead_).ok());
    return reads_ - before;
  }
  int Kept(int reads, int gets) const { return engine_->is_shared() ? gets : reads; }

  void SetInterest(int interest) const {
    UpdateLead update;
    update.interest = interest;
    const auto updated = desk().UpdateLead(lead_, update);
    ASSERT_TRUE(updated.ok()) << updated.status();
  }

  std::atomic<int> reads_ = 0;
  std::string lead_;
};

TEST_F(LeadReading, AsksTheStoreOnceUntilTheWorkspaceIsWritten) {
  EXPECT_EQ(ReadsFor(5), Kept(1, 5));
  EXPECT_EQ(ReadsFor(5), Kept(0, 5));
  // Of another lead.
  Capture("boris");
  EXPECT_EQ(ReadsFor(5), Kept(1, 5));
  CreateWorkspace other;
  other.id = "other";
  ASSERT_TRUE(engine_->CreateWorkspace(other).ok());
  ASSERT_TRUE(engine_->At("other").CaptureLead(Person("clara")).ok());
  EXPECT_EQ(ReadsFor(5), Kept(0, 5));
}

TEST_F(LeadReading, ShowsEachWrite) {
  for (int interest = 1; interest <= 100; ++interest) {
    SetInterest(interest);
    EXPECT_EQ(desk().GetLead(lead_)->interest, interest);
    EXPECT_EQ(desk().GetLead(lead_)->interest, interest);
  }
}

TEST_F(LeadReading, LeavesAloneWhatARefusedWriteDid) {
  const Lead before = *desk().GetLead(lead_);
  UpdateLead update;
  update.interest = 77;
  EXPECT_EQ(ReasonIn(desk(WithEtag("stale")).UpdateLead(lead_, update).status()),
            Reason::kEtagMismatch);
  EXPECT_EQ(desk().GetLead(lead_)->interest, before.interest);
  EXPECT_EQ(desk().GetLead(lead_)->etag, before.etag);
}

// Also while a commit is under way nobody sees what was before one that he saw.
TEST_F(LeadReading, NeverGoesBack) {
  constexpr int kWrites = 100;
  std::atomic<int> acknowledged = 0;
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 3; ++reader) {
    readers.emplace_back([&, reader] {
      int seen = 0;
      int64_t revision = 0;
      while (!done) {
        const int least = std::max(seen, acknowledged.load());
        if (reader == 0) {
          // What a list of the store's rows tells is what the lead then says.
          const auto page = desk().ListLeads({.page_size = 10});
          ASSERT_TRUE(page.ok()) << page.status();
          revision = std::max(revision, page->items.at(0).revision);
        }
        const auto lead = desk().GetLead(lead_);
        ASSERT_TRUE(lead.ok()) << lead.status();
        ASSERT_GE(lead->interest, least);
        ASSERT_GE(lead->revision, revision);
        seen = lead->interest;
        revision = lead->revision;
      }
    });
  }
  for (int interest = 1; interest <= kWrites; ++interest) {
    SetInterest(interest);
    acknowledged = interest;
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(desk().GetLead(lead_)->interest, kWrites);
}

TEST_F(LeadReading, TellsTheTimeOfClocks) {
  const auto overdue = [this] {
    const Lead lead = *desk().GetLead(lead_);
    return std::any_of(lead.clocks.begin(), lead.clocks.end(),
                       [](const LeadClock& clock) { return clock.overdue; });
  };
  EXPECT_FALSE(overdue());
  EXPECT_FALSE(overdue());
  clock_.Turn(absl::Hours(24 * 30));
  EXPECT_TRUE(overdue());
}

TEST_F(LeadReading, ForgetsARemovedWorkspace) {
  ASSERT_EQ(ReadsFor(2), Kept(1, 2));
  ASSERT_TRUE(desk().DeleteWorkspace({.force = true}).ok());
  EXPECT_EQ(ReasonIn(desk().GetLead(lead_).status()), Reason::kWorkspaceNotFound);
  while (engine_->Sweep()->rows_removed > 0) {
  }
  CreateWorkspace again;
  again.id = "studio";
  ASSERT_TRUE(engine_->CreateWorkspace(again).ok());
  EXPECT_EQ(ReasonIn(desk().GetLead(lead_).status()), Reason::kLeadNotFound);
}

TEST_F(LeadReading, HoldsWhatASellerMaySee) {
  UpdateWorkspace update;
  update.lead_visibility = LeadVisibility::kOwn;
  ASSERT_TRUE(desk().UpdateWorkspace(update).ok());
  ASSERT_TRUE(desk().GetLead(lead_).ok());
  const Desk seller = desk({.actor = "boris", .viewer = "boris"});
  EXPECT_EQ(ReasonIn(seller.GetLead(lead_).status()), Reason::kLeadNotFound);
}

TEST_F(LeadReading, RefusesACallThatComesTooLate) {
  ASSERT_TRUE(desk().GetLead(lead_).ok());
  const Desk late = desk({.deadline = absl::Now() - absl::Seconds(1)});
  EXPECT_EQ(ReasonIn(late.GetLead(lead_).status()), Reason::kDeadlineExceeded);
}

}  // namespace
}  // namespace sales::testing
