// The choke point: every call of the API, over the network or in process, goes through Invoke.
#ifndef SALES_SERVICE_CALL_H_
#define SALES_SERVICE_CALL_H_

#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "sales/engine.h"
#include "service/src/auth/principal.h"
#include "service/src/auth/rights.h"
#include "service/src/call_metrics.h"
#include "service/src/convert/fields.h"
#include "service/src/log.h"
#include "service/src/trace.h"

namespace sales::service {

// How long a call may take if the caller does not say; else at most call_seconds_max.
inline constexpr absl::Duration kDeadlineDefault = absl::Seconds(10);
inline constexpr char kActorKey[] = "sales-actor";
// A revision of the workspace that a read is to see at least: it may be answered by a copy then.
inline constexpr char kMinRevisionKey[] = "sales-min-revision";
inline constexpr char kAnonymous[] = "anonymous";

// Who calls, and for how long he waits; a handler gets its desk from it.
class Caller {
 public:
  Caller(const Engine& engine, Call call, PrincipalPtr principal)
      : engine_(engine), call_(std::move(call)), principal_(std::move(principal)) {}

  const Engine& engine() const { return engine_; }
  const Call& call() const { return call_; }
  Call& call() { return call_; }
  const Principal& principal() const { return *principal_; }
  // The workspace's desk; the log says which workspace it was. Of a workspace in which the caller
  // has no rights it is the desk of one that does not exist: so he gets the very answer, after the
  // very work, that he would if there were no such workspace.
  Desk At(const std::string& workspace) {
    workspace_ = workspace;
    return engine_.At(Reached(*principal_, workspace), call_);
  }
  // The workspace that a caller gets the desk of when he names this one.
  static std::string Reached(const Principal& principal, const std::string& workspace) {
    return principal.HasWorkspace(workspace) ? workspace : "";
  }
  void NoteWorkspace(const std::string& workspace) { workspace_ = workspace; }
  const std::string& workspace() const { return workspace_; }

 private:
  const Engine& engine_;
  Call call_;
  PrincipalPtr principal_;
  std::string workspace_;
};

// What a method asks of the store, which decides where it runs.
enum class Work {
  // Reads a row or few: done before anybody notices.
  kQuick,
  // Reads many rows.
  kScan,
  // Waits for a commit.
  kWrite,
};

// One unary method of the API.
struct Method {
  // "/sales.v1.LeadService/GetLead".
  std::string name;
  Work work = Work::kWrite;
  // Whether it ends credentials: they are not good any more when its answer is sent.
  bool revokes = false;
  const google::protobuf::Message* request = nullptr;
  const google::protobuf::Message* response = nullptr;
  // Whether the handler fills the response in where it is, so that it may be made in an arena;
  // otherwise it is moved there, which out of an arena would be a copy.
  bool in_place = false;
  std::function<absl::Status(Caller&, const google::protobuf::Message&, google::protobuf::Message&)>
      handle;
};

// Every unary method of the API.
std::vector<Method> AllMethods();

// What came with a call besides its message.
struct Incoming {
  // In whose name; empty where nobody said.
  std::string actor;
  absl::Time receive_time;
  // When the caller stops waiting; infinite where he did not say.
  absl::Time deadline = absl::InfiniteFuture();
  // Null: nobody has made sure who it is, and nothing is done for him.
  PrincipalPtr principal = nullptr;
  // Why he is turned away, if he is.
  absl::Status refusal = absl::OkStatus();
  // Which trace the call belongs to, if the caller told.
  TraceContext trace = {};
  // Of its method; null where nothing is measured.
  MethodMetrics* metrics = nullptr;
  // Whose rate and streams are counted: who he is, as far as that is sure, else where he calls
  // from.
  std::string caller = {};
  // The revision that a read is to see at least, as he said it; empty where he did not.
  std::string min_revision = {};
};

// A call by `incoming`: its actor checked, its deadline bounded. Errors: `incoming.refusal`,
// CREDENTIALS_MISSING, FIELD_INVALID.
absl::StatusOr<Call> CallFrom(const Incoming& incoming);

// Runs a method's handler, for a call that shares its commit where `joint` is not null. Puts the
// workspace that it was for into `workspace`.
absl::Status Handle(const Method& method, const Engine& engine, const Incoming& incoming,
                    internal::Joint* joint, const google::protobuf::Message& request,
                    google::protobuf::Message& response, std::string& workspace);

// Runs a method: call, handler, and what is told of its end.
absl::Status Invoke(const Method& method, const Engine& engine, const Incoming& incoming,
                    const google::protobuf::Message& request, google::protobuf::Message& response,
                    Log& log);

// Tells the metrics and the log of a call that ended with `status`; to be called once for each.
void EndCall(const std::string& method, const std::string& workspace, const Incoming& incoming,
             const absl::Status& status, Log& log);

// Fills in what a request carries for the call itself: request id, etag, occur time.
template <typename Request>
absl::Status FillCall(const Request& request, Call& call) {
  if constexpr (requires { request.request_id(); }) call.request_id = request.request_id();
  if constexpr (requires { request.etag(); }) call.etag = request.etag();
  if constexpr (requires { request.update_mask(); }) {
    if constexpr (requires { request.workspace(); }) call.etag = request.workspace().etag();
    if constexpr (requires { request.contact(); }) call.etag = request.contact().etag();
    if constexpr (requires { request.lead(); }) call.etag = request.lead().etag();
    if constexpr (requires { request.channel(); }) call.etag = request.channel().etag();
    if constexpr (requires { request.campaign(); }) call.etag = request.campaign().etag();
    if constexpr (requires { request.calendar(); }) call.etag = request.calendar().etag();
    if constexpr (requires { request.project(); }) call.etag = request.project().etag();
    if constexpr (requires { request.team(); }) call.etag = request.team().etag();
    if constexpr (requires { request.seller(); }) call.etag = request.seller().etag();
    if constexpr (requires { request.webhook(); }) call.etag = request.webhook().etag();
  }
  if constexpr (requires { request.assignment_policy(); }) {
    call.etag = request.assignment_policy().etag();
  }
  if constexpr (requires { request.plan().etag(); }) call.etag = request.plan().etag();
  if constexpr (requires { request.has_occur_time(); }) {
    if (request.has_occur_time()) {
      ASSIGN_OR_RETURN(call.occur_time, TimeFrom(request.occur_time(), "occur_time"));
    }
  }
  if constexpr (requires { request.activity().has_occur_time(); }) {
    if (request.activity().has_occur_time()) {
      ASSIGN_OR_RETURN(call.occur_time,
                       TimeFrom(request.activity().occur_time(), "activity.occur_time"));
    }
  }
  return absl::OkStatus();
}

// A method made of a handler for its own types. `name` is without the package:
// "LeadService/GetLead".
template <typename Request, typename Response, typename Handler>
Method MethodOf(const std::string& name, Work work, Handler handler) {
  Method method;
  method.name = "/sales.v1." + name;
  method.work = work;
  method.request = &Request::default_instance();
  method.response = &Response::default_instance();
  method.handle = [handler](Caller& caller, const google::protobuf::Message& message,
                            google::protobuf::Message& out) -> absl::Status {
    const auto& request = static_cast<const Request&>(message);
    RETURN_IF_ERROR(FillCall(request, caller.call()));
    if constexpr (requires { request.override_reason(); }) {
      if (!request.override_reason().empty()) {
        RETURN_IF_ERROR(CheckRight(caller.principal(), Right::kOverride));
      }
    }
    return handler(caller, request, static_cast<Response&>(out));
  };
  return method;
}

template <typename Request, typename Response>
Method Unary(const std::string& name, Work work,
             absl::StatusOr<Response> (*handler)(Caller&, const Request&)) {
  return MethodOf<Request, Response>(
      name, work,
      [handler](Caller& caller, const Request& request, Response& response) -> absl::Status {
        ASSIGN_OR_RETURN(response, handler(caller, request));
        return absl::OkStatus();
      });
}

template <typename Request, typename Response>
Method Unary(const std::string& name, Work work,
             absl::Status (*handler)(Caller&, const Request&, Response&)) {
  Method method = MethodOf<Request, Response>(name, work, handler);
  method.in_place = true;
  return method;
}

// The methods of each service.
void AddWorkspaceMethods(std::vector<Method>& methods);
void AddTokenMethods(std::vector<Method>& methods);
void AddContactMethods(std::vector<Method>& methods);
void AddLeadMethods(std::vector<Method>& methods);
void AddChannelMethods(std::vector<Method>& methods);
void AddFunnelMethods(std::vector<Method>& methods);
void AddTeamMethods(std::vector<Method>& methods);
void AddHandoffMethods(std::vector<Method>& methods);
void AddPlanMethods(std::vector<Method>& methods);
void AddReportMethods(std::vector<Method>& methods);
void AddEventMethods(std::vector<Method>& methods);

}  // namespace sales::service

#endif  // SALES_SERVICE_CALL_H_
