#include "channel.h"

#include <fstream>
#include <regex>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/security/tls_certificate_provider.h"
#include "grpcpp/security/tls_credentials_options.h"
#include "service_config.h"

namespace sales::client {
namespace {

constexpr int answer_bytes_max = 64 << 20;
// A restarted server is found again while a call is retried, not after two minutes.
constexpr int kReconnectMillisMin = 100;
constexpr int kReconnectMillisMax = 500;
// How long one attempt to connect may take at least: a far or busy server needs some round trips
// and a moment of processor time for TLS.
constexpr int kConnectMillis = 5'000;
// A watch notices that its peer is gone; servers refuse pings more often than every 5 minutes.
constexpr int kKeepaliveMillis = 320'000;
constexpr unsigned kRereadSeconds = 1;

bool IsEncrypted(const Options& options) {
  return options.tls || !options.ca_file.empty() || !options.cert_file.empty();
}

// Whether what is sent to a target stays on this machine.
bool IsThisMachine(const std::string& target) {
  static const std::regex* const kLocal = new std::regex(
      R"(unix:.*|((dns|ipv4|ipv6):(//[^/]*/)?)?(localhost|127(\.\d{1,3}){3}|\[::1\]|::1)(:\d+)?)");
  return std::regex_match(target, *kLocal);
}

absl::Status CheckFiles(const Options& options) {
  if (options.cert_file.empty() != options.key_file.empty()) {
    return absl::InvalidArgumentError("a certificate and its key go together");
  }
  for (const std::string& file :
       {options.ca_file, options.cert_file, options.key_file, options.token_file}) {
    if (!file.empty() && !std::ifstream(file).good()) {
      return absl::InvalidArgumentError(absl::StrCat(file, " cannot be read"));
    }
  }
  return absl::OkStatus();
}

// gRPC watches the files by itself.
std::shared_ptr<grpc::ChannelCredentials> Credentials(const Options& options) {
  if (!IsEncrypted(options)) return grpc::InsecureChannelCredentials();
  if (options.ca_file.empty() && options.cert_file.empty()) return grpc::SslCredentials({});
  grpc::experimental::TlsChannelCredentialsOptions tls;
  tls.set_certificate_provider(std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
      options.key_file, options.cert_file, options.ca_file, kRereadSeconds));
  if (!options.ca_file.empty()) tls.watch_root_certs();
  if (!options.cert_file.empty()) tls.watch_identity_key_cert_pairs();
  return grpc::experimental::TlsCredentials(tls);
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::Channel>> OpenChannel(const std::string& target,
                                                           const Options& options) {
  if (absl::Status checked = CheckFiles(options); !checked.ok()) return checked;
  if (!options.token_file.empty() && !IsEncrypted(options) && !IsThisMachine(target)) {
    return absl::InvalidArgumentError(
        absl::StrCat("a token is not sent to ", target, " in the clear: use TLS"));
  }
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(kServiceConfig);
  arguments.SetMaxReceiveMessageSize(answer_bytes_max);
  arguments.SetUserAgentPrefix(absl::StrCat(
      options.user_agent, options.user_agent.empty() ? "" : " ", "libsales-cpp/", SALES_VERSION));
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectMillisMin);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectMillis);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMillisMax);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMillis);
  // Each client has a connection of its own, not one with all others of the process.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(target, Credentials(options), arguments);
}

}  // namespace sales::client
