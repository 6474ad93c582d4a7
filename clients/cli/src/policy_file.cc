#include "clients/cli/src/policy_file.h"

#include <fstream>
#include <sstream>

#include "sales/error.h"
#include "sales/funnel.h"
#include "service/src/convert/funnel.h"

namespace salesctl {

Result<std::string> ReadFile(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  // A directory opens but cannot be read.
  if (!in || !(text << in.rdbuf())) {
    return Refused("FILE_UNREADABLE", "cannot read " + file, "Check the path and its permissions.");
  }
  return text.str();
}

Done ReadPolicy(const std::string& file, const std::string& workspace, const std::string& funnel,
                sales::v1::FunnelPolicy& policy) {
  const Result<std::string> text = ReadFile(file);
  if (!text.ok()) return text.failure();
  absl::StatusOr<sales::FunnelPolicy> parsed = sales::ParseFunnelPolicy(*text);
  if (!parsed.ok()) {
    const sales::ErrorDetail detail = sales::DetailOf(parsed.status());
    Failure failure = Refused(sales::ReasonName(detail.reason),
                              file + ": " + std::string(parsed.status().message()),
                              sales::ReasonRemedy(detail.reason));
    for (const sales::FieldViolation& field : detail.fields) {
      failure.details.push_back(field.field + ": " + field.description);
    }
    return failure;
  }
  if (!funnel.empty()) parsed->id = funnel;
  if (parsed->id.empty()) {
    return Refused("FIELD_REQUIRED", file + " does not say which funnel it is for",
                   "Give the policy its `funnel`, or name it with --funnel.");
  }
  policy = sales::service::ToProto(*parsed, workspace);
  return Unit{};
}

}  // namespace salesctl
