// salesd: reads its settings, then migrates a store or serves it until it is told to stop.
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "google/protobuf/stubs/logging.h"
#include "grpc/support/log.h"
#include "sales/engine.h"
#include "sales/error.h"
#include "service/src/auth/secret.h"
#include "service/src/log.h"
#include "service/src/result.h"
#include "service/src/server.h"
#include "service/src/settings.h"
#include "service/src/webhooks/secrets.h"

extern char** environ;

namespace sales::service {
namespace {

// What the process exits with; listed in service/README.md.
enum ExitCode { kDone = 0, kFailed = 1, kSettingsWrong = 2, kStoreUnusable = 3, kPortTaken = 4 };

ExitCode ExitCodeOf(const absl::Status& status) {
  switch (ReasonOf(status)) {
    case Reason::kSettingInvalid:
    case Reason::kFieldInvalid:
    case Reason::kBackupExists:
      return kSettingsWrong;
    case Reason::kPortInUse:
      return kPortTaken;
    case Reason::kStoreMissing:
    case Reason::kStoreForeign:
    case Reason::kStoreNewer:
    case Reason::kStoreNotMigrated:
    case Reason::kStoreInUse:
    case Reason::kStoreReadOnly:
    case Reason::kStoreCorrupt:
    case Reason::kStoreFull:
    case Reason::kStoreUnavailable:
    case Reason::kStoreBusy:
      return kStoreUnusable;
    default:
      return kFailed;
  }
}

ExitCode Fail(const absl::Status& status, Log& log) {
  const Reason reason = ReasonOf(status);
  log.Write(LogLine(LogLevel::kError, std::string(status.message()))
                .Add("reason", ReasonName(reason))
                .Add("remedy", ReasonRemedy(reason)));
  return ExitCodeOf(status);
}

// gRPC's own complaints, in the form of our log. It tells of refused ports and the like, which the
// caller of the failing function is told anyway.
void LogForGrpc(gpr_log_func_args* args) {
  if (args->severity < GPR_LOG_SEVERITY_ERROR) return;
  const LogLine line = LogLine(LogLevel::kDebug, "grpc").Add("text", args->message);
  std::fputs(line.Text().c_str(), stderr);
}

void DropForGrpc(gpr_log_func_args*) {}

ExitCode Migrate(const Settings& settings, Log& log) {
  EngineOptions options;
  options.store = settings.store;
  options.access = EngineOptions::Access::kExclusive;
  options.migrate = true;
  const absl::StatusOr<Engine> engine = Engine::Open(std::move(options));
  if (!engine.ok()) return Fail(engine.status(), log);
  log.Write(LogLine(LogLevel::kInfo, "the store is up to date"));
  return kDone;
}

ExitCode Vacuum(const Settings& settings, Log& log) {
  EngineOptions options;
  options.store = settings.store;
  options.access = EngineOptions::Access::kExclusive;
  options.migrate = false;
  const absl::StatusOr<Engine> engine = Engine::Open(std::move(options));
  if (!engine.ok()) return Fail(engine.status(), log);
  const absl::Status done = engine->Vacuum();
  if (!done.ok()) return Fail(done, log);
  log.Write(LogLine(LogLevel::kInfo, "the store holds nothing that was erased"));
  return kDone;
}

// What webhooks are delivered by; without a key there are none.
absl::Status TakeWebhooks(const WebhookSettings& settings, ServerOptions& options) {
  options.webhook_http = settings.http;
  options.webhook_http.user_agent = "salesd/" SALES_VERSION;
  options.engine.webhooks = settings.options;
  if (settings.key_file.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const WebhookSecrets secrets, WebhookSecrets::FromFile(settings.key_file));
  options.engine.webhooks.secret = [secrets](const std::string& uid, int generation) {
    return secrets.Of(uid, generation);
  };
  return absl::OkStatus();
}

// The secret goes to standard output and nowhere else.
ExitCode MakeToken(const Settings& settings, Log& log) {
  EngineOptions options;
  options.store = settings.store;
  options.migrate = false;
  const absl::StatusOr<Engine> engine = Engine::Open(std::move(options));
  if (!engine.ok()) return Fail(engine.status(), log);
  const absl::StatusOr<std::string> secret = MakeSecret();
  if (!secret.ok()) return Fail(secret.status(), log);
  CreateToken command;
  command.role = settings.token.role;
  command.actor = settings.token.actor;
  command.hash = HashOf(*secret);
  command.expire_time = absl::Now() + absl::Hours(24) * settings.token.expires_days;
  const absl::StatusOr<Token> token =
      engine->At(settings.token.workspace, {.actor = "salesd"}).CreateToken(command);
  if (!token.ok()) return Fail(token.status(), log);
  log.Write(LogLine(LogLevel::kInfo, "made a token; its secret is told this once")
                .Add("name", "workspaces/" + token->workspace + "/tokens/" + token->id)
                .Add("expire_time", absl::FormatTime(token->expire_time, absl::UTCTimeZone())));
  std::puts(secret->c_str());
  return kDone;
}

// Beside a server that has the store, too: it only reads.
ExitCode Backup(const Settings& settings, Log& log) {
  EngineOptions options;
  options.store = settings.store;
  options.access = EngineOptions::Access::kReadOnly;
  options.migrate = false;
  const absl::StatusOr<Engine> engine = Engine::Open(std::move(options));
  if (!engine.ok()) return Fail(engine.status(), log);
  const absl::Status done = engine->Backup(settings.file);
  if (!done.ok()) return Fail(done, log);
  log.Write(LogLine(LogLevel::kInfo, "the backup is there").Add("file", settings.file));
  return kDone;
}

// `signals` is blocked in every thread, so that it is this function that takes them.
ExitCode Serve(const Settings& settings, const sigset_t& signals, Log& log) {
  ServerOptions options;
  options.engine.store = settings.store;
  options.engine.read_store = settings.read_store;
  options.engine.access = EngineOptions::Access::kExclusive;
  options.engine.durability = settings.durability;
  options.engine.writers = settings.writers;
  options.engine.migrate = false;
  options.listen = settings.listen;
  options.admin_listen = settings.admin_listen;
  options.metrics_listen = settings.metrics_listen;
  options.version = SALES_VERSION;
  options.tls = settings.tls;
  options.connection_age = settings.connection_age;
  options.auth = settings.auth;
  options.rate = settings.rate;
  options.streams = settings.streams;
  options.scan_threads = settings.scan_threads;
  options.sweep_interval = settings.sweep_interval;
  const absl::Status taken = TakeWebhooks(settings.webhooks, options);
  if (!taken.ok()) return Fail(taken, log);
  const absl::StatusOr<std::unique_ptr<Server>> server = Server::Start(std::move(options), log);
  if (!server.ok()) return Fail(server.status(), log);
  if (settings.auth.mode == AuthMode::kNone) {
    log.Write(LogLine(LogLevel::kWarning,
                      "NO AUTHENTICATION: whoever reaches the port may do everything; set "
                      "--auth=required to ask who calls"));
  }
  LogLine serving(LogLevel::kInfo, "serving");
  serving.Add("version", SALES_VERSION)
      .Add("port", (*server)->port())
      .Add("admin_port", (*server)->admin_port());
  if ((*server)->metrics_port() != 0) serving.Add("metrics_port", (*server)->metrics_port());
  log.Write(serving);
  log.Flush();
  int signal = 0;
  sigwait(&signals, &signal);
  log.Write(LogLine(LogLevel::kInfo, "stopping").Add("signal", signal));
  const absl::Status stopped = (*server)->Stop(settings.lame_duck, settings.drain);
  if (!stopped.ok()) return Fail(stopped, log);
  log.Write(LogLine(LogLevel::kInfo, "stopped"));
  return kDone;
}

ExitCode Main(const std::vector<std::string>& arguments) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  std::vector<std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) environment.emplace_back(*entry);
  const absl::StatusOr<Settings> settings = ParseSettings(arguments, environment);
  Log log(settings.ok() ? settings->log_level : LogLevel::kInfo);
  if (!settings.ok()) return Fail(settings.status(), log);
  // What protobuf says of bytes that it cannot read is told to the caller, and logged with the
  // call.
  google::protobuf::SetLogHandler(nullptr);
  // SQLite counts the memory of the whole process under one lock, and nobody here asks for it.
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  // Debian's Abseil looks for deadlocks at every lock that gRPC takes.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  gpr_set_log_function(log.Wants(LogLevel::kDebug) ? LogForGrpc : DropForGrpc);
  switch (settings->command) {
    case Settings::Command::kHelp:
      std::fputs(HelpText().c_str(), stdout);
      return kDone;
    case Settings::Command::kVersion:
      std::puts("salesd " SALES_VERSION);
      return kDone;
    case Settings::Command::kMigrate:
      return Migrate(*settings, log);
    case Settings::Command::kVacuum:
      return Vacuum(*settings, log);
    case Settings::Command::kToken:
      return MakeToken(*settings, log);
    case Settings::Command::kBackup:
      return Backup(*settings, log);
    case Settings::Command::kServe:
      return Serve(*settings, signals, log);
  }
  return kFailed;
}

}  // namespace
}  // namespace sales::service

int main(int argc, char** argv) {
  return sales::service::Main(std::vector<std::string>(argv + 1, argv + argc));
}
