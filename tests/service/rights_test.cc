// Every method × every role × the caller's workspace, another's and one that does not exist,
// through a real server: nobody may what the table does not let him, nor learn what is not his.
#include "service/src/auth/rights.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/generic/generic_stub.h"
#include "sales/funnel.h"
#include "sales/team.h"
#include "sales/v1/channel.pb.h"
#include "sales/v1/contact.pb.h"
#include "sales/v1/funnel.pb.h"
#include "sales/v1/handoff.pb.h"
#include "sales/v1/plan.pb.h"
#include "sales/v1/report.pb.h"
#include "sales/v1/store.pb.h"
#include "sales/v1/team.pb.h"
#include "service/src/convert/funnel.h"
#include "tests/service/auth_fixture.h"
#include "tests/service/rights_requests.h"

namespace sales::service {
namespace {

using google::protobuf::MethodDescriptor;

constexpr Role kRoles[] = {Role::kOwner,   Role::kHeadOfSales,
                           Role::kSeller,  Role::kProductionManager,
                           Role::kAnalyst, Role::kIntegration};

std::string PathOf(const MethodDescriptor& method) {
  return "/" + method.service()->full_name() + "/" + method.name();
}

// Every method of the contract, streams too.
std::vector<const MethodDescriptor*> Contract() {
  // A use of each file, so that the linker keeps its descriptors.
  for (const auto* type :
       {v1::Channel::descriptor(), v1::Contact::descriptor(), v1::FunnelPolicy::descriptor(),
        v1::Handoff::descriptor(), v1::Plan::descriptor(), v1::ReportFilter::descriptor(),
        v1::StoreStatus::descriptor(), v1::Team::descriptor()}) {
    EXPECT_NE(type, nullptr);
  }
  std::vector<const MethodDescriptor*> methods;
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  for (const char* service : {"Workspace", "Contact", "Lead", "Channel", "Funnel", "Team",
                              "Handoff", "Plan", "Report", "Event", "Store"}) {
    const auto* found = pool->FindServiceByName(std::string("sales.v1.") + service + "Service");
    EXPECT_NE(found, nullptr) << service;
    for (int i = 0; found != nullptr && i < found->method_count(); ++i) {
      methods.push_back(found->method(i));
    }
  }
  return methods;
}

TEST(RightsTable, HasEveryMethodOfTheContractOnceAndNoOther) {
  std::set<std::string> contract;
  for (const MethodDescriptor* method : Contract()) contract.insert(PathOf(*method));
  std::set<std::string> listed;
  for (const MethodRight& right : MethodRights()) {
    EXPECT_TRUE(listed.insert(right.method).second) << right.method << " is there twice";
    EXPECT_EQ(right.roles.size(), std::size(kRoles)) << right.method;
    EXPECT_EQ(right.roles[0], 'O') << right.method << ": who owns it may do everything";
  }
  EXPECT_EQ(listed, contract);
}

TEST(RightsTable, RefusesEverybodyWhatItDoesNotHave) {
  EXPECT_EQ(ReasonOf(CheckMethod(*Anybody(), "/sales.v1.LeadService/StealLead")),
            Reason::kPermissionDenied);
}

class Rights : public AuthTest {
 protected:
  // What a caller can see of an answer.
  struct Outcome {
    friend void PrintTo(const Outcome& outcome, std::ostream* out) {
      *out << outcome.code << " " << outcome.reason() << " " << outcome.message;
    }

    grpc::StatusCode code = grpc::StatusCode::OK;
    std::string message;
    std::string details;

    // Maps have no order on the wire.
    bool operator==(const Outcome& other) const {
      const rigs::Answer mine = rigs::AnswerFrom(details);
      const rigs::Answer its = rigs::AnswerFrom(other.details);
      return code == other.code && message == other.message && mine.reason == its.reason &&
             mine.metadata == its.metadata && mine.fields == its.fields &&
             mine.missing == its.missing;
    }
    std::string reason() const { return rigs::AnswerFrom(details).reason; }
  };

  // Two workspaces with the same things in them, and a token for each role in the first.
  void Prepare() {
    ServeTwo();
    for (const std::string workspace : {"studio", "rival"}) {
      const Desk desk = server_->engine().At(workspace, {.actor = "maker"});
      const auto captured = desk.CaptureLead(
          {.contact = {.display_name = "Ivan", .identities = {Email("a@example.com")}},
           .id = "l",
           .seller = "anna"});
      ASSERT_TRUE(captured.ok()) << captured.status();
      contacts_[workspace] = captured->lead.contact;
      ASSERT_TRUE(desk.CreateTeam({.id = "t"}).ok());
      ASSERT_TRUE(desk.CreateSeller({.id = "s"}).ok());
      ASSERT_TRUE(desk.CreateCampaign({.channel = "referral", .id = "spring"}).ok());
      TokenOf(workspace, Role::kAnalyst, "spare");
    }
    contacts_["nowhere"] = contacts_["rival"];
    for (const Role role : kRoles) {
      // A seller is who he is named.
      const std::string actor =
          role == Role::kSeller ? "anna" : "holder-" + std::to_string(static_cast<int>(role));
      secrets_[role] = TokenOf("studio", role, actor);
    }
  }

  Outcome Call(const MethodDescriptor& method, const std::string& secret,
               const std::string& workspace) {
    const std::string path = PathOf(method);
    const std::string name = path.substr(std::string("/sales.v1.").size());
    const auto found = RightsRequests().find(name);
    EXPECT_NE(found, RightsRequests().end()) << name << " has no request in rights_requests.h";
    if (found == RightsRequests().end()) return {};
    // Placeholders of capitals stand in no other text of the requests.
    const std::string json =
        absl::StrReplaceAll(found->second, {{"POLICY", Policy(workspace)},
                                            {"\"W\"", "\"workspaces/" + workspace + "\""},
                                            {"\"W/", "\"workspaces/" + workspace + "/"},
                                            {"contacts/C", "contacts/" + contacts_[workspace]}});
    const auto* prototype =
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.input_type());
    const std::unique_ptr<google::protobuf::Message> request(prototype->New());
    EXPECT_TRUE(rigs::JsonToMessage(nlohmann::json::parse(json), *request)) << name << json;
    return Send(path, *request, secret);
  }

  static std::string Policy(const std::string& workspace) {
    FunnelPolicy policy = WebStudioPolicy();
    policy.id = "other";
    return rigs::MessageToJson(ToProto(policy, workspace));
  }

  // Any method, streams too: what it ends with, or OK as soon as an answer comes.
  Outcome Send(const std::string& path, const google::protobuf::Message& request,
               const std::string& secret) {
    grpc::ClientContext context;
    As(secret, context);
    grpc::CompletionQueue queue;
    grpc::GenericStub stub(channel_);
    const auto call = stub.PrepareCall(&context, path, &queue);
    const auto done = [&queue] {
      void* tag = nullptr;
      bool ok = false;
      return queue.Next(&tag, &ok) && ok;
    };
    call->StartCall(nullptr);
    done();
    const grpc::Slice slice(request.SerializeAsString());
    call->WriteLast(grpc::ByteBuffer(&slice, 1), grpc::WriteOptions(), nullptr);
    done();
    grpc::ByteBuffer response;
    call->Read(&response, nullptr);
    const bool answered = done();
    if (answered) context.TryCancel();
    grpc::Status status;
    call->Finish(&status, nullptr);
    done();
    queue.Shutdown();
    while (done()) {
    }
    if (answered) return {};
    return {status.error_code(), status.error_message(), status.error_details()};
  }

  std::map<std::string, std::string> contacts_;
  std::map<Role, std::string> secrets_;
};

bool Allows(const MethodRight& right, Role role) {
  return right.roles[static_cast<size_t>(role) - 1] != '-' && !right.every_workspace;
}

TEST_F(Rights, AreWhatTheTableSaysAndEndAtTheWorkspace) {
  Prepare();
  std::map<std::string, const MethodRight*> rights;
  for (const MethodRight& right : MethodRights()) rights[right.method] = &right;
  size_t served = 0;
  for (const MethodDescriptor* method : Contract()) {
    const MethodRight& right = *rights.at(PathOf(*method));
    for (const Role role : kRoles) {
      const std::string what = method->full_name() + " as " + RoleText(role);
      const Outcome own = Call(*method, secrets_[role], "studio");
      const Outcome other = Call(*method, secrets_[role], "rival");
      const Outcome missing = Call(*method, secrets_[role], "nowhere");
      // A method that is not served is no hole.
      if (own.code == grpc::StatusCode::UNIMPLEMENTED && own.details.empty()) continue;
      ++served;
      EXPECT_EQ(other, missing) << what << ": " << other.message << " | " << missing.message;
      if (!Allows(right, role)) {
        EXPECT_EQ(own.reason(), "PERMISSION_DENIED") << what;
        EXPECT_EQ(own, other) << what;
        const auto metadata = rigs::AnswerFrom(own.details).metadata;
        EXPECT_EQ(metadata.at("role"), RoleText(role)) << what;
        EXPECT_EQ(metadata.at("method"), right.method) << what;
        continue;
      }
      EXPECT_NE(own.reason(), "PERMISSION_DENIED") << what << ": " << own.message;
      EXPECT_NE(own.reason(), "WORKSPACE_NOT_FOUND") << what;
      EXPECT_NE(own.code, grpc::StatusCode::UNAUTHENTICATED) << what;
      if (method->name() == "ListWorkspaces") continue;
      // An import says of each row what became of it, but of the workspace at once.
      EXPECT_EQ(other.reason(), "WORKSPACE_NOT_FOUND") << what << ": " << other.message;
    }
  }
  EXPECT_GT(served, 100 * std::size(kRoles));
}

TEST_F(Rights, WithoutCredentialsAreNone) {
  Prepare();
  for (const MethodDescriptor* method : Contract()) {
    const Outcome outcome = Call(*method, "sales_none", "studio");
    if (outcome.code == grpc::StatusCode::UNIMPLEMENTED && outcome.details.empty()) continue;
    // After some, the address is held back.
    EXPECT_TRUE(outcome.code == grpc::StatusCode::UNAUTHENTICATED ||
                outcome.reason() == "ATTEMPTS_EXHAUSTED")
        << method->full_name() << ": " << outcome.message;
  }
}

TEST_F(Rights, InEveryWorkspaceAreOfTheWholeStore) {
  Prepare();
  const std::string root = TokenOf(kEveryWorkspace, Role::kOwner, "root");
  const std::string analyst = TokenOf(kEveryWorkspace, Role::kAnalyst, "looker");
  for (const MethodDescriptor* method : Contract()) {
    const MethodRight* right = nullptr;
    for (const MethodRight& each : MethodRights()) {
      if (each.method == PathOf(*method)) right = &each;
    }
    const Outcome as_root = Call(*method, root, "rival");
    if (as_root.code == grpc::StatusCode::UNIMPLEMENTED && as_root.details.empty()) continue;
    EXPECT_NE(as_root.reason(), "PERMISSION_DENIED") << method->full_name();
    EXPECT_NE(as_root.reason(), "WORKSPACE_NOT_FOUND") << method->full_name();
    const bool looks = right->roles[static_cast<size_t>(Role::kAnalyst) - 1] != '-';
    EXPECT_EQ(Call(*method, analyst, "rival").reason() != "PERMISSION_DENIED", looks)
        << method->full_name();
  }
}

TEST_F(Rights, ShowInAListTheCallersOwnWorkspacesOnly) {
  Prepare();
  for (const auto& [secret, expected] :
       {std::pair{secrets_[Role::kAnalyst], std::set<std::string>{"workspaces/studio"}},
        {TokenOf(kEveryWorkspace, Role::kOwner, "root"),
         std::set<std::string>{"workspaces/rival", "workspaces/studio"}}}) {
    grpc::ClientContext context;
    As(secret, context);
    v1::ListWorkspacesResponse response;
    ASSERT_TRUE(workspaces_->ListWorkspaces(&context, {}, &response).ok());
    std::set<std::string> names;
    for (const v1::Workspace& workspace : response.workspaces()) names.insert(workspace.name());
    EXPECT_EQ(names, expected);
    EXPECT_EQ(response.next_page_token(), "");
  }
}

}  // namespace
}  // namespace sales::service
