#include "service/src/store_service.h"

#include <optional>

#include "sales/v1/store.pb.h"
#include "service/src/convert/store.h"

namespace sales::service {
namespace {

void AddServer(const ServerState& server, v1::StoreStatus& out) {
  out.set_version(server.version);
  out.set_durability(server.durability);
  SetTime(server.start_time, out.mutable_start_time());
  if (server.sweep_interval == absl::ZeroDuration()) return;
  SetDuration(server.sweep_interval, out.mutable_sweep_interval());
  const std::optional<Sweeps> sweeps = server.sweeps();
  if (!sweeps.has_value()) return;
  SetTime(sweeps->time, out.mutable_sweep_time());
  if (sweeps->due_time < absl::InfiniteFuture()) {
    SetTime(sweeps->due_time, out.mutable_sweep_due_time());
  }
}

absl::StatusOr<v1::StoreStatus> HandleGetStoreStatus(Caller& caller,
                                                     const v1::GetStoreStatusRequest&) {
  ASSIGN_OR_RETURN(const StoreStatus status, caller.engine().GetStoreStatus(caller.call()));
  return ToProto(status);
}

}  // namespace

Method GetStoreStatusMethod(const ServerState& server) {
  Method method = Unary("StoreService/GetStoreStatus", Work::kScan, HandleGetStoreStatus);
  method.handle = [of_store = std::move(method.handle), &server](
                      Caller& caller, const google::protobuf::Message& request,
                      google::protobuf::Message& response) {
    RETURN_IF_ERROR(of_store(caller, request, response));
    AddServer(server, static_cast<v1::StoreStatus&>(response));
    return absl::OkStatus();
  };
  return method;
}

}  // namespace sales::service
