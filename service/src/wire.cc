#include "service/src/wire.h"

#include <cstdint>
#include <map>
#include <vector>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "sales/error.h"
#include "service/src/convert/fields.h"
#include "service/src/limits.h"

namespace sales::service {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

bool IsUtf8(const std::string& text) {
  size_t i = 0;
  while (i < text.size()) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead >= 0x80 && (lead < 0xC2 || lead > 0xF4)) return false;
    if (i + length > text.size()) return false;
    uint32_t point = length == 1 ? lead : lead & (0x7F >> length);
    for (size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xC0) != 0x80) return false;
      point = point << 6 | (next & 0x3F);
    }
    const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
    if (overlong || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return false;
    i += length;
  }
  return true;
}

// Finds the first text that is not UTF-8; "" if the bytes are at fault in another way.
class BrokenTextFinder {
 public:
  // The path of the field, or an empty one.
  std::string Find(const std::string& bytes, const Descriptor& type, const std::string& prefix,
                   int depth) {
    if (depth > limits::message_depth_max) return "";
    CodedInputStream input(reinterpret_cast<const uint8_t*>(bytes.data()),
                           static_cast<int>(bytes.size()));
    std::map<int, int> counts;
    for (uint32_t tag = input.ReadTag(); tag != 0; tag = input.ReadTag()) {
      const FieldDescriptor* field = type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
      const bool delimited =
          WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
      if (field == nullptr || !delimited) {
        if (!WireFormatLite::SkipField(&input, tag)) return "";
        continue;
      }
      uint32_t length = 0;
      std::string value;
      if (!input.ReadVarint32(&length) || !input.ReadString(&value, static_cast<int>(length))) {
        return "";
      }
      std::string path = prefix + field->name();
      if (field->is_repeated() && !field->is_map()) {
        path += "[" + std::to_string(counts[field->number()]++) + "]";
      }
      if (field->type() == FieldDescriptor::TYPE_STRING && !IsUtf8(value)) return path;
      if (field->type() != FieldDescriptor::TYPE_MESSAGE) continue;
      std::string found = Find(value, *field->message_type(), path + ".", depth + 1);
      if (!found.empty()) return found;
    }
    return "";
  }
};

}  // namespace

absl::Status ParseMessage(const grpc::ByteBuffer& bytes, google::protobuf::Message& message) {
  grpc::ByteBuffer buffer(bytes);
  {
    grpc::ProtoBufferReader reader(&buffer);
    if (reader.status().ok() && message.ParseFromZeroCopyStream(&reader)) return absl::OkStatus();
  }
  std::vector<grpc::Slice> slices;
  std::string flat;
  if (buffer.Dump(&slices).ok()) {
    for (const grpc::Slice& slice : slices) {
      flat.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    }
  }
  return ExplainParseFailure(flat, *message.GetDescriptor());
}

absl::Status ExplainParseFailure(const std::string& bytes,
                                 const google::protobuf::Descriptor& type) {
  const std::string field = BrokenTextFinder().Find(bytes, type, "", 0);
  if (!field.empty()) return Refuse(Reason::kTextInvalid, field, "is not valid UTF-8");
  ErrorDetail detail;
  detail.reason = Reason::kFieldInvalid;
  return MakeError(detail, "the request is no " + type.name() +
                               ": its bytes are malformed, or nested more than 100 deep");
}

grpc::ByteBuffer SerializeMessage(const google::protobuf::Message& message) {
  grpc::ByteBuffer buffer;
  bool own = false;
  // Serialising to memory fails only for messages of more than 2 GiB.
  const grpc::Status status =
      grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::Message>(message, &buffer,
                                                                                 &own);
  return status.ok() ? buffer : grpc::ByteBuffer();
}

}  // namespace sales::service
