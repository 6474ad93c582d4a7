// Reports against a naive computation over the events, on random histories made through the verbs.
#include <map>
#include <random>

#include "sales/team.h"
#include "tests/engine/studio.h"
#include "tests/rigs/naive_lives.h"
#include "tests/rigs/naive_report.h"

namespace sales::testing {
namespace {

class Histories : public Studio, public ::testing::WithParamInterface<uint32_t> {
 protected:
  Histories() : random_(GetParam()) {
    for (const char* const channel : {"ads", "mail"}) {
      EXPECT_TRUE(desk().CreateChannel({channel, ""}).ok());
      for (const char* const campaign : {"spring", "autumn"}) {
        EXPECT_TRUE(desk().CreateCampaign({channel, campaign, "", Below(3) * 50}).ok());
      }
    }
    for (const char* const team : {"north", "south"}) {
      EXPECT_TRUE(desk().CreateTeam({team, ""}).ok());
    }
    CreateSeller seller;
    seller.id = "anna";
    seller.team = "north";
    EXPECT_TRUE(desk().CreateSeller(seller).ok());
    seller.id = "olga";
    EXPECT_TRUE(desk().CreateSeller(seller).ok());
  }

  int64_t Below(int64_t end) { return static_cast<int64_t>(random_()) % end; }
  bool Sometimes(int of) { return Below(of) == 0; }

  void Step() {
    clock_.Turn(absl::Minutes(Below(3'000)));
    if (leads_.empty() || Sometimes(3)) return CaptureSomebody();
    if (Sometimes(15)) return SpendOrTouch();
    if (Sometimes(40)) return ChangeTeam();
    if (Sometimes(25)) return MergeOrUnmerge();
    const std::string& lead =
        leads_[static_cast<size_t>(Below(static_cast<int64_t>(leads_.size())))];
    Change(lead);
  }

  void CaptureSomebody() {
    CaptureLead lead = Person("person" + std::to_string(Below(40)));
    if (Sometimes(2)) {
      lead.channel = Sometimes(2) ? "ads" : "mail";
      if (Sometimes(2)) lead.campaign = Sometimes(2) ? "spring" : "autumn";
    }
    if (Sometimes(2)) lead.seller = Sometimes(2) ? "anna" : "olga";
    if (Sometimes(2)) lead.expected_value = Money{"EUR", Below(100'000)};
    if (Sometimes(3)) lead.labels = {"slow", "vip"};
    if (!contacts_.empty() && Sometimes(4)) lead.referrer = Contact();
    if (Sometimes(4)) lead.receive_time = clock_.Now() - absl::Hours(Below(2'000));
    const auto captured = desk().CaptureLead(lead);
    if (!captured.ok()) return;
    leads_.push_back(captured->lead.id);
    contacts_.push_back(captured->contact.id);
  }

  std::string Contact() {
    return contacts_[static_cast<size_t>(Below(static_cast<int64_t>(contacts_.size())))];
  }

  // Two who may be one, and who may turn out to be two.
  void MergeOrUnmerge() {
    if (Sometimes(3)) {
      (void)desk().UnmergeContact(Contact());
    } else {
      (void)desk().MergeContacts(Contact(), Contact());
    }
  }

  void SpendOrTouch() {
    if (Sometimes(2)) {
      RecordSpend spend;
      spend.channel = Sometimes(2) ? "ads" : "mail";
      if (Sometimes(2)) spend.campaign = "spring";
      spend.amount = {"EUR", Below(50'000)};
      spend.spend_date = absl::ToCivilDay(clock_.Now(), absl::UTCTimeZone()) - Below(90) - 1;
      EXPECT_TRUE(desk().RecordSpend(spend).ok());
      return;
    }
    const size_t contact = static_cast<size_t>(Below(static_cast<int64_t>(contacts_.size())));
    const absl::Status touched =
        desk().RecordTouches({"ads", "spring", {contacts_[contact]}}).status();
    EXPECT_TRUE(touched.ok() || testing::ReasonIn(touched) == Reason::kContactMerged) << touched;
  }

  void ChangeTeam() {
    UpdateSeller update;
    update.team = Sometimes(2) ? "north" : Sometimes(2) ? "south" : "";
    EXPECT_TRUE(desk().UpdateSeller(Sometimes(2) ? "anna" : "olga", update).ok());
  }

  Call Somebody() {
    Call call;
    call.actor = Sometimes(2) ? "anna" : "the owner: 100 %; all";
    return call;
  }

  // What is recorded some time after it happened.
  Call Late() {
    Call call = Somebody();
    if (Sometimes(3)) call.occur_time = clock_.Now() - absl::Minutes(Below(9'000));
    return call;
  }

  // Any verb on the lead; refusals are part of the game.
  void Change(const std::string& lead) {
    const char* const stages[] = {"new",      "contacted",     "requirements",
                                  "proposal", "start_of_work", "contract"};
    switch (Below(13)) {
      case 0:
        (void)desk(Late()).LogActivity(lead, {ActivityKind::kCall, Direction::kOut, {}, "x"});
        break;
      case 1:
        (void)desk(Late()).LogActivity(lead, {ActivityKind::kEmail, Direction::kIn, {}, "x"});
        break;
      case 2:
      case 3:
      case 4: {
        AdvanceLead move;
        move.stage = stages[Below(6)];
        if (Sometimes(2)) move.reason = "changed";
        if (Sometimes(3)) move.override_reason = "the owner says so";
        (void)desk().AdvanceLead(lead, move);
        break;
      }
      case 5:
        (void)desk().AgreeRequirements(lead, {"x"});
        break;
      case 6:
        (void)desk().SendProposal(lead, {"x", {"EUR", Below(90'000)}, std::nullopt});
        break;
      case 7:
        (void)desk().AnswerProposal(lead, {0, ProposalState::kAccepted});
        break;
      case 8: {
        WinLead win;
        if (Sometimes(2)) win.value = Money{"EUR", Below(90'000)};
        if (Sometimes(2)) win.override_reason = "signed by hand";
        (void)desk().WinLead(lead, win);
        break;
      }
      case 9:
        (void)desk(Somebody()).DeclineLead(lead, Argued());
        break;
      case 10:
        Sometimes(2) ? (void)desk().LoseLead(lead, {"silence", ""})
                     : (void)desk().DisqualifyLead(lead, {"spam"});
        break;
      case 11: {
        ReopenLead reopening;
        reopening.reason = "called again";
        reopening.override_reason = "known";
        (void)desk().ReopenLead(lead, reopening);
        break;
      }
      default: {
        UpdateLead update;
        update.channel = Sometimes(2) ? "ads" : "mail";
        if (Sometimes(2)) update.campaign = "autumn";
        update.expected_value = Money{"EUR", Below(100'000)};
        if (Sometimes(3)) update.labels = std::vector<std::string>{"vip"};
        (void)desk().UpdateLead(lead, update);
        if (Sometimes(2)) (void)desk().AssignLead(lead, {Sometimes(2) ? "anna" : "olga"});
      }
    }
  }

  DeclineLead Argued() {
    DeclineLead refusal = Refusal();
    refusal.reason = Sometimes(2) ? "price" : "no-time";
    if (Sometimes(2)) refusal.arguments.better = "x";
    if (Sometimes(2)) refusal.arguments.differ = "x";
    return refusal;
  }

  naive::Record RecordUntil(int64_t revision) {
    naive::Record record;
    for (Event& event : Events()) {
      if (event.revision <= revision) record.events.push_back(std::move(event));
    }
    EXPECT_TRUE(absl::LoadTimeZone("Europe/Amsterdam", &record.zone));
    record.currency_code = "EUR";
    const auto campaigns = desk().ListCampaigns("", {});
    for (const Campaign& campaign : campaigns->items) {
      if (campaign.audience_size > 0) {
        record.audiences[{campaign.channel, campaign.id}] = campaign.audience_size;
      }
    }
    return record;
  }

  template <typename Report>
  void ExpectNone(const char* what, const Report& differences) {
    for (const std::string& difference : differences) ADD_FAILURE() << what << difference;
  }

  // Of speed, declines and referrals.
  void ExpectLivesEqual(const ReportQuery& query, const naive::Record& record) {
    const absl::Time now =
        query.as_of_revision == 0 ? clock_.Now() : record.events.back().record_time;
    const auto policy = desk().GetFunnelPolicy("web-studio");
    const auto speed = desk().ReportSpeed(query);
    ASSERT_TRUE(speed.ok()) << speed.status();
    ExpectNone("speed: ",
               naive::Differences(*speed, naive::ReportSpeed(record, *policy, now, query)));
    const auto declines = desk().ReportDeclines(query);
    ASSERT_TRUE(declines.ok()) << declines.status();
    ExpectNone("declines: ", naive::Differences(*declines, naive::ReportDeclines(record, query)));
    ReferralQuery referral_query;
    referral_query.window = query.window;
    referral_query.as_of_revision = query.as_of_revision;
    referral_query.contacts_max = 7;
    const auto referrals = desk().ReportReferrals(referral_query);
    ASSERT_TRUE(referrals.ok()) << referrals.status();
    ExpectNone("referrals: ",
               naive::Differences(*referrals, naive::ReportReferrals(record, referral_query)));
  }

  void ExpectEqual(const ReportQuery& query, const naive::Record& record) {
    const auto policy = desk().GetFunnelPolicy("web-studio");
    const auto funnel = desk().ReportFunnel(query);
    ASSERT_TRUE(funnel.ok()) << funnel.status();
    for (const std::string& difference :
         naive::Differences(*funnel, naive::ReportFunnel(record, *policy, query))) {
      ADD_FAILURE() << difference;
    }
    const auto channels = desk().ReportChannels(query);
    ASSERT_TRUE(channels.ok()) << channels.status();
    ExpectLivesEqual(query, record);
    for (const std::string& difference :
         naive::Differences(*channels, naive::ReportChannels(record, query))) {
      ADD_FAILURE() << difference;
    }
  }

  std::mt19937 random_;
  std::vector<std::string> leads_;
  std::vector<std::string> contacts_;
};

std::vector<ReportQuery> Queries() {
  std::vector<ReportQuery> queries(12);
  queries[1].window = {absl::CivilDay(2026, 4, 10), absl::CivilDay(2026, 7, 1)};
  queries[2].window = {absl::CivilDay(2026, 5, 1), absl::CivilDay(2026, 5, 2)};
  queries[3].window.start = absl::CivilDay(2026, 6, 15);
  queries[4].filter.channel = "ads";
  queries[5].filter = {"ads", "autumn", ""};
  queries[6].filter.seller = "anna";
  queries[7].filter = {"mail", "", "olga"};
  queries[8].filter.team = "north";
  queries[9].filter = {"", "", "anna", "south"};
  queries[10].filter = {"ads", "", "", "south"};
  queries[11].filter.label = "vip";
  for (ReportQuery& query : queries) {
    query.include_campaigns = true;
    query.include_hours = true;
  }
  return queries;
}

TEST_P(Histories, GiveReportsThatEqualTheNaiveOnes) {
  for (int i = 0; i < 400; ++i) Step();
  const int64_t now = desk().GetWorkspace()->revision;
  const naive::Record record = RecordUntil(now);
  for (const ReportQuery& query : Queries()) ExpectEqual(query, record);
  ExpectClean();
  if (HasFailure()) ADD_FAILURE() << "seed " << GetParam();
}

TEST_P(Histories, GiveTheSameReportOfARevisionHoweverMuchComesLater) {
  for (int i = 0; i < 150; ++i) Step();
  const int64_t then = desk().GetWorkspace()->revision;
  const naive::Record record = RecordUntil(then);
  for (int i = 0; i < 150; ++i) Step();
  for (ReportQuery query : Queries()) {
    query.as_of_revision = then;
    ExpectEqual(query, record);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Histories, ::testing::Range(0u, 12u));

}  // namespace
}  // namespace sales::testing
