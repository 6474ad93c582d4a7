// Prints what happens in a workspace, from the beginning and on; interrupt to stop.
// Usage: watch [HOST:PORT] [WORKSPACE] [AFTER_REVISION]
#include <cstdlib>
#include <iostream>

#include "sales/client.h"
#include "sales/v1/event.pb.h"

int main(int argc, char** argv) {
  const auto sales = sales::client::Client::Connect(argc > 1 ? argv[1] : "localhost:8443",
                                                    {.workspace = argc > 2 ? argv[2] : "studio"});
  if (!sales.ok()) {
    std::cerr << sales.status() << "\n";
    return 1;
  }
  const int64_t after_revision = argc > 3 ? std::atoll(argv[3]) : 0;
  // [watch]
  for (const auto& batch : sales->Watch(after_revision)) {
    if (!batch.ok()) {
      std::cerr << batch.status() << "\n";
      return 1;
    }
    for (const sales::v1::Event& event : batch->events()) {
      std::cout << event.revision() << " " << sales::v1::EventType_Name(event.type()) << " "
                << (event.lead().empty() ? event.subject() : event.lead()) << std::endl;
    }
    // Keep batch->revision(): it is where to go on after a restart.
  }
  // [/watch]
  return 0;
}
