// HTTP for webhooks: many POSTs at once from one thread, none of them further than it may go.
#ifndef SALES_SERVICE_WEBHOOKS_HTTP_H_
#define SALES_SERVICE_WEBHOOKS_HTTP_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "sales/webhook.h"
#include "service/src/webhooks/addresses.h"

namespace sales::service {

struct HttpOptions {
  // Where calls may go besides the public internet.
  AddressRanges allowed;
  bool allow_http = false;
  // From the first look for an address to the last byte of the answer.
  absl::Duration timeout = absl::Seconds(15);
  // Who signs for receivers, in PEM; empty: whom the machine trusts.
  std::string ca_file;
  std::string user_agent = "salesd";
};

struct HttpPost {
  std::string url;
  // "name: value".
  std::vector<std::string> headers;
  std::string body;
};

struct HttpAnswer {
  // Unspecified: its status is from 200 to 299.
  DeliveryFault fault = DeliveryFault::kUnspecified;
  int status = 0;
  // What the answer asks for; zero: nothing.
  absl::Duration retry_after;
};

// The address is checked when it is connected to, so that no name can lead elsewhere between a
// check and a call. Redirects are not followed, proxies not used; of an answer only the status and
// Retry-After are kept, and its body is not read further than its bound.
class Http {
 public:
  explicit Http(HttpOptions options);
  ~Http();
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;

  struct Ended {
    uint64_t id = 0;
    HttpAnswer answer;
  };

  // Begins a call, which Run tells the end of by its `id`.
  void Begin(uint64_t id, HttpPost post);
  // Goes on with what was begun, for at most `wait` or until something ended or Wake was called.
  std::vector<Ended> Run(absl::Duration wait);
  // Lets Run return; from any thread.
  void Wake();

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace sales::service

#endif  // SALES_SERVICE_WEBHOOKS_HTTP_H_
