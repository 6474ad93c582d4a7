#include "clients/cli/src/csv_text.h"

#include <csv.h>

#include <charconv>
#include <cstddef>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/time_util.h"

namespace salesctl {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::util::TimeUtil;

constexpr int depth_max = 8;

std::string Quoted(const std::string& text) {
  std::string quoted(2 * text.size() + 2, '\0');
  quoted.resize(csv_write(quoted.data(), quoted.size(), text.data(), text.size()));
  return quoted;
}

// Whether the message is one value rather than parts.
bool IsValue(const Descriptor& type) {
  return type.full_name() == "google.protobuf.Duration" ||
         type.full_name() == "google.protobuf.Timestamp";
}

std::string ValueText(const Message& message) {
  if (message.GetDescriptor()->name() == "Timestamp") {
    return TimeUtil::ToString(static_cast<const google::protobuf::Timestamp&>(message));
  }
  // "2546.844s", whose unit the documentation tells.
  std::string text = TimeUtil::ToString(static_cast<const google::protobuf::Duration&>(message));
  text.pop_back();
  return text;
}

// The shortest text that is read as the same number.
std::string NumberText(double number) {
  char text[32];
  return std::string(text, std::to_chars(text, text + sizeof text, number).ptr);
}

std::string ScalarText(const Message& message, const FieldDescriptor* field) {
  const Reflection& reflection = *message.GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.GetString(message, field);
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, field) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.GetEnum(message, field)->name();
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(reflection.GetInt32(message, field));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(reflection.GetInt64(message, field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(reflection.GetUInt32(message, field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return absl::StrCat(reflection.GetUInt64(message, field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return NumberText(reflection.GetDouble(message, field));
    default:
      return "";
  }
}

std::string Path(const std::string& prefix, const FieldDescriptor* field) {
  return prefix.empty() ? field->name() : prefix + "." + field->name();
}

void AddTitles(const Descriptor& type, const std::string& prefix, int depth,
               std::vector<std::string>& titles) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    const Descriptor* part = field->message_type();
    // Lists within a row, and what holds itself, are for JSON.
    if (field->is_repeated() || depth > depth_max) continue;
    if (part == nullptr || IsValue(*part)) {
      titles.push_back(Path(prefix, field));
    } else {
      AddTitles(*part, Path(prefix, field), depth + 1, titles);
    }
  }
}

// `message` is null where the part is not set: its cells are empty.
void AddCells(const Descriptor& type, const Message* message, int depth,
              std::vector<std::string>& cells) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    const Descriptor* part = field->message_type();
    if (field->is_repeated() || depth > depth_max) continue;
    const bool set = message != nullptr && (!field->has_presence() ||
                                            message->GetReflection()->HasField(*message, field));
    if (part == nullptr) {
      cells.push_back(set ? ScalarText(*message, field) : "");
      continue;
    }
    const Message* value = set ? &message->GetReflection()->GetMessage(*message, field) : nullptr;
    if (IsValue(*part)) {
      cells.push_back(value != nullptr ? ValueText(*value) : "");
    } else {
      AddCells(*part, value, depth + 1, cells);
    }
  }
}

void AppendLine(const std::vector<std::string>& cells, std::string& text) {
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) text += ',';
    text += Quoted(cells[i]);
  }
  text += '\n';
}

// The lists of an answer that have lines to give.
std::vector<const FieldDescriptor*> ListsOf(const Descriptor& type) {
  std::vector<const FieldDescriptor*> lists;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    if (field->is_repeated() && field->message_type() != nullptr && !field->is_map()) {
      lists.push_back(field);
    }
  }
  return lists;
}

}  // namespace

Result<std::string> ToCsv(const Message& answer, const std::string& rows) {
  const Descriptor& type = *answer.GetDescriptor();
  const std::vector<const FieldDescriptor*> lists = ListsOf(type);
  // A record is a line itself, unless one of its lists is asked for.
  const bool takes_first = rows.empty() && absl::EndsWith(type.name(), "Response");
  const FieldDescriptor* list = nullptr;
  std::string names;
  for (const FieldDescriptor* candidate : lists) {
    if (list == nullptr && (takes_first || candidate->name() == rows)) list = candidate;
    names += (names.empty() ? "" : ", ") + candidate->name();
  }
  if (list == nullptr && !rows.empty()) {
    return WrongUsage("--rows can be one of: " + (names.empty() ? "none here" : names));
  }
  const Descriptor& row = list == nullptr ? type : *list->message_type();
  std::vector<std::string> titles;
  AddTitles(row, "", 0, titles);
  std::string text;
  AppendLine(titles, text);
  const int count = list == nullptr ? 1 : answer.GetReflection()->FieldSize(answer, list);
  for (int i = 0; i < count; ++i) {
    std::vector<std::string> cells;
    const Message& message =
        list == nullptr ? answer : answer.GetReflection()->GetRepeatedMessage(answer, list, i);
    AddCells(row, &message, 0, cells);
    AppendLine(cells, text);
  }
  return text;
}

}  // namespace salesctl
