// TLS on the API's port, from PEM files that are read again when they change: Kubernetes swaps a
// mounted secret for its successor while the process runs.
#ifndef SALES_SERVICE_TLS_H_
#define SALES_SERVICE_TLS_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/security/server_credentials.h"
#include "service/src/log.h"

namespace sales::service {

// Paths; all empty for a port without TLS.
struct TlsFiles {
  // The server's certificate and what leads from it to its CA, and its key.
  std::string cert;
  std::string key;
  // Whose certificates clients must have; empty where they need none.
  std::string client_ca;
};

// What the files hold.
struct TlsPems {
  std::string cert;
  std::string key;
  std::string client_ca;
  bool operator==(const TlsPems& other) const;
};

// The files' content, once it has been found to fit together. Errors: SETTING_INVALID, which names
// the flag of the file at fault.
absl::StatusOr<TlsPems> ReadTlsFiles(const TlsFiles& files);

class Tls {
 public:
  // Errors: those of ReadTlsFiles. `log` outlives it.
  static absl::StatusOr<std::unique_ptr<Tls>> Load(TlsFiles files, Log& log);
  ~Tls();
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;

  // TLS 1.2 and later. Connections begin with what the files held a moment ago; while that does not
  // fit together, with what they held before. For one port; the Tls outlives its server.
  std::shared_ptr<grpc::ServerCredentials> Credentials();

  // Until when the certificate is good that the next connection begins with.
  absl::Time expire_time() const;

  // What the next connection begins with; nothing where that was taken before.
  std::optional<TlsPems> TakeChanged();

 private:
  Tls(TlsFiles files, TlsPems pems, Log& log);

  void LookNowAndThen();
  void Look();

  const TlsFiles files_;
  Log& log_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  TlsPems pems_;
  bool taken_ = false;
  // Of the last look, so that one fault is told once.
  std::string fault_;
  bool stopping_ = false;
  std::thread looker_;
};

}  // namespace sales::service

#endif  // SALES_SERVICE_TLS_H_
