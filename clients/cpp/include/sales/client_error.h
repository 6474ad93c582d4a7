// Why a call was refused: what an error says besides its code and message.
#ifndef SALES_CLIENT_ERROR_H_
#define SALES_CLIENT_ERROR_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace sales::client {

// What is wrong with one field of the request. `field` is a path: "contact.identities[0].value".
struct FieldViolation {
  std::string field;
  std::string description;
};

// A condition of the funnel policy that the lead does not meet.
struct MissingCondition {
  // The stage whose entry asks for it.
  std::string stage;
  // In the policy's words: "requirements_agreed", "interest >= 50".
  std::string condition;
  std::string description;
};

struct ErrorDetail {
  // From the published list: "ETAG_MISMATCH". Empty if the server never saw the call.
  std::string reason;
  std::map<std::string, std::string> metadata;
  std::vector<FieldViolation> fields;
  std::vector<MissingCondition> missing;
  // How long the server asks to wait before the next try; zero where it says nothing of it.
  absl::Duration retry_delay;
};

// The detail of an error that a client returned; of any other status, one without a reason.
ErrorDetail DetailOf(const absl::Status& status);

}  // namespace sales::client

#endif  // SALES_CLIENT_ERROR_H_
