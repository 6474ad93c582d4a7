#include "service/src/server_metrics.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/time/clock.h"
#include "service/src/process_metrics.h"

namespace sales::service {
namespace {

// A reading of any whole number.
template <typename Read>
std::function<double()> Figure(Read read) {
  return [read = std::move(read)] { return static_cast<double>(read()); };
}

}  // namespace

ServerMetrics::ServerMetrics(Metrics* metrics, const std::string& version) : metrics_(metrics) {
  if (metrics_ == nullptr) return;
  for (const auto& [uses, use] : {std::pair(&reads_, "read"), std::pair(&writes_, "write")}) {
    uses->seconds = &metrics_->Histogram("sales_store_seconds", {{"use", use}});
    uses->wait_seconds = &metrics_->Histogram("sales_store_wait_seconds", {{"use", use}});
  }
  checkpoint_ = {&metrics_->Histogram("sales_checkpoint_seconds"),
                 &metrics_->Counter("sales_checkpoint_failures_total")};
  sweep_ = {&metrics_->Histogram("sales_sweep_seconds"),
            &metrics_->Counter("sales_sweep_failures_total")};
  const auto swept = [this](const char* what) {
    return &metrics_->Counter("sales_swept_total", {{"what", what}});
  };
  limits_breached_ = swept("limits_breached");
  proposals_expired_ = swept("proposals_expired");
  leads_woken_ = swept("leads_woken");
  leads_assigned_ = swept("leads_assigned");
  metrics_->Read("sales_sweep_lag_seconds", {}, [this] {
    const int64_t behind = absl::ToUnixMicros(absl::Now()) - next_due_micros_;
    return static_cast<double>(std::max<int64_t>(0, behind)) / 1e6;
  });
  metrics_->Read("sales_ready", {}, [this] { return ready_ ? 1.0 : 0.0; });
  metrics_->Read("sales_build_info", {{"version", version}}, [] { return 1.0; });
  AddProcessMetrics(*metrics_);
}

void ServerMetrics::ReadFrom(const ApiContext& parts) {
  if (metrics_ == nullptr) return;
  const auto read = [this](const char* name, std::function<double()> reading,
                           const Metrics::Labels& labels = {}) {
    metrics_->Read(name, labels, std::move(reading));
  };
  const auto pool = [&read](const char* name, const Pool& waited_for) {
    read("sales_pool_waiting", Figure([&waited_for] { return waited_for.waiting(); }),
         {{"pool", name}});
  };
  pool("imports", parts.imports);
  pool("scans", parts.scans);
  pool("watches", parts.watches);
  pool("rebuilds", parts.rebuilds);
  read("sales_calls_in_progress",
       Figure([&admission = parts.admission] { return admission.calls(); }));
  read("sales_streams_open", Figure([&hub = parts.hub] { return hub.size(); }));
  read("sales_watches", Figure([&hub = parts.hub] { return hub.watch_figures().watches; }));
  read("sales_watch_revisions_behind",
       Figure([&hub = parts.hub] { return hub.watch_figures().revisions_behind; }));
  read("sales_write_queue_length", Figure([&writes = parts.writes] { return writes.waiting(); }));
  const Engine& engine = parts.engine;
  read("sales_store_commits_total", Figure([&engine] { return engine.write_counts().commits; }));
  read("sales_store_writes_total", Figure([&engine] { return engine.write_counts().writes; }));
  read("sales_store_bytes", Figure([&engine] { return engine.store_sizes().store_bytes; }));
  read("sales_store_log_bytes", Figure([&engine] { return engine.store_sizes().log_bytes; }));
  // A database's own server has its volume and its backups.
  if (engine.is_shared()) return;
  read("sales_store_free_bytes", Figure([this] { return free_bytes_.load(); }));
  read("sales_backup_time_seconds", Figure([this] { return backup_seconds_.load(); }));
}

void ServerMetrics::ReadFrom(const Tls& tls) {
  if (metrics_ == nullptr) return;
  metrics_->Read("sales_certificate_expire_time_seconds", {},
                 Figure([&tls] { return absl::ToUnixSeconds(tls.expire_time()); }));
}

void ServerMetrics::NoteUse(const StoreUse& use) {
  if (metrics_ == nullptr) return;
  const Uses& uses = use.kind == StoreUse::Kind::kRead ? reads_ : writes_;
  uses.seconds->Observe(absl::ToDoubleSeconds(use.run));
  uses.wait_seconds->Observe(absl::ToDoubleSeconds(use.wait));
}

void ServerMetrics::NoteCheckpoint(absl::Duration took, const absl::Status& status) {
  if (metrics_ == nullptr) return;
  checkpoint_.seconds->Observe(absl::ToDoubleSeconds(took));
  if (!status.ok()) checkpoint_.failures->Increment();
}

void ServerMetrics::NoteSweep(absl::Duration took,
                              const absl::StatusOr<Engine::SweepResult>& swept) {
  if (metrics_ == nullptr) return;
  sweep_.seconds->Observe(absl::ToDoubleSeconds(took));
  if (!swept.ok()) return sweep_.failures->Increment();
  limits_breached_->Increment(swept->limits_breached);
  proposals_expired_->Increment(swept->proposals_expired);
  leads_woken_->Increment(swept->leads_woken);
  leads_assigned_->Increment(swept->leads_assigned);
  // Infinitely late is the greatest number.
  next_due_micros_ = absl::ToUnixMicros(swept->next_time);
}

void ServerMetrics::NoteStore(const StoreStatus& status) {
  free_bytes_ = status.free_bytes;
  backup_seconds_ = status.backup_time.has_value() ? absl::ToUnixSeconds(*status.backup_time) : 0;
}

}  // namespace sales::service
