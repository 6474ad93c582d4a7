// Several processes on one store, each with an engine of its own; and a copy that is behind. On
// PostgreSQL only: a SQLite file has one server.
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "sales/sales.h"
#include "tests/engine/studio.h"

namespace sales {
namespace {

using testing::ReasonIn;

class Replicas : public testing::Studio {
 protected:
  Engine Open(EngineOptions options) const {
    auto engine = Engine::Open(std::move(options));
    EXPECT_TRUE(engine.ok()) << engine.status();
    return *std::move(engine);
  }
  Engine Another() const { return Open(Options()); }

  // Runs the body once with each engine, at the same time.
  static void AtOnce(const std::vector<const Engine*>& engines, int each,
                     const std::function<void(const Engine&, int)>& body) {
    std::vector<std::thread> threads;
    for (const Engine* engine : engines) {
      for (int i = 0; i < each; ++i) {
        threads.emplace_back([engine, i, &body] { body(*engine, i); });
      }
    }
    for (std::thread& thread : threads) thread.join();
  }
};

TEST_F(Replicas, WriteTheSameWorkspaceWithoutAGap) {
  const Engine other = Another();
  const int64_t before = desk().GetWorkspace()->revision;
  AtOnce({engine_.get(), &other}, 8, [&](const Engine& engine, int thread) {
    for (int round = 0; round < 10; ++round) {
      const std::string name =
          (&engine == &other ? "o" : "e") + std::to_string(thread) + "-" + std::to_string(round);
      EXPECT_TRUE(engine.At("studio", {}).CaptureLead(Person(name)).ok());
    }
  });
  EXPECT_EQ(desk().GetWorkspace()->revision, before + 160);
  EXPECT_EQ(other.At("studio", {}).ReportFunnel({})->received, 160);
  ExpectClean();
}

TEST_F(Replicas, DoARequestOnceWhoeverIsAsked) {
  const Engine other = Another();
  std::mutex mutex;
  std::set<std::string> leads;
  AtOnce({engine_.get(), &other}, 8, [&](const Engine& engine, int) {
    const auto captured = engine.At("studio", WithRequest("once")).CaptureLead(Person("ivan"));
    ASSERT_TRUE(captured.ok()) << captured.status();
    const std::lock_guard<std::mutex> lock(mutex);
    leads.insert(captured->lead.id);
  });
  EXPECT_EQ(leads.size(), 1u);
  EXPECT_EQ(desk().ReportFunnel({})->received, 1);
}

TEST_F(Replicas, MakeOneContactOfOnePerson) {
  const Engine other = Another();
  AtOnce({engine_.get(), &other}, 8, [&](const Engine& engine, int) {
    for (int person = 0; person < 10; ++person) {
      EXPECT_TRUE(engine.At("studio", {}).CaptureLead(Person("p" + std::to_string(person))).ok());
    }
  });
  EXPECT_EQ(desk().ListContacts({})->items.size(), 10u);
  ExpectClean();
}

TEST_F(Replicas, LetOneOfTwoMovesWithOneEtagWin) {
  const Engine other = Another();
  const Lead lead = Capture("ivan").lead;
  std::atomic<int> won = 0;
  std::atomic<int> lost = 0;
  AtOnce({engine_.get(), &other}, 1, [&](const Engine& engine, int) {
    const auto moved = engine.At("studio", WithEtag(lead.etag))
                           .LogActivity(lead.id, {ActivityKind::kCall, Direction::kOut});
    if (moved.ok()) ++won;
    if (ReasonIn(moved.status()) == Reason::kEtagMismatch) ++lost;
  });
  EXPECT_EQ(won, 1);
  EXPECT_EQ(lost, 1);
}

TEST_F(Replicas, GoByWhatAnotherChangedAMomentAgo) {
  const Engine other = Another();
  // Each has read the policy in force before.
  EXPECT_TRUE(other.At("studio", {}).CaptureLead(Person("before")).ok());
  ActivateFunnelPolicy change;
  change.policy = *desk().GetFunnelPolicy("web-studio");
  change.policy.stages.front().display_name = "Brand new";
  ASSERT_TRUE(desk().ActivateFunnelPolicy(change).ok());
  EXPECT_EQ(other.At("studio", {}).GetFunnelPolicy("web-studio")->stages.front().display_name,
            "Brand new");
  EXPECT_TRUE(other.At("studio", {}).CaptureLead(Person("after")).ok());
}

TEST_F(Replicas, GoByAWorkspaceThatAnotherMadeAnew) {
  const Engine other = Another();
  EXPECT_TRUE(other.At("studio", {}).CaptureLead(Person("before")).ok());
  DeleteWorkspace everything;
  everything.force = true;
  ASSERT_TRUE(desk().DeleteWorkspace(everything).ok());
  EXPECT_EQ(ReasonIn(other.At("studio", {}).CaptureLead(Person("between")).status()),
            Reason::kWorkspaceNotFound);
  while (engine_->Sweep()->next_time < clock_.Now()) clock_.Turn(absl::Minutes(1));
  CreateWorkspace again;
  again.id = "studio";
  again.currency_code = "USD";
  again.default_region = "US";
  while (!engine_->CreateWorkspace(again).ok()) ASSERT_TRUE(engine_->Sweep().ok());
  CaptureLead lead = Person("after");
  lead.expected_value = Money{"USD", 100};
  const auto captured = other.At("studio", {}).CaptureLead(lead);
  ASSERT_TRUE(captured.ok()) << captured.status();
  EXPECT_EQ(captured->lead.expected_value->currency_code, "USD");
}

TEST_F(Replicas, AreToldOfEachOthersCommits) {
  std::mutex mutex;
  std::vector<std::pair<std::string, int64_t>> told;
  EngineOptions options = Options();
  options.on_commit = [&](const std::string& workspace, int64_t revision) {
    const std::lock_guard<std::mutex> lock(mutex);
    told.emplace_back(workspace, revision);
  };
  const Engine other = Open(std::move(options));
  EXPECT_TRUE(other.is_shared());
  ASSERT_TRUE(other.FollowOthers(absl::Now()).ok());
  Capture("ivan");
  ASSERT_TRUE(other.FollowOthers(absl::Now() + absl::Seconds(10)).ok());
  const int64_t last = desk().GetWorkspace()->revision;
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told.back(), std::make_pair(std::string("studio"), last));
}

TEST_F(Replicas, WakeWhoeverWaitsAtAnother) {
  const Engine other = Another();
  const int64_t before = desk().GetWorkspace()->revision;
  std::thread writer([&] {
    absl::SleepFor(absl::Milliseconds(100));
    Capture("ivan");
  });
  Call call;
  call.deadline = absl::Now() + absl::Seconds(10);
  const auto revision = other.At("studio", call).WaitForRevision(before);
  writer.join();
  ASSERT_TRUE(revision.ok()) << revision.status();
  EXPECT_EQ(*revision, before + 1);
}

// As on engines that speak the protocol and have no LISTEN.
TEST_F(Replicas, WakeWhoeverWaitsAtAnotherWhereNothingTellsOfCommits) {
  store_.Run("ALTER FUNCTION pg_catalog.pg_notify(text, text) RENAME TO notify_that_is_gone");
  const Engine one = Another();
  const Engine other = Another();
  const int64_t before = one.At("studio", {}).GetWorkspace()->revision;
  std::thread writer([&] {
    absl::SleepFor(absl::Milliseconds(100));
    EXPECT_TRUE(one.At("studio", {}).CaptureLead(Person("ivan")).ok());
  });
  Call call;
  call.deadline = absl::Now() + absl::Seconds(10);
  const auto revision = other.At("studio", call).WaitForRevision(before);
  writer.join();
  ASSERT_TRUE(revision.ok()) << revision.status();
  EXPECT_EQ(*revision, before + 1);
  // Nothing is told, and nothing is wrong.
  EXPECT_TRUE(other.FollowOthers(absl::Now() + absl::Milliseconds(100)).ok());
}

TEST_F(Replicas, RecordOnceWhatFellDueThoughAllSweep) {
  const Engine other = Another();
  for (int i = 0; i < 20; ++i) Capture("c" + std::to_string(i));
  clock_.Turn(absl::Hours(24 * 30));
  std::atomic<int> breached = 0;
  AtOnce({engine_.get(), &other}, 2, [&](const Engine& engine, int) {
    const auto swept = engine.Sweep();
    ASSERT_TRUE(swept.ok()) << swept.status();
    breached += swept->limits_breached;
  });
  int recorded = 0;
  for (const Event& event : Events()) recorded += event.type == EventType::kLimitBreached ? 1 : 0;
  EXPECT_GT(recorded, 0);
  EXPECT_EQ(breached, recorded);
  ExpectClean();
}

// A copy that follows is a database with what the store had a while ago.
TEST_F(Replicas, AnswerFromACopyOnceItHasTheRevisionThatTheCallerNames) {
  Capture("old");
  std::string text;
  ASSERT_TRUE(desk()
                  .ExportWorkspace([&text](const std::string& piece) {
                    text += piece;
                    return absl::OkStatus();
                  })
                  .ok());
  const rigs::FreshStore behind(directory_ + "/behind.db");
  EngineOptions of_copy = Options();
  of_copy.store = behind.name();
  ASSERT_TRUE(Open(std::move(of_copy))
                  .ImportWorkspace("studio",
                                   [&text]() -> absl::StatusOr<std::string> {
                                     return std::exchange(text, std::string());
                                   })
                  .ok());
  const int64_t old = desk().GetWorkspace()->revision;
  Capture("new");

  EngineOptions options = Options();
  options.read_store = behind.name();
  const Engine engine = Open(std::move(options));
  const auto revision_seen = [&](std::optional<int64_t> min_revision) {
    Call call;
    call.min_revision = min_revision;
    return engine.At("studio", call).GetWorkspace()->revision;
  };
  EXPECT_EQ(revision_seen(std::nullopt), old + 1);
  EXPECT_EQ(revision_seen(0), old);
  EXPECT_EQ(revision_seen(old), old);
  // Whoever has just written sees what he wrote.
  EXPECT_EQ(revision_seen(old + 1), old + 1);
  // A write is never of the copy.
  Call call;
  call.min_revision = 0;
  EXPECT_TRUE(engine.At("studio", call).CaptureLead(Person("newer")).ok());
  EXPECT_EQ(revision_seen(std::nullopt), old + 2);
}

TEST_F(Replicas, AnswerThemselvesWhereTheCopyDoesNot) {
  EngineOptions options = Options();
  options.read_store = "postgres:host=127.0.0.1 port=1 dbname=none";
  const Engine engine = Open(std::move(options));
  Call call;
  call.min_revision = 0;
  EXPECT_TRUE(engine.At("studio", call).GetWorkspace().ok());
}

}  // namespace
}  // namespace sales
