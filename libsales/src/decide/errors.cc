#include "src/decide/errors.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/cord.h"
#include "sales/error.h"

namespace sales {
namespace {

// The payload of a status: the reason's number, then every text with its length before it.
constexpr char kPayloadUrl[] = "libsales/error-detail";

struct ReasonEntry {
  Reason reason;
  const char* name;
  absl::StatusCode code;
  const char* remedy;
};

constexpr ReasonEntry kReasons[] = {
    {Reason::kUnspecified, "UNSPECIFIED", absl::StatusCode::kUnknown, ""},
#define SALES_REASON(constant, name, code, remedy) \
  {Reason::constant, #name, absl::StatusCode::code, remedy},
#include "sales/error_reasons.inc"
#undef SALES_REASON
};

const ReasonEntry& EntryOf(Reason reason) { return kReasons[static_cast<size_t>(reason)]; }

void PutNumber(uint32_t number, std::string& out) {
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(number >> shift));
}

void PutText(const std::string& text, std::string& out) {
  PutNumber(static_cast<uint32_t>(text.size()), out);
  out += text;
}

// Reads what the Put functions wrote; the payload is never from outside the process.
class Reader {
 public:
  explicit Reader(const std::string& bytes) : bytes_(bytes) {}

  uint32_t Number() {
    uint32_t number = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      number |= static_cast<uint32_t>(static_cast<unsigned char>(bytes_[at_++])) << shift;
    }
    return number;
  }

  std::string Text() {
    const uint32_t size = Number();
    std::string text = bytes_.substr(at_, size);
    at_ += size;
    return text;
  }

 private:
  const std::string& bytes_;
  size_t at_ = 0;
};

std::string Encode(const ErrorDetail& detail) {
  std::string out;
  PutNumber(static_cast<uint32_t>(detail.reason), out);
  PutNumber(static_cast<uint32_t>(detail.metadata.size()), out);
  for (const auto& [key, value] : detail.metadata) {
    PutText(key, out);
    PutText(value, out);
  }
  PutNumber(static_cast<uint32_t>(detail.fields.size()), out);
  for (const FieldViolation& violation : detail.fields) {
    PutText(violation.field, out);
    PutText(violation.description, out);
  }
  PutNumber(static_cast<uint32_t>(detail.missing.size()), out);
  for (const MissingCondition& missing : detail.missing) {
    PutText(missing.stage, out);
    PutText(missing.condition, out);
    PutText(missing.description, out);
  }
  return out;
}

}  // namespace

ErrorDetail DetailOf(const absl::Status& status) {
  ErrorDetail detail;
  const auto payload = status.GetPayload(kPayloadUrl);
  if (!payload.has_value()) return detail;
  const std::string bytes(*payload);
  Reader reader(bytes);
  detail.reason = static_cast<Reason>(reader.Number());
  for (uint32_t left = reader.Number(); left > 0; --left) {
    std::string key = reader.Text();
    detail.metadata[std::move(key)] = reader.Text();
  }
  for (uint32_t left = reader.Number(); left > 0; --left) {
    std::string field = reader.Text();
    detail.fields.push_back({std::move(field), reader.Text()});
  }
  for (uint32_t left = reader.Number(); left > 0; --left) {
    MissingCondition missing;
    missing.stage = reader.Text();
    missing.condition = reader.Text();
    missing.description = reader.Text();
    detail.missing.push_back(std::move(missing));
  }
  return detail;
}

Reason ReasonOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayloadUrl);
  if (!payload.has_value()) return Reason::kUnspecified;
  const std::string bytes(*payload);
  return static_cast<Reason>(Reader(bytes).Number());
}

const char* ReasonName(Reason reason) { return EntryOf(reason).name; }
absl::StatusCode ReasonCode(Reason reason) { return EntryOf(reason).code; }
const char* ReasonRemedy(Reason reason) { return EntryOf(reason).remedy; }

const std::vector<Reason>& AllReasons() {
  static const std::vector<Reason>* const all = [] {
    auto* reasons = new std::vector<Reason>();
    for (const ReasonEntry& entry : kReasons) {
      if (entry.reason != Reason::kUnspecified) reasons->push_back(entry.reason);
    }
    return reasons;
  }();
  return *all;
}

absl::Status MakeError(ErrorDetail detail, std::string message) {
  absl::Status status(ReasonCode(detail.reason), message);
  status.SetPayload(kPayloadUrl, absl::Cord(Encode(detail)));
  return status;
}

absl::Status FieldError(Reason reason, std::string field, std::string description) {
  ErrorDetail detail;
  detail.reason = reason;
  std::string message = field + ": " + description;
  detail.fields.push_back({std::move(field), std::move(description)});
  return MakeError(std::move(detail), std::move(message));
}

absl::Status UnderField(const absl::Status& status, const std::string& prefix) {
  ErrorDetail detail = DetailOf(status);
  if (detail.fields.empty()) return status;
  for (FieldViolation& violation : detail.fields) violation.field = prefix + violation.field;
  std::string message = detail.fields[0].field + ": " + detail.fields[0].description;
  return MakeError(std::move(detail), std::move(message));
}

absl::Status WithMetadata(const absl::Status& status, const std::string& key,
                          const std::string& value) {
  ErrorDetail detail = DetailOf(status);
  if (detail.reason == Reason::kUnspecified) return status;
  detail.metadata[key] = value;
  return MakeError(std::move(detail), std::string(status.message()));
}

}  // namespace sales
