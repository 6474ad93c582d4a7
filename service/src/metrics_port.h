// The port that Prometheus scrapes: HTTP, `/metrics`.
#ifndef SALES_SERVICE_METRICS_PORT_H_
#define SALES_SERVICE_METRICS_PORT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "service/src/log.h"
#include "service/src/metrics.h"

namespace prometheus {
class Exposer;
}

namespace sales::service {

class MetricsPort {
 public:
  // HOST:PORT; port 0 takes any free one. Errors: PORT_IN_USE, SETTING_INVALID.
  static absl::StatusOr<std::unique_ptr<MetricsPort>> Open(const std::string& address,
                                                           const Metrics& metrics, Log& log);
  ~MetricsPort();

  int port() const;

 private:
  explicit MetricsPort(std::unique_ptr<prometheus::Exposer> exposer);
  const std::unique_ptr<prometheus::Exposer> exposer_;
};

}  // namespace sales::service

#endif  // SALES_SERVICE_METRICS_PORT_H_
