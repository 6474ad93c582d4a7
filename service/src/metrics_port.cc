#include "service/src/metrics_port.h"

#include <exception>
#include <utility>

#include "prometheus/exposer.h"
#include "sales/error.h"
#include "service/src/acceptor.h"

namespace sales::service {
namespace {

constexpr char kSetting[] = "metrics-listen";

}  // namespace

MetricsPort::MetricsPort(std::unique_ptr<prometheus::Exposer> exposer)
    : exposer_(std::move(exposer)) {}

MetricsPort::~MetricsPort() = default;

absl::StatusOr<std::unique_ptr<MetricsPort>> MetricsPort::Open(const std::string& address,
                                                               const Metrics& metrics, Log& log) {
  try {
    auto exposer = std::make_unique<prometheus::Exposer>(address);
    for (const auto& collectable : metrics.collectables()) {
      exposer->RegisterCollectable(collectable);
    }
    return std::unique_ptr<MetricsPort>(new MetricsPort(std::move(exposer)));
  } catch (const std::exception&) {
    // CivetWeb says only that it could not; whoever listens for the API can say why.
    const auto listening = Acceptor::Listen(kSetting, address, /*connections_max=*/1, log);
    if (!listening.ok()) return listening.status();
    ErrorDetail detail;
    detail.reason = Reason::kSettingInvalid;
    detail.metadata["setting"] = kSetting;
    detail.metadata["address"] = address;
    return MakeError(std::move(detail), std::string(kSetting) + ": name the host by its number");
  }
}

int MetricsPort::port() const { return exposer_->GetListeningPorts().at(0); }

}  // namespace sales::service
