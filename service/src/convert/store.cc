#include "service/src/convert/store.h"

#include "service/src/convert/fields.h"

namespace sales::service {

v1::StoreStatus ToProto(const StoreStatus& status) {
  v1::StoreStatus out;
  out.set_schema_version(status.schema_version);
  SetTime(status.now, out.mutable_server_time());
  out.set_store_bytes(status.store_bytes);
  out.set_log_bytes(status.log_bytes);
  out.set_free_bytes(status.free_bytes);
  if (status.backup_time.has_value()) SetTime(*status.backup_time, out.mutable_backup_time());
  out.set_backup_bytes(status.backup_bytes);
  out.set_workspaces(status.workspaces);
  out.set_workspaces_unfinished(status.workspaces_unfinished);
  return out;
}

}  // namespace sales::service
