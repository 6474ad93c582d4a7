// Checks and conversions of the values that messages are made of. `field` is always the path of
// the field in the message, and every error carries it.
#ifndef SALES_SERVICE_CONVERT_FIELDS_H_
#define SALES_SERVICE_CONVERT_FIELDS_H_

#include <functional>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"
#include "google/protobuf/timestamp.pb.h"
#include "sales/error.h"
#include "sales/money.h"
#include "sales/page.h"
#include "sales/v1/common.pb.h"
#include "service/src/convert/names.h"
#include "service/src/result.h"

namespace sales::service {

// An error about one field: `description` completes "<field>: …".
absl::Status Refuse(Reason reason, const std::string& field, const std::string& description);

// The same error with one more entry in its metadata.
absl::Status WithMetadata(const absl::Status& status, const std::string& key,
                          const std::string& value);

// How the engine's field paths read in a message.
struct Spelling {
  // The engine's first path component → the message's path. The first match counts; "" matches
  // everything and goes before the path.
  std::vector<std::pair<std::string, std::string>> fields;
};

// A field path of the engine's as the message has it.
std::string Spelled(const std::string& path, const Spelling& spelling);

// The same error with each of its field paths replaced.
absl::Status Respell(const absl::Status& status,
                     const std::function<std::string(const std::string&)>& spell);
// The same error with its field paths as the message has them.
absl::Status Respell(const absl::Status& status, const Spelling& spelling);
// The same error with `prefix` put before its field paths.
absl::Status UnderField(const absl::Status& status, const std::string& prefix);

// Times from 1970 up to 2200, to the microsecond; else TIME_OUT_OF_RANGE.
absl::StatusOr<absl::Time> TimeFrom(const google::protobuf::Timestamp& timestamp,
                                    const std::string& field);
void SetTime(absl::Time time, google::protobuf::Timestamp* timestamp);

// Durations of either sign that the protobuf type allows; else FIELD_INVALID.
absl::StatusOr<absl::Duration> DurationFrom(const google::protobuf::Duration& duration,
                                            const std::string& field);
void SetDuration(absl::Duration duration, google::protobuf::Duration* out);

// "2026-01-31", from 1970 up to 2200; empty gives none.
absl::StatusOr<std::optional<absl::CivilDay>> DayFrom(const std::string& text,
                                                      const std::string& field);
std::string DayText(const std::optional<absl::CivilDay>& day);

Money MoneyFrom(const v1::Money& money);
void SetMoney(const Money& money, v1::Money* out);

// A value of an enum that mirrors the domain's, number for number; an unknown one is ENUM_UNKNOWN.
template <typename Domain>
absl::StatusOr<Domain> EnumFrom(int value, bool known, const std::string& field) {
  if (!known) return Refuse(Reason::kEnumUnknown, field, "the value is none that the type lists");
  return static_cast<Domain>(value);
}

// The fields of an update: those the mask names, all `changeable` ones for "*", or those set in
// `resource` for an empty mask. Anything else in the mask is MASK_INVALID.
absl::StatusOr<std::set<std::string>> ChangedFields(const google::protobuf::FieldMask& mask,
                                                    const google::protobuf::Message& resource,
                                                    std::initializer_list<const char*> changeable);

// A list's page, filter and order; whichever the request has. The engine reads resource names in
// filters by itself.
template <typename Request>
ListQuery QueryFrom(const Request& request) {
  ListQuery query;
  query.page_size = request.page_size();
  query.page_token = request.page_token();
  if constexpr (requires { request.filter(); }) query.filter = request.filter();
  if constexpr (requires { request.order_by(); }) query.order_by = request.order_by();
  return query;
}

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_FIELDS_H_
