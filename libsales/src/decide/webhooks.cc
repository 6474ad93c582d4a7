#include "src/decide/webhooks.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/decide/errors.h"

namespace sales {
namespace {

constexpr int kGone = 410;

absl::string_view AbslView(std::string_view text) { return {text.data(), text.size()}; }

// The wait after so many attempts in a row that failed.
absl::Duration Backoff(const WebhookOptions& options, int64_t attempts, int spread) {
  absl::Duration wait = options.first_backoff;
  for (int64_t i = 1; i < attempts && wait < options.longest_backoff; ++i) wait *= 2;
  wait = std::min(wait, options.longest_backoff);
  return wait - wait * spread / 2000;
}

bool IsPort(std::string_view text) {
  if (text.empty() || text.size() > 5) return false;
  int port = 0;
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return false;
    port = port * 10 + (c - '0');
  }
  return port >= 1 && port <= 65535;
}

// HOST, HOST:PORT, [ADDRESS] or [ADDRESS]:PORT.
bool IsAuthority(std::string_view text) {
  if (text.find_first_of("@\\%") != std::string_view::npos) return false;
  const bool bracketed = !text.empty() && text.front() == '[';
  const size_t host_end = bracketed ? text.find(']') : std::min(text.find(':'), text.size());
  if (host_end == std::string_view::npos || host_end < (bracketed ? 2u : 1u)) return false;
  const std::string_view rest = text.substr(host_end + (bracketed ? 1 : 0));
  return rest.empty() || (rest.front() == ':' && IsPort(rest.substr(1)));
}

bool IsPrintable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

void NoteFailedDelivery(const WebhookOptions& options, const FailedDelivery& failed, absl::Time now,
                        int spread, Webhook& webhook) {
  if (!webhook.failure.has_value()) {
    webhook.failure.emplace();
    webhook.failure->first_time = now;
  }
  WebhookFailure& failure = *webhook.failure;
  ++failure.attempts;
  failure.last_time = now;
  failure.fault = failed.fault;
  failure.http_status = failed.http_status;
  failure.next_time.reset();
  if (failed.fault == DeliveryFault::kStatus && failed.http_status == kGone) {
    webhook.state = WebhookState::kDisabled;
  } else if (now - failure.first_time >= options.give_up_after) {
    webhook.state = WebhookState::kFailed;
  } else {
    const absl::Duration asked =
        std::min(failed.retry_after, absl::Hours(limits::retry_after_hours_max));
    failure.next_time = now + std::max(asked, Backoff(options, failure.attempts, spread));
  }
}

absl::Status CheckWebhookUrl(std::string_view field, std::string_view url, bool allow_http) {
  SALES_RETURN_IF_ERROR(CheckRequiredText(field, url, limits::link_bytes_max));
  const auto refuse = [field](const char* description) {
    return FieldError(Reason::kFieldInvalid, std::string(field), description);
  };
  if (!IsPrintable(url))
    return refuse("holds what is to be percent-encoded, or a host in no ASCII");
  const bool http = absl::StartsWithIgnoreCase(AbslView(url), "http://");
  if (!http && !absl::StartsWithIgnoreCase(AbslView(url), "https://")) {
    return refuse("does not begin with https://");
  }
  if (http && !allow_http) return refuse("is http, which this server does not allow; use https");
  if (url.find('#') != std::string_view::npos) return refuse("has a fragment");
  url.remove_prefix(url.find("//") + 2);
  if (!IsAuthority(url.substr(0, url.find_first_of("/?")))) {
    return refuse("has no host, or more than a host and a port");
  }
  return absl::OkStatus();
}

const char* WebhookStateName(WebhookState state) {
  switch (state) {
    case WebhookState::kEnabled:
      return "ENABLED";
    case WebhookState::kDisabled:
      return "DISABLED";
    case WebhookState::kFailed:
      return "FAILED";
    case WebhookState::kUnspecified:
      break;
  }
  return "";
}

const char* DeliveryFaultName(DeliveryFault fault) {
  switch (fault) {
    case DeliveryFault::kConnect:
      return "CONNECT";
    case DeliveryFault::kTimeout:
      return "TIMEOUT";
    case DeliveryFault::kTls:
      return "TLS";
    case DeliveryFault::kStatus:
      return "STATUS";
    case DeliveryFault::kProtocol:
      return "PROTOCOL";
    case DeliveryFault::kForbidden:
      return "FORBIDDEN";
    case DeliveryFault::kUnspecified:
      break;
  }
  return "";
}

}  // namespace sales
