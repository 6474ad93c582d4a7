// The pages that watches share by themselves, on a clock of the test's own.
#include "service/src/watch_pages.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

namespace sales::service {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'800'000'000);

WatchQuestion Anna() {
  Principal anna;
  anna.actor = "anna";
  anna.role = Role::kSeller;
  anna.workspaces = {"studio"};
  WatchQuestion question;
  question.principal = std::make_shared<const Principal>(std::move(anna));
  question.actor = "anna";
  question.workspace = "studio";
  question.after_revision = 7;
  return question;
}

std::shared_ptr<const WatchPage> Page(bool more) {
  WatchPage page;
  page.more = more;
  return std::make_shared<const WatchPage>(std::move(page));
}

// The question of a seller who is `anna` but for one thing.
template <typename Change>
WatchQuestion Other(Change change) {
  WatchQuestion question = Anna();
  Principal principal = *question.principal;
  change(question, principal);
  question.principal = std::make_shared<const Principal>(std::move(principal));
  return question;
}

TEST(WatchPages, AreGivenToWhoeverAsksTheSameWithTheSameRights) {
  WatchPages pages;
  const auto page = Page(/*more=*/true);
  pages.Keep(Anna(), kStart, page);
  EXPECT_EQ(pages.Find(Anna(), kStart, kStart), page);
}

TEST(WatchPages, AreGivenToNobodyElse) {
  WatchPages pages;
  pages.Keep(Anna(), kStart, Page(/*more=*/true));
  const std::vector<WatchQuestion> others = {
      Other([](auto&, Principal& p) { p.actor = "olga"; }),
      Other([](auto&, Principal& p) { p.role = Role::kOwner; }),
      Other([](auto&, Principal& p) {
        p.workspaces = {"studio", "agency"};
      }),
      Other([](auto&, Principal& p) { p.every_workspace = true; }),
      Other([](auto&, Principal& p) { p.credentials_hash = "another token"; }),
      Other([](auto&, Principal& p) { p.expire_time = kStart; }),
      Other([](WatchQuestion& q, auto&) { q.actor = "olga"; }),
      Other([](WatchQuestion& q, auto&) { q.min_revision = 8; }),
      Other([](WatchQuestion& q, auto&) { q.workspace = "agency"; }),
      Other([](WatchQuestion& q, auto&) { q.workspace = ""; }),
      Other([](WatchQuestion& q, auto&) { q.types = {EventType::kLeadCaptured}; }),
      Other([](WatchQuestion& q, auto&) { q.lead = "lead"; }),
      Other([](WatchQuestion& q, auto&) { q.after_revision = 8; }),
  };
  for (size_t i = 0; i < others.size(); ++i) {
    EXPECT_EQ(pages.Find(others[i], kStart, kStart), nullptr) << i;
  }
}

TEST(WatchPages, ThatWereTheLastAreNotGivenToThoseWhoWereWokenSince) {
  WatchPages pages;
  const auto page = Page(/*more=*/false);
  pages.Keep(Anna(), kStart, page);
  EXPECT_EQ(pages.Find(Anna(), kStart, kStart), page);
  EXPECT_EQ(pages.Find(Anna(), kStart + absl::Microseconds(1), kStart + absl::Milliseconds(1)),
            nullptr);
}

TEST(WatchPages, AreKeptForAMomentAndAreFew) {
  WatchPages pages;
  const auto page = Page(/*more=*/true);
  pages.Keep(Anna(), kStart, page);
  EXPECT_EQ(pages.Find(Anna(), kStart, kStart + absl::Milliseconds(999)), page);
  EXPECT_EQ(pages.Find(Anna(), kStart, kStart + absl::Milliseconds(1001)), nullptr);
  pages.Keep(Anna(), kStart + absl::Seconds(5), page);
  EXPECT_EQ(page.use_count(), 2) << "the older one is still kept";
  for (int i = 0; i < 100; ++i) {
    pages.Keep(Other([i](WatchQuestion& q, auto&) { q.after_revision = 100 + i; }),
               kStart + absl::Seconds(5), page);
  }
  EXPECT_EQ(page.use_count(), 17) << "more than sixteen are kept";
}

}  // namespace
}  // namespace sales::service
