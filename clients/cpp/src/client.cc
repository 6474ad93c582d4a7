#include "sales/client.h"

#include <cstdio>
#include <future>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "caller.h"
#include "calls.h"
#include "channel.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "import.h"
#include "watch.h"

namespace sales::client {
namespace {

using google::protobuf::Message;

// 128 random bits.
std::string NewRequestId() {
  thread_local std::random_device random;
  std::string id;
  for (int i = 0; i < 4; ++i) {
    char part[9];
    std::snprintf(part, sizeof part, "%08x", random());
    id += part;
  }
  return id;
}

template <typename Value>
void FillEmpty(Message& request, const char* name, const Value& value) {
  const google::protobuf::FieldDescriptor* field = request.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr) return;
  const google::protobuf::Reflection* reflection = request.GetReflection();
  std::string scratch;
  if (!reflection->GetStringReference(request, field, &scratch).empty()) return;
  reflection->SetString(&request, field, value());
}

}  // namespace

std::string Caller::Parent() const { return absl::StrCat("workspaces/", workspace); }

void Caller::Complete(Message& request) const {
  if (!workspace.empty()) FillEmpty(request, "parent", [this] { return Parent(); });
  FillEmpty(request, "request_id", NewRequestId);
}

absl::Status Caller::Prepare(grpc::ClientContext& context) const {
  if (!actor.empty()) context.AddMetadata("sales-actor", actor);
  if (connection->token == nullptr) return absl::OkStatus();
  absl::StatusOr<std::string> token = connection->token->Token();
  if (!token.ok()) return token.status();
  context.AddMetadata("authorization", absl::StrCat("Bearer ", *token));
  return absl::OkStatus();
}

absl::StatusOr<Client> Client::Connect(const std::string& target, const Options& options) {
  absl::StatusOr<std::shared_ptr<grpc::Channel>> channel = OpenChannel(target, options);
  if (!channel.ok()) return channel.status();
  auto connection = std::make_shared<Connection>();
  connection->stubs = MakeStubs(*channel);
  connection->channel = *std::move(channel);
  if (!options.token_file.empty()) {
    connection->token = std::make_unique<TokenFile>(options.token_file);
  }
  return Client(std::make_shared<const Caller>(
      Caller{std::move(connection), options.workspace, options.actor, options.deadline}));
}

Client Client::At(std::string workspace) const {
  auto caller = std::make_shared<Caller>(*caller_);
  caller->workspace = std::move(workspace);
  return Client(std::move(caller));
}

Client Client::As(std::string actor) const {
  auto caller = std::make_shared<Caller>(*caller_);
  caller->actor = std::move(actor);
  return Client(std::move(caller));
}

Client Client::Within(absl::Duration deadline) const {
  auto caller = std::make_shared<Caller>(*caller_);
  caller->deadline = deadline;
  return Client(std::move(caller));
}

std::string Client::Name(const std::string& path) const {
  return path.empty() ? caller_->Parent() : absl::StrCat(caller_->Parent(), "/", path);
}

Stream<v1::ImportLeadsResponse> Client::ImportLeads(Rows rows) const {
  return Stream<v1::ImportLeadsResponse>(std::make_unique<ImportSource>(caller_, std::move(rows)));
}

absl::StatusOr<v1::Workspace> Client::ImportWorkspace(const Pieces& pieces) const {
  const auto& stub =
      std::get<std::unique_ptr<v1::WorkspaceService::Stub>>(caller_->connection->stubs);
  grpc::ClientContext context;
  if (absl::Status prepared = caller_->Prepare(context); !prepared.ok()) return prepared;
  v1::Workspace workspace;
  const auto writer = stub->ImportWorkspace(&context, &workspace);
  absl::Status read;
  while (true) {
    const absl::StatusOr<std::optional<v1::ImportWorkspaceRequest>> piece = pieces();
    read = piece.status();
    if (!read.ok()) context.TryCancel();
    if (!read.ok() || !piece->has_value() || !writer->Write(**piece)) break;
  }
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  if (!read.ok()) return read;
  if (!status.ok()) return StatusFrom(status);
  return workspace;
}

Stream<v1::WatchEventsResponse> Client::Watch(int64_t after_revision) const {
  return Watch(after_revision, {});
}

Stream<v1::WatchEventsResponse> Client::Watch(int64_t after_revision,
                                              const v1::EventFilter& filter) const {
  v1::WatchEventsRequest request;
  request.set_parent(caller_->Parent());
  request.set_after_revision(after_revision);
  *request.mutable_filter() = filter;
  return Stream<v1::WatchEventsResponse>(
      std::make_unique<WatchSource>(caller_, std::move(request)));
}

absl::StatusOr<std::unique_ptr<Message>> Client::Call(const std::string& method,
                                                      Message& request) const {
  const google::protobuf::MethodDescriptor* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindMethodByName("sales.v1." + method);
  if (descriptor == nullptr) {
    return absl::UnimplementedError(absl::StrCat("the contract has no method ", method));
  }
  caller_->Complete(request);
  grpc::ClientContext context;
  if (absl::Status prepared = caller_->Prepare(context); !prepared.ok()) return prepared;
  context.set_deadline(absl::ToChronoTime(absl::Now() + caller_->deadline));
  std::unique_ptr<Message> response(google::protobuf::MessageFactory::generated_factory()
                                        ->GetPrototype(descriptor->output_type())
                                        ->New());
  grpc::TemplatedGenericStub<Message, Message> stub(caller_->connection->channel);
  std::promise<grpc::Status> answered;
  stub.UnaryCall(&context,
                 absl::StrCat("/", descriptor->service()->full_name(), "/", descriptor->name()),
                 grpc::StubOptions(), &request, response.get(),
                 [&answered](grpc::Status status) { answered.set_value(std::move(status)); });
  const grpc::Status status = answered.get_future().get();
  if (!status.ok()) return StatusFrom(status);
  return response;
}

const std::shared_ptr<grpc::Channel>& Client::channel() const {
  return caller_->connection->channel;
}

absl::Status Client::Prepare(grpc::ClientContext& context) const {
  return caller_->Prepare(context);
}

}  // namespace sales::client
