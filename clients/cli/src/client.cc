#include "clients/cli/src/client.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <utility>

#include "clients/cli/src/remedy.h"
#include "clients/cli/src/service_config.h"
#include "clients/cli/src/values.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/security/credentials.h"
#include "nlohmann/json.hpp"
#include "sales/v1/channel.pb.h"
#include "sales/v1/contact.pb.h"
#include "sales/v1/event.pb.h"
#include "sales/v1/funnel.pb.h"
#include "sales/v1/handoff.pb.h"
#include "sales/v1/lead.pb.h"
#include "sales/v1/plan.pb.h"
#include "sales/v1/report.pb.h"
#include "sales/v1/workspace.pb.h"

namespace salesctl {
namespace {

using google::protobuf::Message;

constexpr char kActorHeader[] = "sales-actor";

// The contract's service config without its deadlines: --timeout says how long to wait.
std::string RetriesOf(const char* service_config) {
  nlohmann::json config = nlohmann::json::parse(service_config);
  for (nlohmann::json& method : config["methodConfig"]) method.erase("timeout");
  return config.dump();
}

// Names the files of every service, so that the linker keeps their descriptors.
void KeepDescriptors() {
  sales::v1::Channel::descriptor();
  sales::v1::Contact::descriptor();
  sales::v1::Event::descriptor();
  sales::v1::FunnelPolicy::descriptor();
  sales::v1::Handoff::descriptor();
  sales::v1::Lead::descriptor();
  sales::v1::Plan::descriptor();
  sales::v1::ReportFilter::descriptor();
  sales::v1::Workspace::descriptor();
}

void AddRequestId(Message& request) {
  const google::protobuf::FieldDescriptor* field =
      request.GetDescriptor()->FindFieldByName("request_id");
  if (field == nullptr) return;
  const google::protobuf::Reflection* reflection = request.GetReflection();
  if (!reflection->GetString(request, field).empty()) return;
  reflection->SetString(&request, field, NewRequestId());
}

void AddDetails(const grpc::Status& status, Failure& failure) {
  google::rpc::Status rich;
  if (!rich.ParseFromString(status.error_details())) return;
  for (const google::protobuf::Any& any : rich.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad;
    google::rpc::PreconditionFailure unmet;
    if (any.Is<google::rpc::ErrorInfo>() && any.UnpackTo(&info)) {
      failure.reason = info.reason();
      failure.remedy = RemedyOf(info.reason());
      for (const auto& [key, value] : info.metadata()) {
        failure.details.push_back(key + ": " + value);
      }
    } else if (any.Is<google::rpc::BadRequest>() && any.UnpackTo(&bad)) {
      for (const auto& violation : bad.field_violations()) {
        const std::string detail = violation.field() + ": " + violation.description();
        // The message of an error about one field says the same.
        if (detail != failure.message) failure.details.push_back(detail);
      }
    } else if (any.Is<google::rpc::PreconditionFailure>() && any.UnpackTo(&unmet)) {
      for (const auto& violation : unmet.violations()) {
        failure.details.push_back("missing for " + violation.subject() + ": " +
                                  violation.description());
      }
    }
  }
}

}  // namespace

Failure FailureOf(const grpc::Status& status, const std::string& server) {
  Failure failure;
  failure.message = status.error_message();
  AddDetails(status, failure);
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    failure.exit_code = kExitUnavailable;
    if (failure.reason.empty()) {
      failure.reason = "UNAVAILABLE";
      failure.message = "no answer from " + server + ": " + status.error_message();
      failure.remedy = "Check --server (SALESCTL_SERVER) and that salesd runs there.";
    }
  } else if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    failure.exit_code = kExitUnavailable;
    if (failure.reason.empty()) failure.reason = "DEADLINE_EXCEEDED";
    if (failure.remedy.empty()) failure.remedy = "Allow more time with --timeout.";
  } else if (failure.reason.empty()) {
    failure.reason = "RPC_" + std::to_string(status.error_code());
  }
  return failure;
}

Client::Client(ClientOptions options) : options_(std::move(options)) {
  KeepDescriptors();
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(RetriesOf(kServiceConfig));
  arguments.SetMaxReceiveMessageSize(64 << 20);
  arguments.SetUserAgentPrefix("salesctl");
  // A server that was restarted is found again within seconds.
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000);
  channel_ =
      grpc::CreateCustomChannel(options_.server, grpc::InsecureChannelCredentials(), arguments);
}

void Client::Prepare(grpc::ClientContext& context) const {
  if (!options_.actor.empty()) context.AddMetadata(kActorHeader, options_.actor);
}

Result<std::unique_ptr<Message>> Client::Call(const std::string& method, Message& request) {
  const google::protobuf::MethodDescriptor& descriptor = MethodOf(method);
  AddRequestId(request);
  std::unique_ptr<Message> response = NewMessage(*descriptor.output_type());
  grpc::ClientContext context;
  Prepare(context);
  context.set_deadline(std::chrono::system_clock::now() +
                       absl::ToChronoMicroseconds(options_.timeout));
  grpc::TemplatedGenericStub<Message, Message> stub(channel_);
  std::promise<grpc::Status> answered;
  stub.UnaryCall(&context, "/" + descriptor.service()->full_name() + "/" + descriptor.name(),
                 grpc::StubOptions(), &request, response.get(),
                 [&answered](grpc::Status status) { answered.set_value(std::move(status)); });
  const grpc::Status status = answered.get_future().get();
  if (!status.ok()) return FailureOf(status, options_.server);
  return response;
}

const google::protobuf::MethodDescriptor& MethodOf(const std::string& method) {
  KeepDescriptors();
  const google::protobuf::MethodDescriptor* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindMethodByName("sales.v1." + method);
  if (descriptor == nullptr) {
    std::fprintf(stderr, "salesctl: the contract has no method %s\n", method.c_str());
    std::abort();
  }
  return *descriptor;
}

std::unique_ptr<Message> NewMessage(const google::protobuf::Descriptor& type) {
  const Message* prototype =
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type);
  return std::unique_ptr<Message>(prototype->New());
}

}  // namespace salesctl
