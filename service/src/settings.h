// What salesd can be told: one table, from which flags, environment, help and the README's list
// are made.
#ifndef SALES_SERVICE_SETTINGS_H_
#define SALES_SERVICE_SETTINGS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sales/engine.h"
#include "service/src/auth/authenticator.h"
#include "service/src/log.h"
#include "service/src/rate_limiter.h"
#include "service/src/streams.h"
#include "service/src/tls.h"
#include "service/src/webhooks/http.h"

namespace sales::service {

struct WebhookSettings {
  // Empty: there are none.
  std::string key_file;
  // Its `secret` is made of the key file.
  WebhookOptions options;
  HttpOptions http;
};

struct Settings {
  enum class Command { kServe, kMigrate, kVacuum, kBackup, kToken, kHelp, kVersion };
  Command command = Command::kServe;
  // Of kBackup: where it is written.
  std::string file;
  std::string store;
  // Empty: there is none.
  std::string read_store;
  std::string listen;
  std::string admin_listen;
  // Empty: nothing is measured.
  std::string metrics_listen;
  TlsFiles tls;
  absl::Duration connection_age;
  AuthOptions auth;
  RateLimit rate;
  StreamLimits streams;
  EngineOptions::Durability durability = EngineOptions::Durability::kFull;
  absl::Duration lame_duck;
  absl::Duration drain;
  LogLevel log_level = LogLevel::kInfo;
  int scan_threads = 0;
  int writers = 0;
  absl::Duration sweep_interval;
  WebhookSettings webhooks;
  // Of the command kToken.
  struct NewToken {
    Role role = Role::kUnspecified;
    std::string actor;
    std::string workspace;
    int expires_days = 0;
  };
  NewToken token;
};

// Reads the arguments after the program's name, and of `environment` ("KEY=value") the variables
// that begin with SALES_. A flag wins over a variable. Errors: SETTING_INVALID, which names the
// setting.
absl::StatusOr<Settings> ParseSettings(const std::vector<std::string>& arguments,
                                       const std::vector<std::string>& environment);

// What `salesd --help` prints.
std::string HelpText();

// The table of settings in service/README.md.
std::string SettingsMarkdown();

}  // namespace sales::service

#endif  // SALES_SERVICE_SETTINGS_H_
