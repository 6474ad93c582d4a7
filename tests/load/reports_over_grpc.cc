// What whoever calls the service waits for a report, on either database.
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "grpcpp/grpcpp.h"
#include "sales/v1/report.grpc.pb.h"
#include "service/src/log.h"
#include "service/src/server.h"
#include "tests/load/bench.h"

namespace sales::load {
namespace {

constexpr char kParent[] = "workspaces/bench";
constexpr int kCalls = 41;

using Report = std::function<grpc::Status(v1::ReportService::Stub&)>;

v1::Window YearOfLeads() {
  v1::Window window;
  window.set_start_date("2025-01-10");
  window.set_end_date("2026-01-10");
  return window;
}

template <typename Request, typename Response>
Report ReportBy(grpc::Status (v1::ReportService::Stub::*call)(grpc::ClientContext*, const Request&,
                                                              Response*),
                Request request) {
  request.set_parent(kParent);
  if constexpr (requires { request.mutable_window(); }) *request.mutable_window() = YearOfLeads();
  return [call, request](v1::ReportService::Stub& stub) {
    grpc::ClientContext context;
    Response response;
    return (stub.*call)(&context, request, &response);
  };
}

std::vector<std::pair<std::string, Report>> Reports() {
  using Stub = v1::ReportService::Stub;
  v1::ReportSpeedRequest by_hour;
  by_hour.set_include_hours(true);
  v1::ReportPlanRequest quarter;
  quarter.set_quarter("2025-Q3");
  Report forecast = [](Stub& stub) {
    grpc::ClientContext context;
    v1::ReportForecastRequest request;
    request.set_parent(kParent);
    v1::ReportForecastResponse response;
    return stub.ReportForecast(&context, request, &response);
  };
  v1::PlanStaffingRequest staffing;
  staffing.mutable_handling_time()->set_seconds(10 * 60);
  staffing.mutable_wait_limit()->set_seconds(15 * 60);
  staffing.set_goal(0.9);
  return {
      {"ReportFunnel", ReportBy(&Stub::ReportFunnel, v1::ReportFunnelRequest())},
      {"ReportChannels", ReportBy(&Stub::ReportChannels, v1::ReportChannelsRequest())},
      {"ReportAttribution", ReportBy(&Stub::ReportAttribution, v1::ReportAttributionRequest())},
      {"ReportSpeed", ReportBy(&Stub::ReportSpeed, v1::ReportSpeedRequest())},
      {"ReportSpeed by hour", ReportBy(&Stub::ReportSpeed, by_hour)},
      {"ReportDeclines", ReportBy(&Stub::ReportDeclines, v1::ReportDeclinesRequest())},
      {"ReportReferrals", ReportBy(&Stub::ReportReferrals, v1::ReportReferralsRequest())},
      {"ReportPlan", ReportBy(&Stub::ReportPlan, quarter)},
      {"ReportForecast", std::move(forecast)},
      {"ReportLoad", ReportBy(&Stub::ReportLoad, v1::ReportLoadRequest())},
      {"PlanStaffing", ReportBy(&Stub::PlanStaffing, staffing)},
      {"ReportScore", ReportBy(&Stub::ReportScore, v1::ReportScoreRequest())},
  };
}

// A server of ours on a store, and one caller.
class Door {
 public:
  explicit Door(const std::string& store) {
    service::ServerOptions options;
    options.engine.store = store;
    // Nothing but the calls.
    options.sweep_interval = absl::ZeroDuration();
    auto server = service::Server::Start(std::move(options), log_);
    Require(server.status());
    server_ = *std::move(server);
    stub_ = v1::ReportService::NewStub(grpc::CreateChannel(
        absl::StrCat("127.0.0.1:", server_->port()), grpc::InsecureChannelCredentials()));
  }
  ~Door() { Require(server_->Stop(absl::ZeroDuration(), absl::Seconds(5))); }
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  double SecondsOf(const Report& report) {
    const auto start = std::chrono::steady_clock::now();
    const grpc::Status status = report(*stub_);
    if (!status.ok()) Require(absl::InternalError(status.error_message()));
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

 private:
  service::Log log_{service::LogLevel::kError};
  std::unique_ptr<service::Server> server_;
  std::unique_ptr<v1::ReportService::Stub> stub_;
};

}  // namespace

void BenchReportsOverGrpc(const std::string& sqlite_store, const std::string& postgres_store,
                          int64_t size, Lines& lines) {
  Door sqlite(sqlite_store);
  Door postgres(postgres_store);
  for (const auto& [name, report] : Reports()) {
    std::vector<double> on_sqlite;
    std::vector<double> on_postgres;
    for (int i = 0; i < kCalls; ++i) {
      on_sqlite.push_back(sqlite.SecondsOf(report));
      on_postgres.push_back(postgres.SecondsOf(report));
    }
    const double limit = Median(on_sqlite);
    const double seconds = Median(on_postgres);
    lines.push_back({absl::StrFormat("d  %s over gRPC on PostgreSQL, %d leads", name, size),
                     absl::StrFormat("%.2f ms, on SQLite %.2f ms", seconds * 1e3, limit * 1e3),
                     seconds / limit, "< 2 of SQLite"});
  }
}

}  // namespace sales::load
