// Benches of calls over gRPC, client and server each a process of its own on this machine.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "grpcpp/grpcpp.h"
#include "sales/v1/lead.grpc.pb.h"
#include "sales/v1/workspace.grpc.pb.h"
#include "service/src/auth/secret.h"
#include "service/src/log.h"
#include "service/src/server.h"
#include "tests/load/bench.h"

namespace sales::load {
namespace {

using Seconds = std::chrono::duration<double>;

// As it is served by default, with metrics.
constexpr char kMeasured[] = "sales-measured";

// The least that a unary call can do.
class EmptyCallback : public v1::WorkspaceService::CallbackService {
  grpc::ServerUnaryReactor* GetWorkspace(grpc::CallbackServerContext* context,
                                         const v1::GetWorkspaceRequest*, v1::Workspace*) override {
    auto* const reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

class EmptySync : public v1::WorkspaceService::Service {
  grpc::Status GetWorkspace(grpc::ServerContext*, const v1::GetWorkspaceRequest*,
                            v1::Workspace*) override {
    return grpc::Status::OK;
  }
};

void ServeUntilInputCloses(int port) {
  std::printf("%d\n", port);
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
}

int ServeEmpty(grpc::Service& service) {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  ServeUntilInputCloses(port);
  server->Shutdown();
  return 0;
}

// More leads than an engine keeps in memory: whoever reads them in their order finds none there.
constexpr int64_t kManyLeads = 20'000;

// The server that asks who calls, and what its callers show.
constexpr char kWithTokens[] = "sales-tokens";
const std::string& Secret() {
  static const std::string secret = service::kSecretPrefix + std::string(43, 'b');
  return secret;
}

int ServeSales(const std::string& kind, const std::string& directory) {
  using Threading = service::ServerOptions::Threading;
  service::Log log(service::LogLevel::kError);
  service::ServerOptions options;
  options.engine.store = "sqlite:" + directory + "/" + kind + ".db";
  options.threading = kind == "sales-sync" ? Threading::kSync : Threading::kCallback;
  if (kind == kMeasured) options.metrics_listen = "127.0.0.1:0";
  if (kind == kWithTokens) options.auth.mode = service::AuthMode::kRequired;
  auto server = service::Server::Start(std::move(options), log);
  Require(server.status());
  if (kind == kWithTokens) {
    Require((*server)
                ->engine()
                .At(kEveryWorkspace, {.actor = "bench"})
                .CreateToken(
                    {.role = Role::kOwner, .actor = "bench", .hash = service::HashOf(Secret())})
                .status());
  }
  ServeUntilInputCloses((*server)->port());
  Require((*server)->Stop(absl::ZeroDuration(), absl::Seconds(5)));
  return 0;
}

// This program again, as a server, until destroyed.
class Child {
 public:
  Child(const Options& options, const std::string& kind)
      : secret_(kind == kWithTokens ? Secret() : "") {
    int input[2];
    int output[2];
    if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0) std::exit(1);
    pid_ = fork();
    if (pid_ == 0) {
      dup2(input[0], STDIN_FILENO);
      dup2(output[1], STDOUT_FILENO);
      execl(options.program.c_str(), options.program.c_str(), "--serve", kind.c_str(),
            options.directory.c_str(), nullptr);
      std::exit(1);
    }
    close(input[0]);
    close(output[1]);
    input_ = input[1];
    std::FILE* const port = fdopen(output[0], "r");
    if (std::fscanf(port, "%d", &port_) != 1) std::exit(1);
    std::fclose(port);
  }
  ~Child() {
    close(input_);
    int status = 0;
    waitpid(pid_, &status, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Processor time that it used so far.
  double CpuSeconds() const {
    std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
    std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    // The fields after the name: the state, ten numbers, then what was used by itself and for it.
    std::istringstream fields(text.substr(text.rfind(')') + 2));
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
  }

  std::shared_ptr<grpc::Channel> Channel(int number) const {
    grpc::ChannelArguments arguments;
    // Channels with equal arguments would share one connection.
    arguments.SetInt("sales.bench.channel", number);
    return grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(port_),
                                     grpc::InsecureChannelCredentials(), arguments);
  }

  // Adds what the server asks for.
  void Prepare(grpc::ClientContext& context) const {
    if (!secret_.empty()) context.AddMetadata("authorization", "Bearer " + secret_);
  }

 private:
  const std::string secret_;
  pid_t pid_ = 0;
  int input_ = -1;
  int port_ = 0;
};

// Keeps `callers` calls in flight, each followed by the next, on four connections.
template <typename Stub, typename Request, typename Response>
class Flight {
 public:
  using Start = std::function<void(Stub&, grpc::ClientContext*, const Request*, Response*,
                                   std::function<void(grpc::Status)>)>;
  using Fill = std::function<void(int64_t number, Request&)>;

  Flight(const Child& server, int callers, Fill fill, Start start)
      : server_(server),
        fill_(std::move(fill)),
        start_(std::move(start)),
        calls_(static_cast<size_t>(callers)) {
    for (int number = 0; number < 4; ++number) {
      stubs_.push_back(std::make_unique<Stub>(server.Channel(number)));
    }
  }

  int64_t started() const { return number_; }

  double PerSecond(double seconds) {
    const auto begin = std::chrono::steady_clock::now();
    end_ = begin + std::chrono::duration_cast<std::chrono::nanoseconds>(Seconds(seconds));
    flying_ = static_cast<int>(calls_.size());
    done_ = 0;
    for (size_t i = 0; i < calls_.size(); ++i) Next(i);
    std::unique_lock<std::mutex> lock(mutex_);
    landed_.wait(lock, [&] { return flying_ == 0; });
    return static_cast<double>(done_.load()) /
           Seconds(std::chrono::steady_clock::now() - begin).count();
  }

 private:
  struct OneCall {
    std::unique_ptr<grpc::ClientContext> context;
    Request request;
    Response response;
  };

  void Next(size_t i) {
    OneCall& call = calls_[i];
    call.context = std::make_unique<grpc::ClientContext>();
    server_.Prepare(*call.context);
    call.request.Clear();
    fill_(number_++, call.request);
    start_(*stubs_[i % stubs_.size()], call.context.get(), &call.request, &call.response,
           [this, i](const grpc::Status& status) {
             if (!status.ok()) {
               std::fprintf(stderr, "bench: %s\n", status.error_message().c_str());
               std::exit(1);
             }
             ++done_;
             if (std::chrono::steady_clock::now() < end_) return Next(i);
             const std::lock_guard<std::mutex> lock(mutex_);
             if (--flying_ == 0) landed_.notify_all();
           });
  }

  const Child& server_;
  const Fill fill_;
  const Start start_;
  std::vector<OneCall> calls_;
  std::vector<std::unique_ptr<Stub>> stubs_;
  std::chrono::steady_clock::time_point end_;
  std::atomic<int64_t> done_ = 0;
  std::atomic<int64_t> number_ = 0;
  std::mutex mutex_;
  std::condition_variable landed_;
  int flying_ = 0;
};

// Calls that do nothing.
class EmptyCalls {
 public:
  EmptyCalls(const Options& options, const std::string& kind)
      : server_(options, kind),
        flight_(
            server_, options.callers, [](int64_t, v1::GetWorkspaceRequest&) {},
            [](auto& stub, auto* context, auto* request, auto* response, auto done) {
              stub.async()->GetWorkspace(context, request, response, std::move(done));
            }) {}

  double PerSecond(double seconds) { return flight_.PerSecond(seconds); }

 private:
  const Child server_;
  Flight<v1::WorkspaceService::Stub, v1::GetWorkspaceRequest, v1::Workspace> flight_;
};

// Calls of a salesd with a workspace of its own.
class SalesCalls {
 public:
  SalesCalls(const Options& options, const std::string& kind)
      : workspace_("workspaces/" + kind),
        server_(options, kind),
        captures_(
            server_, options.callers,
            [this](int64_t number, v1::CaptureLeadRequest& request) { Fill(number, request); },
            &Capture),
        repeatable_captures_(
            server_, options.callers,
            [this](int64_t number, v1::CaptureLeadRequest& request) {
              // Other people than before.
              Fill(1'000'000'000 + number, request);
              request.set_request_id("bench-" + std::to_string(number));
            },
            &Capture),
        gets_(
            server_, options.callers,
            [this](int64_t number, v1::GetLeadRequest& request) { Fill(number % 500, request); },
            &Get),
        stored_gets_(
            server_, options.callers,
            [this](int64_t number, v1::GetLeadRequest& request) {
              Fill(number % kManyLeads, request);
            },
            &Get) {
    const auto workspaces = v1::WorkspaceService::NewStub(server_.Channel(0));
    grpc::ClientContext context;
    server_.Prepare(context);
    v1::CreateWorkspaceRequest create;
    create.set_workspace_id(kind);
    v1::Workspace workspace;
    if (!workspaces->CreateWorkspace(&context, create, &workspace).ok()) std::exit(1);
  }

  double CapturesPerSecond(double seconds) { return captures_.PerSecond(seconds); }
  double CpuSeconds() const { return server_.CpuSeconds(); }
  // With request ids, whose answers are kept too.
  double RepeatableCapturesPerSecond(double seconds) {
    return repeatable_captures_.PerSecond(seconds);
  }
  // Of leads that were read before.
  double GetsPerSecond(double seconds) { return gets_.PerSecond(seconds); }
  // Of leads that are read from the store each time.
  double StoredGetsPerSecond(double seconds) {
    while (captures_.started() < kManyLeads) captures_.PerSecond(0.1);
    return stored_gets_.PerSecond(seconds);
  }

 private:
  using Captures = Flight<v1::LeadService::Stub, v1::CaptureLeadRequest, v1::CaptureLeadResponse>;
  using Gets = Flight<v1::LeadService::Stub, v1::GetLeadRequest, v1::Lead>;

  static void Capture(v1::LeadService::Stub& stub, grpc::ClientContext* context,
                      const v1::CaptureLeadRequest* request, v1::CaptureLeadResponse* response,
                      std::function<void(grpc::Status)> done) {
    stub.async()->CaptureLead(context, request, response, std::move(done));
  }
  static void Get(v1::LeadService::Stub& stub, grpc::ClientContext* context,
                  const v1::GetLeadRequest* request, v1::Lead* response,
                  std::function<void(grpc::Status)> done) {
    stub.async()->GetLead(context, request, response, std::move(done));
  }

  void Fill(int64_t number, v1::GetLeadRequest& request) const {
    request.set_name(workspace_ + "/leads/lead-" + std::to_string(number));
  }
  void Fill(int64_t number, v1::CaptureLeadRequest& request) const {
    const CaptureLead person = NewPerson(number);
    request.set_parent(workspace_);
    request.set_lead_id("lead-" + std::to_string(number));
    request.mutable_lead()->set_need(person.need);
    request.mutable_lead()->set_interest(person.interest);
    v1::Contact& contact = *request.mutable_contact();
    contact.set_display_name(person.contact.display_name);
    v1::Identity& identity = *contact.add_identities();
    identity.set_kind(v1::Identity::KIND_EMAIL);
    identity.set_value(person.contact.identities[0].value);
  }

  const std::string workspace_;
  const Child server_;
  Captures captures_;
  Captures repeatable_captures_;
  Gets gets_;
  Gets stored_gets_;
};

// The rates of one way of serving, a figure a round.
struct Rates {
  std::vector<double> empty;
  std::vector<double> captures;
  std::vector<double> repeatable_captures;
  std::vector<double> gets;
  std::vector<double> stored_gets;
};

// A machine's speed changes from minute to minute, so limit and figures take turns, and the median
// of the rounds counts.
Rates MeasureCalls(const Options& options, const std::string& api) {
  constexpr int kRounds = 5;
  EmptyCalls empty(options, "empty-" + api);
  SalesCalls sales(options, "sales-" + api);
  empty.PerSecond(0.5);
  sales.CapturesPerSecond(0.5);
  sales.GetsPerSecond(0.5);
  const double seconds = options.seconds() / kRounds;
  Rates rates;
  for (int round = 0; round < kRounds; ++round) {
    rates.empty.push_back(empty.PerSecond(seconds));
    rates.captures.push_back(sales.CapturesPerSecond(seconds));
    rates.repeatable_captures.push_back(sales.RepeatableCapturesPerSecond(seconds));
    rates.gets.push_back(sales.GetsPerSecond(seconds));
    rates.stored_gets.push_back(sales.StoredGetsPerSecond(seconds));
  }
  return rates;
}

std::string PerSecond(double rate) { return absl::StrFormat("%.0f/s", rate); }

}  // namespace

int ServeAsChild(const std::string& kind, const std::string& directory) {
  if (kind == "empty-callback") {
    EmptyCallback service;
    return ServeEmpty(service);
  }
  if (kind == "empty-sync") {
    EmptySync service;
    return ServeEmpty(service);
  }
  return ServeSales(kind, directory);
}

void BenchCalls(const Options& options, const EngineFigures& engine, Lines& lines) {
  std::vector<std::pair<std::string, Rates>> all;
  // The limit is the faster of the two empty servers, whichever API ours uses.
  double limit = 0;
  for (const std::string api : {"sync", "callback"}) {
    all.emplace_back(api, MeasureCalls(options, api));
    const double rate = Median(all.back().second.empty);
    limit = std::max(limit, rate);
    lines.push_back({absl::StrFormat("E  empty unary call, %d in flight, %s", options.callers, api),
                     PerSecond(rate), 0, ""});
  }
  const auto add = [&lines](const std::string& name, const std::vector<double>& rates, double most,
                            const std::string& aim) {
    lines.push_back({name, PerSecond(Median(rates)), Median(rates) / most, aim});
  };
  for (const auto& [api, rates] : all) {
    if (engine.raw_captures_per_second > 0) {
      const double both = 1 / (1 / limit + 1 / engine.raw_captures_per_second);
      add("b  CaptureLead over gRPC, " + api, rates.captures, both,
          ">= 0.6 of 1/(1/E + 1/R), >= 6000/s");
      add("   the same with a request id, " + api, rates.repeatable_captures, both, "");
    }
    add("e  GetLead over gRPC, " + api, rates.gets, limit, ">= 0.7 of E");
    add("   the same, each read from the store, " + api, rates.stored_gets, limit, "");
  }
}

// What a call costs the server of a kind, against one with neither metrics nor tokens.
static void BenchExtra(const Options& options, SalesCalls& plain, const std::string& kind,
                       const std::string& extra, Lines& lines) {
  constexpr int kRounds = 10;
  SalesCalls measured(options, kind);
  plain.CapturesPerSecond(1);
  measured.CapturesPerSecond(1);
  const double seconds = 2 * options.seconds() / kRounds;
  // What a call costs the server: a rate would tell as much of whoever else uses the machine.
  struct Cost {
    double calls = 0;
    double cpu_seconds = 0;
    double Micros() const { return 1e6 * cpu_seconds / calls; }
  };
  const auto add = [seconds](SalesCalls& server, auto rate, Cost& cost) {
    const double before = server.CpuSeconds();
    cost.calls += (server.*rate)(seconds)*seconds;
    cost.cpu_seconds += server.CpuSeconds() - before;
  };
  for (const auto& [name, rate] : {std::pair("CaptureLead", &SalesCalls::CapturesPerSecond),
                                   std::pair("GetLead", &SalesCalls::GetsPerSecond)}) {
    Cost without;
    Cost with;
    for (int round = 0; round < kRounds; ++round) {
      const bool first = round % 2 == 0;
      add(first ? plain : measured, rate, first ? without : with);
      add(first ? measured : plain, rate, first ? with : without);
    }
    lines.push_back(
        {absl::StrFormat("i  %s: server's time a call with %s, against without", name, extra),
         absl::StrFormat("%.1f us", with.Micros()), with.Micros() / without.Micros(), "<= 1.05"});
  }
}

void BenchExtras(const Options& options, Lines& lines) {
  SalesCalls plain(options, "sales-plain");
  BenchExtra(options, plain, kMeasured, "metrics", lines);
  BenchExtra(options, plain, kWithTokens, "tokens", lines);
}

}  // namespace sales::load
