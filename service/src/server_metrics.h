// What is measured of the server beside its calls: the store, queues, streams, and what runs on
// its own beat.
#ifndef SALES_SERVICE_SERVER_METRICS_H_
#define SALES_SERVICE_SERVER_METRICS_H_

#include <atomic>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sales/engine.h"
#include "sales/store.h"
#include "service/src/api.h"
#include "service/src/metrics.h"
#include "service/src/tls.h"

namespace sales::service {

// Does nothing where there are no metrics.
class ServerMetrics {
 public:
  // `metrics` may be null.
  ServerMetrics(Metrics* metrics, const std::string& version);

  // From now on the parts of the server are asked for their figures at each scrape; they are to
  // outlive the scraping.
  void ReadFrom(const ApiContext& parts);
  void ReadFrom(const Tls& tls);

  void NoteUse(const StoreUse& use);
  void NoteCheckpoint(absl::Duration took, const absl::Status& status);
  void NoteSweep(absl::Duration took, const absl::StatusOr<Engine::SweepResult>& swept);
  void NoteStore(const StoreStatus& status);
  void NoteReady(bool ready) { ready_ = ready; }

 private:
  struct Uses {
    prometheus::Histogram* seconds = nullptr;
    prometheus::Histogram* wait_seconds = nullptr;
  };
  // With its failures.
  struct Beat {
    prometheus::Histogram* seconds = nullptr;
    prometheus::Counter* failures = nullptr;
  };

  Metrics* const metrics_;
  Uses reads_;
  Uses writes_;
  Beat checkpoint_;
  Beat sweep_;
  prometheus::Counter* limits_breached_ = nullptr;
  prometheus::Counter* proposals_expired_ = nullptr;
  prometheus::Counter* leads_woken_ = nullptr;
  prometheus::Counter* leads_assigned_ = nullptr;
  // When the earliest that is not recorded falls due.
  std::atomic<int64_t> next_due_micros_ = INT64_MAX;
  std::atomic<int64_t> free_bytes_ = 0;
  std::atomic<int64_t> backup_seconds_ = 0;
  std::atomic<bool> ready_ = false;
};

}  // namespace sales::service

#endif  // SALES_SERVICE_SERVER_METRICS_H_
