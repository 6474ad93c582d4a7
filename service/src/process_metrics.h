// What Prometheus' clients tell of the process itself, read from Linux's /proc.
#ifndef SALES_SERVICE_PROCESS_METRICS_H_
#define SALES_SERVICE_PROCESS_METRICS_H_

#include "service/src/metrics.h"

namespace sales::service {

void AddProcessMetrics(Metrics& metrics);

}  // namespace sales::service

#endif  // SALES_SERVICE_PROCESS_METRICS_H_
