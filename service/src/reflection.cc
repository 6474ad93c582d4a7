#include "service/src/reflection.h"

#include <set>
#include <utility>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "grpc/reflection/v1/reflection.pb.h"
#include "grpcpp/impl/codegen/rpc_service_method.h"
#include "grpcpp/impl/codegen/server_callback_handlers.h"
#include "grpcpp/support/byte_buffer.h"
#include "service/src/status.h"
#include "service/src/wire.h"

namespace sales::service {
namespace {

namespace reflection = grpc::reflection::v1;
using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;

constexpr char kReflectionService[] = "grpc.reflection.v1.ServerReflection";
// Both carry the same messages; most clients still ask for the older one, or fall back to it.
constexpr const char* kMethods[] = {
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"};

// Adds the file after everything that it imports.
void AddFile(const FileDescriptor& file, std::set<const FileDescriptor*>& added,
             reflection::FileDescriptorResponse& out) {
  if (!added.insert(&file).second) return;
  for (int i = 0; i < file.dependency_count(); ++i) AddFile(*file.dependency(i), added, out);
  google::protobuf::FileDescriptorProto proto;
  file.CopyTo(&proto);
  out.add_file_descriptor_proto(proto.SerializeAsString());
}

void SetFile(const FileDescriptor* file, reflection::ServerReflectionResponse& response) {
  if (file == nullptr) {
    response.mutable_error_response()->set_error_code(grpc::StatusCode::NOT_FOUND);
    response.mutable_error_response()->set_error_message("There is no such file or symbol.");
    return;
  }
  std::set<const FileDescriptor*> added;
  AddFile(*file, added, *response.mutable_file_descriptor_response());
}

reflection::ServerReflectionResponse Reflect(const std::vector<std::string>& services,
                                             const reflection::ServerReflectionRequest& request) {
  const DescriptorPool& pool = *DescriptorPool::generated_pool();
  reflection::ServerReflectionResponse response;
  response.set_valid_host(request.host());
  *response.mutable_original_request() = request;
  switch (request.message_request_case()) {
    case reflection::ServerReflectionRequest::kFileByFilename:
      SetFile(pool.FindFileByName(request.file_by_filename()), response);
      break;
    case reflection::ServerReflectionRequest::kFileContainingSymbol:
      SetFile(pool.FindFileContainingSymbol(request.file_containing_symbol()), response);
      break;
    case reflection::ServerReflectionRequest::kListServices:
      for (const std::string& service : services) {
        response.mutable_list_services_response()->add_service()->set_name(service);
      }
      break;
    case reflection::ServerReflectionRequest::kFileContainingExtension:
    case reflection::ServerReflectionRequest::kAllExtensionNumbersOfType:
      // The contract has no extensions.
      SetFile(nullptr, response);
      break;
    case reflection::ServerReflectionRequest::MESSAGE_REQUEST_NOT_SET:
      response.mutable_error_response()->set_error_code(grpc::StatusCode::INVALID_ARGUMENT);
      response.mutable_error_response()->set_error_message("The request asks for nothing.");
      break;
  }
  return response;
}

// One client's questions, answered one by one. Owns itself until the stream is done.
class Conversation final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  Conversation(const std::vector<std::string>& services, const absl::Status& refusal)
      : services_(services) {
    if (refusal.ok()) {
      StartRead(&question_);
    } else {
      Finish(ToGrpcStatus(refusal));
    }
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    reflection::ServerReflectionRequest request;
    if (!ParseMessage(question_, request).ok()) {
      return Finish({grpc::StatusCode::INVALID_ARGUMENT, "no ServerReflectionRequest"});
    }
    answer_ = SerializeMessage(Reflect(services_, request));
    StartWrite(&answer_);
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    StartRead(&question_);
  }

  void OnDone() override { delete this; }

 private:
  const std::vector<std::string>& services_;
  grpc::ByteBuffer question_;
  grpc::ByteBuffer answer_;
};

class Reflection final : public grpc::Service {
 public:
  Reflection(std::vector<std::string> services, ReflectionGuard guard)
      : services_(std::move(services)), guard_(std::move(guard)) {
    services_.push_back(kReflectionService);
    using Handler = grpc::internal::CallbackBidiHandler<grpc::ByteBuffer, grpc::ByteBuffer>;
    using grpc::internal::RpcMethod;
    int count = 0;
    for (const char* method : kMethods) {
      AddMethod(new grpc::internal::RpcServiceMethod(method, RpcMethod::BIDI_STREAMING, nullptr));
      MarkMethodRawCallback(count++, new Handler([this](grpc::CallbackServerContext* call) {
                              return new Conversation(services_, guard_(*call));
                            }));
    }
  }

 private:
  std::vector<std::string> services_;
  const ReflectionGuard guard_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeReflection(std::vector<std::string> services,
                                              ReflectionGuard guard) {
  return std::make_unique<Reflection>(std::move(services), std::move(guard));
}

}  // namespace sales::service
