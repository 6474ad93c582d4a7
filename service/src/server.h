// salesd's server: an engine, the API's port, the admin port, and an orderly end.
#ifndef SALES_SERVICE_SERVER_H_
#define SALES_SERVICE_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sales/engine.h"
#include "service/src/auth/authenticator.h"
#include "service/src/log.h"
#include "service/src/rate_limiter.h"
#include "service/src/streams.h"
#include "service/src/tls.h"
#include "service/src/webhooks/courier.h"

namespace sales::service {

struct ServerOptions {
  // The store, and how the engine treats it; `on_commit`, `readers` and `automatic_checkpoint` are
  // set by the server.
  EngineOptions engine;
  // HOST:PORT; port 0 takes any free one.
  std::string listen = "127.0.0.1:0";
  std::string admin_listen = "127.0.0.1:0";
  // Empty: nothing is measured.
  std::string metrics_listen;
  // Of the API's port; without files it is plaintext. The admin port always is.
  TlsFiles tls;
  // How many calls and streams one caller may make.
  RateLimit rate;
  StreamLimits streams;
  // After how long a connection of the API's port is to be made anew.
  absl::Duration connection_age = absl::InfiniteDuration();

  AuthOptions auth;

  // How unary calls are served. The choice is explained, with its figures, in service/README.md.
  enum class Threading {
    // gRPC's callback threads take calls; quick reads are answered there, others go to pools.
    kCallback,
    // A thread of gRPC's for each call.
    kSync,
  };
  Threading threading = Threading::kCallback;
  // How many lists and reports may be read at once.
  int scan_threads = 4;
  // How often what fell due is recorded (Engine::Sweep); 0: never.
  absl::Duration sweep_interval;
  // What the metrics say of the program.
  std::string version;
  // How webhooks are called, if engine.webhooks has secrets for them.
  HttpOptions webhook_http;
};

class Server {
 public:
  // Errors: those of Engine::Open, PORT_IN_USE, SETTING_INVALID (an address that cannot be listened
  // on, files of TLS that cannot be used). `log` outlives the server.
  static absl::StatusOr<std::unique_ptr<Server>> Start(ServerOptions options, Log& log);
  // Stops at once if Stop was not called.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int port() const;
  int admin_port() const;
  // 0 where nothing is measured.
  int metrics_port() const;
  const Engine& engine() const;
  // All zero where nothing is delivered.
  WebhookCounts webhook_counts() const;

  // Ready is what load balancers go by; a server is ready from its start to its drain.
  void SetReady(bool ready);

  // Not ready any more; serves on for `lame_duck`; finishes streams; waits for calls until `drain`
  // has passed, then cancels them; moves the log into the store.
  absl::Status Stop(absl::Duration lame_duck, absl::Duration drain);

 private:
  class Core;
  explicit Server(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

}  // namespace sales::service

#endif  // SALES_SERVICE_SERVER_H_
