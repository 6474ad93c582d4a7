#include "service/src/tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/time/time.h"
#include "grpc/grpc.h"
#include "grpc/grpc_security.h"
#include "sales/error.h"
#include "service/src/limits.h"
#include "service/src/result.h"

namespace sales::service {
namespace {

constexpr char kCertFlag[] = "--tls-cert-file";
constexpr char kKeyFlag[] = "--tls-key-file";
constexpr char kClientCaFlag[] = "--tls-client-ca-file";
// How soon a changed file is noticed.
constexpr std::chrono::milliseconds kLookInterval(1000);

struct BioFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct CertificateFree {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct KeyFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Bio = std::unique_ptr<BIO, BioFree>;
using Certificate = std::unique_ptr<X509, CertificateFree>;
using Key = std::unique_ptr<EVP_PKEY, KeyFree>;

absl::Status FlagError(const std::string& flag, const std::string& description) {
  ErrorDetail detail;
  detail.reason = Reason::kSettingInvalid;
  detail.metadata["setting"] = flag;
  return MakeError(std::move(detail), flag + ": " + description);
}

absl::StatusOr<std::string> ReadFile(const std::string& flag, const std::string& path) {
  struct stat found = {};
  if (stat(path.c_str(), &found) != 0) {
    return FlagError(flag, path + " cannot be read: " + std::strerror(errno));
  }
  if (!S_ISREG(found.st_mode)) return FlagError(flag, path + " is no file");
  if (found.st_size > static_cast<off_t>(limits::tls_file_bytes_max)) {
    return FlagError(flag, path + " is longer than a file of certificates may be");
  }
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) return FlagError(flag, path + " cannot be read: " + std::strerror(errno));
  return text;
}

Bio BioOf(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// The first of the certificates in `text`, all of which must be whole.
absl::StatusOr<Certificate> FirstCertificate(const std::string& flag, const std::string& text) {
  const Bio bio = BioOf(text);
  Certificate first;
  ERR_clear_error();
  for (;;) {
    Certificate next(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (next == nullptr) break;
    if (first == nullptr) first = std::move(next);
  }
  // The end of the file is an error like others.
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (!at_end) return FlagError(flag, "holds a broken certificate; it may be half-written");
  if (first == nullptr) return FlagError(flag, "holds no certificate in PEM");
  return first;
}

absl::StatusOr<Key> KeyFrom(const std::string& text) {
  const Bio bio = BioOf(text);
  const auto no_passphrase = [](char*, int, int, void*) { return 0; };
  Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  if (key == nullptr) {
    return FlagError(kKeyFlag, "holds no private key in PEM that needs no passphrase");
  }
  return key;
}

// The past for what cannot be read.
absl::Time ExpiryOf(const std::string& cert) {
  const auto certificate = FirstCertificate(kCertFlag, cert);
  tm when = {};
  if (!certificate.ok() || ASN1_TIME_to_tm(X509_get0_notAfter(certificate->get()), &when) != 1) {
    return absl::UnixEpoch();
  }
  return absl::FromTM(when, absl::UTCTimeZone());
}

// "2027-01-31T12:00:00Z".
std::string ExpiryText(const std::string& cert) {
  return absl::FormatTime(absl::RFC3339_sec, ExpiryOf(cert), absl::UTCTimeZone());
}

// gRPC asks before each handshake whether there is something new. Its ready-made watcher of files
// would take a key that does not fit its certificate, and then have nothing to serve with.
grpc_ssl_certificate_config_reload_status FetchConfig(void* tls,
                                                      grpc_ssl_server_certificate_config** config) {
  const std::optional<TlsPems> pems = static_cast<Tls*>(tls)->TakeChanged();
  if (!pems) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
  const grpc_ssl_pem_key_cert_pair pair = {pems->key.c_str(), pems->cert.c_str()};
  // gRPC insists on a CA, even where clients are not asked for certificates.
  const std::string& client_ca = pems->client_ca.empty() ? pems->cert : pems->client_ca;
  *config = grpc_ssl_server_certificate_config_create(client_ca.c_str(), &pair, 1);
  return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
}

// The C++ API has no credentials that ask; these hand those of the C API over.
class FetchingCredentials final : public grpc::ServerCredentials {
 public:
  FetchingCredentials(Tls* tls, grpc_ssl_client_certificate_request_type asked)
      : credentials_(grpc_ssl_server_credentials_create_with_options(
            grpc_ssl_server_credentials_create_options_using_config_fetcher(asked, FetchConfig,
                                                                            tls))) {}
  ~FetchingCredentials() override { grpc_server_credentials_release(credentials_); }
  FetchingCredentials(const FetchingCredentials&) = delete;
  FetchingCredentials& operator=(const FetchingCredentials&) = delete;

  void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {}

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), credentials_);
  }

  grpc_server_credentials* const credentials_;
};

}  // namespace

bool TlsPems::operator==(const TlsPems& other) const {
  return cert == other.cert && key == other.key && client_ca == other.client_ca;
}

absl::StatusOr<TlsPems> ReadTlsFiles(const TlsFiles& files) {
  if (files.cert.empty()) return FlagError(kCertFlag, "is needed beside the other files of TLS");
  if (files.key.empty()) return FlagError(kKeyFlag, "is needed beside the other files of TLS");
  TlsPems pems;
  ASSIGN_OR_RETURN(pems.cert, ReadFile(kCertFlag, files.cert));
  ASSIGN_OR_RETURN(pems.key, ReadFile(kKeyFlag, files.key));
  ASSIGN_OR_RETURN(const Certificate certificate, FirstCertificate(kCertFlag, pems.cert));
  ASSIGN_OR_RETURN(const Key key, KeyFrom(pems.key));
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    ERR_clear_error();
    return FlagError(
        kKeyFlag,
        std::string("is not the key of the certificate that comes first in ") + kCertFlag);
  }
  if (files.client_ca.empty()) return pems;
  ASSIGN_OR_RETURN(pems.client_ca, ReadFile(kClientCaFlag, files.client_ca));
  RETURN_IF_ERROR(FirstCertificate(kClientCaFlag, pems.client_ca).status());
  return pems;
}

absl::StatusOr<std::unique_ptr<Tls>> Tls::Load(TlsFiles files, Log& log) {
  ASSIGN_OR_RETURN(TlsPems pems, ReadTlsFiles(files));
  return std::unique_ptr<Tls>(new Tls(std::move(files), std::move(pems), log));
}

Tls::Tls(TlsFiles files, TlsPems pems, Log& log)
    : files_(std::move(files)), log_(log), pems_(std::move(pems)) {
  log_.Write(LogLine(LogLevel::kInfo, "certificate read").Add("expires", ExpiryText(pems_.cert)));
  looker_ = std::thread([this] { LookNowAndThen(); });
}

Tls::~Tls() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  looker_.join();
}

std::shared_ptr<grpc::ServerCredentials> Tls::Credentials() {
  return std::make_shared<FetchingCredentials>(
      this, files_.client_ca.empty() ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                                     : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
}

absl::Time Tls::expire_time() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return ExpiryOf(pems_.cert);
}

std::optional<TlsPems> Tls::TakeChanged() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (taken_) return std::nullopt;
  taken_ = true;
  return pems_;
}

void Tls::LookNowAndThen() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!wake_.wait_for(lock, kLookInterval, [this] { return stopping_; })) {
    lock.unlock();
    Look();
    lock.lock();
  }
}

// The files are read each time rather than watched: they are short, and no way of watching knows of
// every way of putting a file in another's place.
void Tls::Look() {
  absl::StatusOr<TlsPems> pems = ReadTlsFiles(files_);
  const std::string fault = pems.ok() ? "" : std::string(pems.status().message());
  if (!pems.ok() && fault != fault_) {
    log_.Write(LogLine(LogLevel::kWarning, "certificate not read, the one before is kept")
                   .Add("reason", ReasonName(ReasonOf(pems.status())))
                   .Add("cause", fault));
  }
  fault_ = fault;
  if (!pems.ok()) return;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (*pems == pems_) return;
    pems_ = *std::move(pems);
    taken_ = false;
  }
  log_.Write(LogLine(LogLevel::kInfo, "certificate read").Add("expires", ExpiryText(pems_.cert)));
}

}  // namespace sales::service
