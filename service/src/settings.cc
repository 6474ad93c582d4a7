#include "service/src/settings.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cctype>
#include <cstdlib>
#include <map>
#include <optional>

#include "sales/error.h"
#include "sales/limits.h"
#include "service/src/auth/rights.h"
#include "service/src/convert/names.h"
#include "service/src/limits.h"
#include "service/src/result.h"

namespace sales::service {
namespace {

constexpr char kVariablePrefix[] = "SALES_";

// The fallback of a setting that may be left out and then is not there.
constexpr char kNone[] = "none";

struct SettingSpec {
  const char* name;
  const char* form;
  // Empty: there is none, and the setting is needed.
  const char* fallback;
  const char* meaning;
  // Reads a value; false if it is not of the form.
  bool (*read)(const std::string& value, Settings& settings);
};

bool ReadNumber(const std::string& text, int least, int most, int& number) {
  if (text.empty() || text.size() > 6) return false;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  number = std::atoi(text.c_str());
  return number >= least && number <= most;
}

bool ReadSeconds(const std::string& text, absl::Duration& duration) {
  int seconds = 0;
  if (!ReadNumber(text, 0, 3600, seconds)) return false;
  duration = absl::Seconds(seconds);
  return true;
}

bool ReadAddress(const std::string& text, std::string& address) {
  const size_t colon = text.rfind(':');
  int port = 0;
  if (colon == std::string::npos || colon == 0) return false;
  if (!ReadNumber(text.substr(colon + 1), 0, 65535, port)) return false;
  address = text;
  return true;
}

bool ReadDurability(const std::string& text, Settings& settings) {
  if (text == "full") {
    settings.durability = EngineOptions::Durability::kFull;
    return true;
  }
  settings.durability = EngineOptions::Durability::kRelaxed;
  return text == "relaxed";
}

bool ReadYesNo(const std::string& text, bool& flag) {
  flag = text == "true";
  return flag || text == "false";
}

// "300ms", "5s", "72h": more than nothing, and no more than a year.
bool ReadDuration(const std::string& text, absl::Duration& duration) {
  return absl::ParseDuration(text, &duration) && duration > absl::ZeroDuration() &&
         duration <= absl::Hours(24 * 365);
}

bool ReadAuth(const std::string& text, Settings& settings) {
  settings.auth.mode = text == "required" ? AuthMode::kRequired : AuthMode::kNone;
  return text == "required" || text == "none";
}

// "head-of-sales" is HEAD_OF_SALES.
std::string RoleTextOf(const std::string& word) {
  std::string text;
  for (const char c : word) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0) return "";
    text += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return text;
}

constexpr SettingSpec kSettings[] = {
    {"store", "sqlite:FILE|postgres:@FILE", "",
     "Where the record is kept: a SQLite file, or the PostgreSQL database whose connection string "
     "(of libpq, with a password or without) the named file holds.",
     [](const std::string& value, Settings& settings) {
       settings.store = value;
       return !value.empty();
     }},
    {"read-store", "postgres:@FILE", kNone,
     "A standby that follows the store, for reads that may be answered there: those of calls with "
     "the metadata `sales-min-revision`.",
     [](const std::string& value, Settings& settings) {
       settings.read_store = value;
       return !value.empty();
     }},
    {"listen", "HOST:PORT", "127.0.0.1:8443", "Where the API is served; port 0 takes a free one.",
     [](const std::string& value, Settings& settings) {
       return ReadAddress(value, settings.listen);
     }},
    {"admin-listen", "HOST:PORT", "127.0.0.1:8444",
     "Where health is served. Never to be reachable from outside.",
     [](const std::string& value, Settings& settings) {
       return ReadAddress(value, settings.admin_listen);
     }},
    {"metrics-listen", "HOST:PORT", kNone,
     "Where Prometheus scrapes `/metrics`, over HTTP. Never to be reachable from outside.",
     [](const std::string& value, Settings& settings) {
       return ReadAddress(value, settings.metrics_listen);
     }},
    {"tls-cert-file", "FILE", kNone,
     "The server's certificate and those that lead to its CA, in PEM: the API's port speaks TLS. "
     "Read again when it changes.",
     [](const std::string& value, Settings& settings) {
       settings.tls.cert = value;
       return true;
     }},
    {"tls-key-file", "FILE", kNone, "Its private key, in PEM. Read again when it changes.",
     [](const std::string& value, Settings& settings) {
       settings.tls.key = value;
       return true;
     }},
    {"tls-client-ca-file", "FILE", kNone,
     "Clients must have a certificate from one of the CAs in this file. Read again when it "
     "changes.",
     [](const std::string& value, Settings& settings) {
       settings.tls.client_ca = value;
       return true;
     }},
    {"rate-per-second", "0..100000", "0",
     "How many calls a second one caller may make in the long run; 0: any number. Callers are told "
     "apart by their identity, else by their address.",
     [](const std::string& value, Settings& settings) {
       return ReadNumber(value, 0, 100'000, settings.rate.per_second);
     }},
    {"rate-burst", "1..100000", "200", "How many calls he may make at once after a pause.",
     [](const std::string& value, Settings& settings) {
       return ReadNumber(value, 1, 100'000, settings.rate.burst);
     }},
    {"streams-per-caller", "1..2000", "100", "How many watches and imports he may have open.",
     [](const std::string& value, Settings& settings) {
       int count = 0;
       if (!ReadNumber(value, 1, limits::streams_max, count)) return false;
       settings.streams.per_caller = count;
       return true;
     }},
    {"stall-seconds", "1..3600", "60",
     "How long a stream may stand still because its client does not read, or sends "
     "nothing, before it is cut off.",
     [](const std::string& value, Settings& settings) {
       int seconds = 0;
       if (!ReadNumber(value, 1, 3600, seconds)) return false;
       settings.streams.stall = absl::Seconds(seconds);
       return true;
     }},
    {"connection-age-seconds", "1..86400", "3600",
     "After how long clients are told to connect anew; calls under way go on.",
     [](const std::string& value, Settings& settings) {
       int seconds = 0;
       if (!ReadNumber(value, 1, 86'400, seconds)) return false;
       settings.connection_age = absl::Seconds(seconds);
       return true;
     }},
    {"auth", "none|required", "none",
     "required: every call brings a token or another proof of who calls. none: everybody may do "
     "everything; only where the API is served on a loopback address.",
     ReadAuth},
    {"identities-file", "FILE", kNone,
     "Whose the certificates of clients are (YAML); needs --tls-client-ca-file. Read again when it "
     "changes.",
     [](const std::string& value, Settings& settings) {
       settings.auth.identities_file = value;
       return true;
     }},
    {"jwt-keys-file", "FILE", kNone,
     "The keys that sign the JWTs which callers may bring (JWKS). Read again when it changes.",
     [](const std::string& value, Settings& settings) {
       settings.auth.jwt.keys_file = value;
       return true;
     }},
    {"jwt-issuer", "URL", kNone, "Whose JWTs they are: the claim iss.",
     [](const std::string& value, Settings& settings) {
       settings.auth.jwt.issuer = value;
       return true;
     }},
    {"jwt-audience", "TEXT", kNone, "Whom JWTs are meant for: one of the claim aud.",
     [](const std::string& value, Settings& settings) {
       settings.auth.jwt.audience = value;
       return true;
     }},
    {"durability", "full|relaxed", "full",
     "full: an acknowledged write survives power loss. relaxed: it survives a crash of the "
     "process; power loss may take the last moments.",
     ReadDurability},
    {"lame-duck-seconds", "0..3600", "1",
     "How long salesd serves on, not ready any more, after SIGTERM.",
     [](const std::string& value, Settings& settings) {
       return ReadSeconds(value, settings.lame_duck);
     }},
    {"drain-seconds", "0..3600", "10", "How long calls may take after that before they are cut.",
     [](const std::string& value, Settings& settings) {
       return ReadSeconds(value, settings.drain);
     }},
    {"log-level", "debug|info|warning|error", "info", "The least level that is logged.",
     [](const std::string& value, Settings& settings) {
       return ParseLogLevel(value, &settings.log_level);
     }},
    {"writers", "1..64", "8",
     "How many commits may be under way at once on PostgreSQL, each of another workspace.",
     [](const std::string& value, Settings& settings) {
       return ReadNumber(value, 1, limits::writers_max, settings.writers);
     }},
    {"scan-threads", "1..32", "4", "How many lists and reports may be read at once.",
     [](const std::string& value, Settings& settings) {
       return ReadNumber(value, 1, 32, settings.scan_threads);
     }},
    {"sweep-seconds", "0..3600", "10",
     "How often passed limits, expired proposals and leads to wake are recorded; 0: never.",
     [](const std::string& value, Settings& settings) {
       return ReadSeconds(value, settings.sweep_interval);
     }},
    {"webhook-key-file", "FILE", kNone,
     "At least 32 bytes that the secrets of webhooks are made from; without it there are none. "
     "Another key makes other secrets.",
     [](const std::string& value, Settings& settings) {
       settings.webhooks.key_file = value;
       return !value.empty();
     }},
    {"webhook-allow", "CIDR[,CIDR]", kNone,
     "Where webhooks may go besides the public internet: 10.1.0.0/16,fd12::/16.",
     [](const std::string& value, Settings& settings) {
       const auto allowed = AddressRanges::Parse(value);
       if (allowed.has_value()) settings.webhooks.http.allowed = *allowed;
       return allowed.has_value();
     }},
    {"webhook-allow-http", "true|false", "false",
     "Whether webhooks may go by http, which everybody on the way can read.",
     [](const std::string& value, Settings& settings) {
       settings.webhooks.http.allow_http = value == "true";
       return ReadYesNo(value, settings.webhooks.options.allow_http);
     }},
    {"webhook-ca-file", "FILE", kNone,
     "Who signs the certificates of webhooks' receivers, in PEM, instead of whom the machine "
     "trusts.",
     [](const std::string& value, Settings& settings) {
       settings.webhooks.http.ca_file = value;
       return !value.empty();
     }},
    {"webhook-timeout", "DURATION", "15s", "How long a call to a webhook may take.",
     [](const std::string& value, Settings& settings) {
       return ReadDuration(value, settings.webhooks.http.timeout);
     }},
    {"webhook-first-backoff", "DURATION", "5s",
     "How long after a first failed call the next one follows. The wait doubles with each.",
     [](const std::string& value, Settings& settings) {
       return ReadDuration(value, settings.webhooks.options.first_backoff);
     }},
    {"webhook-longest-backoff", "DURATION", "1h", "How long that wait becomes at most.",
     [](const std::string& value, Settings& settings) {
       return ReadDuration(value, settings.webhooks.options.longest_backoff);
     }},
    {"webhook-give-up-after", "DURATION", "72h",
     "For how long a webhook's calls may fail in a row before it is marked as failed.",
     [](const std::string& value, Settings& settings) {
       return ReadDuration(value, settings.webhooks.options.give_up_after);
     }},
};

// Of `salesd token`; flags only.
constexpr SettingSpec kTokenSettings[] = {
    {"role", "owner|head-of-sales|seller|production-manager|analyst|integration", "",
     "What the holder may do.",
     [](const std::string& value, Settings& settings) {
       settings.token.role = RoleFrom(RoleTextOf(value));
       return settings.token.role != Role::kUnspecified;
     }},
    {"actor", "ID", "", "In whose name the token is used; for a seller, the seller's id.",
     [](const std::string& value, Settings& settings) {
       settings.token.actor = value;
       return IsActor(value);
     }},
    {"workspace", "ID|all", "all", "What the token is good for.",
     [](const std::string& value, Settings& settings) {
       settings.token.workspace = value == "all" ? kEveryWorkspace : value;
       return value == "all" || IsId(value);
     }},
    {"expires-days", "1..3650", "90", "How long it is good.",
     [](const std::string& value, Settings& settings) {
       return ReadNumber(value, 1, limits::token_days_max, settings.token.expires_days);
     }},
};

const SettingSpec* FindSetting(const std::string& name, Settings::Command command) {
  for (const SettingSpec& spec : kSettings) {
    if (name == spec.name) return &spec;
  }
  if (command != Settings::Command::kToken) return nullptr;
  for (const SettingSpec& spec : kTokenSettings) {
    if (name == spec.name) return &spec;
  }
  return nullptr;
}

std::string VariableOf(const SettingSpec& spec) {
  std::string variable = kVariablePrefix;
  for (const char* c = spec.name; *c != '\0'; ++c) {
    variable += *c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(*c)));
  }
  return variable;
}

absl::Status SettingError(const std::string& setting, const std::string& description) {
  ErrorDetail detail;
  detail.reason = Reason::kSettingInvalid;
  detail.metadata["setting"] = setting;
  return MakeError(detail, setting + ": " + description);
}

// "--drain_seconds" is "drain-seconds" too.
std::string FlagName(const std::string& argument) {
  std::string name = argument.substr(2, argument.find('=') - 2);
  for (char& c : name) c = c == '_' ? '-' : c;
  return name;
}

bool IsLoopback(const std::string& address) {
  const std::string host = address.substr(0, address.rfind(':'));
  if (host == "localhost" || host == "[::1]") return true;
  in_addr parsed = {};
  return inet_pton(AF_INET, host.c_str(), &parsed) == 1 && (ntohl(parsed.s_addr) >> 24) == 127;
}

absl::Status CheckAuth(const Settings& settings) {
  const JwtOptions& jwt = settings.auth.jwt;
  if (jwt.keys_file.empty() != jwt.issuer.empty() ||
      jwt.keys_file.empty() != jwt.audience.empty()) {
    return SettingError("--jwt-keys-file", "goes together with --jwt-issuer and --jwt-audience");
  }
  if (!settings.auth.identities_file.empty() && settings.tls.client_ca.empty()) {
    return SettingError("--identities-file", "needs --tls-client-ca-file");
  }
  const bool proofs = !jwt.keys_file.empty() || !settings.auth.identities_file.empty();
  if (proofs && settings.auth.mode == AuthMode::kNone) {
    return SettingError("--auth", "must be required where callers are to show who they are");
  }
  if (settings.auth.mode == AuthMode::kRequired || IsLoopback(settings.listen)) {
    return absl::OkStatus();
  }
  return SettingError("--auth",
                      "must be required where --listen is no loopback address: " + settings.listen);
}

absl::Status ReadEnvironment(const std::vector<std::string>& environment, Settings& settings,
                             std::map<std::string, bool>& given) {
  for (const std::string& entry : environment) {
    if (entry.rfind(kVariablePrefix, 0) != 0) continue;
    const size_t equals = entry.find('=');
    const std::string variable = entry.substr(0, equals);
    const SettingSpec* spec = nullptr;
    for (const SettingSpec& candidate : kSettings) {
      if (VariableOf(candidate) == variable) spec = &candidate;
    }
    if (spec == nullptr) {
      return SettingError(variable, "is no variable that salesd knows; see salesd --help");
    }
    const std::string value = equals == std::string::npos ? "" : entry.substr(equals + 1);
    if (!spec->read(value, settings)) {
      return SettingError(variable, std::string("is not of the form ") + spec->form);
    }
    given[spec->name] = true;
  }
  return absl::OkStatus();
}

// The command that an argument names.
std::optional<Settings::Command> CommandOf(const std::string& argument) {
  if (argument == "serve") return Settings::Command::kServe;
  if (argument == "migrate") return Settings::Command::kMigrate;
  if (argument == "vacuum") return Settings::Command::kVacuum;
  if (argument == "backup") return Settings::Command::kBackup;
  if (argument == "token") return Settings::Command::kToken;
  return std::nullopt;
}

absl::Status ReadArguments(const std::vector<std::string>& arguments, Settings& settings,
                           std::map<std::string, bool>& given) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--help" || argument == "-h" || argument == "help") {
      settings.command = Settings::Command::kHelp;
      return absl::OkStatus();
    }
    if (argument == "--version") {
      settings.command = Settings::Command::kVersion;
      return absl::OkStatus();
    }
    if (i == 0 && CommandOf(argument).has_value()) {
      settings.command = *CommandOf(argument);
      continue;
    }
    if (settings.command == Settings::Command::kBackup && settings.file.empty() &&
        argument.rfind('-', 0) != 0 && !argument.empty()) {
      settings.file = argument;
      continue;
    }
    const SettingSpec* spec =
        argument.rfind("--", 0) == 0 ? FindSetting(FlagName(argument), settings.command) : nullptr;
    if (spec == nullptr) {
      return SettingError("argument " + std::to_string(i + 1),
                          "is no command or flag that salesd knows; see salesd --help");
    }
    const std::string flag = std::string("--") + spec->name;
    const size_t equals = argument.find('=');
    if (equals == std::string::npos && i + 1 == arguments.size()) {
      return SettingError(flag, "needs a value");
    }
    const std::string value =
        equals == std::string::npos ? arguments[++i] : argument.substr(equals + 1);
    if (!spec->read(value, settings)) {
      return SettingError(flag, std::string("is not of the form ") + spec->form);
    }
    given[spec->name] = true;
  }
  return absl::OkStatus();
}

std::string SettingHelp(const SettingSpec& spec, const std::string& variable) {
  const std::string needed =
      spec.fallback[0] == '\0' ? " Needed.\n" : std::string(" Default: ") + spec.fallback + ".\n";
  return std::string("\n  --") + spec.name + "=" + spec.form + variable + "\n      " +
         spec.meaning + needed;
}

}  // namespace

absl::StatusOr<Settings> ParseSettings(const std::vector<std::string>& arguments,
                                       const std::vector<std::string>& environment) {
  Settings settings;
  std::map<std::string, bool> given;
  for (const SettingSpec& spec : kSettings) {
    if (spec.fallback != kNone) spec.read(spec.fallback, settings);
  }
  for (const SettingSpec& spec : kTokenSettings) spec.read(spec.fallback, settings);
  Settings from_arguments = settings;
  // Read first only to see whether help is asked for, which must work in any environment.
  RETURN_IF_ERROR(ReadArguments(arguments, from_arguments, given));
  if (from_arguments.command == Settings::Command::kHelp ||
      from_arguments.command == Settings::Command::kVersion) {
    return from_arguments;
  }
  RETURN_IF_ERROR(ReadEnvironment(environment, settings, given));
  RETURN_IF_ERROR(ReadArguments(arguments, settings, given));
  if (!given["store"]) {
    return SettingError("--store",
                        "is needed; there is no default store, so that none is used by mistake");
  }
  if (settings.command == Settings::Command::kToken) {
    for (const char* needed : {"role", "actor"}) {
      if (!given[needed]) return SettingError(std::string("--") + needed, "is needed");
    }
  }
  if (settings.command == Settings::Command::kServe) RETURN_IF_ERROR(CheckAuth(settings));
  if (settings.command == Settings::Command::kBackup && settings.file.empty()) {
    return SettingError("backup", "needs the name of the file that it is to make");
  }
  return settings;
}

std::string HelpText() {
  std::string text =
      "salesd: a studio's sales over gRPC.\n\n"
      "  salesd [serve] --store=STORE [flags]    serves the API until SIGTERM\n"
      "  salesd migrate --store=STORE            makes the store, or brings it up to date\n"
      "  salesd vacuum --store=STORE             leaves no trace of what was erased\n"
      "  salesd token --store=STORE --role=ROLE --actor=ID [flags]\n"
      "                                          makes a token and prints it, once\n"
      "  salesd backup --store=sqlite:FILE COPY  copies the store, also while it is served\n"
      "  salesd --version\n\nFlags, each also as a variable of the environment:\n";
  for (const SettingSpec& spec : kSettings) {
    text += SettingHelp(spec, std::string("   (") + VariableOf(spec) + ")");
  }
  text += "\nOf salesd token alone:\n";
  for (const SettingSpec& spec : kTokenSettings) text += SettingHelp(spec, "");
  return text;
}

std::string SettingsMarkdown() {
  std::string text =
      "| flag | variable | value | default | meaning |\n| --- | --- | --- | --- | --- |\n";
  for (const SettingSpec& spec : kSettings) {
    std::string form;
    for (const char* c = spec.form; *c != '\0'; ++c) form += *c == '|' ? "\\|" : std::string(1, *c);
    text += std::string("| `--") + spec.name + "` | `" + VariableOf(spec) + "` | `" + form + "` | ";
    text += spec.fallback[0] == '\0' ? "none: needed" : std::string("`") + spec.fallback + "`";
    text += std::string(" | ") + spec.meaning + " |\n";
  }
  return text;
}

}  // namespace sales::service
