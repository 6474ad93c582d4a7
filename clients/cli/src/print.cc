#include "clients/cli/src/print.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "clients/cli/src/report_pages.h"
#include "clients/cli/src/request.h"
#include "clients/cli/src/simulation_text.h"
#include "clients/cli/src/table.h"
#include "clients/cli/src/values.h"
#include "google/protobuf/util/json_util.h"
#include "sales/client_values.h"
#include "sales/v1/common.pb.h"
#include "sales/v1/contact.pb.h"
#include "sales/v1/event.pb.h"
#include "sales/v1/report.pb.h"
#include "sales/v1/team.pb.h"

namespace salesctl {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int cell_width_max = 48;

std::string Json(const Message& message, bool lines) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  options.add_whitespace = lines;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  // Only text that is not UTF-8 cannot be written, and protobuf does not receive such.
  if (!status.ok()) text = "{}";
  if (text.empty() || text.back() != '\n') text += '\n';
  return text;
}

std::string TimeText(const google::protobuf::Timestamp& timestamp) {
  const absl::Time time = sales::client::FromTimestamp(timestamp);
  return absl::FormatTime("%Y-%m-%d %H:%M:%SZ", time, absl::UTCTimeZone());
}

std::string Decimals(double number, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, number);
  return text;
}

std::string MessageText(const Message& message) {
  const std::string& type = message.GetDescriptor()->full_name();
  if (type == "google.protobuf.Timestamp") {
    return TimeText(static_cast<const google::protobuf::Timestamp&>(message));
  }
  if (type == "google.protobuf.Duration") {
    return FormatDuration(static_cast<const google::protobuf::Duration&>(message));
  }
  if (type == "sales.v1.Money") {
    const auto& money = static_cast<const sales::v1::Money&>(message);
    return FormatMoney(money.minor_units(), money.currency_code());
  }
  if (type == "sales.v1.Identity") {
    const auto& identity = static_cast<const sales::v1::Identity&>(message);
    const std::string source = identity.source().empty() ? "" : identity.source() + ":";
    return source + identity.value() + (identity.usable() ? "" : " (unusable)");
  }
  if (type == "sales.v1.DuplicateReason") {
    const auto& reason = static_cast<const sales::v1::DuplicateReason&>(message);
    return reason.feature() + " " + Decimals(reason.similarity(), 2);
  }
  if (type == "sales.v1.Change") {
    const auto& change = static_cast<const sales::v1::Change&>(message);
    return change.field() + ": " + (change.before().empty() ? "" : change.before() + " → ") +
           (change.after().empty() ? "∅" : change.after());
  }
  if (type == "sales.v1.WorkHours") {
    const auto& hours = static_cast<const sales::v1::WorkHours&>(message);
    return hours.start() + "-" + hours.end();
  }
  if (type == "sales.v1.WeekdayHours") {
    const auto& entry = static_cast<const sales::v1::WeekdayHours&>(message);
    return EnumWord(
               *entry.GetDescriptor()->FindFieldByName("weekday")->enum_type()->FindValueByNumber(
                   entry.weekday())) +
           " " + entry.hours().start() + "-" + entry.hours().end();
  }
  if (type == "sales.v1.Intake") {
    const auto& intake = static_cast<const sales::v1::Intake&>(message);
    const std::string unit =
        EnumWord(*intake.GetDescriptor()->FindFieldByName("unit")->enum_type()->FindValueByNumber(
            intake.unit()));
    return std::to_string(intake.leads()) + "/" +
           (intake.periods() == 1 ? unit : std::to_string(intake.periods()) + unit + "s");
  }
  // Any other: its fields, on one line.
  std::vector<std::string> parts;
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  parts.reserve(fields.size());
  for (const FieldDescriptor* field : fields) {
    parts.push_back(field->name() + " " + CellText(message, field));
  }
  return absl::StrJoin(parts, ", ");
}

std::string EnumText(const google::protobuf::EnumValueDescriptor& value) {
  return value.number() == 0 ? "" : EnumWord(value);
}

std::string OneText(const Message& message, const FieldDescriptor* field) {
  const Reflection* reflection = message.GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return std::to_string(reflection->GetInt32(message, field));
    case FieldDescriptor::CPPTYPE_INT64:
      return FormatCount(reflection->GetInt64(message, field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return Decimals(reflection->GetDouble(message, field), 3);
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->GetBool(message, field) ? "yes" : "no";
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumText(*reflection->GetEnum(message, field));
    case FieldDescriptor::CPPTYPE_STRING:
      return ShortName(reflection->GetString(message, field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (!reflection->HasField(message, field)) return "";
      return MessageText(reflection->GetMessage(message, field));
    default:
      return "";
  }
}

std::string RepeatedText(const Message& message, const FieldDescriptor* field, int index) {
  const Reflection* reflection = message.GetReflection();
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    const Message& part = reflection->GetRepeatedMessage(message, field, index);
    if (field->is_map()) {
      return OneText(part, part.GetDescriptor()->map_key()) + "=" +
             OneText(part, part.GetDescriptor()->map_value());
    }
    return MessageText(part);
  }
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    return ShortName(reflection->GetRepeatedString(message, field, index));
  }
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    return EnumText(*reflection->GetRepeatedEnum(message, field, index));
  }
  return "";
}

// The columns in which a list shows its elements, by the element's type.
const std::map<std::string, std::vector<std::string>>& ListColumns() {
  static const auto* const columns = new std::map<std::string, std::vector<std::string>>{
      {"Workspace", {"name", "display_name", "time_zone", "currency_code", "revision"}},
      {"Contact", {"name", "display_name", "organization", "identities", "lead_count"}},
      {"Lead",
       {"name", "state", "stage", "channel", "seller", "labels", "expected_value", "receive_time",
        "need"}},
      {"AttributeDefinition", {"key", "type", "display_name", "values"}},
      {"StanceTaken", {"stance", "stage", "occur_time", "actor", "reason"}},
      {"Channel", {"name", "display_name", "outreach"}},
      {"Campaign", {"name", "display_name", "audience_size"}},
      {"Calendar", {"name", "display_name", "time_zone", "week"}},
      {"Team", {"name", "display_name"}},
      {"Seller",
       {"name", "display_name", "team", "capacity", "intake", "weight", "inactive", "absences"}},
      {"Absence", {"first_date", "last_date"}},
      {"AssignmentRule",
       {"team", "channels", "campaigns", "funnels", "expected_value_at_least",
        "expected_value_below", "attributes", "skills"}},
      {"AssignmentCandidate",
       {"seller", "exclusion", "team", "open_work_units", "capacity", "intake_used",
        "intake_allowed", "weight", "turn"}},
      {"WeekdayHours", {"weekday", "hours"}},
      {"CalendarException", {"date", "title", "hours"}},
      {"PlannedActivity", {"name", "kind", "due_time", "owner", "text"}},
      {"LeadClock", {"kind", "stage", "start_time", "due_time", "stop_time", "overdue"}},
      {"FunnelPolicy", {"name", "version", "display_name", "activate_time"}},
      {"Stage", {"key", "display_name", "qualifying", "probability_percent", "entry"}},
      {"Event", {"revision", "type", "occur_time", "actor", "lead", "subject", "changes"}},
      {"Webhook", {"name", "state", "url", "filter", "delivered_revision", "failure"}},
      {"MoveCheck", {"stage", "allowed", "missing"}},
      {"MissingCondition", {"stage", "condition", "description"}},
      {"PolicyFault", {"path", "code", "description"}},
      {"Visit", {"stage", "enter_time", "leave_time"}},
      {"Requirements", {"version", "agree_time", "text"}},
      {"Proposal", {"version", "state", "price", "valid_until_date", "send_time", "answer_time"}},
      {"Outcome", {"state", "stage", "occur_time", "actor", "reason", "value"}},
      {"Duplicate", {"score", "contact", "other", "reasons"}},
      {"Referral", {"referrer", "contact", "lead", "occur_time"}},
      {"CaptureLeadResponse", {"lead", "contact", "contact_created"}},
      {"Handoff", {"name", "state", "seller", "manager", "open_time", "accept_due_time"}},
      {"CompletedStep", {"step", "actor", "complete_time"}},
      {"HandoffReturn", {"return_time", "actor", "steps", "missing"}},
      {"Project", {"name", "state", "client", "manager", "seller", "members", "satisfaction"}},
      {"Plan", {"name", "quarter", "team", "seller", "targets"}},
  };
  return *columns;
}

bool IsNumber(const FieldDescriptor* field) {
  return field->cpp_type() == FieldDescriptor::CPPTYPE_INT32 ||
         field->cpp_type() == FieldDescriptor::CPPTYPE_INT64 ||
         (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
          field->message_type()->name() == "Money");
}

std::string Title(const std::string& field) {
  std::string title = field;
  for (char& c : title) {
    if (c == '_') c = ' ';
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return title;
}

std::string ListText(const Message& message, const FieldDescriptor* list,
                     const std::string& indent) {
  const Descriptor* type = list->message_type();
  std::vector<const FieldDescriptor*> fields;
  std::vector<Table::Column> columns;
  for (const std::string& name : ListColumns().at(type->name())) {
    const FieldDescriptor* field = type->FindFieldByName(name);
    fields.push_back(field);
    columns.push_back({Title(name), IsNumber(field) && !field->is_repeated()
                                        ? Table::Align::kRight
                                        : Table::Align::kLeft});
  }
  Table table(std::move(columns));
  const Reflection* reflection = message.GetReflection();
  for (int i = 0; i < reflection->FieldSize(message, list); ++i) {
    const Message& element = reflection->GetRepeatedMessage(message, list, i);
    std::vector<std::string> cells;
    for (const FieldDescriptor* field : fields) {
      // What a campaign is called needs its channel; what a capture made is shown by its name.
      std::string cell = CellText(element, field);
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_repeated()) {
        const FieldDescriptor* name = field->message_type()->FindFieldByName("name");
        if (name != nullptr) {
          cell = OneText(element.GetReflection()->GetMessage(element, field), name);
        }
      }
      cells.push_back(Shortened(ForTerminal(cell), cell_width_max));
    }
    table.Add(std::move(cells));
  }
  return table.ToText(indent);
}

bool IsList(const FieldDescriptor* field) {
  return field->is_repeated() && !field->is_map() &&
         field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         ListColumns().count(field->message_type()->name()) > 0 &&
         field->message_type()->name() != "Identity";
}

// Every field that is set, a line each; lists as tables after them.
std::string RecordText(const Message& message, const std::string& indent) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  int width = 0;
  for (const FieldDescriptor* field : fields) {
    if (!IsList(field)) width = std::max(width, DisplayWidth(field->name()));
  }
  std::string text;
  std::string lists;
  for (const FieldDescriptor* field : fields) {
    if (IsList(field)) {
      lists += indent + field->name() + ":\n" + ListText(message, field, indent + "  ");
      continue;
    }
    const std::string value = ForTerminal(CellText(message, field));
    const std::string padding(static_cast<size_t>(width - DisplayWidth(field->name())), ' ');
    text += indent + field->name() + padding + "  " + value + "\n";
  }
  return text + lists;
}

// The one list that the message is about, if it is a list's answer.
const FieldDescriptor* ListFieldOf(const Message& message) {
  const Descriptor* type = message.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    if (IsList(type->field(i)) && type->name().find("Response") != std::string::npos) {
      return type->field(i);
    }
  }
  return nullptr;
}

std::string ListAnswerText(const Message& message, const FieldDescriptor* list) {
  std::string text = ListText(message, list, "");
  const FieldDescriptor* token = message.GetDescriptor()->FindFieldByName("next_page_token");
  if (token != nullptr && !message.GetReflection()->GetString(message, token).empty()) {
    text += "(more: --page-token " + message.GetReflection()->GetString(message, token) +
            ", or --all)\n";
  }
  const FieldDescriptor* win = message.GetDescriptor()->FindFieldByName("win");
  if (win != nullptr) text += "won: " + OneText(message, win) + "\n";
  return text;
}

// An answer that carries resources: each under its kind.
std::string PartsText(const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  std::string text;
  for (const FieldDescriptor* field : fields) {
    if (!field->is_repeated() && field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
        field->message_type()->FindFieldByName("name") != nullptr) {
      text += field->name() + ":\n" +
              RecordText(message.GetReflection()->GetMessage(message, field), "  ");
    } else {
      text += field->name() + ": " + ForTerminal(CellText(message, field)) + "\n";
    }
  }
  return text.empty() ? "done\n" : text;
}

}  // namespace

std::string ToJson(const Message& message) { return Json(message, true); }

std::string ToJsonLine(const Message& message) { return Json(message, false); }

std::string ShortName(const std::string& text) {
  if (!absl::StartsWith(text, "workspaces/")) return text;
  const std::vector<std::string> parts = absl::StrSplit(text, '/');
  if (parts.size() == 6 && (parts[4] == "campaigns" || parts[4] == "plannedActivities")) {
    return parts[3] + "/" + parts[5];
  }
  return parts.back();
}

std::string CellText(const Message& message, const FieldDescriptor* field) {
  if (!field->is_repeated()) return OneText(message, field);
  const int size = message.GetReflection()->FieldSize(message, field);
  std::vector<std::string> parts;
  parts.reserve(static_cast<size_t>(size));
  for (int i = 0; i < size; ++i) {
    parts.push_back(RepeatedText(message, field, i));
  }
  return absl::StrJoin(parts, "; ");
}

std::string ToText(const Message& message) {
  const std::string& type = message.GetDescriptor()->name();
  if (const std::optional<ReportPage> page = PageOf(message)) return ToText(*page);
  if (type == "Advice") {
    return ToText(AdvicePage(static_cast<const sales::v1::Advice&>(message)));
  }
  if (type == "SimulateFunnelPolicyResponse") {
    return SimulationText(static_cast<const sales::v1::SimulateFunnelPolicyResponse&>(message));
  }
  if (const FieldDescriptor* list = ListFieldOf(message); list != nullptr) {
    return ListAnswerText(message, list);
  }
  if (type.find("Response") != std::string::npos) return PartsText(message);
  return RecordText(message, "");
}

}  // namespace salesctl
