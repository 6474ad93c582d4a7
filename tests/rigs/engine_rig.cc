#include <optional>
#include <stdexcept>
#include <utility>

#include "absl/time/clock.h"
#include "sales/engine.h"
#include "service/src/call.h"
#include "service/src/import.h"
#include "service/src/status.h"
#include "tests/rigs/fresh_store.h"
#include "tests/rigs/kept_log.h"
#include "tests/rigs/rig.h"

namespace sales::rigs {
namespace {

class EngineRig final : public Rig {
 public:
  explicit EngineRig(const std::string& folder) : store_(folder + "/engine.db") {
    EngineOptions options;
    options.store = store_.name();
    options.webhooks.secret = WebhookSecret();
    absl::StatusOr<Engine> engine = Engine::Open(std::move(options));
    if (!engine.ok()) throw std::runtime_error(engine.status().ToString());
    engine_.emplace(*std::move(engine));
  }

  Answer Call(const std::string& method, const nlohmann::json& request,
              const std::string& actor) override {
    if (method == "LeadService.ImportLeads") return Import(request, actor);
    std::string name = "/sales.v1." + method;
    name.replace(name.rfind('.'), 1, "/");
    for (const service::Method& candidate : methods_) {
      if (candidate.name == name) return Invoke(candidate, request, actor);
    }
    Answer answer;
    answer.code = "UNIMPLEMENTED";
    return answer;
  }

 private:
  Answer Invoke(const service::Method& method, const nlohmann::json& json,
                const std::string& actor) {
    const std::unique_ptr<google::protobuf::Message> request(method.request->New());
    const std::unique_ptr<google::protobuf::Message> response(method.response->New());
    if (!JsonToMessage(json, *request)) return NoJson();
    const absl::Status status =
        service::Invoke(method, *engine_, Incoming(actor), *request, *response, log_);
    if (!status.ok()) return AnswerFrom(service::ToRpcStatus(status).SerializeAsString());
    Answer answer;
    answer.ok = true;
    answer.response = nlohmann::json::parse(MessageToJson(*response));
    return answer;
  }

  Answer Import(const nlohmann::json& json, const std::string& actor) {
    std::vector<v1::ImportLeadsRequest> rows;
    for (const nlohmann::json& row : json.at("requests")) {
      if (!JsonToMessage(row, rows.emplace_back())) return NoJson();
    }
    service::Caller caller(*engine_, *service::CallFrom(Incoming(actor)), service::Anybody());
    const auto workspace = service::ParseWorkspace(rows.at(0).parent(), "parent");
    const auto responses =
        workspace.ok() ? service::ImportRows(caller, *workspace, rows) : workspace.status();
    if (!responses.ok()) {
      return AnswerFrom(service::ToRpcStatus(responses.status()).SerializeAsString());
    }
    Answer answer;
    answer.ok = true;
    answer.response["responses"] = nlohmann::json::array();
    for (const auto& response : *responses) {
      answer.response["responses"].push_back(nlohmann::json::parse(MessageToJson(response)));
    }
    return answer;
  }

  static service::Incoming Incoming(const std::string& actor) {
    return {actor, absl::Now(), absl::InfiniteFuture(), service::Anybody()};
  }

  static Answer NoJson() {
    Answer answer;
    answer.code = "JSON";
    return answer;
  }

  const FreshStore store_;
  OwnLog log_;
  std::optional<Engine> engine_;
  const std::vector<service::Method> methods_ = service::AllMethods();
};

}  // namespace

std::unique_ptr<Rig> MakeEngineRig(const std::string& folder) {
  return std::make_unique<EngineRig>(folder);
}

}  // namespace sales::rigs
