#ifndef SALES_SERVICE_STORE_SERVICE_H_
#define SALES_SERVICE_STORE_SERVICE_H_

#include "service/src/call.h"
#include "service/src/server_state.h"

namespace sales::service {

// GetStoreStatus, which tells of a server too; `server` outlives it.
Method GetStoreStatusMethod(const ServerState& server);

}  // namespace sales::service

#endif  // SALES_SERVICE_STORE_SERVICE_H_
