#include "service/src/convert/fields.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "google/protobuf/descriptor.h"
#include "sales/limits.h"

namespace sales::service {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kDurationSecondsMax = 315'576'000'000;
constexpr int kNanosMax = 999'999'999;

absl::Status TimeError(const std::string& field) {
  return Refuse(Reason::kTimeOutOfRange, field, "is not from 1970 up to 2200");
}

absl::Status WithFields(ErrorDetail detail) {
  std::string message = detail.fields[0].field + ": " + detail.fields[0].description;
  return MakeError(std::move(detail), std::move(message));
}

}  // namespace

absl::Status Refuse(Reason reason, const std::string& field, const std::string& description) {
  ErrorDetail detail;
  detail.reason = reason;
  detail.fields.push_back({field, description});
  return WithFields(std::move(detail));
}

absl::Status WithMetadata(const absl::Status& status, const std::string& key,
                          const std::string& value) {
  ErrorDetail detail = DetailOf(status);
  if (detail.reason == Reason::kUnspecified) return status;
  detail.metadata[key] = value;
  return MakeError(std::move(detail), std::string(status.message()));
}

std::string Spelled(const std::string& path, const Spelling& spelling) {
  for (const auto& [from, to] : spelling.fields) {
    if (from.empty()) return to + path;
    if (path.rfind(from, 0) != 0) continue;
    const std::string rest = path.substr(from.size());
    if (rest.empty() || rest[0] == '.' || rest[0] == '[') return to + rest;
  }
  return path;
}

absl::Status Respell(const absl::Status& status,
                     const std::function<std::string(const std::string&)>& spell) {
  if (status.ok()) return status;
  ErrorDetail detail = DetailOf(status);
  if (detail.fields.empty()) return status;
  for (FieldViolation& violation : detail.fields) violation.field = spell(violation.field);
  return WithFields(std::move(detail));
}

absl::Status Respell(const absl::Status& status, const Spelling& spelling) {
  return Respell(status, [&spelling](const std::string& path) { return Spelled(path, spelling); });
}

absl::Status UnderField(const absl::Status& status, const std::string& prefix) {
  return Respell(status, [&prefix](const std::string& path) { return prefix + path; });
}

absl::StatusOr<absl::Time> TimeFrom(const google::protobuf::Timestamp& timestamp,
                                    const std::string& field) {
  if (timestamp.nanos() < 0 || timestamp.nanos() > kNanosMax) return TimeError(field);
  const int64_t seconds_min = limits::time_micros_min / kMicrosPerSecond;
  const int64_t seconds_max = limits::time_micros_max / kMicrosPerSecond;
  if (timestamp.seconds() < seconds_min || timestamp.seconds() >= seconds_max) {
    return TimeError(field);
  }
  return absl::FromUnixMicros(timestamp.seconds() * kMicrosPerSecond + timestamp.nanos() / 1000);
}

void SetTime(absl::Time time, google::protobuf::Timestamp* timestamp) {
  const int64_t micros = absl::ToUnixMicros(time);
  int64_t seconds = micros / kMicrosPerSecond;
  int64_t rest = micros % kMicrosPerSecond;
  if (rest < 0) {
    rest += kMicrosPerSecond;
    --seconds;
  }
  timestamp->set_seconds(seconds);
  timestamp->set_nanos(static_cast<int32_t>(rest) * 1000);
}

absl::StatusOr<absl::Duration> DurationFrom(const google::protobuf::Duration& duration,
                                            const std::string& field) {
  const bool in_range = std::abs(duration.seconds() / 2) <= kDurationSecondsMax / 2 &&
                        duration.nanos() >= -kNanosMax && duration.nanos() <= kNanosMax;
  const bool one_sign = duration.seconds() == 0 || duration.nanos() == 0 ||
                        (duration.seconds() < 0) == (duration.nanos() < 0);
  if (!in_range || !one_sign) {
    return Refuse(Reason::kFieldInvalid, field, "is no valid duration");
  }
  return absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
}

void SetDuration(absl::Duration duration, google::protobuf::Duration* out) {
  absl::Duration rest;
  out->set_seconds(absl::IDivDuration(duration, absl::Seconds(1), &rest));
  out->set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(rest)));
}

absl::StatusOr<std::optional<absl::CivilDay>> DayFrom(const std::string& text,
                                                      const std::string& field) {
  if (text.empty()) return std::optional<absl::CivilDay>();
  const absl::Status error =
      Refuse(Reason::kFieldInvalid, field, "is no day of the form 2026-01-31");
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return error;
  for (const size_t at : {0, 1, 2, 3, 5, 6, 8, 9}) {
    if (text[at] < '0' || text[at] > '9') return error;
  }
  const int year = std::atoi(text.substr(0, 4).c_str());
  const int month = std::atoi(text.substr(5, 2).c_str());
  const int day = std::atoi(text.substr(8, 2).c_str());
  const absl::CivilDay civil(year, month, day);
  // A day that the calendar lacks, such as 31 February, normalises to another.
  if (civil.year() != year || civil.month() != month || civil.day() != day) return error;
  if (civil < absl::CivilDay(1970) || civil >= absl::CivilDay(2200)) return TimeError(field);
  return std::optional<absl::CivilDay>(civil);
}

std::string DayText(const std::optional<absl::CivilDay>& day) {
  if (!day.has_value()) return "";
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", static_cast<int>(day->year()), day->month(),
                day->day());
  return text;
}

Money MoneyFrom(const v1::Money& money) { return {money.currency_code(), money.minor_units()}; }

void SetMoney(const Money& money, v1::Money* out) {
  out->set_currency_code(money.currency_code);
  out->set_minor_units(money.minor_units);
}

absl::StatusOr<std::set<std::string>> ChangedFields(const google::protobuf::FieldMask& mask,
                                                    const google::protobuf::Message& resource,
                                                    std::initializer_list<const char*> changeable) {
  const std::set<std::string> all(changeable.begin(), changeable.end());
  if (mask.paths_size() == 1 && mask.paths(0) == "*") return all;
  std::set<std::string> fields;
  if (mask.paths_size() == 0) {
    const google::protobuf::Reflection& reflection = *resource.GetReflection();
    for (const std::string& name : all) {
      const auto* field = resource.GetDescriptor()->FindFieldByName(name);
      const bool set = field->is_repeated() ? reflection.FieldSize(resource, field) > 0
                                            : reflection.HasField(resource, field);
      if (set) fields.insert(name);
    }
    return fields;
  }
  for (const std::string& path : mask.paths()) {
    if (all.count(path) == 0) {
      std::string listed;
      for (const char* name : changeable) listed += (listed.empty() ? "" : ",") + std::string(name);
      return WithMetadata(
          Refuse(Reason::kMaskInvalid, "update_mask", "names a field that cannot be changed"),
          "changeable", listed);
    }
    fields.insert(path);
  }
  return fields;
}

}  // namespace sales::service
