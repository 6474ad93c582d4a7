#include "src/store/answers.h"

#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "sales/calendar.h"
#include "sales/funnel.h"
#include "sales/money.h"
#include "src/decide/errors.h"
#include "src/store/answer_fields.h"
#include "src/store/calendar_rows.h"

namespace sales::store {
namespace {

// A calendar's hours have a text of their own.
struct CalendarAnswer {
  std::string id;
  std::string display_name;
  std::string time_zone;
  std::string week;
  std::string exceptions;
  absl::Time create_time;
  absl::Time update_time;
  std::string etag;
  int64_t days_added = 0;
  int64_t events_skipped = 0;
};

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, CalendarAnswer>& answer) {
  archive("id", answer.id);
  archive("display_name", answer.display_name);
  archive("time_zone", answer.time_zone);
  archive("week", answer.week);
  archive("exceptions", answer.exceptions);
  archive("create_time", answer.create_time);
  archive("update_time", answer.update_time);
  archive("etag", answer.etag);
  archive("days_added", answer.days_added);
  archive("events_skipped", answer.events_skipped);
}

// A policy has a text of its own, without what the engine adds to it.
struct PolicyAnswer {
  std::string policy;
  int version = 0;
  absl::Time activate_time;
};

template <typename Archive>
void Fields(Archive& archive, FieldsOf<Archive, PolicyAnswer>& answer) {
  archive("policy", answer.policy);
  archive("version", answer.version);
  archive("activate_time", answer.activate_time);
}

class Writer {
 public:
  static constexpr bool kWrites = true;

  template <typename T>
  void operator()(const char* name, const T& value) {
    if (IsNothing(value)) return;
    out_ += out_.back() == '{' ? "\"" : ",\"";
    out_ += name;
    out_ += "\":";
    Put(value);
  }

  template <typename T>
  void Put(const T& value) {
    if constexpr (std::is_enum_v<T>) {
      PutNumber(static_cast<int64_t>(value));
    } else if constexpr (std::is_integral_v<T>) {
      PutNumber(static_cast<int64_t>(value));
    } else if constexpr (std::is_floating_point_v<T>) {
      out_ += nlohmann::json(value).dump();
    } else {
      out_ += '{';
      Fields(*this, value);
      out_ += '}';
    }
  }
  void Put(const std::string& text);
  void Put(const absl::Time& time) { PutNumber(absl::ToUnixMicros(time)); }
  void Put(const absl::Duration& span) { PutNumber(absl::ToInt64Nanoseconds(span)); }
  void Put(const absl::CivilDay& day) { PutNumber(day - absl::CivilDay()); }
  template <typename T>
  void Put(const std::optional<T>& value) {
    Put(*value);
  }
  template <typename T>
  void Put(const std::vector<T>& values) {
    out_ += '[';
    for (size_t i = 0; i < values.size(); ++i) {
      if (i > 0) out_ += ',';
      Put(values[i]);
    }
    out_ += ']';
  }
  void Put(const std::map<std::string, std::string>& values);

  std::string Take() { return std::move(out_); }

 private:
  template <typename T>
  static bool IsNothing(const T& value) {
    if constexpr (std::is_enum_v<T> || std::is_integral_v<T> || std::is_same_v<T, absl::Time> ||
                  std::is_same_v<T, absl::Duration>) {
      return value == T{};
    }
    return false;
  }
  static bool IsNothing(const std::string& text) { return text.empty(); }
  static bool IsNothing(const Consent& consent) {
    return !consent.refused && consent.source.empty() && !consent.time.has_value();
  }
  static bool IsNothing(const std::map<std::string, std::string>& map) { return map.empty(); }
  template <typename T>
  static bool IsNothing(const std::optional<T>& value) {
    return !value.has_value();
  }
  template <typename T>
  static bool IsNothing(const std::vector<T>& values) {
    return values.empty();
  }

  void PutNumber(int64_t number) {
    char digits[24];
    out_.append(digits, std::to_chars(digits, digits + sizeof(digits), number).ptr);
  }

  std::string out_;
};

void Writer::Put(const std::string& text) {
  constexpr char kHex[] = "0123456789abcdef";
  out_ += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out_ += '\\';
      out_ += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out_ += "\\u00";
      out_ += kHex[c >> 4];
      out_ += kHex[c & 15];
    } else {
      out_ += c;
    }
  }
  out_ += '"';
}

void Writer::Put(const std::map<std::string, std::string>& values) {
  out_ += '{';
  for (const auto& [key, value] : values) {
    if (out_.back() != '{') out_ += ',';
    Put(key);
    out_ += ':';
    Put(value);
  }
  out_ += '}';
}

using Json = nlohmann::json;

class Reader {
 public:
  static constexpr bool kWrites = false;

  template <typename T>
  void operator()(const char* name, T& value) {
    const auto found = object_->find(name);
    if (found != object_->end()) Get(*found, value);
  }

  template <typename T>
  void Get(const Json& json, T& value) {
    if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
      value = static_cast<T>(Number(json));
    } else if constexpr (std::is_floating_point_v<T>) {
      if (!json.is_number()) return Fail();
      value = json.get<T>();
    } else {
      if (!json.is_object()) return Fail();
      const Json* const outer = std::exchange(object_, &json);
      Fields(*this, value);
      object_ = outer;
    }
  }
  void Get(const Json& json, std::string& text) {
    if (!json.is_string()) return Fail();
    text = *json.get_ptr<const std::string*>();
  }
  void Get(const Json& json, absl::Time& time) { time = absl::FromUnixMicros(Number(json)); }
  void Get(const Json& json, absl::Duration& span) { span = absl::Nanoseconds(Number(json)); }
  void Get(const Json& json, absl::CivilDay& day) { day = absl::CivilDay() + Number(json); }
  template <typename T>
  void Get(const Json& json, std::optional<T>& value) {
    Get(json, value.emplace());
  }
  template <typename T>
  void Get(const Json& json, std::vector<T>& values) {
    if (!json.is_array()) return Fail();
    values.reserve(json.size());
    for (const Json& element : json) Get(element, values.emplace_back());
  }
  void Get(const Json& json, std::map<std::string, std::string>& values) {
    if (!json.is_object()) return Fail();
    for (auto it = json.begin(); it != json.end(); ++it) Get(it.value(), values[it.key()]);
  }

  bool failed() const { return failed_; }

 private:
  int64_t Number(const Json& json) {
    if (json.is_number_integer()) return *json.get_ptr<const int64_t*>();
    Fail();
    return 0;
  }
  void Fail() { failed_ = true; }

  const Json* object_ = nullptr;
  bool failed_ = false;
};

absl::Status Unreadable() {
  return MakeError(Reason::kStoreCorrupt, "a kept answer cannot be read");
}

}  // namespace

template <typename Answer>
std::string EncodeAnswer(const Answer& answer) {
  Writer writer;
  writer.Put(answer);
  return writer.Take();
}

template <typename Answer>
absl::Status DecodeAnswer(std::string_view text, Answer* answer) {
  const Json json = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return Unreadable();
  *answer = Answer{};
  Reader reader;
  reader.Get(json, *answer);
  return reader.failed() ? Unreadable() : absl::OkStatus();
}

template <>
std::string EncodeAnswer(const FunnelPolicy& policy) {
  return EncodeAnswer(
      PolicyAnswer{FunnelPolicyToJson(policy), policy.version, policy.activate_time});
}

template <>
absl::Status DecodeAnswer(std::string_view text, FunnelPolicy* policy) {
  PolicyAnswer answer;
  SALES_RETURN_IF_ERROR(DecodeAnswer(text, &answer));
  absl::StatusOr<FunnelPolicy> parsed = ParseFunnelPolicy(answer.policy);
  if (!parsed.ok()) return Unreadable();
  *policy = *std::move(parsed);
  policy->version = answer.version;
  policy->activate_time = answer.activate_time;
  return absl::OkStatus();
}

template <>
std::string EncodeAnswer(const ImportedHolidays& imported) {
  const Calendar& calendar = imported.calendar;
  return EncodeAnswer(CalendarAnswer{
      calendar.id, calendar.display_name, calendar.time_zone, EncodeWeek(calendar.week),
      EncodeExceptions(calendar.exceptions), calendar.create_time, calendar.update_time,
      calendar.etag, imported.days_added, imported.events_skipped});
}

template <>
absl::Status DecodeAnswer(std::string_view text, ImportedHolidays* imported) {
  CalendarAnswer answer;
  SALES_RETURN_IF_ERROR(DecodeAnswer(text, &answer));
  Calendar& calendar = imported->calendar;
  calendar.id = std::move(answer.id);
  calendar.display_name = std::move(answer.display_name);
  calendar.time_zone = std::move(answer.time_zone);
  calendar.create_time = answer.create_time;
  calendar.update_time = answer.update_time;
  calendar.etag = std::move(answer.etag);
  imported->days_added = static_cast<int>(answer.days_added);
  imported->events_skipped = static_cast<int>(answer.events_skipped);
  return DecodeWeek(answer.week, calendar.week) &&
                 DecodeExceptions(answer.exceptions, calendar.exceptions)
             ? absl::OkStatus()
             : Unreadable();
}

template <>
std::string EncodeAnswer(const Calendar& calendar) {
  return EncodeAnswer(ImportedHolidays{calendar, 0, 0});
}

template <>
absl::Status DecodeAnswer(std::string_view text, Calendar* calendar) {
  ImportedHolidays imported;
  SALES_RETURN_IF_ERROR(DecodeAnswer(text, &imported));
  *calendar = std::move(imported.calendar);
  return absl::OkStatus();
}

#define SALES_ANSWER(Answer)                        \
  template std::string EncodeAnswer(const Answer&); \
  template absl::Status DecodeAnswer(std::string_view, Answer*)
SALES_ANSWER(Workspace);
SALES_ANSWER(Advice);
SALES_ANSWER(Contact);
SALES_ANSWER(Referral);
SALES_ANSWER(Lead);
SALES_ANSWER(CaptureResult);
SALES_ANSWER(std::vector<CaptureResult>);
SALES_ANSWER(LoggedActivity);
SALES_ANSWER(Channel);
SALES_ANSWER(Campaign);
SALES_ANSWER(TouchResult);
SALES_ANSWER(Handoff);
SALES_ANSWER(HandoffEvidence);
SALES_ANSWER(AcceptedHandoff);
SALES_ANSWER(Project);
SALES_ANSWER(RequestedWork);
SALES_ANSWER(Plan);
SALES_ANSWER(Token);
SALES_ANSWER(Webhook);
SALES_ANSWER(int64_t);
#undef SALES_ANSWER

}  // namespace sales::store
