#include "clients/cli/src/client.h"

#include <cstdio>
#include <cstdlib>

#include "absl/status/statusor.h"
#include "clients/cli/src/remedy.h"

namespace salesctl {

using google::protobuf::Message;

Failure FailureOf(const absl::Status& status, const std::string& server) {
  const sales::client::ErrorDetail detail = sales::client::DetailOf(status);
  Failure failure;
  failure.reason = detail.reason;
  failure.message = std::string(status.message());
  failure.remedy = RemedyOf(detail.reason);
  for (const auto& [key, value] : detail.metadata) failure.details.push_back(key + ": " + value);
  for (const sales::client::FieldViolation& violation : detail.fields) {
    const std::string line = violation.field + ": " + violation.description;
    // The message of an error about one field says the same.
    if (line != failure.message) failure.details.push_back(line);
  }
  for (const sales::client::MissingCondition& missing : detail.missing) {
    failure.details.push_back("missing for " + missing.stage + ": " + missing.condition +
                              (missing.description.empty() ? "" : ": " + missing.description));
  }
  // The server says that asking again may help.
  if (detail.retry_delay > absl::ZeroDuration()) failure.exit_code = kExitUnavailable;
  if (absl::IsUnavailable(status)) {
    failure.exit_code = kExitUnavailable;
    if (failure.reason.empty()) {
      failure.reason = "UNAVAILABLE";
      failure.message = "no answer from " + server + ": " + failure.message;
      failure.remedy = "Check --server (SALESCTL_SERVER) and that salesd runs there.";
    }
  } else if (absl::IsDeadlineExceeded(status)) {
    failure.exit_code = kExitUnavailable;
    if (failure.reason.empty()) failure.reason = "DEADLINE_EXCEEDED";
    if (failure.remedy.empty()) failure.remedy = "Allow more time with --timeout.";
  } else if (failure.reason.empty()) {
    failure.reason = absl::StatusCodeToString(status.code());
  }
  return failure;
}

Result<std::unique_ptr<Message>> Client::Call(const std::string& method, Message& request) {
  absl::StatusOr<std::unique_ptr<Message>> response = client_.Call(method, request);
  if (!response.ok()) return FailureOf(response.status());
  return *std::move(response);
}

const google::protobuf::MethodDescriptor& MethodOf(const std::string& method) {
  const google::protobuf::MethodDescriptor* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindMethodByName("sales.v1." + method);
  if (descriptor == nullptr) {
    std::fprintf(stderr, "salesctl: the contract has no method %s\n", method.c_str());
    std::abort();
  }
  return *descriptor;
}

std::unique_ptr<Message> NewMessage(const google::protobuf::Descriptor& type) {
  const Message* prototype =
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type);
  return std::unique_ptr<Message>(prototype->New());
}

}  // namespace salesctl
