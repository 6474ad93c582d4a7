// What holds for every write: request ids, etags, revisions, and many callers at once.
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

#include "sales/report.h"
#include "tests/engine/studio.h"

namespace sales::testing {
namespace {

using Writing = Studio;

void InParallel(int threads, const std::function<void(int)>& body) {
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) running.emplace_back([&body, i] { body(i); });
  for (std::thread& thread : running) thread.join();
}

TEST_F(Writing, TheSameRequestAHundredTimesHasOneEffectAndOneAnswer) {
  std::vector<std::string> leads(100);
  InParallel(10, [&](int thread) {
    for (int i = 0; i < 10; ++i) {
      const auto result = desk(WithRequest("once")).CaptureLead(Person("anna"));
      ASSERT_TRUE(result.ok()) << result.status();
      leads[static_cast<size_t>(thread * 10 + i)] = result->lead.id + result->lead.etag;
    }
  });
  EXPECT_EQ(std::set<std::string>(leads.begin(), leads.end()).size(), 1u);
  EXPECT_EQ(desk().GetWorkspace()->revision, 2);
}

TEST_F(Writing, ARequestIdWithOtherContentIsRefused) {
  ASSERT_TRUE(desk(WithRequest("once")).CaptureLead(Person("anna")).ok());
  const auto other = desk(WithRequest("once")).CaptureLead(Person("boris"));
  EXPECT_EQ(ReasonIn(other.status()), Reason::kRequestIdReused);
}

TEST_F(Writing, AnAnswerIsKeptAsItWasThoughTheLeadMovedOn) {
  const auto first = desk(WithRequest("once")).CaptureLead(Person("anna"));
  ASSERT_TRUE(desk().AssignLead(first->lead.id, {"olga"}).ok());
  const auto again = desk(WithRequest("once")).CaptureLead(Person("anna"));
  EXPECT_EQ(again->lead.seller, "");
  EXPECT_EQ(again->lead.etag, first->lead.etag);
}

TEST_F(Writing, ARequestIdIsForgottenAfterADay) {
  ASSERT_TRUE(desk(WithRequest("once")).CaptureLead(Person("anna")).ok());
  clock_.Turn(absl::Hours(23));
  EXPECT_FALSE(desk(WithRequest("once")).CaptureLead(Person("boris")).ok());
  clock_.Turn(absl::Hours(2));
  EXPECT_TRUE(desk(WithRequest("once")).CaptureLead(Person("boris")).ok());
}

TEST_F(Writing, OfTwoMovesWithOneEtagOneWins) {
  const Lead lead = Capture("anna").lead;
  ASSERT_TRUE(
      desk().LogActivity(lead.id, {ActivityKind::kCall, Direction::kOut, {}, "called"}).ok());
  const std::string etag = desk().GetLead(lead.id)->etag;
  std::atomic<int> won = 0;
  std::atomic<int> aborted = 0;
  InParallel(8, [&](int) {
    const auto moved = desk(WithEtag(etag)).AdvanceLead(lead.id, {"contacted", "", ""});
    if (moved.ok()) ++won;
    if (ReasonIn(moved.status()) == Reason::kEtagMismatch) ++aborted;
  });
  EXPECT_EQ(won, 1);
  EXPECT_EQ(aborted, 7);
}

TEST_F(Writing, TheSameHundredPeopleFromThirtyTwoCallersAreAHundredContacts) {
  InParallel(32, [&](int) {
    for (int person = 0; person < 100; ++person) {
      ASSERT_TRUE(desk().CaptureLead(Person("person" + std::to_string(person))).ok());
    }
  });
  ListQuery query;
  query.page_size = 1000;
  const auto contacts = desk().ListContacts(query);
  ASSERT_TRUE(contacts.ok());
  EXPECT_EQ(contacts->items.size(), 100u);
  for (const Contact& contact : contacts->items) EXPECT_EQ(contact.lead_count, 32);
  EXPECT_EQ(desk().ReportFunnel({})->received, 3200);
  EXPECT_EQ(desk().ReportChannels({})->total.new_contacts, 100);
  ExpectClean();
}

TEST_F(Writing, ARefusedWriteTakesNoRevision) {
  EXPECT_FALSE(desk().AdvanceLead("nobody", {"contacted", "", ""}).ok());
  Capture("anna");
  const std::vector<Event> events = Events();
  EXPECT_EQ(events.back().revision, 2);
}

TEST_F(Writing, AReaderOfEventsSeesEachOnceInOrderAndNoRevisionSplit) {
  std::atomic<bool> stop = false;
  std::vector<Event> seen;
  std::thread reader([&] {
    EventQuery query;
    query.page_size = 7;
    while (true) {
      const bool last = stop;
      const auto page = desk().ListEvents(query);
      ASSERT_TRUE(page.ok()) << page.status();
      seen.insert(seen.end(), page->events.begin(), page->events.end());
      if (!page->events.empty()) query.after_revision = page->events.back().revision;
      if (last && page->events.empty()) return;
    }
  });
  InParallel(16, [&](int thread) {
    for (int i = 0; i < 50; ++i) {
      Capture("p" + std::to_string(thread) + "-" + std::to_string(i));
    }
  });
  stop = true;
  reader.join();
  const std::vector<Event> all = Events();
  ASSERT_EQ(seen.size(), all.size());
  int64_t revision = 0;
  int ordinal = 0;
  for (const Event& event : seen) {
    EXPECT_TRUE(event.revision == revision ? event.ordinal == ordinal + 1
                                           : event.revision == revision + 1 && event.ordinal == 0);
    revision = event.revision;
    ordinal = event.ordinal;
  }
}

TEST_F(Writing, AWaiterIsToldOfTheNextCommit) {
  const int64_t before = desk().GetWorkspace()->revision;
  Call call;
  call.deadline = absl::Now() + absl::Seconds(60);
  std::thread writer([&] { Capture("anna"); });
  const auto revision = desk(call).WaitForRevision(before);
  writer.join();
  ASSERT_TRUE(revision.ok()) << revision.status();
  EXPECT_EQ(*revision, before + 1);
  call.deadline = absl::Now() + absl::Milliseconds(20);
  EXPECT_EQ(ReasonIn(desk(call).WaitForRevision(*revision).status()), Reason::kDeadlineExceeded);
}

TEST_F(Writing, EventsAndErrorsCarryNothingPersonal) {
  const std::string canary = "zq-canary-zq";
  CaptureLead lead = Person(canary);
  lead.need = canary;
  lead.contact.organization = canary;
  const auto captured = desk().CaptureLead(lead);
  ASSERT_TRUE(
      desk()
          .LogActivity(captured->lead.id, {ActivityKind::kNote, Direction::kInternal, {}, canary})
          .ok());
  DeclineLead refusal = Refusal();
  refusal.arguments.differ = canary;
  refusal.alternatives = canary;
  ASSERT_TRUE(desk().DeclineLead(captured->lead.id, refusal).ok());
  ReopenLead reopening;
  reopening.reason = canary;
  ASSERT_TRUE(desk().ReopenLead(captured->lead.id, reopening).ok());
  for (const Event& event : Events()) {
    std::string text = event.actor + event.lead + event.contact + event.subject;
    for (const Change& change : event.changes) text += change.field + change.before + change.after;
    EXPECT_EQ(text.find(canary), std::string::npos) << text;
  }
  lead.channel = canary;
  const absl::Status refused = desk().CaptureLead(lead).status();
  EXPECT_EQ(refused.ToString().find(canary), std::string::npos);
}

TEST_F(Writing, TellsOfEachUseOfTheStore) {
  std::mutex mutex;
  std::vector<StoreUse> uses;
  EngineOptions options = Options();
  options.on_store_use = [&](const StoreUse& use) {
    const std::lock_guard<std::mutex> lock(mutex);
    uses.push_back(use);
  };
  engine_.reset();
  absl::StatusOr<Engine> engine = Engine::Open(options);
  ASSERT_TRUE(engine.ok()) << engine.status();
  const Desk desk = engine->At("studio");
  ASSERT_TRUE(desk.CaptureLead(Person("anna")).ok());
  EXPECT_FALSE(desk.GetLead("nobody").ok());
  EXPECT_FALSE(desk.AssignLead("nobody", {"olga"}).ok());
  const auto count = [&uses](StoreUse::Kind kind, int writes) {
    return std::count_if(uses.begin(), uses.end(), [&](const StoreUse& use) {
      return use.kind == kind && use.writes == writes && use.run > absl::ZeroDuration() &&
             use.wait >= absl::ZeroDuration();
    });
  };
  EXPECT_EQ(count(StoreUse::Kind::kWrite, 1), 1);
  // What was refused committed nothing.
  EXPECT_EQ(count(StoreUse::Kind::kWrite, 0), 1);
  EXPECT_GE(count(StoreUse::Kind::kRead, 0), 1);
  const Engine::StoreSizes sizes = engine->store_sizes();
  EXPECT_EQ(static_cast<uintmax_t>(sizes.store_bytes),
            std::filesystem::file_size(directory_ + "/store.db"));
  EXPECT_EQ(static_cast<uintmax_t>(sizes.log_bytes),
            std::filesystem::file_size(directory_ + "/store.db-wal"));
  EXPECT_GT(sizes.log_bytes, 0);
}

}  // namespace
}  // namespace sales::testing
