#include "service/src/server.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/security/server_credentials.h"
#include "sales/limits.h"
#include "service/src/api.h"
#include "service/src/limits.h"
#include "service/src/listener.h"
#include "service/src/metrics.h"
#include "service/src/metrics_port.h"
#include "service/src/pool.h"
#include "service/src/reflection.h"
#include "service/src/result.h"
#include "service/src/server_metrics.h"
#include "service/src/shift.h"
#include "service/src/streams.h"
#include "service/src/tls.h"
#include "service/src/wire.h"

namespace sales::service {
namespace {

constexpr char kLiveness[] = "liveness";
constexpr char kReadiness[] = "readiness";
// An import is written by the thread that has it, so more would only wait for each other.
constexpr int kImportThreads = 4;
constexpr int kWatchThreads = 2;
// A fold takes memory as the workspace is large: one at a time.
constexpr int kRebuildThreads = 1;
// Each reads or writes as fast as the disk: more at once would only share it.
constexpr int kTransferThreads = 2;
constexpr std::chrono::milliseconds kCheckpointInterval(200);
// How often the metrics ask the store how it is, and how long they wait for it.
constexpr absl::Duration kStoreLookInterval = absl::Seconds(1);
constexpr absl::Duration kStoreLookWait = absl::Milliseconds(100);
// How many reads more may be under way at once where each waits for a server of its own.
constexpr int kServerReads = 16;
// How many leads a sweep looks at, and how soon the next one follows when that was not enough.
constexpr int kSweepLeads = 200;
constexpr std::chrono::milliseconds kSweepPause(20);
// How long calls are refused at least before the port is closed.
constexpr std::chrono::milliseconds kRefusing(100);
constexpr std::chrono::milliseconds kDrainCheckInterval(5);
// How long others are waited for at once, which is how soon the wait ends when the server does; and
// how long nobody is, once the store did not answer.
constexpr absl::Duration kFollowWait = absl::Milliseconds(500);
constexpr std::chrono::milliseconds kFollowPause(1000);
// How long the last answers have to leave.
constexpr std::chrono::milliseconds kLastWords(20);

std::string MakeProcessName() {
  absl::BitGen random;
  return absl::StrCat(absl::Hex(absl::Uniform<uint64_t>(random), absl::kZeroPad16),
                      absl::Hex(absl::Uniform<uint64_t>(random), absl::kZeroPad16));
}

}  // namespace

class Server::Core {
 public:
  Core(ServerOptions options, Log& log)
      : options_(std::move(options)),
        log_(log),
        metrics_(options_.metrics_listen.empty() ? nullptr : std::make_unique<Metrics>()),
        calls_(metrics_.get()),
        measured_(metrics_.get(), options_.version),
        hub_(options_.streams),
        admission_(options_.rate) {}

  ~Core() {
    if (api_ != nullptr) StopServing(absl::ZeroDuration());
    StopBackground();
    // It reads from the parts of the server.
    metrics_port_.reset();
  }

  absl::Status Start() {
    RETURN_IF_ERROR(LoadTls());
    RETURN_IF_ERROR(OpenEngine());
    ASSIGN_OR_RETURN(authenticator_, Authenticator::Start(*engine_, options_.auth, log_));
    // Where there is no key, there are no webhooks.
    if (options_.engine.webhooks.secret != nullptr) {
      courier_.emplace(*engine_, options_.engine.webhooks, options_.webhook_http, process_,
                       metrics_.get(), log_);
    }
    writes_.emplace(*engine_, limits::calls_waiting_max, options_.engine.write_batch,
                    metrics_.get());
    imports_.emplace(kImportThreads, limits::imports_waiting_max);
    const int more_reads = engine_->is_shared() ? kServerReads : 0;
    scans_.emplace(options_.scan_threads + more_reads, limits::calls_waiting_max);
    watches_.emplace(kWatchThreads, limits::watches_waiting_max);
    rebuilds_.emplace(kRebuildThreads, limits::rebuilds_waiting_max);
    transfers_.emplace(kTransferThreads, limits::transfers_waiting_max);
    scratch_.emplace(options_.engine.store);
    scratch_->RemoveLeft();
    state_.version = options_.version;
    state_.durability =
        options_.engine.durability == EngineOptions::Durability::kFull ? "full" : "relaxed";
    state_.start_time = absl::Now();
    state_.sweep_interval = options_.sweep_interval;
    const ApiContext context{*engine_,   hub_,       *writes_,        *imports_, *scans_,
                             *watches_,  *rebuilds_, *transfers_,     *scratch_, state_,
                             admission_, calls_,     *authenticator_, log_};
    services_ = MakeServices(context, options_.threading);
    if (metrics_ != nullptr) {
      LookAtStore();
      measured_.ReadFrom(context);
      if (tls_ != nullptr) measured_.ReadFrom(*tls_);
      ASSIGN_OR_RETURN(metrics_port_, MetricsPort::Open(options_.metrics_listen, *metrics_, log_));
    }
    RETURN_IF_ERROR(Listen());
    SetServing(kLiveness, true);
    SetReady(true);
    checkpointer_ = std::thread([this] { CheckpointNowAndThen(); });
    if (courier_.has_value()) courier_->Start();
    if (engine_->is_shared()) follower_ = std::thread([this] { FollowOthers(); });
    if (options_.sweep_interval > absl::ZeroDuration()) {
      sweeper_ = std::thread([this] { SweepNowAndThen(); });
    }
    return absl::OkStatus();
  }

  void SetReady(bool ready) {
    measured_.NoteReady(ready);
    SetServing("", ready);
    SetServing(kReadiness, ready);
  }

  absl::Status Stop(absl::Duration lame_duck, absl::Duration drain) {
    SetReady(false);
    // Balancers look only now and then: until they have, calls still come and are served.
    absl::SleepFor(lame_duck);
    StopServing(drain);
    StopBackground();
    return engine_->Checkpoint();
  }

  int port() const { return api_->port(); }
  int admin_port() const { return admin_->port(); }
  int metrics_port() const { return metrics_port_ == nullptr ? 0 : metrics_port_->port(); }
  const Engine& engine() const { return *engine_; }
  WebhookCounts webhook_counts() const {
    return courier_.has_value() ? courier_->counts() : WebhookCounts();
  }

 private:
  absl::Status OpenEngine() {
    EngineOptions options = options_.engine;
    const int grpc_threads = std::clamp<int>(std::thread::hardware_concurrency(), 2, 16);
    // Enough that a quick read on a thread of gRPC's never waits for a list or a report.
    options.readers = std::min(options_.scan_threads + kServerReads + kWatchThreads + grpc_threads,
                               static_cast<int>(limits::readers_max));
    options.automatic_checkpoint = false;
    options.on_commit = [this](const std::string& workspace, int64_t revision) {
      hub_.NoteCommit(workspace, revision);
      if (courier_.has_value()) courier_->NoteCommit(workspace, revision);
    };
    if (metrics_ != nullptr) {
      options.on_store_use = [this](const StoreUse& use) { measured_.NoteUse(use); };
    }
    absl::StatusOr<Engine> engine = Engine::Open(std::move(options));
    if (!engine.ok()) return engine.status();
    engine_.emplace(*std::move(engine));
    return absl::OkStatus();
  }

  absl::Status LoadTls() {
    const TlsFiles& files = options_.tls;
    if (files.cert.empty() && files.key.empty() && files.client_ca.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(tls_, Tls::Load(files, log_));
    return absl::OkStatus();
  }

  absl::Status Listen() {
    ListenOptions api;
    api.setting = "listen";
    api.address = options_.listen;
    api.credentials = tls_ != nullptr ? tls_->Credentials() : grpc::InsecureServerCredentials();
    api.connections_max = RaiseConnectionsLimit();
    api.connection_age = options_.connection_age;
    ASSIGN_OR_RETURN(api_, Listener::Start(api, services_, log_));
    ListenOptions admin;
    admin.setting = "admin-listen";
    admin.address = options_.admin_listen;
    // Probes of Kubernetes speak no TLS.
    admin.credentials = grpc::InsecureServerCredentials();
    admin.connections_max = limits::admin_connections_max;
    admin_services_.push_back(MakeReflection({}, [](const auto&) { return absl::OkStatus(); }));
    ASSIGN_OR_RETURN(admin_, Listener::Start(admin, admin_services_, log_));
    return absl::OkStatus();
  }

  void SetServing(const std::string& service, bool serving) {
    api_->SetServing(service, serving);
    admin_->SetServing(service, serving);
  }

  // Streams first: they end only by themselves. Then new calls are refused, so that clients go
  // elsewhere, and those taken on finished, before connections end.
  void StopServing(absl::Duration drain) {
    const auto start = std::chrono::system_clock::now();
    const auto deadline = start + absl::ToChronoMilliseconds(drain);
    hub_.Drain();
    admission_.Close();
    const auto refusing_until = std::min(deadline, start + kRefusing);
    for (auto now = start; now < deadline; now = std::chrono::system_clock::now()) {
      if (now >= refusing_until && admission_.calls() == 0) break;
      std::this_thread::sleep_for(kDrainCheckInterval);
    }
    std::this_thread::sleep_for(kLastWords);
    api_->Stop(deadline);
    if (admin_ != nullptr) admin_->Stop(deadline);
    api_.reset();
    admin_.reset();
  }

  void CheckpointNowAndThen() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!stopping_) {
      wake_.wait_for(lock, kCheckpointInterval, [this] { return stopping_; });
      if (stopping_) return;
      lock.unlock();
      const absl::Time start = absl::Now();
      const absl::Status status = engine_->Checkpoint();
      measured_.NoteCheckpoint(absl::Now() - start, status);
      if (!status.ok()) {
        log_.Write(LogLine(LogLevel::kWarning, "checkpoint failed")
                       .Add("reason", ReasonName(ReasonOf(status))));
      }
      if (absl::Now() >= next_store_look_) LookAtStore();
      lock.lock();
    }
  }

  // A scrape gives what was found here, so that it never waits for the store, least of all when
  // that is in trouble.
  void LookAtStore() {
    if (metrics_ == nullptr || engine_->is_shared()) return;
    const absl::Time now = absl::Now();
    next_store_look_ = now + kStoreLookInterval;
    Call call;
    call.deadline = now + kStoreLookWait;
    const absl::StatusOr<StoreStatus> status = engine_->GetStoreStatus(call);
    if (status.ok()) measured_.NoteStore(*status);
  }

  // A call leaves work undone when much is due at once; then the next one follows soon, but leaves
  // room for callers.
  void SweepNowAndThen() {
    const auto interval = absl::ToChronoMilliseconds(options_.sweep_interval);
    Shift shift(*engine_, "sweep", process_);
    std::unique_lock<std::mutex> lock(mutex_);
    while (!stopping_) {
      lock.unlock();
      const absl::Time start = absl::Now();
      if (!shift.IsMine()) {
        state_.NoteSweep({start, absl::InfiniteFuture()});
        lock.lock();
        wake_.wait_for(lock, absl::ToChronoMilliseconds(Shift::kInterval),
                       [this] { return stopping_; });
        continue;
      }
      const absl::StatusOr<Engine::SweepResult> swept = engine_->Sweep(kSweepLeads);
      measured_.NoteSweep(absl::Now() - start, swept);
      LogSweep(swept);
      if (swept.ok()) state_.NoteSweep({absl::Now(), swept->next_time});
      const bool undone = swept.ok() && swept->next_time < absl::Now();
      lock.lock();
      wake_.wait_for(lock, undone ? std::min(interval, kSweepPause) : interval,
                     [this] { return stopping_; });
    }
    lock.unlock();
    shift.End();
  }

  // What other processes write is told to watches and webhooks here as it happens; whatever is
  // missed meanwhile they find when they look themselves.
  void FollowOthers() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!stopping_) {
      lock.unlock();
      const absl::Status followed = engine_->FollowOthers(absl::Now() + kFollowWait);
      lock.lock();
      if (followed.ok()) continue;
      log_.Write(LogLine(LogLevel::kWarning, "other servers' writes cannot be followed")
                     .Add("reason", ReasonName(ReasonOf(followed))));
      wake_.wait_for(lock, kFollowPause, [this] { return stopping_; });
    }
  }

  void LogSweep(const absl::StatusOr<Engine::SweepResult>& swept) {
    if (!swept.ok()) {
      log_.Write(LogLine(LogLevel::kWarning, "sweep failed")
                     .Add("reason", ReasonName(ReasonOf(swept.status()))));
    } else if (swept->leads > 0 || swept->leads_assigned > 0) {
      log_.Write(LogLine(LogLevel::kInfo, "swept")
                     .Add("leads", swept->leads)
                     .Add("limits_breached", swept->limits_breached)
                     .Add("proposals_expired", swept->proposals_expired)
                     .Add("leads_woken", swept->leads_woken)
                     .Add("leads_assigned", swept->leads_assigned));
    }
  }

  void StopBackground() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    if (checkpointer_.joinable()) checkpointer_.join();
    if (follower_.joinable()) follower_.join();
    if (sweeper_.joinable()) sweeper_.join();
    if (courier_.has_value()) courier_->Stop();
  }

  const ServerOptions options_;
  Log& log_;
  // A name that no other process has, for works that one does for all.
  const std::string process_ = MakeProcessName();
  // In the order of use: each needs those above it until it is gone.
  std::unique_ptr<Tls> tls_;
  const std::unique_ptr<Metrics> metrics_;
  CallMetrics calls_;
  ServerMetrics measured_;
  StreamHub hub_;
  Admission admission_;
  std::optional<Engine> engine_;
  std::unique_ptr<Authenticator> authenticator_;
  std::optional<Courier> courier_;
  std::optional<WriteBatcher> writes_;
  std::optional<Pool> imports_;
  std::optional<Pool> scans_;
  std::optional<Pool> watches_;
  std::optional<Pool> rebuilds_;
  std::optional<Scratch> scratch_;
  ServerState state_;
  std::optional<Pool> transfers_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::vector<std::unique_ptr<grpc::Service>> admin_services_;
  std::unique_ptr<Listener> api_;
  std::unique_ptr<Listener> admin_;
  std::unique_ptr<MetricsPort> metrics_port_;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  absl::Time next_store_look_;
  std::thread checkpointer_;
  std::thread follower_;
  std::thread sweeper_;
};

Server::Server(std::unique_ptr<Core> core) : core_(std::move(core)) {}
Server::~Server() = default;

absl::StatusOr<std::unique_ptr<Server>> Server::Start(ServerOptions options, Log& log) {
  auto core = std::make_unique<Core>(std::move(options), log);
  RETURN_IF_ERROR(core->Start());
  return std::unique_ptr<Server>(new Server(std::move(core)));
}

int Server::port() const { return core_->port(); }
int Server::admin_port() const { return core_->admin_port(); }
int Server::metrics_port() const { return core_->metrics_port(); }
const Engine& Server::engine() const { return core_->engine(); }
WebhookCounts Server::webhook_counts() const { return core_->webhook_counts(); }
void Server::SetReady(bool ready) { core_->SetReady(ready); }

absl::Status Server::Stop(absl::Duration lame_duck, absl::Duration drain) {
  return core_->Stop(lame_duck, drain);
}

}  // namespace sales::service
