#include "service/src/convert/cloud_event.h"

#include "absl/strings/ascii.h"
#include "absl/time/time.h"
#include "google/protobuf/util/json_util.h"
#include "nlohmann/json.hpp"
#include "service/src/convert/event.h"
#include "service/src/convert/names.h"

namespace sales::service {
namespace {

constexpr char kTypePrefix[] = "EVENT_TYPE_";

// "sales.v1.lead_captured".
std::string TypeOf(const v1::Event& event) {
  const std::string name = v1::EventType_Name(event.type());
  return "sales.v1." + absl::AsciiStrToLower(name.substr(sizeof(kTypePrefix) - 1));
}

// What it is about, in one name.
const std::string& SubjectOf(const v1::Event& event) {
  if (!event.lead().empty()) return event.lead();
  return event.subject().empty() ? event.contact() : event.subject();
}

}  // namespace

std::string CloudEventId(const Event& event, const std::string& workspace) {
  return workspace + "." + std::to_string(event.revision) + "." + std::to_string(event.ordinal);
}

std::string CloudEventOf(const Event& event, const std::string& workspace) {
  const v1::Event data = ToProto(event, workspace);
  nlohmann::ordered_json out;
  out["specversion"] = "1.0";
  out["id"] = CloudEventId(event, workspace);
  out["source"] = "/" + WorkspaceNameOf(workspace);
  out["type"] = TypeOf(data);
  if (!SubjectOf(data).empty()) out["subject"] = SubjectOf(data);
  out["time"] = absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", event.occur_time, absl::UTCTimeZone());
  out["datacontenttype"] = "application/json";
  std::string text = out.dump();
  text.back() = ',';
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  std::string data_text;
  const auto written = google::protobuf::util::MessageToJsonString(data, &data_text, options);
  // Only text that is not UTF-8 cannot be written, and none is recorded.
  if (!written.ok()) data_text = "{}";
  return text + "\"data\":" + data_text + "}";
}

}  // namespace sales::service
