// A store of its own for each test, with a workspace "studio" and a clock that the test turns.
#ifndef SALES_TESTS_ENGINE_STUDIO_H_
#define SALES_TESTS_ENGINE_STUDIO_H_

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "sales/engine.h"
#include "tests/rigs/fresh_store.h"

namespace sales::testing {

class TurnedClock : public Clock {
 public:
  absl::Time Now() const override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return now_;
  }
  void Turn(absl::Duration by) {
    const std::lock_guard<std::mutex> lock(mutex_);
    now_ += by;
  }

 private:
  mutable std::mutex mutex_;
  // The morning before Europe changes to summer time.
  absl::Time now_ = absl::FromUnixSeconds(1774688400);
};

class Studio : public ::testing::Test {
 protected:
  Studio() {
    Reopen();
    CreateWorkspace workspace;
    workspace.id = "studio";
    workspace.time_zone = "Europe/Amsterdam";
    workspace.default_region = "NL";
    EXPECT_TRUE(engine_->CreateWorkspace(workspace).ok());
  }
  ~Studio() override {
    engine_.reset();
    std::filesystem::remove_all(directory_);
  }

  EngineOptions Options() const {
    EngineOptions options;
    options.store = store_.name();
    options.clock = &clock_;
    return options;
  }
  void Reopen() {
    engine_.reset();
    absl::StatusOr<Engine> engine = Engine::Open(Options());
    ASSERT_TRUE(engine.ok()) << engine.status();
    engine_ = std::make_unique<Engine>(*std::move(engine));
  }

  Desk desk(Call call = {}) const { return engine_->At("studio", std::move(call)); }
  static Call WithRequest(std::string id) {
    Call call;
    call.request_id = std::move(id);
    return call;
  }
  static Call WithEtag(std::string etag) {
    Call call;
    call.etag = std::move(etag);
    return call;
  }

  static CaptureLead Person(const std::string& name) {
    CaptureLead lead;
    lead.contact.display_name = name;
    lead.contact.identities = {Email(name + "@example.com")};
    lead.need = "a shop";
    return lead;
  }
  CaptureResult Capture(const std::string& name) const { return *desk().CaptureLead(Person(name)); }
  static DeclineLead Refusal() {
    DeclineLead refusal;
    refusal.reason = "price";
    refusal.arguments.price = "two seniors work on it";
    refusal.alternatives = "a smaller first version";
    return refusal;
  }

  // Every event of the workspace, by pages.
  std::vector<Event> Events() const {
    std::vector<Event> events;
    EventQuery query;
    while (true) {
      absl::StatusOr<EventPage> page = desk().ListEvents(query);
      EXPECT_TRUE(page.ok()) << page.status();
      events.insert(events.end(), page->events.begin(), page->events.end());
      if (page->next_page_token.empty()) return events;
      query.page_token = page->next_page_token;
    }
  }
  static std::string MakeDirectory() {
    std::string pattern = ::testing::TempDir() + "/studio-XXXXXX";
    return mkdtemp(pattern.data());
  }
  void ExpectClean() const {
    const auto faults = engine_->Check();
    ASSERT_TRUE(faults.ok()) << faults.status();
    for (const CheckFault& fault : *faults)
      ADD_FAILURE() << fault.kind << ": " << fault.description;
  }

  const std::string directory_ = MakeDirectory();
  const rigs::FreshStore store_{directory_ + "/store.db"};
  mutable TurnedClock clock_;
  std::unique_ptr<Engine> engine_;
};

inline Reason ReasonIn(const absl::Status& status) { return ReasonOf(status); }

}  // namespace sales::testing

#endif  // SALES_TESTS_ENGINE_STUDIO_H_
