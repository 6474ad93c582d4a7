// Captures a request, and is told what is missing before work may begin.
// Usage: quickstart [HOST:PORT]
//
// [quickstart]
#include <iostream>

#include "sales/client.h"
#include "sales/v1/lead.pb.h"
#include "sales/v1/workspace.pb.h"

int main(int argc, char** argv) {
  const auto sales = sales::client::Client::Connect(argc > 1 ? argv[1] : "localhost:8443",
                                                    {.workspace = "studio", .actor = "anna"});
  if (!sales.ok()) {
    std::cerr << sales.status() << "\n";
    return 1;
  }
  sales::v1::CreateWorkspaceRequest workspace;
  workspace.set_workspace_id("studio");
  sales->CreateWorkspace(workspace).status().IgnoreError();

  sales::v1::CaptureLeadRequest request;
  request.mutable_contact()->set_display_name("Иван Петров");
  *request.mutable_contact()->add_identities() = sales::client::Email("ivan@example.com");
  request.mutable_lead()->set_need("an online shop");
  const auto captured = sales->CaptureLead(request);
  if (!captured.ok()) {
    std::cerr << captured.status() << "\n";
    return 1;
  }

  sales::v1::AdvanceLeadRequest advance;
  advance.set_name(captured->lead().name());
  advance.set_stage("start_of_work");
  const auto advanced = sales->AdvanceLead(advance);
  for (const auto& missing : sales::client::DetailOf(advanced.status()).missing) {
    std::cout << "not yet: " << missing.condition << "\n";
  }
  return 0;
}
// [/quickstart]
