// When a failed delivery is tried again, and where webhooks may point.
#include "src/decide/webhooks.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sales/error.h"
#include "sales/limits.h"

namespace sales {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'780'000'000);

FailedDelivery Status(int http_status) {
  FailedDelivery failed;
  failed.fault = DeliveryFault::kStatus;
  failed.http_status = http_status;
  return failed;
}

Webhook Enabled() {
  Webhook webhook;
  webhook.state = WebhookState::kEnabled;
  return webhook;
}

// The waits after attempts that each fail as soon as they are made.
std::vector<absl::Duration> Waits(int count, int spread) {
  Webhook webhook = Enabled();
  std::vector<absl::Duration> waits;
  absl::Time now = kStart;
  for (int i = 0; i < count; ++i) {
    NoteFailedDelivery({}, Status(503), now, spread, webhook);
    waits.push_back(*webhook.failure->next_time - now);
    now = *webhook.failure->next_time;
  }
  return waits;
}

TEST(FailedDeliveries, WaitTwiceAsLongEachTimeUpToTheLongest) {
  const std::vector<absl::Duration> waits = Waits(12, 0);
  EXPECT_EQ(waits[0], absl::Seconds(5));
  EXPECT_EQ(waits[1], absl::Seconds(10));
  EXPECT_EQ(waits[9], absl::Seconds(2560));
  EXPECT_EQ(waits[10], absl::Hours(1));
  EXPECT_EQ(waits[11], absl::Hours(1));
}

TEST(FailedDeliveries, LeaveUpToHalfOfTheWaitToChance) {
  EXPECT_EQ(Waits(1, 1000)[0], absl::Milliseconds(2500));
  EXPECT_EQ(Waits(1, 500)[0], absl::Milliseconds(3750));
}

TEST(FailedDeliveries, GoOnForThreeDaysAndNoLonger) {
  Webhook webhook = Enabled();
  absl::Time now = kStart;
  while (webhook.state == WebhookState::kEnabled) {
    ASSERT_LT(now, kStart + absl::Hours(80));
    NoteFailedDelivery({}, Status(500), now, 0, webhook);
    now = webhook.failure->next_time.value_or(now);
  }
  EXPECT_EQ(webhook.state, WebhookState::kFailed);
  EXPECT_GE(now, kStart + absl::Hours(72));
  EXPECT_LT(now, kStart + absl::Hours(73));
  EXPECT_EQ(webhook.failure->first_time, kStart);
  EXPECT_EQ(webhook.failure->last_time, now);
  EXPECT_FALSE(webhook.failure->next_time.has_value());
}

TEST(FailedDeliveries, StopAtOnceWhereTheReceiverIsGone) {
  Webhook webhook = Enabled();
  NoteFailedDelivery({}, Status(410), kStart, 0, webhook);
  EXPECT_EQ(webhook.state, WebhookState::kDisabled);
  EXPECT_FALSE(webhook.failure->next_time.has_value());
}

TEST(FailedDeliveries, OfEveryOtherKindAreTriedAgain) {
  for (const int status : {100, 301, 304, 400, 401, 404, 408, 418, 429, 500, 503, 599}) {
    Webhook webhook = Enabled();
    NoteFailedDelivery({}, Status(status), kStart, 0, webhook);
    EXPECT_EQ(webhook.state, WebhookState::kEnabled) << status;
    EXPECT_EQ(webhook.failure->http_status, status);
  }
  for (const DeliveryFault fault :
       {DeliveryFault::kConnect, DeliveryFault::kTimeout, DeliveryFault::kTls,
        DeliveryFault::kProtocol, DeliveryFault::kForbidden}) {
    Webhook webhook = Enabled();
    FailedDelivery failed;
    failed.fault = fault;
    NoteFailedDelivery({}, failed, kStart, 0, webhook);
    EXPECT_EQ(webhook.state, WebhookState::kEnabled);
    EXPECT_EQ(webhook.failure->fault, fault);
  }
}

TEST(FailedDeliveries, WaitAsLongAsTheReceiverAsksButADayAtMost) {
  const auto wait = [](absl::Duration asked) {
    Webhook webhook = Enabled();
    FailedDelivery failed = Status(429);
    failed.retry_after = asked;
    NoteFailedDelivery({}, failed, kStart, 0, webhook);
    return *webhook.failure->next_time - kStart;
  };
  EXPECT_EQ(wait(absl::Seconds(1)), absl::Seconds(5));
  EXPECT_EQ(wait(absl::Minutes(20)), absl::Minutes(20));
  EXPECT_EQ(wait(absl::Hours(100'000)), absl::Hours(24));
}

absl::Status Check(const std::string& url) { return CheckWebhookUrl("url", url, false); }

TEST(WebhookUrls, HaveAHostAndPerhapsAPortPathAndQuery) {
  for (const char* url :
       {"https://example.com", "https://example.com/", "HTTPS://EXAMPLE.COM:8443/a",
        "https://example.com/a/b?token=c%20d&e=f@g", "https://127.0.0.1:1/x",
        "https://[2001:4860::1]/x", "https://[::1]:8080", "https://xn--e1afmkfd.xn--p1ai/"}) {
    EXPECT_TRUE(Check(url).ok()) << url << ": " << Check(url);
  }
}

TEST(WebhookUrls, OfAnyOtherFormAreRefused) {
  for (const char* url : {"example.com",
                          "ftp://example.com",
                          "https:/example.com",
                          "https://",
                          "https:///path",
                          "https://user@example.com/",
                          "https://user:password@example.com/",
                          "https://@example.com",
                          "https://example.com#part",
                          "https://example.com/#part",
                          "https://example.com:0/",
                          "https://example.com:65536/",
                          "https://example.com:port/",
                          "https://example.com:",
                          "https://exam ple.com",
                          "https://example.com/a b",
                          "https://example.com/\r\nHost: evil",
                          "https://пример.рф/",
                          "https://[::1",
                          "https://[]/",
                          "https://[::1]x/",
                          "javascript:alert(1)",
                          "https://example.com\\@evil.com/",
                          "https://%31%32%37.0.0.1/",
                          "file:///etc/passwd",
                          "https://:443/"}) {
    EXPECT_EQ(ReasonOf(Check(url)), Reason::kFieldInvalid) << url;
  }
  EXPECT_EQ(ReasonOf(Check("")), Reason::kFieldRequired);
  EXPECT_EQ(ReasonOf(Check("https://example.com/" + std::string(limits::link_bytes_max, 'a'))),
            Reason::kTextTooLong);
}

TEST(WebhookUrls, AreHttpOnlyWhereThatIsAllowed) {
  EXPECT_EQ(ReasonOf(Check("http://example.com/")), Reason::kFieldInvalid);
  EXPECT_TRUE(CheckWebhookUrl("url", "http://example.com/", true).ok());
}

}  // namespace
}  // namespace sales
