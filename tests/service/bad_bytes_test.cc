// Bytes that no honest client sends: each gets its reason, nothing is written, the server lives.
#include <future>
#include <string>
#include <utility>
#include <vector>

#include "grpcpp/generic/generic_stub.h"
#include "sales/v1/channel.pb.h"
#include "service/src/wire.h"
#include "tests/service/server_fixture.h"

namespace sales::service {
namespace {

constexpr char kCapture[] = "/sales.v1.LeadService/CaptureLead";
constexpr char kGet[] = "/sales.v1.LeadService/GetLead";
constexpr char kList[] = "/sales.v1.LeadService/ListLeads";
constexpr char kActivate[] = "/sales.v1.FunnelService/ActivateFunnelPolicy";

std::string Field(int number, const std::string& value) {
  std::string out(1, static_cast<char>(number << 3 | 2));
  for (size_t length = value.size();; length >>= 7) {
    if (length < 0x80) {
      out.push_back(static_cast<char>(length));
      break;
    }
    out.push_back(static_cast<char>((length & 0x7F) | 0x80));
  }
  return out + value;
}

std::string MebibyteOf(char c) { return std::string(1 << 20, c); }

class BadBytes : public ServerTest {
 protected:
  void SetUp() override { Serve(); }

  // Sends bytes as they are; afterwards nothing must have been written and the server must answer.
  rigs::Answer Send(const std::string& method, const std::string& bytes) {
    const int64_t before = Revision();
    grpc::GenericStub stub(channel_);
    const grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    grpc::ClientContext context;
    Within(context, 30);
    std::promise<grpc::Status> done;
    stub.UnaryCall(&context, method, {}, &request, &response,
                   [&done](grpc::Status status) { done.set_value(std::move(status)); });
    const grpc::Status status = done.get_future().get();
    EXPECT_EQ(Revision(), before);
    EXPECT_TRUE(CaptureLead("alive@example.com").ok());
    rigs::Answer answer = rigs::AnswerFrom(status.error_details());
    answer.code = rigs::CodeName(status.error_code());
    answer.message = status.error_message();
    return answer;
  }
};

TEST_F(BadBytes, TextThatIsNotUtf8IsTextInvalidWithItsPath) {
  v1::CaptureLeadRequest request = Capture("a@example.com");
  // The identities are the contact's fourth field, their value the second.
  const std::string contact = Field(4, Field(2, "good")) + Field(4, Field(2, "\xC3\x28"));
  const rigs::Answer answer = Send(kCapture, Field(1, "workspaces/studio") + Field(3, contact));
  EXPECT_EQ(answer.code, "INVALID_ARGUMENT");
  EXPECT_EQ(answer.reason, "TEXT_INVALID");
  EXPECT_EQ(answer.fields, std::vector<std::string>{"contact.identities[1].value"});
}

TEST_F(BadBytes, SurrogatesAndOverlongFormsAreNotUtf8) {
  for (const std::string text : {"\xED\xA0\x80", "\xC0\x80", "\xF4\x90\x80\x80", "\xE2\x82"}) {
    EXPECT_EQ(Send(kGet, Field(1, text)).reason, "TEXT_INVALID");
  }
}

TEST_F(BadBytes, NulInAnIdentityIsTextInvalid) {
  v1::CaptureLeadRequest request = Capture(std::string("a\0b@example.com", 15));
  EXPECT_EQ(Send(kCapture, request.SerializeAsString()).reason, "TEXT_INVALID");
}

TEST_F(BadBytes, NulInAResourceNameIsNameInvalid) {
  EXPECT_EQ(Send(kGet, Field(1, std::string("workspaces/studio/leads/a\0", 26))).reason,
            "NAME_INVALID");
}

TEST_F(BadBytes, NamesOfAMebibyteAreNameInvalid) {
  const rigs::Answer answer = Send(kGet, Field(1, "workspaces/studio/leads/" + MebibyteOf('a')));
  EXPECT_EQ(answer.reason, "NAME_INVALID");
  EXPECT_LT(answer.message.size(), 500u);
}

TEST_F(BadBytes, ADisplayNameOfAMebibyteIsTextTooLong) {
  v1::CaptureLeadRequest request = Capture("a@example.com");
  request.mutable_contact()->set_display_name(MebibyteOf('a'));
  const rigs::Answer answer = Send(kCapture, request.SerializeAsString());
  EXPECT_EQ(answer.reason, "TEXT_TOO_LONG");
  EXPECT_EQ(answer.fields, std::vector<std::string>{"contact.display_name"});
}

TEST_F(BadBytes, ARequestIdOfAMebibyteIsTextTooLong) {
  v1::CaptureLeadRequest request = Capture("a@example.com");
  request.set_request_id(MebibyteOf('r'));
  EXPECT_EQ(Send(kCapture, request.SerializeAsString()).reason, "TEXT_TOO_LONG");
}

TEST_F(BadBytes, AFilterAThousandDeepIsFilterTooDeep) {
  const std::string filter = std::string(1000, '(') + "interest > 1" + std::string(1000, ')');
  EXPECT_EQ(Send(kList, Field(1, "workspaces/studio") + Field(4, filter)).reason,
            "FILTER_TOO_DEEP");
}

TEST_F(BadBytes, AFilterOfAMebibyteIsTooLong) {
  EXPECT_EQ(Send(kList, Field(1, "workspaces/studio") + Field(4, MebibyteOf('('))).reason,
            "TEXT_TOO_LONG");
}

TEST_F(BadBytes, APolicyAThousandDeepIsRefused) {
  std::string condition = Field(4, "need_known");
  for (int i = 0; i < 1000; ++i) condition = Field(3, condition);
  const std::string stage = Field(1, "new") + Field(4, condition);
  const std::string policy = Field(1, "workspaces/studio/funnelPolicies/deep") + Field(3, stage);
  EXPECT_EQ(Send(kActivate, Field(1, policy)).reason, "FIELD_INVALID");
}

TEST_F(BadBytes, APolicyDeeperThanTheLimitIsPolicyInvalid) {
  std::string condition = Field(4, "need_known");
  for (int i = 0; i < 30; ++i) condition = Field(3, condition);
  const std::string stage = Field(1, "new") + Field(4, condition);
  const std::string policy = Field(1, "workspaces/studio/funnelPolicies/deep") + Field(3, stage);
  EXPECT_EQ(Send(kActivate, Field(1, policy)).reason, "POLICY_INVALID");
}

TEST_F(BadBytes, AbsurdTimestampsAreTimeOutOfRange) {
  const std::pair<int64_t, int> kTimes[] = {{INT64_MAX, 0},   {INT64_MIN, 0}, {-1, 0},
                                            {7258118400, 0},  {0, -1},        {0, 1'000'000'000},
                                            {253402300800, 0}};
  for (const auto& [seconds, nanos] : kTimes) {
    v1::CaptureLeadRequest request = Capture("a@example.com");
    request.mutable_receive_time()->set_seconds(seconds);
    request.mutable_receive_time()->set_nanos(nanos);
    EXPECT_EQ(Send(kCapture, request.SerializeAsString()).reason, "TIME_OUT_OF_RANGE") << seconds;
  }
}

TEST_F(BadBytes, BytesThatAreNoMessageAreFieldInvalid) {
  for (const std::string bytes : {"\xFF\xFF\xFF\xFF", "\x0A\x7Fshort", "\x0B\x0B\x0B"}) {
    const rigs::Answer answer = Send(kCapture, bytes);
    EXPECT_EQ(answer.code, "INVALID_ARGUMENT");
    EXPECT_EQ(answer.reason, "FIELD_INVALID");
  }
}

TEST_F(BadBytes, MessagesOverTheLimitAreRefusedByGrpc) {
  EXPECT_EQ(Send(kGet, Field(1, std::string(17 << 20, 'a'))).code, "RESOURCE_EXHAUSTED");
}

TEST_F(BadBytes, UnknownMethodsAreUnimplemented) {
  EXPECT_EQ(Send("/sales.v1.LeadService/StealLead", "").code, "UNIMPLEMENTED");
}

TEST_F(BadBytes, AnActorThatIsNoIdIsFieldInvalid) {
  grpc::ClientContext context;
  context.AddMetadata("sales-actor", "Anna Petrova <anna@example.com>");
  v1::CaptureLeadResponse response;
  const grpc::Status status = leads_->CaptureLead(&context, Capture("a@example.com"), &response);
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(status), "FIELD_INVALID");
  EXPECT_EQ(status.error_message().find("Petrova"), std::string::npos);
}

TEST(WorkspaceOf, IsWhatTheRequestNamesFirst) {
  v1::CaptureLeadRequest capture;
  EXPECT_EQ(WorkspaceOf(capture), "");
  capture.set_parent("workspaces/studio");
  EXPECT_EQ(WorkspaceOf(capture), "studio");
  v1::GetLeadRequest get;
  get.set_name("workspaces/studio/leads/1");
  EXPECT_EQ(WorkspaceOf(get), "studio");
  get.set_name("leads/1");
  EXPECT_EQ(WorkspaceOf(get), "");
  v1::UpdateLeadRequest update;
  update.mutable_lead()->set_name("workspaces/studio/leads/1");
  EXPECT_EQ(WorkspaceOf(update), "studio");
  v1::RecordTouchesRequest touches;
  touches.set_campaign("workspaces/studio/channels/a/campaigns/b");
  EXPECT_EQ(WorkspaceOf(touches), "studio");
  v1::CreateWorkspaceRequest create;
  create.set_workspace_id("new");
  EXPECT_EQ(WorkspaceOf(create), "new");
}

}  // namespace
}  // namespace sales::service
