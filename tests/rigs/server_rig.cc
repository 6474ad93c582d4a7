#include <chrono>
#include <future>
#include <stdexcept>
#include <utility>

#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "sales/v1/lead.grpc.pb.h"
#include "service/src/call.h"
#include "service/src/server.h"
#include "tests/rigs/rig.h"

namespace sales::rigs {
namespace {

template <typename Message>
grpc::ByteBuffer BytesOf(const Message& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

class ServerRig final : public Rig {
 public:
  explicit ServerRig(const std::string& folder) : log_(service::LogLevel::kError) {
    service::ServerOptions options;
    options.engine.store = "sqlite:" + folder + "/server.db";
    options.engine.webhooks.secret = WebhookSecret();
    auto server = service::Server::Start(std::move(options), log_);
    if (!server.ok()) throw std::runtime_error(server.status().ToString());
    server_ = *std::move(server);
    channel_ = grpc::CreateChannel("127.0.0.1:" + std::to_string(server_->port()),
                                   grpc::InsecureChannelCredentials());
    stub_ = std::make_unique<grpc::GenericStub>(channel_);
  }

  Answer Call(const std::string& method, const nlohmann::json& request,
              const std::string& actor) override {
    if (method == "LeadService.ImportLeads") return Import(request, actor);
    std::string name = "/sales.v1." + method;
    name.replace(name.rfind('.'), 1, "/");
    for (const service::Method& candidate : methods_) {
      if (candidate.name == name) return Send(candidate, request, actor);
    }
    Answer answer;
    answer.code = "UNIMPLEMENTED";
    return answer;
  }

 private:
  Answer Send(const service::Method& method, const nlohmann::json& json, const std::string& actor) {
    const std::unique_ptr<google::protobuf::Message> request(method.request->New());
    if (!JsonToMessage(json, *request)) return NoJson();
    const grpc::ByteBuffer request_bytes = BytesOf(*request);
    grpc::ByteBuffer response_bytes;
    grpc::ClientContext context;
    Prepare(actor, context);
    std::promise<grpc::Status> done;
    stub_->UnaryCall(&context, method.name, {}, &request_bytes, &response_bytes,
                     [&done](grpc::Status status) { done.set_value(std::move(status)); });
    const grpc::Status status = done.get_future().get();
    if (!status.ok()) return Failed(status);
    const std::unique_ptr<google::protobuf::Message> response(method.response->New());
    grpc::GenericDeserialize<grpc::ProtoBufferReader, google::protobuf::Message>(&response_bytes,
                                                                                 response.get());
    Answer answer;
    answer.ok = true;
    answer.response = nlohmann::json::parse(MessageToJson(*response));
    return answer;
  }

  Answer Import(const nlohmann::json& json, const std::string& actor) {
    const auto stub = v1::LeadService::NewStub(channel_);
    grpc::ClientContext context;
    Prepare(actor, context);
    const auto stream = stub->ImportLeads(&context);
    for (const nlohmann::json& row : json.at("requests")) {
      v1::ImportLeadsRequest request;
      if (!JsonToMessage(row, request)) return NoJson();
      if (!stream->Write(request)) break;
    }
    stream->WritesDone();
    Answer answer;
    answer.response["responses"] = nlohmann::json::array();
    for (v1::ImportLeadsResponse response; stream->Read(&response);) {
      answer.response["responses"].push_back(nlohmann::json::parse(MessageToJson(response)));
    }
    const grpc::Status status = stream->Finish();
    if (!status.ok()) return Failed(status);
    answer.ok = true;
    return answer;
  }

  static void Prepare(const std::string& actor, grpc::ClientContext& context) {
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    if (!actor.empty()) context.AddMetadata(service::kActorKey, actor);
  }

  static Answer Failed(const grpc::Status& status) {
    Answer answer = AnswerFrom(status.error_details());
    answer.code = CodeName(status.error_code());
    answer.message = status.error_message();
    return answer;
  }

  static Answer NoJson() {
    Answer answer;
    answer.code = "JSON";
    return answer;
  }

  service::Log log_;
  std::unique_ptr<service::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<grpc::GenericStub> stub_;
  const std::vector<service::Method> methods_ = service::AllMethods();
};

}  // namespace

std::unique_ptr<Rig> MakeServerRig(const std::string& folder) {
  return std::make_unique<ServerRig>(folder);
}

}  // namespace sales::rigs
