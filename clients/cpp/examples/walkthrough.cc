// The life of a studio's leads: one is won, one is refused well and comes back as another.
// Usage: walkthrough [HOST:PORT] [WORKSPACE]
#include <cstdlib>
#include <iostream>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "sales/client.h"
#include "sales/v1/channel.pb.h"
#include "sales/v1/funnel.pb.h"
#include "sales/v1/lead.pb.h"
#include "sales/v1/report.pb.h"
#include "sales/v1/workspace.pb.h"

namespace {

using sales::client::Client;

void Say(const std::string& line) { std::cout << "\n* " << line << "\n"; }

// The value, or the end of the walk.
template <typename T>
T Must(absl::StatusOr<T> result) {
  if (!result.ok()) {
    std::cerr << result.status() << "\n";
    std::exit(1);
  }
  return *std::move(result);
}

std::string DayIn(int days) {
  return absl::FormatTime("%Y-%m-%d", absl::Now() + days * absl::Hours(24), absl::UTCTimeZone());
}

void Spend(const Client& sales, const std::string& campaign, int64_t minor_units) {
  sales::v1::CreateCampaignRequest create;
  create.set_parent(sales.Name("channels/ads"));
  create.set_campaign_id(campaign);
  Must(sales.CreateCampaign(create));
  sales::v1::RecordSpendRequest spend;
  spend.set_name(sales.Name("channels/ads/campaigns/" + campaign));
  *spend.mutable_amount() = sales::client::MinorUnits(minor_units, "EUR");
  spend.set_spend_date(DayIn(0));
  Must(sales.RecordSpend(spend));
}

void Prepare(const Client& sales, const std::string& workspace) {
  Say("A workspace: one studio's sales. Its funnel `web-studio` is in force from the beginning.");
  sales::v1::CreateWorkspaceRequest request;
  request.set_workspace_id(workspace);
  request.mutable_workspace()->set_display_name("Studio");
  request.mutable_workspace()->set_currency_code("EUR");
  request.mutable_workspace()->set_default_region("NL");
  Must(sales.CreateWorkspace(request));
  sales::v1::GetFunnelPolicyRequest policy;
  policy.set_name(sales.Name("funnelPolicies/web-studio"));
  const sales::v1::FunnelPolicy funnel = Must(sales.GetFunnelPolicy(policy));
  for (const auto& stage : funnel.stages()) {
    std::cout << "    " << stage.key() << (stage.qualifying() ? " (work begins here)" : "") << "\n";
  }

  Say("A channel, two ways of using it, and what they cost.");
  sales::v1::CreateChannelRequest channel;
  channel.set_channel_id("ads");
  channel.mutable_channel()->set_display_name("Contextual ads");
  Must(sales.CreateChannel(channel));
  Spend(sales, "brand", 12'000);
  Spend(sales, "shops", 48'050);
}

// Records a call to the client; gives the name of the activity.
std::string Call(const Client& sales, const std::string& lead, const std::string& text) {
  sales::v1::LogActivityRequest request;
  request.set_parent(lead);
  request.mutable_activity()->set_kind(sales::v1::Activity::KIND_CALL);
  request.mutable_activity()->set_direction(sales::v1::Activity::DIRECTION_OUT);
  request.mutable_activity()->set_text(text);
  return Must(sales.LogActivity(request)).activity().name();
}

absl::StatusOr<sales::v1::Lead> Advance(const Client& sales, const std::string& lead,
                                        const std::string& stage) {
  sales::v1::AdvanceLeadRequest request;
  request.set_name(lead);
  request.set_stage(stage);
  return sales.AdvanceLead(request);
}

std::string CaptureIvan(const Client& sales) {
  Say("Anyone who asks is a lead.");
  sales::v1::CaptureLeadRequest request;
  request.mutable_contact()->set_display_name("Иван Петров");
  *request.mutable_contact()->add_identities() = sales::client::Email("Ivan@Example.com");
  *request.mutable_contact()->add_identities() = sales::client::Phone("020 624 1111");
  sales::v1::Lead& lead = *request.mutable_lead();
  lead.set_campaign(sales.Name("channels/ads/campaigns/shops"));
  lead.set_channel(sales.Name("channels/ads"));
  lead.set_need("an online shop");
  *lead.mutable_expected_value() = sales::client::MinorUnits(900'000, "EUR");
  lead.set_interest(70);
  const auto captured = Must(sales.CaptureLead(request));
  std::cout << "    " << captured.lead().name() << " is " << captured.lead().stage() << "\n";
  return captured.lead().name();
}

void Win(const Client& sales) {
  const std::string lead = CaptureIvan(sales);

  Say("Speed wins: he is answered, and the lead moves on.");
  Call(sales, lead, "First call");
  Must(Advance(sales, lead, "contacted"));

  Say("The qualifying stage cannot be had for nothing:");
  const auto early = Advance(sales, lead, "start_of_work");
  for (const auto& missing : sales::client::DetailOf(early.status()).missing) {
    std::cout << "    missing " << missing.condition << ", asked for by " << missing.stage << "\n";
  }

  Say("So: requirements, then a price, then work.");
  Must(Advance(sales, lead, "requirements"));
  sales::v1::AgreeRequirementsRequest agree;
  agree.set_name(lead);
  agree.set_text("Catalogue, basket, payment; no warehouse");
  Must(sales.AgreeRequirements(agree));
  Must(Advance(sales, lead, "proposal"));
  sales::v1::SendProposalRequest proposal;
  proposal.set_name(lead);
  proposal.set_scope("Shop in eight weeks");
  *proposal.mutable_price() = sales::client::MinorUnits(860'000, "EUR");
  proposal.set_valid_until_date(DayIn(30));
  Must(sales.SendProposal(proposal));
  Must(Advance(sales, lead, "start_of_work"));
  sales::v1::AnswerProposalRequest answer;
  answer.set_name(lead);
  answer.set_answer(sales::v1::AnswerProposalRequest::ANSWER_ACCEPTED);
  Must(sales.AnswerProposal(answer));
  Must(Advance(sales, lead, "contract"));
  sales::v1::WinLeadRequest win;
  win.set_name(lead);
  const sales::v1::Lead won = Must(sales.WinLead(win));
  std::cout << "    won at " << won.won_value().minor_units() << " minor units of "
            << won.won_value().currency_code() << "\n";
}

void Refuse(const Client& sales) {
  Say("Refusing well: the price does not fit. A bare refusal is not accepted.");
  sales::v1::CaptureLeadRequest request;
  request.mutable_contact()->set_display_name("Eva");
  *request.mutable_contact()->add_identities() = sales::client::Email("eva@example.com");
  request.mutable_lead()->set_channel(sales.Name("channels/ads"));
  request.mutable_lead()->set_need("a site for a bakery");
  const auto eva = Must(sales.CaptureLead(request));
  sales::v1::DeclineLeadRequest decline;
  decline.set_name(eva.lead().name());
  decline.set_reason("price");
  const auto bare = sales.DeclineLead(decline);
  std::cout << "    " << sales::client::DetailOf(bare.status()).reason << "\n";
  decline.mutable_arguments()->set_better("We test with real buyers");
  decline.mutable_arguments()->set_price("Two designers");
  decline.mutable_arguments()->set_differ("No templates");
  decline.set_alternatives("A site builder, and whom to ask");
  decline.set_told_in(Call(sales, eva.lead().name(), "We refuse"));
  decline.set_may_keep_in_touch(true);
  Must(sales.DeclineLead(decline));

  Say("Eva leaves content, and sends a friend: a refusal is a lead generator.");
  sales::v1::CaptureLeadRequest referred;
  referred.mutable_contact()->set_display_name("Ada");
  *referred.mutable_contact()->add_identities() = sales::client::Email("ada@example.com");
  referred.mutable_lead()->set_need("a booking system");
  referred.mutable_lead()->set_referrer(eva.contact().name());
  const sales::v1::Lead friend_lead = Must(sales.CaptureLead(referred)).lead();
  std::cout << "    channel " << friend_lead.channel() << ", came out of "
            << friend_lead.returned_from() << "\n";

  Say("Ada is not ready today. That is not never: she is put to nurture.");
  sales::v1::NurtureLeadRequest nurture;
  nurture.set_name(friend_lead.name());
  nurture.set_reason("next-season");
  nurture.set_wake_date(DayIn(90));
  Must(sales.NurtureLead(nurture));
}

void Report(const Client& sales) {
  Say("Figures, each with its base.");
  const auto funnel = Must(sales.ReportFunnel({}));
  for (const auto& stage : funnel.stages()) {
    std::cout << "    " << stage.stage() << ": " << stage.reached() << " of "
              << stage.reached_share().denominator() << "\n";
  }
  std::cout << "    won " << funnel.overall_conversion().numerator() << " of " << funnel.received()
            << "\n";
  sales::v1::ReportChannelsRequest request;
  request.set_include_campaigns(true);
  const auto channels = Must(sales.ReportChannels(request));
  for (const auto& row : channels.rows()) {
    std::cout << "    " << row.name() << ": " << row.leads() << " leads, "
              << row.cost_per_lead().minor_units() << " minor units each\n";
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string workspace = argc > 2 ? argv[2] : "walkthrough";
  const auto sales = Client::Connect(argc > 1 ? argv[1] : "localhost:8443",
                                     {.workspace = workspace, .actor = "anna"});
  if (!sales.ok()) {
    std::cerr << sales.status() << "\n";
    return 1;
  }
  Prepare(*sales, workspace);
  Win(*sales);
  Refuse(*sales);
  Report(*sales);
  return 0;
}
