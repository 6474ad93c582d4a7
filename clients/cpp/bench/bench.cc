// What a call costs through the client, and through the bare stub: alternating, in one process.
// Usage: sales_client_bench HOST:PORT
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "grpcpp/grpcpp.h"
#include "sales/client.h"
#include "sales/v1/workspace.grpc.pb.h"

namespace {

// Short rounds: what else the machine does meets both.
constexpr int kRounds = 1000;
constexpr int kCalls = 10;

template <typename Call>
double MicrosOf(const Call& call) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < kCalls; ++i) {
    if (!call()) {
      std::fprintf(stderr, "the server does not answer\n");
      std::exit(1);
    }
  }
  const auto time = std::chrono::steady_clock::now() - start;
  return std::chrono::duration<double, std::micro>(time).count() / kCalls;
}

double MedianOf(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + kRounds / 2, values.end());
  return values[kRounds / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto sales = sales::client::Client::Connect(argv[1], {.workspace = "bench-cpp"});
  if (!sales.ok()) return 1;
  sales::v1::CreateWorkspaceRequest create;
  create.set_workspace_id("bench-cpp");
  sales->CreateWorkspace(create).status().IgnoreError();
  sales::v1::GetWorkspaceRequest request;
  request.set_name(sales->Name());

  const auto stub = sales::v1::WorkspaceService::NewStub(
      grpc::CreateChannel(argv[1], grpc::InsecureChannelCredentials()));
  const auto bare = [&] {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    sales::v1::Workspace workspace;
    return stub->GetWorkspace(&context, request, &workspace).ok();
  };
  const auto wrapped = [&] { return sales->GetWorkspace(request).ok(); };
  std::vector<double> bare_micros;
  std::vector<double> wrapped_micros;
  for (int warm_up = 0; warm_up < kRounds / 10; ++warm_up) {
    MicrosOf(bare);
    MicrosOf(wrapped);
  }
  for (int round = 0; round < kRounds; ++round) {
    bare_micros.push_back(MicrosOf(bare));
    wrapped_micros.push_back(MicrosOf(wrapped));
  }
  const double stub_median = MedianOf(bare_micros);
  const double client_median = MedianOf(wrapped_micros);
  std::printf("cpp: stub %.1f us, client %.1f us, ratio %.3f\n", stub_median, client_median,
              client_median / stub_median);
  return 0;
}
