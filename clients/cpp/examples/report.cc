// Prints how far leads got, and what each channel brought.
// Usage: report [HOST:PORT] [WORKSPACE]
#include <iomanip>
#include <iostream>

#include "sales/client.h"
#include "sales/v1/report.pb.h"

int main(int argc, char** argv) {
  const auto sales = sales::client::Client::Connect(argc > 1 ? argv[1] : "localhost:8443",
                                                    {.workspace = argc > 2 ? argv[2] : "studio"});
  if (!sales.ok()) {
    std::cerr << sales.status() << "\n";
    return 1;
  }
  // [report]
  const auto funnel = sales->ReportFunnel({});
  const auto channels = sales->ReportChannels({});
  if (!funnel.ok() || !channels.ok()) {
    std::cerr << funnel.status() << "\n" << channels.status() << "\n";
    return 1;
  }
  for (const auto& stage : funnel->stages()) {
    const sales::v1::Rate& step = stage.step_conversion();
    std::cout << std::left << std::setw(20) << stage.stage() << std::right << std::setw(8)
              << stage.reached() << "  " << step.numerator() << " of " << step.denominator()
              << " go on (95 %: " << step.low() << " to " << step.high() << ")\n";
  }
  for (const auto& row : channels->rows()) {
    std::cout << std::left << std::setw(40) << row.name() << std::right << std::setw(8)
              << row.leads() << " leads " << std::setw(6) << row.won() << " won "
              << row.revenue().minor_units() << " minor units " << row.revenue().currency_code()
              << "\n";
  }
  // [/report]
  return 0;
}
