#include "clients/cli/src/request.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "clients/cli/src/hours.h"
#include "clients/cli/src/policy_file.h"
#include "clients/cli/src/values.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/util/json_util.h"
#include "sales/client_values.h"
#include "sales/v1/common.pb.h"
#include "sales/v1/contact.pb.h"
#include "sales/v1/handoff.pb.h"
#include "sales/v1/team.pb.h"
#include "sales/v1/workspace.pb.h"

namespace salesctl {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

std::vector<std::string> PathOf(const Flag& flag) { return absl::StrSplit(flag.field, '.'); }

const FieldDescriptor* FieldOf(const Flag& flag, const Descriptor& request) {
  const Descriptor* type = &request;
  const FieldDescriptor* field = nullptr;
  for (const std::string& part : PathOf(flag)) {
    field = type->FindFieldByName(part);
    if (field == nullptr) return nullptr;
    type = field->message_type();
  }
  return field;
}

// The message that holds the flag's field.
Message* HolderOf(const Flag& flag, Message& request) {
  std::vector<std::string> path = PathOf(flag);
  path.pop_back();
  Message* holder = &request;
  for (const std::string& part : path) {
    const FieldDescriptor* field = holder->GetDescriptor()->FindFieldByName(part);
    holder = holder->GetReflection()->MutableMessage(holder, field);
  }
  return holder;
}

std::string PrefixOf(const EnumDescriptor& type) {
  constexpr char kUnspecified[] = "UNSPECIFIED";
  const std::string first = type.FindValueByNumber(0)->name();
  return first.substr(0, first.size() - (sizeof kUnspecified - 1));
}

Failure WrongValue(const Flag& flag, const std::string& expected) {
  return WrongUsage(std::string(flag.spelling) + " is to be " + expected);
}

// The whole resource name of an id; whole names stay.
Result<std::string> NameOf(const Flag& flag, const std::string& word, const RequestScope& scope,
                           const Message& request) {
  if (absl::StartsWith(word, "workspaces/")) return word;
  if (flag.form == Form::kWorkspace) return "workspaces/" + word;
  if (scope.workspace.empty()) {
    return WrongUsage("say which workspace with --workspace (SALESCTL_WORKSPACE)");
  }
  const std::string parent = "workspaces/" + scope.workspace + "/";
  const size_t slash = word.find('/');
  switch (flag.form) {
    case Form::kContact:
      return parent + "contacts/" + word;
    case Form::kLead:
      return parent + "leads/" + word;
    case Form::kChannel:
      return parent + "channels/" + word;
    case Form::kSeller:
      return parent + "sellers/" + word;
    case Form::kTeam:
      return parent + "teams/" + word;
    case Form::kFunnel:
      return parent + "funnelPolicies/" + word;
    case Form::kAbsence:
      if (slash == std::string::npos) return WrongValue(flag, "SELLER/DAY");
      return parent + "sellers/" + word.substr(0, slash) + "/absences/" + word.substr(slash + 1);
    case Form::kCalendar:
      return parent + "calendars/" + word;
    case Form::kPlannedActivity:
      if (slash == std::string::npos) return WrongValue(flag, "LEAD/NUMBER");
      return parent + "leads/" + word.substr(0, slash) + "/plannedActivities/" +
             word.substr(slash + 1);
    case Form::kHandoff:
      return parent + "handoffs/" + word;
    case Form::kProject:
      return parent + "projects/" + word;
    case Form::kPlan:
      return parent + "plans/" + word;
    case Form::kToken:
      return parent + "tokens/" + word;
    case Form::kWebhook:
      return parent + "webhooks/" + word;
    case Form::kCampaign:
      if (slash == std::string::npos) return WrongValue(flag, "CHANNEL/CAMPAIGN");
      [[fallthrough]];
    case Form::kChannelOrCampaign:
      if (slash == std::string::npos) return parent + "channels/" + word;
      return parent + "channels/" + word.substr(0, slash) + "/campaigns/" + word.substr(slash + 1);
    default:
      break;
  }
  const FieldDescriptor* lead = request.GetDescriptor()->FindFieldByName("name");
  return request.GetReflection()->GetString(request, lead) + "/activities/" + word;
}

Done FillMoney(const Flag& flag, const std::string& word, const RequestScope& scope,
               Message& money) {
  const std::vector<std::string> parts = absl::StrSplit(word, ' ', absl::SkipEmpty());
  if (parts.empty() || parts.size() > 2) {
    return WrongValue(flag, "an amount, with or without a currency: \"1200.50 EUR\"");
  }
  std::string currency_code = parts.size() == 2 ? absl::AsciiStrToUpper(parts[1]) : "";
  if (currency_code.empty()) {
    const Result<std::string> currency = scope.currency();
    if (!currency.ok()) return currency.failure();
    currency_code = *currency;
  }
  const std::optional<int64_t> units = ParseDecimal(parts[0], MinorDigits(currency_code));
  if (!units.has_value()) {
    return WrongValue(flag, "an amount with at most " + std::to_string(MinorDigits(currency_code)) +
                                " decimals: 1200.50");
  }
  auto& proto = static_cast<sales::v1::Money&>(money);
  proto.set_currency_code(currency_code);
  proto.set_minor_units(*units);
  return Unit{};
}

Done FillIdentity(const Flag& flag, const std::string& word, Message& message) {
  auto& identity = static_cast<sales::v1::Identity&>(message);
  const size_t colon = word.find(':');
  identity.set_value(word);
  if (flag.form == Form::kEmail) identity.set_kind(sales::v1::Identity::KIND_EMAIL);
  if (flag.form == Form::kPhone) identity.set_kind(sales::v1::Identity::KIND_PHONE);
  if (flag.form == Form::kMessenger || flag.form == Form::kExternal) {
    identity.set_kind(flag.form == Form::kMessenger ? sales::v1::Identity::KIND_MESSENGER
                                                    : sales::v1::Identity::KIND_EXTERNAL);
    if (colon != std::string::npos) {
      identity.set_source(word.substr(0, colon));
      identity.set_value(word.substr(colon + 1));
    } else if (flag.form == Form::kExternal) {
      return WrongValue(flag, "SOURCE:ID");
    }
  }
  return Unit{};
}

Done FillParticipant(const std::string& word, Message& message) {
  auto& participant = static_cast<sales::v1::Participant&>(message);
  const std::vector<std::string> parts = absl::StrSplit(word, absl::MaxSplits(", ", 2));
  const std::string& who = parts[0];
  const size_t open = who.find('<');
  participant.set_display_name(std::string(absl::StripAsciiWhitespace(who.substr(0, open))));
  if (open != std::string::npos) {
    participant.set_email(who.substr(open + 1, who.find('>', open) - open - 1));
  }
  if (parts.size() > 1) participant.set_role(parts[1]);
  if (parts.size() > 2) participant.set_phone(parts[2]);
  return Unit{};
}

Done FillLink(const Flag& flag, const std::string& word, Message& message) {
  const size_t equals = word.find('=');
  if (equals == std::string::npos || equals == 0) return WrongValue(flag, "TITLE=ADDRESS");
  auto& link = static_cast<sales::v1::Link&>(message);
  link.set_title(word.substr(0, equals));
  link.set_uri(word.substr(equals + 1));
  return Unit{};
}

// A message field that is filled by one word.
Done FillMessage(const Flag& flag, const std::string& word, const RequestScope& scope,
                 Message& message) {
  switch (flag.form) {
    case Form::kTime: {
      const std::optional<absl::Time> time = ParseTime(word, "rfc3339", absl::UTCTimeZone());
      if (!time.has_value()) return WrongValue(flag, "a time such as 2026-01-31T12:00:00Z");
      static_cast<google::protobuf::Timestamp&>(message) = sales::client::ToTimestamp(*time);
      return Unit{};
    }
    case Form::kDuration: {
      absl::Duration duration;
      if (!absl::ParseDuration(word, &duration) || duration == absl::InfiniteDuration() ||
          duration == -absl::InfiniteDuration()) {
        return WrongValue(flag, "a duration such as 90s or 1h30m");
      }
      static_cast<google::protobuf::Duration&>(message) = ToDuration(duration);
      return Unit{};
    }
    case Form::kMoney:
      return FillMoney(flag, word, scope, message);
    case Form::kParticipant:
      return FillParticipant(word, message);
    case Form::kLink:
      return FillLink(flag, word, message);
    default:
      return FillIdentity(flag, word, message);
  }
}

Done FillEnum(const Flag& flag, const std::string& word, const FieldDescriptor* field,
              Message* holder) {
  const std::string name = PrefixOf(*field->enum_type()) +
                           absl::StrReplaceAll(absl::AsciiStrToUpper(word), {{"-", "_"}});
  const EnumValueDescriptor* value = field->enum_type()->FindValueByName(name);
  if (value == nullptr || value->number() == 0) {
    std::string words;
    for (int i = 1; i < field->enum_type()->value_count(); ++i) {
      words += (i > 1 ? ", " : "") + EnumWord(*field->enum_type()->value(i));
    }
    return WrongValue(flag, "one of " + words);
  }
  const Reflection* reflection = holder->GetReflection();
  if (field->is_repeated()) {
    reflection->AddEnum(holder, field, value);
  } else {
    reflection->SetEnum(holder, field, value);
  }
  return Unit{};
}

Done FillInteger(const Flag& flag, const std::string& word, const FieldDescriptor* field,
                 Message* holder) {
  const Reflection* reflection = holder->GetReflection();
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_UINT64) {
    uint64_t positive = 0;
    if (!absl::SimpleAtoi(word, &positive)) return WrongValue(flag, "a whole number from 0");
    reflection->SetUInt64(holder, field, positive);
    return Unit{};
  }
  int64_t number = 0;
  const bool wide = field->cpp_type() == FieldDescriptor::CPPTYPE_INT64;
  if (!absl::SimpleAtoi(word, &number) || (!wide && number != static_cast<int32_t>(number))) {
    return WrongValue(flag, "a whole number");
  }
  if (wide) {
    reflection->SetInt64(holder, field, number);
  } else {
    reflection->SetInt32(holder, field, static_cast<int32_t>(number));
  }
  return Unit{};
}

Done FillShare(const Flag& flag, absl::string_view word, const FieldDescriptor* field,
               Message* holder) {
  const bool percent = absl::ConsumeSuffix(&word, "%");
  double number = 0;
  // Text that says "nan" or "inf" is no share either.
  if (!absl::SimpleAtod(word, &number) || !std::isfinite(number)) {
    return WrongValue(flag, "a share: 0.8 or 80%");
  }
  holder->GetReflection()->SetDouble(holder, field, percent ? number / 100 : number);
  return Unit{};
}

Done FillAttribute(const Flag& flag, const std::string& word, const FieldDescriptor* field,
                   Message* holder) {
  const size_t equals = word.find('=');
  if (equals == std::string::npos || equals == 0) return WrongValue(flag, "KEY=VALUE");
  Message* entry = holder->GetReflection()->AddMessage(holder, field);
  const Descriptor* type = entry->GetDescriptor();
  entry->GetReflection()->SetString(entry, type->map_key(), word.substr(0, equals));
  entry->GetReflection()->SetString(entry, type->map_value(), word.substr(equals + 1));
  return Unit{};
}

Done FillAttributeDefinition(const Flag& flag, const std::string& word,
                             const FieldDescriptor* field, Message* holder) {
  // "" leaves nothing.
  if (word.empty()) return Unit{};
  const std::vector<std::string> halves = absl::StrSplit(word, absl::MaxSplits(" # ", 1));
  const std::vector<std::string> parts = absl::StrSplit(halves[0], absl::MaxSplits(':', 1));
  const std::vector<std::string> kind =
      absl::StrSplit(parts.size() == 2 ? parts[1] : "", absl::MaxSplits('=', 1));
  sales::v1::AttributeType type = sales::v1::ATTRIBUTE_TYPE_UNSPECIFIED;
  if (!sales::v1::AttributeType_Parse("ATTRIBUTE_TYPE_" + absl::AsciiStrToUpper(kind[0]), &type) ||
      type == sales::v1::ATTRIBUTE_TYPE_UNSPECIFIED) {
    return WrongValue(flag, "KEY:TYPE, the type one of text, number, boolean, date, enum=A,B");
  }
  auto& definition = static_cast<sales::v1::AttributeDefinition&>(
      *holder->GetReflection()->AddMessage(holder, field));
  definition.set_key(parts[0]);
  definition.set_type(type);
  if (halves.size() == 2) definition.set_display_name(halves[1]);
  if (kind.size() == 2) {
    for (const std::string& value : std::vector<std::string>(absl::StrSplit(kind[1], ','))) {
      definition.add_values(value);
    }
  }
  return Unit{};
}

Done FillHours(const Flag& flag, const std::string& word, Message* holder) {
  auto& calendar = static_cast<sales::v1::Calendar&>(*holder);
  if (flag.form == Form::kWeekHours) {
    if (AddWeekHours(word, calendar)) return Unit{};
    return WrongValue(flag, "days and hours: \"mon-fri 09:00-12:00,13:00-17:00\"");
  }
  if (AddException(word, calendar)) return Unit{};
  return WrongValue(flag, "a day, with or without hours: \"2026-12-24 09:00-12:00\"");
}

// "14/month", "3/2weeks": how many leads in every how many days, weeks or months.
Done FillIntake(const Flag& flag, const std::string& word, Message& message) {
  auto& intake = static_cast<sales::v1::Intake&>(message);
  const std::vector<std::string> parts = absl::StrSplit(word, '/');
  int32_t leads = 0;
  int32_t periods = 1;
  std::string unit = parts.back();
  const size_t digits = std::min(unit.find_first_not_of("0123456789"), unit.size());
  const bool counted = digits == 0 || absl::SimpleAtoi(unit.substr(0, digits), &periods);
  unit = unit.substr(digits);
  if (!unit.empty() && unit.back() == 's') unit.pop_back();
  if (unit == "day") intake.set_unit(sales::v1::Intake::UNIT_DAY);
  if (unit == "week") intake.set_unit(sales::v1::Intake::UNIT_WEEK);
  if (unit == "month") intake.set_unit(sales::v1::Intake::UNIT_MONTH);
  if (parts.size() != 2 || !counted || !absl::SimpleAtoi(parts[0], &leads) ||
      intake.unit() == sales::v1::Intake::UNIT_UNSPECIFIED) {
    return WrongValue(flag, "leads in a day, week or month: 14/month, 3/2weeks");
  }
  intake.set_leads(leads);
  intake.set_periods(periods);
  return Unit{};
}

Done FillFromFile(const Flag& flag, const std::string& file, Message& message) {
  const Result<std::string> content = ReadFile(file);
  if (!content.ok()) return content.failure();
  const auto status = google::protobuf::util::JsonStringToMessage(*content, &message);
  if (status.ok()) return Unit{};
  return Refused(
      "JSON_INVALID", file + ": " + status.ToString(),
      "Write " + std::string(flag.field) + " as JSON; 'get' with --output json shows it.");
}

Done FillWord(const Flag& flag, const std::string& word, const RequestScope& scope,
              Message& request) {
  Message* holder = HolderOf(flag, request);
  const Reflection* reflection = holder->GetReflection();
  const FieldDescriptor* field = FieldOf(flag, *request.GetDescriptor());
  switch (flag.form) {
    case Form::kYes:
      reflection->SetBool(holder, field, true);
      return Unit{};
    case Form::kBool:
      if (word != "yes" && word != "no") return WrongValue(flag, "yes or no");
      reflection->SetBool(holder, field, word == "yes");
      return Unit{};
    case Form::kEnum:
      return FillEnum(flag, word, field, holder);
    case Form::kInteger:
      return FillInteger(flag, word, field, holder);
    case Form::kShare:
      return FillShare(flag, word, field, holder);
    case Form::kAttribute:
      return FillAttribute(flag, word, field, holder);
    case Form::kAttributeDefinition:
      return FillAttributeDefinition(flag, word, field, holder);
    case Form::kIntake:
      return FillIntake(flag, word, *reflection->MutableMessage(holder, field));
    case Form::kMask:
      static_cast<google::protobuf::FieldMask*>(reflection->MutableMessage(holder, field))
          ->add_paths(word);
      return Unit{};
    case Form::kMessageFile:
      return FillFromFile(flag, word, *reflection->MutableMessage(holder, field));
    case Form::kWeekHours:
    case Form::kException:
      return FillHours(flag, word, holder);
    case Form::kTime:
    case Form::kDuration:
    case Form::kMoney:
    case Form::kEmail:
    case Form::kPhone:
    case Form::kMessenger:
    case Form::kExternal:
    case Form::kParticipant:
    case Form::kLink:
      return FillMessage(flag, word, scope,
                         field->is_repeated() ? *reflection->AddMessage(holder, field)
                                              : *reflection->MutableMessage(holder, field));
    default:
      break;
  }
  std::string text = word;
  if (flag.form == Form::kFile) {
    Result<std::string> content = ReadFile(word);
    if (!content.ok()) return content.failure();
    text = *std::move(content);
  } else if (flag.form != Form::kText && !word.empty()) {
    Result<std::string> name = NameOf(flag, word, scope, request);
    if (!name.ok()) return name.failure();
    text = *std::move(name);
  }
  // Protobuf drops a message whose text is not UTF-8 on the way; say it here, where it has a name.
  if (!IsUtf8(text)) {
    return Refused("TEXT_INVALID", std::string(flag.spelling) + " is not valid UTF-8",
                   "Check the terminal's encoding.");
  }
  if (field->is_repeated()) {
    // "" leaves nothing of what an update replaces.
    if (!text.empty()) reflection->AddString(holder, field, text);
  } else {
    reflection->SetString(holder, field, text);
  }
  return Unit{};
}

}  // namespace

bool IsPositional(const Flag& flag) { return flag.spelling[0] != '-'; }

bool IsRepeated(const Flag& flag, const Descriptor& request) {
  const FieldDescriptor* field = FieldOf(flag, request);
  return field != nullptr && (field->is_repeated() || flag.form == Form::kMask);
}

std::string EnumWord(const EnumValueDescriptor& value) {
  const std::string word = value.name().substr(PrefixOf(*value.type()).size());
  return absl::StrReplaceAll(absl::AsciiStrToLower(word), {{"_", "-"}});
}

std::vector<std::string> EnumWords(const Flag& flag, const Descriptor& request) {
  std::vector<std::string> words;
  const FieldDescriptor* field = FieldOf(flag, request);
  if (flag.form != Form::kEnum || field == nullptr) return words;
  for (int i = 1; i < field->enum_type()->value_count(); ++i) {
    words.push_back(EnumWord(*field->enum_type()->value(i)));
  }
  return words;
}

Done Fill(const Flag& flag, const std::vector<std::string>& words, const RequestScope& scope,
          Message& request) {
  for (const std::string& word : words) {
    const Done done = FillWord(flag, word, scope, request);
    if (!done.ok()) return done.failure();
  }
  return Unit{};
}

Done FillParent(const RequestScope& scope, Message& request) {
  const Descriptor* type = request.GetDescriptor();
  const FieldDescriptor* field = type->FindFieldByName("parent");
  const bool of_workspace =
      type->name() == "GetWorkspaceRequest" || type->name() == "GetAssignmentPolicyRequest";
  if (field == nullptr && of_workspace) field = type->FindFieldByName("name");
  if (field == nullptr || !request.GetReflection()->GetString(request, field).empty()) {
    return Unit{};
  }
  if (scope.workspace.empty()) {
    return WrongUsage("say which workspace with --workspace (SALESCTL_WORKSPACE)");
  }
  std::string parent = "workspaces/" + scope.workspace;
  if (type->name() == "ListCampaignsRequest") parent += "/channels/-";
  if (type->name() == "GetAssignmentPolicyRequest") parent += "/assignmentPolicy";
  request.GetReflection()->SetString(&request, field, parent);
  return Unit{};
}

}  // namespace salesctl
