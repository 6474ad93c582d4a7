#include "service/src/wire.h"

#include <cstdint>
#include <limits>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "grpcpp/support/slice.h"
#include "sales/error.h"
#include "service/src/convert/fields.h"
#include "service/src/limits.h"

namespace sales::service {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

bool IsUtf8(std::string_view text) {
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
  std::string Find(std::string_view bytes, const Descriptor& type, const std::string& prefix,
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
      if (!input.ReadVarint32(&length)) return "";
      const auto start = static_cast<size_t>(input.CurrentPosition());
      if (!input.Skip(static_cast<int>(length))) return "";
      const std::string_view value = bytes.substr(start, length);
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

// Takes the fields of a message and of its parts off `budget`; false once there are more. What
// cannot be read counts as the end: protobuf reads no further either.
bool HasFieldsWithin(CodedInputStream& input, const Descriptor& type, int depth, int* budget) {
  for (uint32_t tag = input.ReadTag(); tag != 0; tag = input.ReadTag()) {
    if (--*budget < 0) return false;
    const auto kind = WireFormatLite::GetTagWireType(tag);
    // The fields of a group are counted like those around it.
    if (kind == WireFormatLite::WIRETYPE_START_GROUP) continue;
    if (kind == WireFormatLite::WIRETYPE_END_GROUP) continue;
    const FieldDescriptor* field = type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
    const bool part = kind == WireFormatLite::WIRETYPE_LENGTH_DELIMITED && field != nullptr &&
                      field->message_type() != nullptr && depth < limits::message_depth_max;
    if (!part) {
      if (!WireFormatLite::SkipField(&input, tag)) return true;
      continue;
    }
    int length = 0;
    if (!input.ReadVarintSizeAsInt(&length)) return true;
    const auto limit = input.PushLimit(length);
    if (!HasFieldsWithin(input, *field->message_type(), depth + 1, budget)) return false;
    if (!input.Skip(input.BytesUntilLimit())) return true;
    input.PopLimit(limit);
  }
  return true;
}

// How many fields a message has, those of its parts included; one too many where there are more
// than may be.
int FieldsOf(const grpc::ByteBuffer& bytes, const Descriptor& type) {
  grpc::ByteBuffer buffer(bytes);
  grpc::ProtoBufferReader reader(&buffer);
  if (!reader.status().ok()) return 0;
  CodedInputStream input(&reader);
  int budget = limits::message_fields_max;
  HasFieldsWithin(input, type, 0, &budget);
  return limits::message_fields_max - budget;
}

// What a field takes in memory at most, on the average of a message; and how long a message is
// whose fields are worth counting.
constexpr int64_t kFieldBytes = 128;
constexpr size_t kShortMessageBytes = 1024;

}  // namespace

int64_t WeightOf(const grpc::ByteBuffer& bytes, const google::protobuf::Descriptor& type) {
  const auto length = static_cast<int64_t>(bytes.Length());
  if (bytes.Length() <= kShortMessageBytes) return length;
  return 2 * length + kFieldBytes * FieldsOf(bytes, type);
}

absl::Status ParseMessage(const grpc::ByteBuffer& bytes, google::protobuf::Message& message) {
  grpc::ByteBuffer buffer(bytes);
  // Only a long message can have too many.
  if (bytes.Length() > limits::message_fields_max &&
      FieldsOf(bytes, *message.GetDescriptor()) > limits::message_fields_max) {
    ErrorDetail detail;
    detail.reason = Reason::kListTooLong;
    detail.metadata["limit"] = std::to_string(limits::message_fields_max);
    return MakeError(std::move(detail), "the request has more fields than a message may have");
  }
  if (grpc::Slice whole; buffer.TrySingleSlice(&whole).ok()) {
    // As nearly every request comes.
    if (message.ParseFromArray(whole.begin(), static_cast<int>(whole.size()))) {
      return absl::OkStatus();
    }
  } else {
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

namespace {

// The workspace in "workspaces/{workspace}/…"; empty in anything else.
std::string WorkspaceIn(const std::string& name) {
  constexpr std::string_view kPrefix = "workspaces/";
  if (name.compare(0, kPrefix.size(), kPrefix) != 0) return "";
  return name.substr(kPrefix.size(), name.find('/', kPrefix.size()) - kPrefix.size());
}

// Of a resource that names itself.
std::string OwnWorkspace(const google::protobuf::Message& resource) {
  const google::protobuf::FieldDescriptor* name = resource.GetDescriptor()->FindFieldByName("name");
  if (name == nullptr || name->is_repeated()) return "";
  return WorkspaceIn(resource.GetReflection()->GetString(resource, name));
}

}  // namespace

std::string WorkspaceOf(const google::protobuf::Message& request) {
  using google::protobuf::FieldDescriptor;
  const google::protobuf::Reflection& reflection = *request.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(request, &fields);
  // What a request is about comes first in it.
  for (const FieldDescriptor* field : fields) {
    if (field->is_repeated()) continue;
    std::string workspace;
    if (field->type() == FieldDescriptor::TYPE_STRING) {
      workspace = reflection.GetString(request, field);
      if (field->name() != "workspace_id") workspace = WorkspaceIn(workspace);
    } else if (field->type() == FieldDescriptor::TYPE_MESSAGE) {
      workspace = OwnWorkspace(reflection.GetMessage(request, field));
    }
    if (!workspace.empty()) return workspace;
  }
  return "";
}

grpc::ByteBuffer SerializeMessage(const google::protobuf::Message& message) {
  const size_t bytes = message.ByteSizeLong();
  // A message of more than 2 GiB has no form on the wire.
  if (bytes > std::numeric_limits<int>::max()) return {};
  grpc::Slice slice(bytes);
  message.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(slice.begin()));
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace sales::service
