// What salesd measures, for Prometheus. Every metric is declared in one table, from which the
// README's list is made too. Labels have few values: never a workspace, a person, or what a client
// sent.
#ifndef SALES_SERVICE_METRICS_H_
#define SALES_SERVICE_METRICS_H_

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "prometheus/collectable.h"
#include "prometheus/counter.h"
#include "prometheus/family.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"

namespace sales::service {

// Safe to use from any thread. A name that the table does not have, or has as another type, ends
// the process: it is a bug that shows at the first start.
class Metrics {
 public:
  using Labels = std::map<std::string, std::string>;

  Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // The one with these labels, from now on exported. Keep the reference: to look it up takes a
  // lock, to use it does not take one that others wait for.
  prometheus::Counter& Counter(const std::string& name, const Labels& labels = {});
  prometheus::Histogram& Histogram(const std::string& name, const Labels& labels = {});

  // A counter or gauge whose value is asked for at each scrape, by the thread that answers it.
  void Read(const std::string& name, const Labels& labels, std::function<double()> read);

  // What Prometheus scrapes.
  const std::vector<std::shared_ptr<prometheus::Collectable>>& collectables() const {
    return collectables_;
  }

 private:
  class Readings;

  std::mutex mutex_;
  std::map<std::string, prometheus::Family<prometheus::Counter>*> counters_;
  std::map<std::string, prometheus::Family<prometheus::Histogram>*> histograms_;
  const std::shared_ptr<prometheus::Registry> registry_;
  const std::shared_ptr<Readings> readings_;
  const std::vector<std::shared_ptr<prometheus::Collectable>> collectables_;
};

// The names of all metrics, in the order of the table.
std::vector<std::string> AllMetrics();

// The table of metrics in service/README.md.
std::string MetricsMarkdown();

}  // namespace sales::service

#endif  // SALES_SERVICE_METRICS_H_
