// A door to the API, so that one scenario can be walked through every door.
#ifndef SALES_TESTS_RIGS_RIG_H_
#define SALES_TESTS_RIGS_RIG_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/message.h"
#include "nlohmann/json.hpp"

namespace sales::rigs {

// What a call gave: a response, or an error with everything that a client can see of it.
struct Answer {
  bool ok = false;
  nlohmann::json response;
  // "FAILED_PRECONDITION".
  std::string code;
  // "GUARD_UNMET".
  std::string reason;
  std::string message;
  std::map<std::string, std::string> metadata;
  // The paths of the fields at fault.
  std::vector<std::string> fields;
  // The missing conditions, in the policy's words.
  std::vector<std::string> missing;
};

class Rig {
 public:
  virtual ~Rig() = default;
  // Calls "LeadService.CaptureLead" with a request in proto3 JSON. "LeadService.ImportLeads" takes
  // {"requests": […]} and gives {"responses": […]}. A request that is no JSON of its type gives an
  // answer with the code "JSON". `actor` is who calls; empty: nobody says.
  virtual Answer Call(const std::string& method, const nlohmann::json& request,
                      const std::string& actor) = 0;
};

// The handlers on an engine of their own in this process, over a fresh store in `folder`.
std::unique_ptr<Rig> MakeEngineRig(const std::string& folder);
// A server on a loopback port in this process, over a fresh store in `folder`.
std::unique_ptr<Rig> MakeServerRig(const std::string& folder);
// The C++ client, of the server at `target`.
std::unique_ptr<Rig> MakeClientRig(const std::string& target);

// Parts of rigs.

// Makes the secrets of webhooks, from a key that is no secret.
std::function<std::string(const std::string& uid, int generation)> WebhookSecret();
// With the fields that have their default value too.
std::string MessageToJson(const google::protobuf::Message& message);
// False if it is no JSON of the message's type.
bool JsonToMessage(const nlohmann::json& json, google::protobuf::Message& message);
// The answer that a serialised google.rpc.Status stands for.
Answer AnswerFrom(const std::string& rpc_status_bytes);
// "FAILED_PRECONDITION" of 9.
std::string CodeName(int code);

}  // namespace sales::rigs

#endif  // SALES_TESTS_RIGS_RIG_H_
