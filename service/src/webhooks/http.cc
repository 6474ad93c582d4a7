#include "service/src/webhooks/http.h"

#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "service/src/limits.h"

namespace sales::service {
namespace {

constexpr int kMillisMax = 3'600'000;

// libcurl's own state, for as long as the process lives.
void InitOnce() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(code);
}

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// One call under way.
struct Transfer {
  uint64_t id = 0;
  const HttpOptions& options;
  HttpPost post;
  std::unique_ptr<curl_slist, FreeList> headers = nullptr;
  std::unique_ptr<CURL, FreeEasy> easy = nullptr;
  bool forbidden = false;
  size_t header_bytes = 0;
  size_t body_bytes = 0;
  // The body goes beyond its bound: what counts was read before it.
  bool cut = false;
};

// libcurl asks for a socket for each address that it is about to connect to.
curl_socket_t OpenSocket(void* data, curlsocktype, curl_sockaddr* address) {
  Transfer& transfer = *static_cast<Transfer*>(data);
  const std::optional<Address> target = AddressOf(address->addr);
  if (!target.has_value() || !(IsPublic(*target) || transfer.options.allowed.Hold(*target))) {
    transfer.forbidden = true;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

size_t TakeHeader(char*, size_t size, size_t count, void* data) {
  Transfer& transfer = *static_cast<Transfer*>(data);
  transfer.header_bytes += size * count;
  return transfer.header_bytes > limits::webhook_header_bytes_max ? 0 : size * count;
}

size_t TakeBody(char*, size_t size, size_t count, void* data) {
  Transfer& transfer = *static_cast<Transfer*>(data);
  transfer.body_bytes += size * count;
  transfer.cut = transfer.body_bytes > limits::webhook_answer_bytes_max;
  return transfer.cut ? 0 : size * count;
}

bool WasSent(const Transfer& transfer) {
  long sent_bytes = 0;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_REQUEST_SIZE, &sent_bytes);
  return sent_bytes > 0;
}

DeliveryFault FaultOf(CURLcode code, const Transfer& transfer) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
      return transfer.forbidden ? DeliveryFault::kForbidden : DeliveryFault::kConnect;
    case CURLE_UNSUPPORTED_PROTOCOL:
      // Of the url; or of an answer that is none of HTTP.
      return WasSent(transfer) ? DeliveryFault::kProtocol : DeliveryFault::kForbidden;
    case CURLE_OPERATION_TIMEDOUT:
      return DeliveryFault::kTimeout;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return DeliveryFault::kTls;
    default:
      return DeliveryFault::kProtocol;
  }
}

HttpAnswer AnswerOf(CURLcode code, const Transfer& transfer) {
  HttpAnswer answer;
  const bool read = code == CURLE_OK || (code == CURLE_WRITE_ERROR && transfer.cut);
  if (!read) {
    answer.fault = FaultOf(code, transfer);
    return answer;
  }
  long status = 0;
  curl_off_t retry_after_seconds = 0;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_RETRY_AFTER, &retry_after_seconds);
  answer.status = static_cast<int>(status);
  answer.retry_after = absl::Seconds(retry_after_seconds);
  if (status < 200 || status > 299) answer.fault = DeliveryFault::kStatus;
  return answer;
}

void AddHeader(const std::string& header, Transfer& transfer) {
  curl_slist* const longer = curl_slist_append(transfer.headers.get(), header.c_str());
  if (longer == nullptr) return;
  static_cast<void>(transfer.headers.release());
  transfer.headers.reset(longer);
}

void Prepare(Transfer& transfer) {
  const HttpOptions& options = transfer.options;
  CURL* const easy = transfer.easy.get();
  const auto set = [easy](CURLoption option, auto value) { curl_easy_setopt(easy, option, value); };
  for (const std::string& header : transfer.post.headers) AddHeader(header, transfer);
  // Else libcurl asks before it sends a long body, and most receivers know no answer.
  AddHeader("Expect:", transfer);
  set(CURLOPT_URL, transfer.post.url.c_str());
  set(CURLOPT_HTTPHEADER, transfer.headers.get());
  set(CURLOPT_USERAGENT, options.user_agent.c_str());
  set(CURLOPT_POST, 1L);
  set(CURLOPT_POSTFIELDS, transfer.post.body.c_str());
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(transfer.post.body.size()));
  set(CURLOPT_PROTOCOLS_STR, options.allow_http ? "http,https" : "https");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_FOLLOWLOCATION, 0L);
  // Neither what the environment names as a proxy, nor passwords from a file.
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_NOSIGNAL, 1L);
  const auto millis = static_cast<long>(absl::ToInt64Milliseconds(options.timeout));
  set(CURLOPT_TIMEOUT_MS, millis);
  set(CURLOPT_CONNECTTIMEOUT_MS, millis);
  set(CURLOPT_OPENSOCKETFUNCTION, OpenSocket);
  set(CURLOPT_OPENSOCKETDATA, &transfer);
  set(CURLOPT_HEADERFUNCTION, TakeHeader);
  set(CURLOPT_HEADERDATA, &transfer);
  set(CURLOPT_WRITEFUNCTION, TakeBody);
  set(CURLOPT_WRITEDATA, &transfer);
  set(CURLOPT_PRIVATE, &transfer);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options.ca_file.empty()) set(CURLOPT_CAINFO, options.ca_file.c_str());
}

}  // namespace

class Http::Core {
 public:
  explicit Core(HttpOptions options) : options_(std::move(options)) {
    InitOnce();
    multi_.reset(curl_multi_init());
  }

  ~Core() {
    for (auto& [easy, transfer] : transfers_) curl_multi_remove_handle(multi_.get(), easy);
  }

  void Begin(uint64_t id, HttpPost post) {
    auto transfer = std::make_unique<Transfer>(Transfer{id, options_, std::move(post)});
    transfer->easy.reset(curl_easy_init());
    CURL* const easy = transfer->easy.get();
    Prepare(*transfer);
    curl_multi_add_handle(multi_.get(), easy);
    transfers_.emplace(easy, std::move(transfer));
  }

  std::vector<Ended> Run(absl::Duration wait) {
    std::vector<Ended> ended = Perform();
    if (!ended.empty()) return ended;
    const auto millis = std::clamp<int64_t>(absl::ToInt64Milliseconds(wait), 0, kMillisMax);
    curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(millis), nullptr);
    return Perform();
  }

  void Wake() { curl_multi_wakeup(multi_.get()); }

 private:
  std::vector<Ended> Perform() {
    std::vector<Ended> ended;
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      const auto found = transfers_.find(message->easy_handle);
      ended.push_back({found->second->id, AnswerOf(code, *found->second)});
      curl_multi_remove_handle(multi_.get(), found->first);
      transfers_.erase(found);
    }
    return ended;
  }

  const HttpOptions options_;
  // Needed by the transfers until they are gone.
  std::unique_ptr<CURLM, FreeMulti> multi_;
  std::map<CURL*, std::unique_ptr<Transfer>> transfers_;
};

Http::Http(HttpOptions options) : core_(std::make_unique<Core>(std::move(options))) {}
Http::~Http() = default;
void Http::Begin(uint64_t id, HttpPost post) { core_->Begin(id, std::move(post)); }
std::vector<Http::Ended> Http::Run(absl::Duration wait) { return core_->Run(wait); }
void Http::Wake() { core_->Wake(); }

}  // namespace sales::service
