// Messages to and from the bytes that gRPC carries. Requests are parsed here rather than by gRPC,
// which answers text that is not UTF-8 with INTERNAL (synchronous) or UNIMPLEMENTED (callbacks);
// here it is TEXT_INVALID with the path of the field.
#ifndef SALES_SERVICE_WIRE_H_
#define SALES_SERVICE_WIRE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"

namespace sales::service {

// Errors: TEXT_INVALID with the field, FIELD_INVALID for bytes that are no such message,
// LIST_TOO_LONG for one of more than message_fields_max fields.
absl::Status ParseMessage(const grpc::ByteBuffer& bytes, google::protobuf::Message& message);

// Why `bytes` are no message of the type.
absl::Status ExplainParseFailure(const std::string& bytes,
                                 const google::protobuf::Descriptor& type);

// About how much memory a request of the type takes, as it came and as it will be read.
int64_t WeightOf(const grpc::ByteBuffer& bytes, const google::protobuf::Descriptor& type);

// The id of the workspace that a request is about, as far as its names say so; empty where they do
// not. Says nothing of whether they are well formed.
std::string WorkspaceOf(const google::protobuf::Message& request);

grpc::ByteBuffer SerializeMessage(const google::protobuf::Message& message);

}  // namespace sales::service

#endif  // SALES_SERVICE_WIRE_H_
