// What the door does to names, times, masks and errors.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/time/clock.h"
#include "google/protobuf/descriptor.h"
#include "google/rpc/error_details.pb.h"
#include "sales/error.h"
#include "sales/v1/lead.pb.h"
#include "service/src/call.h"
#include "service/src/convert/fields.h"
#include "service/src/convert/lead.h"
#include "service/src/convert/lead_commands.h"
#include "service/src/convert/names.h"
#include "service/src/status.h"

namespace sales::service {
namespace {

std::string FieldOf(const absl::Status& status) {
  const ErrorDetail detail = DetailOf(status);
  return detail.fields.empty() ? "" : detail.fields[0].field;
}

TEST(Names, OfALeadIsReadAndMade) {
  const auto name = ParseLead("workspaces/studio/leads/l-1", "name");
  ASSERT_TRUE(name.ok());
  EXPECT_EQ(name->workspace, "studio");
  EXPECT_EQ(name->lead, "l-1");
  EXPECT_EQ(LeadNameOf("studio", "l-1"), "workspaces/studio/leads/l-1");
  EXPECT_EQ(LeadNameOf("studio", ""), "");
}

TEST(Names, OfAnotherWorkspaceAreRefused) {
  const auto id = ChannelRef("workspaces/other/channels/ads", "studio", "lead.channel");
  EXPECT_EQ(ReasonOf(id.status()), Reason::kNameInvalid);
  EXPECT_EQ(FieldOf(id.status()), "lead.channel");
}

TEST(Names, MalformedAreRefusedWithTheForm) {
  for (const char* name : {"leads/l", "workspaces/studio/leads/", "workspaces/studio/leads/l/",
                           "/workspaces/studio/leads/l", "workspaces/Studio/leads/l",
                           "workspaces/studio/contacts/l", "workspaces/../leads/l"}) {
    const auto parsed = ParseLead(name, "name");
    ASSERT_EQ(ReasonOf(parsed.status()), Reason::kNameInvalid) << name;
    EXPECT_EQ(DetailOf(parsed.status()).metadata.at("form"), "workspaces/{workspace}/leads/{lead}");
  }
}

TEST(Names, OfAFunnelMayHaveAVersion) {
  EXPECT_EQ(ParseFunnel("workspaces/w/funnelPolicies/f@12", "name")->version, 12);
  EXPECT_EQ(ParseFunnel("workspaces/w/funnelPolicies/f", "name")->version, 0);
  for (const char* name : {"workspaces/w/funnelPolicies/f@", "workspaces/w/funnelPolicies/f@0",
                           "workspaces/w/funnelPolicies/f@-1", "workspaces/w/funnelPolicies/f@1x",
                           "workspaces/w/funnelPolicies/f@99999999999"}) {
    EXPECT_EQ(ReasonOf(ParseFunnel(name, "name").status()), Reason::kNameInvalid) << name;
  }
}

TEST(Names, OfEveryChannelIsADash) {
  EXPECT_EQ(ParseChannelOrAny("workspaces/w/channels/-", "parent")->channel, "");
  EXPECT_FALSE(ParseChannel("workspaces/w/channels/-", "name").ok());
}

TEST(Times, AreKeptToTheMicrosecond) {
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(1'700'000'000);
  timestamp.set_nanos(123'456'789);
  const auto time = TimeFrom(timestamp, "t");
  ASSERT_TRUE(time.ok());
  google::protobuf::Timestamp back;
  SetTime(*time, &back);
  EXPECT_EQ(back.seconds(), 1'700'000'000);
  EXPECT_EQ(back.nanos(), 123'456'000);
}

TEST(Days, AreReadStrictly) {
  EXPECT_EQ(DayText(*DayFrom("2024-02-29", "d")), "2024-02-29");
  EXPECT_FALSE(DayFrom("", "d")->has_value());
  for (const char* text : {"2023-02-29", "2024-2-9", "20240229", "2024-02-29T00:00", "x024-02-29",
                           "2024-00-01", "2024-13-01"}) {
    EXPECT_EQ(ReasonOf(DayFrom(text, "d").status()), Reason::kFieldInvalid) << text;
  }
  EXPECT_EQ(ReasonOf(DayFrom("1969-12-31", "d").status()), Reason::kTimeOutOfRange);
  EXPECT_EQ(ReasonOf(DayFrom("2200-01-01", "d").status()), Reason::kTimeOutOfRange);
}

TEST(Durations, OutOfRangeOrOfTwoSignsAreRefused) {
  google::protobuf::Duration duration;
  duration.set_seconds(INT64_MIN);
  EXPECT_EQ(ReasonOf(DurationFrom(duration, "d").status()), Reason::kFieldInvalid);
  duration.set_seconds(1);
  duration.set_nanos(-1);
  EXPECT_EQ(ReasonOf(DurationFrom(duration, "d").status()), Reason::kFieldInvalid);
}

std::set<std::string> Changed(const v1::UpdateLeadRequest& request) {
  return *ChangedFields(request.update_mask(), request.lead(), {"need", "interest", "budget"});
}

TEST(Masks, EmptyMeanTheFieldsThatAreSet) {
  v1::UpdateLeadRequest request;
  request.mutable_lead()->set_name("workspaces/w/leads/l");
  request.mutable_lead()->set_need("x");
  EXPECT_EQ(Changed(request), std::set<std::string>{"need"});
}

TEST(Masks, AStarMeansEveryChangeableField) {
  v1::UpdateLeadRequest request;
  request.mutable_update_mask()->add_paths("*");
  EXPECT_EQ(Changed(request), (std::set<std::string>{"need", "interest", "budget"}));
}

TEST(Masks, AStarAmongOthersIsRefused) {
  google::protobuf::FieldMask mask;
  mask.add_paths("need");
  mask.add_paths("*");
  const auto fields = ChangedFields(mask, v1::Lead(), {"need"});
  EXPECT_EQ(ReasonOf(fields.status()), Reason::kMaskInvalid);
  EXPECT_EQ(DetailOf(fields.status()).metadata.at("changeable"), "need");
}

TEST(Masks, NamingAnUnsetMoneyClearsIt) {
  v1::UpdateLeadRequest request;
  request.mutable_update_mask()->add_paths("budget");
  const auto command = FromProto(request, "studio");
  ASSERT_TRUE(command.ok());
  EXPECT_TRUE(command->clear_budget);
  EXPECT_FALSE(command->clear_expected_value);
}

TEST(Captures, TakeTheChannelFromTheCampaign) {
  v1::CaptureLeadRequest request;
  request.mutable_lead()->set_campaign("workspaces/w/channels/ads/campaigns/may");
  const auto command = FromProto(request, "w");
  ASSERT_TRUE(command.ok());
  EXPECT_EQ(command->channel, "ads");
  EXPECT_EQ(command->campaign, "may");
}

TEST(Spelling, OfTheEnginesPathsIsTheMessages) {
  const absl::Status error = Refuse(Reason::kFieldInvalid, "interest", "is wrong");
  EXPECT_EQ(FieldOf(SpellCaptureLead(error)), "lead.interest");
  const absl::Status contact =
      Refuse(Reason::kFieldInvalid, "contact.identities[0].value", "is wrong");
  EXPECT_EQ(FieldOf(SpellCaptureLead(contact)), "contact.identities[0].value");
  const absl::Status batch = Refuse(Reason::kFieldInvalid, "requests[2].id", "is wrong");
  EXPECT_EQ(FieldOf(SpellBatchCaptureLeads(batch)), "requests[2].lead_id");
}

TEST(Spelling, OfAStepSaysWhichStepItIs) {
  v1::ImportLeadsRequest row;
  row.add_steps()->mutable_advance();
  row.add_steps()->mutable_nurture();
  const absl::Status error = Refuse(Reason::kNurtureInPast, "steps[1].wake", "is wrong");
  EXPECT_EQ(FieldOf(SpellImport(error, row)), "steps[1].nurture.wake_date");
  const absl::Status beyond = Refuse(Reason::kNurtureInPast, "steps[7].wake", "is wrong");
  EXPECT_EQ(FieldOf(SpellImport(beyond, row)), "steps[7].wake");
}

TEST(Errors, CarryReasonDomainAndMetadata) {
  const google::rpc::Status status =
      ToRpcStatus(WithMetadata(Refuse(Reason::kTextTooLong, "need", "is long"), "limit", "20"));
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(status.details(0).UnpackTo(&info));
  EXPECT_EQ(info.reason(), "TEXT_TOO_LONG");
  EXPECT_EQ(info.domain(), "sales.v1");
  EXPECT_EQ(info.metadata().at("limit"), "20");
  google::rpc::BadRequest bad;
  ASSERT_TRUE(status.details(1).UnpackTo(&bad));
  EXPECT_EQ(bad.field_violations(0).field(), "need");
}

TEST(Errors, NameEachMissingCondition) {
  ErrorDetail detail;
  detail.reason = Reason::kGuardUnmet;
  detail.missing = {{"proposal", "need_known", "the need is known"}, {"contract", "x >= 1", ""}};
  const google::rpc::Status status = ToRpcStatus(MakeError(detail, "two conditions are missing"));
  google::rpc::PreconditionFailure failure;
  ASSERT_TRUE(status.details(1).UnpackTo(&failure));
  ASSERT_EQ(failure.violations_size(), 2);
  EXPECT_EQ(failure.violations(0).type(), "CONDITION");
  EXPECT_EQ(failure.violations(0).subject(), "proposal");
  EXPECT_EQ(failure.violations(0).description(), "need_known: the need is known");
  EXPECT_EQ(failure.violations(1).description(), "x >= 1");
}

TEST(Errors, OfBugsNeverShowTheirCause) {
  for (const absl::Status& cause :
       {absl::InternalError("no such table: leads"), absl::UnknownError("no such table: leads")}) {
    const google::rpc::Status status = ToRpcStatus(cause);
    EXPECT_EQ(status.code(), 13);
    EXPECT_EQ(status.SerializeAsString().find("leads"), std::string::npos);
  }
}

TEST(Errors, ThatPassSayWhenToTryAgain) {
  ErrorDetail detail;
  detail.reason = Reason::kStoreBusy;
  const google::rpc::Status status = ToRpcStatus(MakeError(detail, "busy"));
  google::rpc::RetryInfo retry;
  ASSERT_TRUE(status.details(status.details_size() - 1).UnpackTo(&retry));
  EXPECT_GT(retry.retry_delay().nanos(), 0);
}

TEST(Deadlines, AreTenSecondsUnlessSaidAndSixtyAtMost) {
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  EXPECT_EQ(CallFrom({"", now, absl::InfiniteFuture(), Anybody()})->deadline,
            now + absl::Seconds(10));
  EXPECT_EQ(CallFrom({"", now, now + absl::Seconds(30), Anybody()})->deadline,
            now + absl::Seconds(30));
  EXPECT_EQ(CallFrom({"", now, now + absl::Hours(5), Anybody()})->deadline,
            now + absl::Seconds(60));
}

TEST(Actors, AreAnonymousUnlessSaid) {
  EXPECT_EQ(CallFrom({"", absl::Now(), absl::InfiniteFuture(), Anybody()})->actor, "anonymous");
  EXPECT_EQ(CallFrom({"crm:anna", absl::Now(), absl::InfiniteFuture(), Anybody()})->actor,
            "crm:anna");
}

TEST(Calls, OfNobodyInParticularAreRefused) {
  EXPECT_EQ(ReasonOf(CallFrom({"anna", absl::Now(), absl::InfiniteFuture()}).status()),
            Reason::kCredentialsMissing);
}

TEST(MethodTable, HasEveryUnaryMethodOfTheContractOnce) {
  std::set<std::string> names;
  for (const Method& method : AllMethods()) EXPECT_TRUE(names.insert(method.name).second);
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  size_t unary = 0;
  for (const char* service : {"Workspace", "Contact", "Lead", "Channel", "Funnel", "Team",
                              "Handoff", "Plan", "Report", "Event"}) {
    const auto* found = pool->FindServiceByName(std::string("sales.v1.") + service + "Service");
    ASSERT_NE(found, nullptr) << service;
    for (int i = 0; i < found->method_count(); ++i) {
      if (found->method(i)->server_streaming() || found->method(i)->client_streaming()) continue;
      ++unary;
      EXPECT_EQ(names.count("/" + found->full_name() + "/" + found->method(i)->name()), 1u)
          << found->method(i)->full_name();
    }
  }
  EXPECT_EQ(names.size(), unary);
}

}  // namespace
}  // namespace sales::service
