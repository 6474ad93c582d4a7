#include "service/src/call.h"

#include <cstddef>
#include <iterator>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "sales/error.h"
#include "service/src/limits.h"

namespace sales::service {
namespace {

const char* CodeName(absl::StatusCode code) {
  static constexpr const char* kNames[] = {"OK",
                                           "CANCELLED",
                                           "UNKNOWN",
                                           "INVALID_ARGUMENT",
                                           "DEADLINE_EXCEEDED",
                                           "NOT_FOUND",
                                           "ALREADY_EXISTS",
                                           "PERMISSION_DENIED",
                                           "RESOURCE_EXHAUSTED",
                                           "FAILED_PRECONDITION",
                                           "ABORTED",
                                           "OUT_OF_RANGE",
                                           "UNIMPLEMENTED",
                                           "INTERNAL",
                                           "UNAVAILABLE",
                                           "DATA_LOSS",
                                           "UNAUTHENTICATED"};
  const size_t number = static_cast<size_t>(code);
  return number < std::size(kNames) ? kNames[number] : "UNKNOWN";
}

// By the names that collectors of logs look for.
void AddTrace(const TraceContext& trace, LogLine& line) {
  if (trace.empty()) return;
  line.Add("trace_id", trace.trace_id)
      .Add("span_id", trace.span_id)
      .Add("parent_span_id", trace.parent_span_id);
}

}  // namespace

absl::StatusOr<Call> CallFrom(const Incoming& incoming) {
  RETURN_IF_ERROR(incoming.refusal);
  if (incoming.principal == nullptr) {
    ErrorDetail detail;
    detail.reason = Reason::kCredentialsMissing;
    return MakeError(detail, "nobody has made sure who calls");
  }
  Call call;
  call.actor = incoming.actor.empty() ? kAnonymous : incoming.actor;
  if (!IsActor(call.actor)) {
    return Refuse(Reason::kFieldInvalid, kActorKey,
                  "the metadata is no id of at most 128 letters, digits, '-', '_', '.', ':', '/'");
  }
  if (incoming.principal->role == Role::kSeller) call.viewer = incoming.principal->actor;
  if (!incoming.min_revision.empty()) {
    int64_t revision = 0;
    if (!absl::SimpleAtoi(incoming.min_revision, &revision) || revision < 0) {
      return Refuse(Reason::kFieldInvalid, kMinRevisionKey, "the metadata is no revision");
    }
    call.min_revision = revision;
  }
  const absl::Time now = incoming.receive_time;
  const bool said = incoming.deadline < absl::InfiniteFuture();
  call.deadline = said ? std::min(incoming.deadline, now + absl::Seconds(limits::call_seconds_max))
                       : now + kDeadlineDefault;
  return call;
}

absl::Status Handle(const Method& method, const Engine& engine, const Incoming& incoming,
                    internal::Joint* joint, const google::protobuf::Message& request,
                    google::protobuf::Message& response, std::string& workspace) {
  ASSIGN_OR_RETURN(Call call, CallFrom(incoming));
  call.joint = joint;
  // Waiting for a thread may have used up the caller's time.
  if (absl::Now() >= call.deadline) {
    ErrorDetail detail;
    detail.reason = Reason::kDeadlineExceeded;
    return MakeError(std::move(detail), "the deadline passed before the call was begun");
  }
  Caller caller(engine, std::move(call), incoming.principal);
  absl::Status status = method.handle(caller, request, response);
  workspace = caller.workspace();
  return status;
}

absl::Status Invoke(const Method& method, const Engine& engine, const Incoming& incoming,
                    const google::protobuf::Message& request, google::protobuf::Message& response,
                    Log& log) {
  std::string workspace;
  absl::Status status =
      Handle(method, engine, incoming, /*joint=*/nullptr, request, response, workspace);
  EndCall(method.name, workspace, incoming, status, log);
  return status;
}

void EndCall(const std::string& method, const std::string& workspace, const Incoming& incoming,
             const absl::Status& status, Log& log) {
  const absl::Duration took = absl::Now() - incoming.receive_time;
  if (incoming.metrics != nullptr) incoming.metrics->End(status, took);
  const Reason reason = ReasonOf(status);
  const bool cancelled = absl::IsCancelled(status);
  const bool bug =
      !status.ok() && !cancelled && (reason == Reason::kUnspecified || reason == Reason::kInternal);
  const LogLevel level =
      bug || reason == Reason::kStoreCorrupt ? LogLevel::kError : LogLevel::kInfo;
  if (!log.Wants(level)) return;
  LogLine line(level, "call");
  line.Add("method", method).Add("code", CodeName(status.code()));
  if (!status.ok() && !cancelled) line.Add("reason", bug ? "INTERNAL" : ReasonName(reason));
  // Only here is the cause of a bug ever told.
  if (bug) line.Add("cause", std::string(status.message()));
  line.Add("micros", absl::ToInt64Microseconds(took));
  if (!workspace.empty()) line.Add("workspace", workspace);
  AddTrace(incoming.trace, line);
  log.Write(line);
}

std::vector<Method> AllMethods() {
  std::vector<Method> methods;
  AddWorkspaceMethods(methods);
  AddTokenMethods(methods);
  AddContactMethods(methods);
  AddLeadMethods(methods);
  AddChannelMethods(methods);
  AddFunnelMethods(methods);
  AddTeamMethods(methods);
  AddHandoffMethods(methods);
  AddPlanMethods(methods);
  AddReportMethods(methods);
  AddEventMethods(methods);
  return methods;
}

}  // namespace sales::service
