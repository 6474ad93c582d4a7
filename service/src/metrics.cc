#include "service/src/metrics.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "prometheus/client_metric.h"
#include "prometheus/metric_family.h"
#include "prometheus/metric_type.h"

namespace sales::service {
namespace {

enum class Kind {
  kCounter,
  kGauge,
  // Durations in seconds.
  kSeconds,
  // How many of something.
  kSizes,
  // With quantiles; none is ours.
  kSummary,
};

struct MetricSpec {
  const char* name;
  Kind kind;
  // What its series differ by.
  const char* labels;
  const char* help;
};

// The names and labels of the first five are those that gRPC's interceptors for Go and Java have.
constexpr MetricSpec kMetrics[] = {
    {"grpc_server_started_total", Kind::kCounter, "grpc_type, grpc_service, grpc_method",
     "Calls that were begun."},
    {"grpc_server_handled_total", Kind::kCounter, "grpc_type, grpc_service, grpc_method, grpc_code",
     "Calls that ended, by their code."},
    {"grpc_server_handling_seconds", Kind::kSeconds, "grpc_type, grpc_service, grpc_method",
     "From the coming of a call to its end."},
    {"grpc_server_msg_received_total", Kind::kCounter, "grpc_type, grpc_service, grpc_method",
     "Messages that came in on streams."},
    {"grpc_server_msg_sent_total", Kind::kCounter, "grpc_type, grpc_service, grpc_method",
     "Messages that went out on streams."},
    {"sales_refusals_total", Kind::kCounter, "reason", "Calls that were refused, by their reason."},
    {"sales_calls_in_progress", Kind::kGauge, "", "Unary calls that are being answered."},
    {"sales_streams_open", Kind::kGauge, "", "Watches, imports and rebuildings that are open."},
    {"sales_pool_waiting", Kind::kGauge, "pool",
     "Tasks that wait for a thread: of imports, scans (lists and reports), watches, rebuilds."},
    {"sales_write_queue_length", Kind::kGauge, "", "Writes of calls that wait for their turn."},
    {"sales_write_queue_seconds", Kind::kSeconds, "",
     "How long a call's write waited for its turn."},
    {"sales_write_batch_size", Kind::kSizes, "", "Writes of calls that were made together."},
    {"sales_store_seconds", Kind::kSeconds, "use",
     "How long a read's snapshot or a write's transaction took, its commit included."},
    {"sales_store_wait_seconds", Kind::kSeconds, "use",
     "How long a read waited for a connection, or the first write of a transaction for the "
     "writer."},
    {"sales_store_commits_total", Kind::kCounter, "", "Transactions that were committed."},
    {"sales_store_writes_total", Kind::kCounter, "", "Writes that those carried."},
    {"sales_store_bytes", Kind::kGauge, "", "The size of the store."},
    {"sales_store_log_bytes", Kind::kGauge, "",
     "The size of the store's log (SQLite's WAL), which is moved into the store and used again."},
    {"sales_store_free_bytes", Kind::kGauge, "",
     "Bytes that are free on the store's volume. Not told over PostgreSQL, whose server has it."},
    {"sales_backup_time_seconds", Kind::kGauge, "",
     "When the last backup through salesd began, since 1970; 0: there was none. Not told over "
     "PostgreSQL, which is backed up with its own tools."},
    {"sales_checkpoint_seconds", Kind::kSeconds, "",
     "How long moving the log into the store took."},
    {"sales_checkpoint_failures_total", Kind::kCounter, "", "Times that it failed."},
    {"sales_watches", Kind::kGauge, "", "Watches of events that are open."},
    {"sales_watch_revisions_behind", Kind::kGauge, "",
     "Revisions that were recorded and not yet delivered, of the watch that is furthest behind."},
    {"sales_sweep_seconds", Kind::kSeconds, "", "How long recording what fell due took."},
    {"sales_sweep_failures_total", Kind::kCounter, "", "Times that it failed."},
    {"sales_sweep_lag_seconds", Kind::kGauge, "",
     "How long the earliest that fell due has waited to be recorded; 0: nothing waits."},
    {"sales_swept_total", Kind::kCounter, "what",
     "What was recorded: limits_breached, proposals_expired, leads_woken, leads_assigned."},
    {"sales_webhook_deliveries_total", Kind::kCounter, "outcome",
     "Calls to webhooks that ended: delivered, failed."},
    {"sales_webhook_delivery_seconds", Kind::kSeconds, "", "How long a call to a webhook took."},
    {"sales_webhook_backlog", Kind::kGauge, "",
     "Revisions that enabled webhooks are behind, all of them together."},
    {"sales_webhooks_enabled", Kind::kGauge, "", "Webhooks that are delivered to."},
    {"sales_webhooks_stopped_total", Kind::kCounter, "",
     "Webhooks that were given up, or whose receivers said that they are gone."},
    {"sales_certificate_expire_time_seconds", Kind::kGauge, "",
     "Until when the certificate of the API's port is good, since 1970. Not told without TLS."},
    {"sales_ready", Kind::kGauge, "", "1 from the start to the drain, as the health service says."},
    {"sales_build_info", Kind::kGauge, "version", "1."},
    {"process_cpu_seconds_total", Kind::kCounter, "", "Processor time that the process used."},
    {"process_resident_memory_bytes", Kind::kGauge, "", "Memory that the process has."},
    {"process_virtual_memory_bytes", Kind::kGauge, "", "Addresses that it has taken."},
    {"process_open_fds", Kind::kGauge, "", "Files and sockets that it has open."},
    {"process_max_fds", Kind::kGauge, "", "How many it may have open."},
    {"process_threads", Kind::kGauge, "", "Its threads."},
    {"process_start_time_seconds", Kind::kGauge, "", "When it was started, since 1970."},
    // Those of the library that answers scrapes.
    {"exposer_scrapes_total", Kind::kCounter, "", "Times that this was asked for."},
    {"exposer_transferred_bytes_total", Kind::kCounter, "", "Bytes that were answered."},
    {"exposer_request_latencies", Kind::kSummary, "quantile",
     "How long answering took, in microseconds."},
};

const prometheus::Histogram::BucketBoundaries& SecondsBuckets() {
  static const auto* const buckets = new prometheus::Histogram::BucketBoundaries{
      0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
      0.1,    0.25,    0.5,    1,     2.5,    5,     10,   30,    60};
  return *buckets;
}

const prometheus::Histogram::BucketBoundaries& SizesBuckets() {
  static const auto* const buckets =
      new prometheus::Histogram::BucketBoundaries{1, 2, 4, 8, 16, 32, 64, 128, 256, 512};
  return *buckets;
}

[[noreturn]] void DieOf(const std::string& name) {
  std::fprintf(stderr, "the table of metrics has no %s of this kind\n", name.c_str());
  std::abort();
}

const MetricSpec& SpecOf(const std::string& name) {
  for (const MetricSpec& spec : kMetrics) {
    if (name == spec.name) return spec;
  }
  DieOf(name);
}

const char* TypeName(Kind kind) {
  switch (kind) {
    case Kind::kCounter:
      return "counter";
    case Kind::kGauge:
      return "gauge";
    case Kind::kSeconds:
    case Kind::kSizes:
      return "histogram";
    case Kind::kSummary:
      return "summary";
  }
  return "";
}

}  // namespace

// The values that are asked for.
class Metrics::Readings final : public prometheus::Collectable {
 public:
  void Add(const MetricSpec& spec, const Labels& labels, std::function<double()> read) {
    Reading reading{{}, std::move(read)};
    for (const auto& [name, value] : labels) reading.labels.push_back({name, value});
    const std::lock_guard<std::mutex> lock(mutex_);
    readings_[&spec].push_back(std::move(reading));
  }

  std::vector<prometheus::MetricFamily> Collect() const override {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::vector<prometheus::MetricFamily> families;
    for (const auto& [spec, readings] : readings_) {
      const bool gauge = spec->kind == Kind::kGauge;
      prometheus::MetricFamily family{
          spec->name,
          spec->help,
          gauge ? prometheus::MetricType::Gauge : prometheus::MetricType::Counter,
          {}};
      for (const Reading& reading : readings) {
        prometheus::ClientMetric& metric = family.metric.emplace_back();
        metric.label = reading.labels;
        (gauge ? metric.gauge.value : metric.counter.value) = reading.read();
      }
      families.push_back(std::move(family));
    }
    return families;
  }

 private:
  struct Reading {
    std::vector<prometheus::ClientMetric::Label> labels;
    std::function<double()> read;
  };
  // Also holds scrapes off while another runs: some readings take turns with others' locks.
  mutable std::mutex mutex_;
  std::map<const MetricSpec*, std::vector<Reading>> readings_;
};

Metrics::Metrics()
    : registry_(std::make_shared<prometheus::Registry>()),
      readings_(std::make_shared<Readings>()),
      collectables_({registry_, readings_}) {}

prometheus::Counter& Metrics::Counter(const std::string& name, const Labels& labels) {
  const MetricSpec& spec = SpecOf(name);
  if (spec.kind != Kind::kCounter) DieOf(name);
  const std::lock_guard<std::mutex> lock(mutex_);
  auto& family = counters_[name];
  if (family == nullptr) {
    family = &prometheus::BuildCounter().Name(spec.name).Help(spec.help).Register(*registry_);
  }
  return family->Add(labels);
}

prometheus::Histogram& Metrics::Histogram(const std::string& name, const Labels& labels) {
  const MetricSpec& spec = SpecOf(name);
  if (spec.kind != Kind::kSeconds && spec.kind != Kind::kSizes) DieOf(name);
  const std::lock_guard<std::mutex> lock(mutex_);
  auto& family = histograms_[name];
  if (family == nullptr) {
    family = &prometheus::BuildHistogram().Name(spec.name).Help(spec.help).Register(*registry_);
  }
  return family->Add(labels, spec.kind == Kind::kSeconds ? SecondsBuckets() : SizesBuckets());
}

void Metrics::Read(const std::string& name, const Labels& labels, std::function<double()> read) {
  const MetricSpec& spec = SpecOf(name);
  if (spec.kind != Kind::kCounter && spec.kind != Kind::kGauge) DieOf(name);
  readings_->Add(spec, labels, std::move(read));
}

std::vector<std::string> AllMetrics() {
  std::vector<std::string> names;
  for (const MetricSpec& spec : kMetrics) names.emplace_back(spec.name);
  return names;
}

std::string MetricsMarkdown() {
  std::string text = "| metric | type | labels | meaning |\n| --- | --- | --- | --- |\n";
  for (const MetricSpec& spec : kMetrics) {
    text += std::string("| `") + spec.name + "` | " + TypeName(spec.kind) + " | " + spec.labels;
    text += std::string(spec.labels[0] == '\0' ? "| " : " | ") + spec.help + " |\n";
  }
  return text;
}

}  // namespace sales::service
