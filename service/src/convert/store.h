#ifndef SALES_SERVICE_CONVERT_STORE_H_
#define SALES_SERVICE_CONVERT_STORE_H_

#include "sales/store.h"
#include "sales/v1/store.pb.h"

namespace sales::service {

v1::StoreStatus ToProto(const StoreStatus& status);

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_STORE_H_
