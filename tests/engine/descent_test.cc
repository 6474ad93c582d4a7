// What declines bring, and who sends whom.
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "sales/declines.h"
#include "sales/referrals.h"
#include "sales/report.h"
#include "tests/engine/studio.h"

namespace sales::testing {
namespace {

class Descent : public Studio {
 protected:
  DeclineReport Declines(const ReportQuery& query = {}) const {
    const auto report = desk().ReportDeclines(query);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *report : DeclineReport{};
  }
  ReferralReport Referrals(const ReferralQuery& query = {}) const {
    const auto report = desk().ReportReferrals(query);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *report : ReferralReport{};
  }

  CaptureResult CaptureFrom(const std::string& name, const std::string& referrer) const {
    CaptureLead lead = Person(name);
    lead.referrer = referrer;
    const auto captured = desk().CaptureLead(lead);
    EXPECT_TRUE(captured.ok()) << captured.status();
    return *captured;
  }
  void Decline(const std::string& lead) const {
    ASSERT_TRUE(desk().DeclineLead(lead, Refusal()).ok());
  }
  void Win(const std::string& lead, int64_t minor_units) const {
    WinLead win;
    win.value = Money{"EUR", minor_units};
    win.override_reason = "signed by hand";
    const auto won = desk().WinLead(lead, win);
    ASSERT_TRUE(won.ok()) << won.status();
  }
  void Reopen(const std::string& lead) const {
    const auto reopened = desk().ReopenLead(lead, {"he called", "known"});
    ASSERT_TRUE(reopened.ok()) << reopened.status();
  }
};

TEST_F(Descent, OfNothingIsNothing) {
  const DeclineReport declines = Declines();
  EXPECT_EQ(declines.total.declined, 0);
  EXPECT_EQ(declines.total.returned.value, 0);
  EXPECT_FALSE(declines.total.yield.has_value());
  EXPECT_TRUE(declines.reasons.empty());
  const ReferralReport referrals = Referrals();
  EXPECT_EQ(referrals.total.leads, 0);
  EXPECT_EQ(referrals.contacts_count, 0);
  EXPECT_TRUE(referrals.generations.empty());
}

TEST_F(Descent, TellsHowDeclinesWereArguedAndByWhom) {
  DeclineLead refusal = Refusal();
  Decline(Capture("ivan").lead.id);
  refusal.reason = "no-time";
  refusal.arguments = {"a", "b", "c"};
  Call owner;
  owner.actor = "the owner; 100 %";
  ASSERT_TRUE(desk(owner).DeclineLead(Capture("olga").lead.id, refusal).ok());
  const DeclineReport report = Declines();
  EXPECT_EQ(report.total.declined, 2);
  EXPECT_EQ(report.total.argued_price.numerator, 2);
  EXPECT_EQ(report.total.argued_fully.numerator, 1);
  ASSERT_EQ(report.reasons.size(), 2u);
  EXPECT_EQ(report.reasons[0].key, "no-time");
  ASSERT_EQ(report.deciders.size(), 2u);
  EXPECT_EQ(report.deciders[1].key, "the owner; 100 %");
  EXPECT_EQ(report.deciders[1].argued_better.numerator, 1);
  ASSERT_EQ(report.stages.size(), 1u);
  EXPECT_EQ(report.stages[0].key, "new");
  ExpectClean();
}

TEST_F(Descent, CountsALaterLeadOfTheContactWithinItsDays) {
  Decline(Capture("ivan").lead.id);
  clock_.Turn(absl::Hours(24 * 100));
  Win(Capture("ivan").lead.id, 500);
  const DeclineFigures total = Declines().total;
  EXPECT_EQ(total.returned_within_90_days.numerator, 0);
  EXPECT_EQ(total.returned_within_180_days.numerator, 1);
  EXPECT_EQ(total.returned.numerator, 1);
  EXPECT_EQ(total.referrals, 0);
  EXPECT_EQ(total.won, 1);
  EXPECT_EQ(total.revenue.minor_units, 500);
  EXPECT_EQ(total.yield->minor_units, 500);
  ExpectClean();
}

TEST_F(Descent, CountsALeadThatIsReopenedAndWonAndEachOfItsDeclines) {
  const std::string lead = Capture("ivan").lead.id;
  Decline(lead);
  clock_.Turn(absl::Hours(24));
  Reopen(lead);
  Decline(lead);
  clock_.Turn(absl::Hours(24));
  Reopen(lead);
  Win(lead, 300);
  const DeclineFigures total = Declines().total;
  EXPECT_EQ(total.declined, 2);
  EXPECT_EQ(total.returned.numerator, 2);
  EXPECT_EQ(total.won, 1);
  EXPECT_EQ(total.revenue.minor_units, 300);
  EXPECT_EQ(total.yield->minor_units, 150);
  Reopen(lead);
  EXPECT_EQ(Declines().total.won, 0);
  EXPECT_EQ(Declines().total.revenue.minor_units, 0);
  ExpectClean();
}

TEST_F(Descent, FollowsReferralsThroughGenerations) {
  const CaptureResult ivan = Capture("ivan");
  Decline(ivan.lead.id);
  const CaptureResult olga = CaptureFrom("olga", ivan.contact.id);
  const CaptureResult petr = CaptureFrom("petr", olga.contact.id);
  Win(petr.lead.id, 700);
  const DeclineFigures total = Declines().total;
  EXPECT_EQ(total.referrals, 2);
  EXPECT_EQ(total.returned.numerator, 0);
  EXPECT_EQ(total.won, 1);
  EXPECT_EQ(total.revenue.minor_units, 700);
  ReportQuery query;
  const auto channels = desk().ReportChannels(query);
  ASSERT_TRUE(channels.ok());
  EXPECT_EQ(channels->total.decline_yield.returned, 2);
  EXPECT_EQ(channels->total.decline_yield.won, 1);
  ExpectClean();
}

TEST_F(Descent, CountsNoLeadThatWasReceivedBeforeTheDecline) {
  const CaptureResult ivan = Capture("ivan");
  clock_.Turn(absl::Hours(48));
  Decline(ivan.lead.id);
  CaptureLead earlier = Person("ivan");
  earlier.receive_time = clock_.Now() - absl::Hours(24);
  ASSERT_TRUE(desk().CaptureLead(earlier).ok());
  EXPECT_EQ(Declines().total.returned.numerator, 0);
}

TEST_F(Descent, StaysAsItWasWhenContactsAreMergedAndErased) {
  const CaptureResult ivan = Capture("ivan");
  Decline(ivan.lead.id);
  const CaptureResult olga = CaptureFrom("olga", ivan.contact.id);
  Win(olga.lead.id, 900);
  const CaptureResult twin = Capture("twin");
  const auto expect_same = [&] {
    const DeclineFigures total = Declines().total;
    EXPECT_EQ(total.declined, 1);
    EXPECT_EQ(total.argued_price.numerator, 1);
    EXPECT_EQ(total.referrals, 1);
    EXPECT_EQ(total.revenue.minor_units, 900);
    EXPECT_EQ(Referrals().total.leads, 1);
    ExpectClean();
  };
  ASSERT_TRUE(desk().MergeContacts(twin.contact.id, ivan.contact.id).ok());
  expect_same();
  EXPECT_EQ(Referrals().contacts[0].contact, twin.contact.id);
  ASSERT_TRUE(desk().UnmergeContact(ivan.contact.id).ok());
  expect_same();
  EXPECT_EQ(Referrals().contacts[0].contact, ivan.contact.id);
  ASSERT_TRUE(desk().EraseContact(ivan.contact.id).ok());
  expect_same();
}

TEST_F(Descent, CountsAReferralInItsGenerationAndForEverybodyBeforeIt) {
  const CaptureResult ivan = Capture("ivan");
  const CaptureResult olga = CaptureFrom("olga", ivan.contact.id);
  const CaptureResult petr = CaptureFrom("petr", olga.contact.id);
  const CaptureResult nina = CaptureFrom("nina", ivan.contact.id);
  Win(petr.lead.id, 400);
  const ReferralReport report = Referrals();
  EXPECT_EQ(report.total.leads, 3);
  EXPECT_EQ(report.total.won, 1);
  EXPECT_EQ(report.contacts_count, 2);
  ASSERT_EQ(report.generations.size(), 2u);
  EXPECT_EQ(report.generations[0].yield.leads, 2);
  EXPECT_EQ(report.generations[1].generation, 2);
  EXPECT_EQ(report.generations[1].yield.revenue.minor_units, 400);
  ASSERT_EQ(report.contacts.size(), 2u);
  EXPECT_EQ(report.contacts[0].contact, ivan.contact.id);
  EXPECT_EQ(report.contacts[0].direct.leads, 2);
  EXPECT_EQ(report.contacts[0].all.leads, 3);
  EXPECT_EQ(report.contacts[0].all.won, 1);
  EXPECT_EQ(report.edges.size(), 3u);
}

TEST_F(Descent, ListsAsManyContactsAsAreAskedFor) {
  for (int i = 0; i < 3; ++i) {
    const CaptureResult sender = Capture("sender" + std::to_string(i));
    CaptureFrom("sent" + std::to_string(i), sender.contact.id);
  }
  ReferralQuery query;
  query.contacts_max = 2;
  EXPECT_EQ(Referrals(query).contacts.size(), 2u);
  EXPECT_EQ(Referrals(query).edges.size(), 2u);
  EXPECT_EQ(Referrals(query).contacts_count, 3);
  query.contacts_max = limits::page_size_max + 1;
  EXPECT_FALSE(desk().ReportReferrals(query).ok());
  query.contacts_max = -1;
  EXPECT_FALSE(desk().ReportReferrals(query).ok());
}

class DescentOfMany : public Descent, public ::testing::WithParamInterface<int> {};

TEST_P(DescentOfMany, OfAnyWindowIsWhatAFoldOfTheEventsSays) {
  std::mt19937 random(20'261);
  const auto below = [&random](size_t end) { return random() % end; };
  std::vector<std::string> contacts;
  // By tens, each sent by those who came before.
  while (contacts.size() < static_cast<size_t>(GetParam())) {
    std::vector<CaptureLead> ten;
    for (int i = 0; i < 10; ++i) {
      CaptureLead& lead =
          ten.emplace_back(Person("person" + std::to_string(contacts.size() + ten.size())));
      // Many of few days, and some of other years.
      lead.receive_time =
          clock_.Now() -
          absl::Hours(static_cast<int64_t>(below(3) == 0 ? below(5 * 8'766) : below(40 * 24)));
      if (!contacts.empty() && below(5) != 0)
        lead.referrer = contacts[below(below(2) == 0 ? 8 : contacts.size())];
    }
    const auto captured = desk().BatchCaptureLeads(ten);
    ASSERT_TRUE(captured.ok()) << captured.status();
    for (const CaptureResult& one : *captured) {
      contacts.push_back(one.contact.id);
      if (below(4) == 0) Win(one.lead.id, 100 + static_cast<int64_t>(contacts.size()));
    }
    // PostgreSQL does it by itself as tables grow, but not the tests' server: it would go on with
    // plans for empty ones.
    if (contacts.size() == 200) ASSERT_TRUE(engine_->Vacuum().ok());
  }
  ExpectClean();
  std::vector<std::pair<ReferralQuery, ReferralReport>> said;
  for (int i = 0; i < 60; ++i) {
    ReferralQuery query;
    query.contacts_max = 1 + static_cast<int>(below(12));
    const absl::CivilDay start = absl::CivilDay(2026, 3, 28) - static_cast<int>(below(6 * 365));
    if (below(5) != 0) query.window.start = start;
    if (below(4) != 0)
      query.window.end = start + 1 + static_cast<int>(below(i % 2 == 0 ? 60 : 900));
    said.emplace_back(query, Referrals(query));
  }
  // What was said is of an earlier revision now, and comes from a fold.
  const int64_t then = desk().GetWorkspace()->revision;
  CaptureFrom("somebody else", contacts[0]);
  for (auto& [query, report] : said) {
    query.as_of_revision = then;
    const ReferralReport fold = Referrals(query);
    ASSERT_EQ(report.contacts_count, fold.contacts_count);
    EXPECT_EQ(report.total.leads, fold.total.leads);
    EXPECT_EQ(report.total.revenue.minor_units, fold.total.revenue.minor_units);
    ASSERT_EQ(report.generations.size(), fold.generations.size());
    for (size_t i = 0; i < fold.generations.size(); ++i) {
      EXPECT_EQ(report.generations[i].generation, fold.generations[i].generation);
      EXPECT_EQ(report.generations[i].yield.won, fold.generations[i].yield.won);
    }
    ASSERT_EQ(report.contacts.size(), fold.contacts.size());
    for (size_t i = 0; i < fold.contacts.size(); ++i) {
      EXPECT_EQ(report.contacts[i].contact, fold.contacts[i].contact);
      EXPECT_EQ(report.contacts[i].direct.leads, fold.contacts[i].direct.leads);
      EXPECT_EQ(report.contacts[i].all.leads, fold.contacts[i].all.leads);
      EXPECT_EQ(report.contacts[i].all.revenue.minor_units,
                fold.contacts[i].all.revenue.minor_units);
    }
    EXPECT_EQ(report.edges.size(), fold.edges.size());
  }
}

// Few are all looked at; of more than two thousand sent in a window, those who sent most are.
INSTANTIATE_TEST_SUITE_P(OfContacts, DescentOfMany, ::testing::Values(160, 4000));

TEST_F(Descent, AsOfARevisionStaysAsItWas) {
  const CaptureResult ivan = Capture("ivan");
  Decline(ivan.lead.id);
  const CaptureResult olga = CaptureFrom("olga", ivan.contact.id);
  ReportQuery then;
  then.as_of_revision = desk().GetWorkspace()->revision;
  ReferralQuery referrals_then;
  referrals_then.as_of_revision = then.as_of_revision;
  Win(olga.lead.id, 100);
  Capture("ivan");
  EXPECT_EQ(Declines(then).total.won, 0);
  EXPECT_EQ(Declines(then).total.returned.numerator, 0);
  EXPECT_EQ(Declines().total.won, 1);
  EXPECT_EQ(Referrals(referrals_then).total.won, 0);
  EXPECT_EQ(Referrals().total.won, 1);
}

TEST_F(Descent, RefusesAnInvertedWindow) {
  ReportQuery query;
  query.window = {absl::CivilDay(2026, 5, 2), absl::CivilDay(2026, 5, 1)};
  EXPECT_EQ(ReasonIn(desk().ReportDeclines(query).status()), Reason::kWindowInvalid);
  ReferralQuery referrals;
  referrals.window = query.window;
  EXPECT_EQ(ReasonIn(desk().ReportReferrals(referrals).status()), Reason::kWindowInvalid);
}

}  // namespace
}  // namespace sales::testing
