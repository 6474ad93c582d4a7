#include "service/src/api.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "google/protobuf/arena.h"
#include "grpcpp/impl/codegen/method_handler.h"
#include "grpcpp/impl/codegen/rpc_service_method.h"
#include "grpcpp/impl/codegen/server_callback_handlers.h"
#include "grpcpp/server_context.h"
#include "service/src/auth/credentials.h"
#include "service/src/auth/throttle.h"
#include "service/src/import.h"
#include "service/src/rebuild.h"
#include "service/src/reflection.h"
#include "service/src/status.h"
#include "service/src/store_service.h"
#include "service/src/transfer.h"
#include "service/src/watch.h"
#include "service/src/wire.h"

namespace sales::service {
namespace {

using grpc::ByteBuffer;
using grpc::internal::RpcMethod;
using grpc::internal::RpcServiceMethod;

constexpr char kImport[] = "/sales.v1.LeadService/ImportLeads";
constexpr char kWatch[] = "/sales.v1.EventService/WatchEvents";
constexpr char kRebuild[] = "/sales.v1.WorkspaceService/RebuildTallies";

// What a call's messages take as a rule: on its thread's stack.
constexpr size_t kArenaBytes = 4096;

// In whose name a call is made: the caller's own, unless he may act in the one that he says.
std::string ActorOf(const grpc::ServerContextBase& call, const Principal& principal) {
  if (!principal.actor.empty() && !HasRight(principal, Right::kActForOthers))
    return principal.actor;
  const auto said = call.client_metadata().find(kActorKey);
  if (said == call.client_metadata().end()) return principal.actor;
  return std::string(said->second.data(), said->second.size());
}

// Makes sure who calls, and that he may call the method.
absl::Status Admit(const ApiContext& context, const grpc::ServerContextBase& call,
                   const std::string& method, Incoming& incoming) {
  ASSIGN_OR_RETURN(PrincipalPtr principal, context.authenticator.Identify(CredentialsOf(call)));
  RETURN_IF_ERROR(CheckMethod(*principal, method));
  incoming.actor = ActorOf(call, *principal);
  incoming.principal = std::move(principal);
  return absl::OkStatus();
}

std::vector<std::string> Values(const grpc::ServerContextBase& context, const char* key) {
  std::vector<std::string> values;
  const auto [begin, end] = context.client_metadata().equal_range(key);
  for (auto found = begin; found != end; ++found) {
    values.emplace_back(found->second.data(), found->second.size());
  }
  return values;
}

// Whose calls and streams are counted together.
std::string CallerOf(const grpc::ServerContextBase& call, const PrincipalPtr& principal) {
  if (principal == nullptr || principal->actor.empty()) return AddressOf(call.peer());
  const bool one = !principal->every_workspace && !principal->workspaces.empty();
  return principal->actor + " of " + (one ? principal->workspaces.front() : "all");
}

// A call that begins now. Every call of the API passes here, whichever way it is served.
Incoming IncomingOf(const ApiContext& context, const grpc::ServerContextBase& call,
                    const std::string& method, MethodMetrics* metrics) {
  Incoming incoming;
  incoming.receive_time = absl::Now();
  incoming.metrics = metrics;
  if (metrics != nullptr) metrics->Begin();
  const std::vector<std::string> traceparents = Values(call, kTraceparentKey);
  if (!traceparents.empty()) {
    incoming.trace = TraceFrom(traceparents, Values(call, kTracestateKey));
  }
  for (std::string& said : Values(call, kMinRevisionKey)) incoming.min_revision = std::move(said);
  incoming.refusal = Admit(context, call, method, incoming);
  // Nobody asks otherwise, and to say it costs more than to look.
  if (context.admission.has_rate()) incoming.caller = CallerOf(call, incoming.principal);
  const auto deadline = call.deadline();
  if (deadline != std::chrono::system_clock::time_point::max()) {
    incoming.deadline = absl::FromChrono(deadline);
  }
  return incoming;
}

// A stream that begins now: those of a caller are counted.
Incoming StreamOf(const ApiContext& context, const grpc::ServerContextBase& call,
                  const std::string& method, MethodMetrics* metrics) {
  Incoming incoming = IncomingOf(context, call, method, metrics);
  incoming.caller = CallerOf(call, incoming.principal);
  return incoming;
}

// A call with everything between its bytes.
grpc::Status Answer(const Method& method, const ApiContext& context, const Incoming& incoming,
                    const ByteBuffer& request_bytes, ByteBuffer* response_bytes) {
  alignas(std::max_align_t) char block[kArenaBytes];
  google::protobuf::Arena arena(block, sizeof(block));
  auto* const request = method.request->New(&arena);
  auto* const response = method.response->New(method.in_place ? &arena : nullptr);
  if (!method.in_place) arena.Own(response);
  absl::Status status = ParseMessage(request_bytes, *request);
  if (status.ok()) {
    status = Invoke(method, context.engine, incoming, *request, *response, context.log);
  } else {
    EndCall(method.name, "", incoming, status, context.log);
  }
  if (!status.ok()) return ToGrpcStatus(status);
  if (method.revokes) context.authenticator.ForgetTokens();
  SerializeMessage(*response).Swap(response_bytes);
  return grpc::Status::OK;
}

// A write between its request and its commit.
struct WriteCall {
  const Method& method;
  const ApiContext& context;
  const Incoming incoming;
  ByteBuffer* const response_bytes;
  grpc::ServerUnaryReactor* const reactor;
  // Given back when the call ends.
  Admission::Ticket ticket;
  std::unique_ptr<google::protobuf::Message> request = nullptr;
  std::unique_ptr<google::protobuf::Message> response = nullptr;
  std::string workspace = {};

  absl::Status Parse(const ByteBuffer& bytes) {
    request.reset(method.request->New());
    response.reset(method.response->New());
    return ParseMessage(bytes, *request);
  }

  // In which it will write.
  std::string Workspace() const {
    if (incoming.principal == nullptr) return "";
    return Caller::Reached(*incoming.principal, WorkspaceOf(*request));
  }

  absl::Status Run(internal::Joint* joint) {
    return Handle(method, context.engine, incoming, joint, *request, *response, workspace);
  }

  void End(const absl::Status& status) {
    EndCall(method.name, workspace, incoming, status, context.log);
    if (status.ok() && method.revokes) context.authenticator.ForgetTokens();
    if (status.ok()) SerializeMessage(*response).Swap(response_bytes);
    reactor->Finish(status.ok() ? grpc::Status::OK : ToGrpcStatus(status));
  }
};

absl::Status QueueFull() {
  ErrorDetail detail;
  detail.reason = Reason::kQueueFull;
  return MakeError(detail, "too many calls wait for a thread");
}

// The end of a call that was not begun.
grpc::Status Turned(const Method& method, const Incoming& incoming, const absl::Status& status,
                    Log& log) {
  EndCall(method.name, "", incoming, status, log);
  return ToGrpcStatus(status);
}

// One of our services. Its methods are registered as generated code registers them, but from a
// table and with bytes as messages; so the way of serving is chosen here and nowhere else.
class TableService final : public grpc::Service {
 public:
  explicit TableService(const ApiContext& context) : context_(context) {}

  void AddSync(const Method& method) {
    using Handler = grpc::internal::RpcMethodHandler<TableService, ByteBuffer, ByteBuffer>;
    MethodMetrics* const metrics = context_.calls.Add(method.name, CallType::kUnary);
    const auto answer = [&method, metrics](TableService* self, grpc::ServerContext* context,
                                           const ByteBuffer* request, ByteBuffer* response) {
      const Incoming incoming = IncomingOf(self->context_, *context, method.name, metrics);
      if (!incoming.refusal.ok()) {
        return Turned(method, incoming, incoming.refusal, self->context_.log);
      }
      const auto ticket = self->Admit(method, incoming, *request);
      if (!ticket.ok()) return Turned(method, incoming, ticket.status(), self->context_.log);
      return Answer(method, self->context_, incoming, *request, response);
    };
    AddMethod(new RpcServiceMethod(method.name.c_str(), RpcMethod::NORMAL_RPC,
                                   new Handler(answer, this)));
    ++count_;
  }

  void AddCallback(const Method& method) {
    using Handler = grpc::internal::CallbackUnaryHandler<ByteBuffer, ByteBuffer>;
    MethodMetrics* const metrics = context_.calls.Add(method.name, CallType::kUnary);
    AddRaw(method.name.c_str(), RpcMethod::NORMAL_RPC,
           new Handler([this, &method, metrics](grpc::CallbackServerContext* context,
                                                const ByteBuffer* request, ByteBuffer* response) {
             return Begin(method, IncomingOf(context_, *context, method.name, metrics),
                          context->DefaultReactor(), request, response);
           }));
  }

  void AddImport() {
    using Handler = grpc::internal::CallbackBidiHandler<ByteBuffer, ByteBuffer>;
    MethodMetrics* const metrics = context_.calls.Add(kImport, CallType::kBidiStream);
    AddRaw(kImport, RpcMethod::BIDI_STREAMING,
           new Handler([this, metrics](grpc::CallbackServerContext* context) {
             return StartImport({context_.engine, context_.admission, context_.hub,
                                 context_.imports, context_.authenticator, context_.log},
                                context, StreamOf(context_, *context, kImport, metrics));
           }));
  }

  void AddWatch() {
    using Handler = grpc::internal::CallbackServerStreamingHandler<ByteBuffer, ByteBuffer>;
    MethodMetrics* const metrics = context_.calls.Add(kWatch, CallType::kServerStream);
    AddRaw(kWatch, RpcMethod::SERVER_STREAMING,
           new Handler([this, metrics](grpc::CallbackServerContext* context,
                                       const ByteBuffer* request) {
             return StartWatch({context_.engine, context_.admission, context_.hub, context_.watches,
                                watch_pages_, context_.authenticator, context_.log},
                               context, StreamOf(context_, *context, kWatch, metrics), *request);
           }));
  }

  void AddRebuild() {
    using Handler = grpc::internal::CallbackServerStreamingHandler<ByteBuffer, ByteBuffer>;
    MethodMetrics* const metrics = context_.calls.Add(kRebuild, CallType::kServerStream);
    AddRaw(kRebuild, RpcMethod::SERVER_STREAMING,
           new Handler(
               [this, metrics](grpc::CallbackServerContext* context, const ByteBuffer* request) {
                 return StartRebuild({context_.engine, context_.admission, context_.hub,
                                      context_.rebuilds, context_.authenticator, context_.log},
                                     context, StreamOf(context_, *context, kRebuild, metrics),
                                     *request);
               }));
  }

  // What only a server can tell.
  void AddStoreStatus(ServerOptions::Threading threading) {
    const Method& method = own_.emplace_back(GetStoreStatusMethod(context_.state));
    threading == ServerOptions::Threading::kSync ? AddSync(method) : AddCallback(method);
  }

  void AddBackupStore() { AddTransfer(kBackupStore, StartBackupStore); }
  void AddExportWorkspace() { AddTransfer(kExportWorkspace, StartExportWorkspace); }

  void AddImportWorkspace() {
    using Handler = grpc::internal::CallbackClientStreamingHandler<ByteBuffer, ByteBuffer>;
    MethodMetrics* const metrics = context_.calls.Add(kImportWorkspace, CallType::kClientStream);
    AddRaw(kImportWorkspace, RpcMethod::CLIENT_STREAMING,
           new Handler([this, metrics](grpc::CallbackServerContext* context, ByteBuffer* response) {
             return StartImportWorkspace(
                 Transfers(), StreamOf(context_, *context, kImportWorkspace, metrics), response);
           }));
  }

 private:
  TransferContext Transfers() const {
    return {context_.engine,  context_.hub,           context_.transfers,
            context_.scratch, context_.authenticator, context_.log};
  }

  template <typename Start>
  void AddTransfer(const char* name, Start start) {
    using Handler = grpc::internal::CallbackServerStreamingHandler<ByteBuffer, ByteBuffer>;
    MethodMetrics* const metrics = context_.calls.Add(name, CallType::kServerStream);
    AddRaw(name, RpcMethod::SERVER_STREAMING,
           new Handler([this, name, metrics, start](grpc::CallbackServerContext* context,
                                                    const ByteBuffer* request) {
             return start(Transfers(), context, StreamOf(context_, *context, name, metrics),
                          *request);
           }));
  }

  void AddRaw(const char* name, RpcMethod::RpcType type, grpc::internal::MethodHandler* handler) {
    AddMethod(new RpcServiceMethod(name, type, nullptr));
    MarkMethodRawCallback(count_++, handler);
  }

  absl::StatusOr<Admission::Ticket> Admit(const Method& method, const Incoming& incoming,
                                          const ByteBuffer& request) const {
    return context_.admission.Admit(incoming.caller,
                                    WeightOf(request, *method.request->GetDescriptor()),
                                    incoming.receive_time);
  }

  // Runs where it may wait: only quick reads stay on gRPC's own thread.
  grpc::ServerUnaryReactor* Begin(const Method& method, Incoming incoming,
                                  grpc::ServerUnaryReactor* reactor, const ByteBuffer* request,
                                  ByteBuffer* response) {
    // Before his message is read, and before he takes a place in a queue.
    if (!incoming.refusal.ok()) {
      reactor->Finish(Turned(method, incoming, incoming.refusal, context_.log));
      return reactor;
    }
    auto ticket = Admit(method, incoming, *request);
    if (!ticket.ok()) {
      reactor->Finish(Turned(method, incoming, ticket.status(), context_.log));
      return reactor;
    }
    switch (method.work) {
      case Work::kQuick:
        // A store in this process answers at once, a server of its own is waited for elsewhere.
        if (!context_.engine.is_shared()) {
          reactor->Finish(Answer(method, context_, incoming, *request, response));
          break;
        }
        [[fallthrough]];
      case Work::kScan: {
        const bool taken = context_.scans.Submit(
            [this, &method, incoming, request, response, reactor,
             ticket = std::make_shared<Admission::Ticket>(*std::move(ticket))] {
              reactor->Finish(Answer(method, context_, incoming, *request, response));
            });
        if (!taken) reactor->Finish(Turned(method, incoming, QueueFull(), context_.log));
        break;
      }
      case Work::kWrite:
        BeginWrite(std::make_shared<WriteCall>(WriteCall{method, context_, std::move(incoming),
                                                         response, reactor, *std::move(ticket)}),
                   *request);
        break;
    }
    return reactor;
  }

  static void BeginWrite(const std::shared_ptr<WriteCall>& call, const ByteBuffer& request) {
    if (const absl::Status parsed = call->Parse(request); !parsed.ok()) return call->End(parsed);
    const bool taken = call->context.writes.Submit(
        {{call->Workspace(), [call](internal::Joint* joint) { return call->Run(joint); }},
         [call](const absl::Status& status) { call->End(status); }});
    if (!taken) call->End(QueueFull());
  }

  const ApiContext context_;
  WatchPages watch_pages_;
  int count_ = 0;
  // Methods that are not in the table.
  std::deque<Method> own_;
};

const std::vector<Method>& Table() {
  static const std::vector<Method>* const table = new std::vector<Method>(AllMethods());
  return *table;
}

}  // namespace

std::vector<std::unique_ptr<grpc::Service>> MakeServices(const ApiContext& context,
                                                         ServerOptions::Threading threading) {
  std::map<std::string, std::unique_ptr<TableService>> services;
  const auto service = [&services, &context](const std::string& method) -> TableService& {
    auto& found = services[method.substr(0, method.rfind('/'))];
    if (found == nullptr) found = std::make_unique<TableService>(context);
    return *found;
  };
  for (const Method& method : Table()) {
    TableService& owner = service(method.name);
    threading == ServerOptions::Threading::kSync ? owner.AddSync(method)
                                                 : owner.AddCallback(method);
  }
  service(kImport).AddImport();
  service(kWatch).AddWatch();
  service(kRebuild).AddRebuild();
  service(kBackupStore).AddStoreStatus(threading);
  service(kBackupStore).AddBackupStore();
  service(kExportWorkspace).AddExportWorkspace();
  service(kImportWorkspace).AddImportWorkspace();
  std::vector<std::unique_ptr<grpc::Service>> out;
  std::vector<std::string> names;
  for (auto& [path, made] : services) {
    names.push_back(path.substr(1));
    out.push_back(std::move(made));
  }
  Authenticator& authenticator = context.authenticator;
  out.push_back(MakeReflection(std::move(names), [&authenticator](const auto& call) {
    return authenticator.Identify(CredentialsOf(call)).status();
  }));
  return out;
}

}  // namespace sales::service
