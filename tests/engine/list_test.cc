#include <set>

#include "tests/engine/studio.h"

namespace sales::testing {
namespace {

class Lists : public Studio {
 protected:
  // Goes through every page; gives the ids in order.
  std::vector<std::string> Ids(ListQuery query) const {
    std::vector<std::string> ids;
    while (true) {
      const auto page = desk().ListLeads(query);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) return ids;
      for (const Lead& lead : page->items) ids.push_back(lead.id);
      if (page->next_page_token.empty()) return ids;
      query.page_token = page->next_page_token;
    }
  }

  void CaptureMany(int count) {
    for (int i = 0; i < count; ++i) {
      CaptureLead lead = Person("person" + std::to_string(i));
      lead.id = "lead-" + std::to_string(100 + i);
      lead.interest = i;
      if (i % 3 != 0) lead.expected_value = Money{"EUR", i / 2};
      lead.need = i % 2 == 0 ? "Интернет-магазин ЁЛКА" : "logo";
      // Two at each time, so that pages end between equals.
      lead.receive_time = clock_.Now() - absl::Hours(i / 2);
      ASSERT_TRUE(desk().CaptureLead(lead).ok());
    }
  }
};

TEST_F(Lists, GiveEachLeadOnceInEveryOrderAndPageSize) {
  CaptureMany(25);
  for (const char* const order : {"", "receive_time", "receive_time desc", "update_time",
                                  "expected_value", "expected_value desc"}) {
    for (const int page_size : {1, 2, 7, 1000}) {
      ListQuery query;
      query.order_by = order;
      query.page_size = page_size;
      const std::vector<std::string> ids = Ids(query);
      EXPECT_EQ(ids.size(), 25u) << order << page_size;
      EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 25u) << order << page_size;
    }
  }
}

TEST_F(Lists, FilterByStateTextInAnyCaseAndNumbers) {
  CaptureMany(10);
  ASSERT_TRUE(desk().DeclineLead("lead-104", Refusal()).ok());
  ListQuery query;
  query.filter = "state = DECLINED";
  EXPECT_EQ(Ids(query), std::vector<std::string>{"lead-104"});
  query.filter = "need:\"ёлка\" AND interest >= 4";
  EXPECT_EQ(Ids(query).size(), 3u);
  query.filter = "-need:\"ёлка\"";
  EXPECT_EQ(Ids(query).size(), 5u);
  query.filter = "channel = workspaces/studio/channels/unknown";
  EXPECT_EQ(Ids(query).size(), 10u);
}

TEST_F(Lists, ATokenGoesOnWithTheSameListOnly) {
  CaptureMany(5);
  ListQuery query;
  query.page_size = 2;
  query.page_token = desk().ListLeads(query)->next_page_token;
  EXPECT_TRUE(desk().ListLeads(query).ok());
  EXPECT_EQ(ReasonIn(desk().ListContacts(query).status()), Reason::kPageTokenInvalid);
  query.filter = "state = OPEN";
  EXPECT_EQ(ReasonIn(desk().ListLeads(query).status()), Reason::kPageTokenInvalid);
  query.page_token = "broken";
  EXPECT_EQ(ReasonIn(desk().ListLeads(query).status()), Reason::kPageTokenInvalid);
}

TEST_F(Lists, APageOfLongTextsIsShorterThanAskedFor) {
  constexpr int kLeads = 150;
  for (int i = 0; i < kLeads; ++i) {
    CaptureLead lead = Person("long" + std::to_string(i));
    lead.need = std::string(limits::text_bytes_max, 'x');
    ASSERT_TRUE(desk().CaptureLead(lead).ok());
  }
  ListQuery query;
  query.page_size = limits::page_size_max;
  query.filter = "need:\"xxx\"";
  size_t count = 0;
  do {
    const auto page = desk().ListLeads(query);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_LE(page->items.size() * limits::text_bytes_max, limits::page_text_bytes_max);
    count += page->items.size();
    query.page_token = page->next_page_token;
  } while (!query.page_token.empty());
  EXPECT_EQ(count, kLeads);
}

TEST_F(Lists, OfCampaignsGoAcrossChannels) {
  for (const char* const channel : {"ads", "mail"}) {
    ASSERT_TRUE(desk().CreateChannel({channel, ""}).ok());
    for (const char* const campaign : {"a", "b", "c"}) {
      ASSERT_TRUE(desk().CreateCampaign({channel, campaign, "", 0}).ok());
    }
  }
  ListQuery query;
  query.page_size = 2;
  std::vector<std::string> names;
  while (true) {
    const auto page = desk().ListCampaigns("", query);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const Campaign& campaign : page->items) names.push_back(campaign.channel + campaign.id);
    if (page->next_page_token.empty()) break;
    query.page_token = page->next_page_token;
  }
  EXPECT_EQ(names, (std::vector<std::string>{"adsa", "adsb", "adsc", "maila", "mailb", "mailc"}));
  EXPECT_EQ(desk().ListCampaigns("mail", {})->items.size(), 3u);
}

TEST_F(Lists, OfContactsFindAPartOfANameInAnyCase) {
  CaptureLead lead = Person("x");
  lead.contact.display_name = "Пётр Чайковский";
  ASSERT_TRUE(desk().CaptureLead(lead).ok());
  Capture("anna");
  ListQuery query;
  query.filter = "display_name:\"ЧАЙКОВ\"";
  EXPECT_EQ(desk().ListContacts(query)->items.size(), 1u);
}

TEST_F(Lists, OfEventsAreFilteredByTypeAndLead) {
  const Lead lead = Capture("anna").lead;
  Capture("boris");
  ASSERT_TRUE(desk().AssignLead(lead.id, {"olga"}).ok());
  EventQuery query;
  query.filter.lead = lead.id;
  EXPECT_EQ(desk().ListEvents(query)->events.size(), 2u);
  query.filter.types = {EventType::kLeadAssigned};
  EXPECT_EQ(desk().ListEvents(query)->events.size(), 1u);
  query.after_revision = 99;
  EXPECT_EQ(ReasonIn(desk().ListEvents(query).status()), Reason::kRevisionInvalid);
}

}  // namespace
}  // namespace sales::testing
