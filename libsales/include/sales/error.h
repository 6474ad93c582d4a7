// Why a call was refused: a canonical code for machines that only retry or give up, a reason for
// those that decide, and a message for people that says what to do.
#ifndef SALES_ERROR_H_
#define SALES_ERROR_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace sales {

// The reasons, from error_reasons.inc. Values may be added; names do not change.
enum class Reason {
  kUnspecified = 0,
#define SALES_REASON(constant, name, code, remedy) constant,
#include "sales/error_reasons.inc"
#undef SALES_REASON
};

// What is wrong with one field of a call. `field` is a path: "contact.identities[0].value".
struct FieldViolation {
  std::string field;
  std::string description;
};

// One condition of a funnel policy that a lead does not meet.
struct MissingCondition {
  // The stage whose entry asks for it.
  std::string stage;
  // In the policy's own words: "requirements_agreed", "interest >= 50".
  std::string condition;
  std::string description;
};

// Everything an error says besides its code and message. No part of it is personal data.
struct ErrorDetail {
  Reason reason = Reason::kUnspecified;
  std::map<std::string, std::string> metadata;
  std::vector<FieldViolation> fields;
  std::vector<MissingCondition> missing;
};

// An error with the reason's code, like those that libsales returns; for doors to the engine that
// refuse by themselves. `message` holds no value that a person typed.
absl::Status MakeError(ErrorDetail detail, std::string message);

// The detail of an error that libsales returned; of any other status, one without a reason.
ErrorDetail DetailOf(const absl::Status& status);

// The reason alone, cheaper than DetailOf.
Reason ReasonOf(const absl::Status& status);

// "ETAG_MISMATCH"; as in proto/sales/v1/error.proto without its prefix.
const char* ReasonName(Reason reason);

// The canonical code that every error with this reason has.
absl::StatusCode ReasonCode(Reason reason);

// What to do about it, one sentence.
const char* ReasonRemedy(Reason reason);

// All reasons but kUnspecified, in the order of the list.
const std::vector<Reason>& AllReasons();

}  // namespace sales

#endif  // SALES_ERROR_H_
