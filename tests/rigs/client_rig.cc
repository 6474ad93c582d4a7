#include <stdexcept>
#include <utility>

#include "google/protobuf/descriptor.h"
#include "sales/client.h"
#include "sales/v1/lead.pb.h"
#include "tests/rigs/rig.h"

namespace sales::rigs {
namespace {

using google::protobuf::Message;

class ClientRig final : public Rig {
 public:
  explicit ClientRig(const std::string& target) : client_(Connected(target)) {}

  Answer Call(const std::string& method, const nlohmann::json& json,
              const std::string& actor) override {
    const client::Client caller = actor.empty() ? client_ : client_.As(actor);
    if (method == "LeadService.ImportLeads") return Import(json, caller);
    const google::protobuf::MethodDescriptor* descriptor =
        google::protobuf::DescriptorPool::generated_pool()->FindMethodByName("sales.v1." + method);
    if (descriptor == nullptr) return NoAnswer("UNIMPLEMENTED");
    const std::unique_ptr<Message> request(google::protobuf::MessageFactory::generated_factory()
                                               ->GetPrototype(descriptor->input_type())
                                               ->New());
    if (!JsonToMessage(json, *request)) return NoAnswer("JSON");
    const absl::StatusOr<std::unique_ptr<Message>> response = caller.Call(method, *request);
    if (!response.ok()) return Refused(response.status());
    Answer answer;
    answer.ok = true;
    answer.response = nlohmann::json::parse(MessageToJson(**response));
    return answer;
  }

 private:
  static client::Client Connected(const std::string& target) {
    absl::StatusOr<client::Client> made =
        client::Client::Connect(target, {.deadline = absl::Seconds(30)});
    if (!made.ok()) throw std::runtime_error(made.status().ToString());
    return *std::move(made);
  }

  static Answer Import(const nlohmann::json& json, const client::Client& caller) {
    std::vector<v1::ImportLeadsRequest> rows;
    for (const nlohmann::json& row : json.at("requests")) {
      if (!JsonToMessage(row, rows.emplace_back())) return NoAnswer("JSON");
    }
    Answer answer;
    answer.response["responses"] = nlohmann::json::array();
    size_t next = 0;
    for (const auto& result :
         caller.ImportLeads([&]() -> absl::StatusOr<std::optional<v1::ImportLeadsRequest>> {
           if (next == rows.size()) return std::nullopt;
           return rows[next++];
         })) {
      if (!result.ok()) return Refused(result.status());
      answer.response["responses"].push_back(nlohmann::json::parse(MessageToJson(*result)));
    }
    answer.ok = true;
    return answer;
  }

  static Answer Refused(const absl::Status& status) {
    const client::ErrorDetail detail = client::DetailOf(status);
    Answer answer;
    answer.code = CodeName(static_cast<int>(status.code()));
    answer.reason = detail.reason;
    answer.message = std::string(status.message());
    answer.metadata = detail.metadata;
    for (const auto& violation : detail.fields) answer.fields.push_back(violation.field);
    for (const auto& missing : detail.missing) answer.missing.push_back(missing.condition);
    return answer;
  }

  static Answer NoAnswer(const char* code) {
    Answer answer;
    answer.code = code;
    return answer;
  }

  const client::Client client_;
};

}  // namespace

std::unique_ptr<Rig> MakeClientRig(const std::string& target) {
  return std::make_unique<ClientRig>(target);
}

}  // namespace sales::rigs
