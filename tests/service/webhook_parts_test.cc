// Where webhooks may go, what they are signed with, and what they send.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "absl/strings/escaping.h"
#include "nlohmann/json.hpp"
#include "sales/error.h"
#include "service/src/convert/cloud_event.h"
#include "service/src/webhooks/addresses.h"
#include "service/src/webhooks/secrets.h"

namespace sales::service {
namespace {

Address Parsed(const std::string& text) {
  sockaddr_storage storage = {};
  auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
  } else {
    EXPECT_EQ(inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr), 1) << text;
    v6.sin6_family = AF_INET6;
  }
  return *AddressOf(reinterpret_cast<const sockaddr&>(storage));
}

TEST(Addresses, OfThePublicInternetAreOpen) {
  for (const char* address : {"1.1.1.1",         "8.8.8.8",         "9.255.255.255",
                              "11.0.0.0",        "100.63.255.255",  "100.128.0.0",
                              "126.255.255.255", "128.0.0.1",       "169.253.255.255",
                              "169.255.0.0",     "172.15.255.255",  "172.32.0.0",
                              "192.167.255.255", "192.169.0.0",     "198.17.255.255",
                              "198.20.0.0",      "223.255.255.255", "2001:4860:4860::8888",
                              "2606:4700::1111", "2a00:1450::1",    "::ffff:8.8.8.8",
                              "64:ff9b::808:808"}) {
    EXPECT_TRUE(IsPublic(Parsed(address))) << address;
  }
}

TEST(Addresses, OfAnyOtherKindAreClosed) {
  for (const char* address : {"0.0.0.0",
                              "0.1.2.3",
                              "10.0.0.1",
                              "10.255.255.255",
                              "100.64.0.1",
                              "100.100.100.200",
                              "127.0.0.1",
                              "127.255.255.254",
                              "168.63.129.16",
                              "169.254.169.254",
                              "169.254.0.1",
                              "172.16.0.1",
                              "172.31.255.255",
                              "192.0.0.192",
                              "192.0.2.1",
                              "192.88.99.1",
                              "192.168.0.1",
                              "198.18.0.1",
                              "198.19.255.255",
                              "198.51.100.1",
                              "203.0.113.1",
                              "224.0.0.1",
                              "239.255.255.250",
                              "240.0.0.1",
                              "255.255.255.255",
                              "::",
                              "::1",
                              "::127.0.0.1",
                              "::ffff:127.0.0.1",
                              "::ffff:10.0.0.1",
                              "::ffff:169.254.169.254",
                              "64:ff9b::7f00:1",
                              "64:ff9b::a9fe:a9fe",
                              "64:ff9b:1::1",
                              "100::1",
                              "2001::1",
                              "2001:db8::1",
                              "2002:7f00:1::",
                              "3fff::1",
                              "fc00::1",
                              "fd00:ec2::254",
                              "fe80::1",
                              "fec0::1",
                              "ff02::1",
                              "4000::1"}) {
    EXPECT_FALSE(IsPublic(Parsed(address))) << address;
  }
}

TEST(AddressRanges, HoldWhatTheyNameAndNoMore) {
  const auto ranges = AddressRanges::Parse("10.1.0.0/16,192.168.7.9,fd12::/15,127.0.0.0/9");
  ASSERT_TRUE(ranges.has_value());
  for (const char* inside : {"10.1.0.0", "10.1.255.255", "::ffff:10.1.2.3", "192.168.7.9",
                             "fd12::1", "fd13::1", "127.127.255.255"}) {
    EXPECT_TRUE(ranges->Hold(Parsed(inside))) << inside;
  }
  for (const char* outside : {"10.0.255.255", "10.2.0.0", "192.168.7.8", "192.168.7.10", "fd14::1",
                              "fd11::1", "127.128.0.0", "8.8.8.8"}) {
    EXPECT_FALSE(ranges->Hold(Parsed(outside))) << outside;
  }
  EXPECT_FALSE(AddressRanges().Hold(Parsed("127.0.0.1")));
  EXPECT_TRUE(AddressRanges::Parse("0.0.0.0/0")->Hold(Parsed("127.0.0.1")));
  EXPECT_FALSE(AddressRanges::Parse("0.0.0.0/0")->Hold(Parsed("::1")));
}

TEST(AddressRanges, OfAnyOtherFormAreNone) {
  for (const char* text : {"", ",", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0/8",
                           "fd00::/129", "localhost", "10.0.0.1,", "10.0.0.0/8 ", "10.0.0.0/0x8"}) {
    EXPECT_FALSE(AddressRanges::Parse(text).has_value()) << text;
  }
}

// The example that Standard Webhooks' own libraries are tested by.
TEST(Signatures, AreThoseOfStandardWebhooks) {
  EXPECT_EQ(Signature({"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, "msg_p5jXN8AQM9LWM0D4loKWxJek",
                      1614265330, R"({"test": 2432232314})"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(Secrets, AreOfThirtyTwoBytesAndDifferByUidGenerationAndKey) {
  const WebhookSecrets secrets(std::string(32, 'k'));
  const std::string secret = secrets.Of("uid", 1);
  EXPECT_EQ(secret.rfind("whsec_", 0), 0u);
  std::string bytes;
  ASSERT_TRUE(absl::Base64Unescape(secret.substr(6), &bytes));
  EXPECT_EQ(bytes.size(), 32u);
  EXPECT_EQ(secrets.Of("uid", 1), secret);
  EXPECT_NE(secrets.Of("uid", 2), secret);
  EXPECT_NE(secrets.Of("uie", 1), secret);
  EXPECT_NE(WebhookSecrets(std::string(32, 'l')).Of("uid", 1), secret);
}

TEST(Secrets, ThatWentOverSignUntilTheirTime) {
  const WebhookSecrets secrets(std::string(32, 'k'));
  WebhookOptions options;
  options.secret = [&](const std::string& uid, int generation) {
    return secrets.Of(uid, generation);
  };
  const absl::Time now = absl::FromUnixSeconds(1'780'000'000);
  Webhook webhook;
  webhook.uid = "uid";
  EXPECT_EQ(SecretsAt(options, webhook, now), std::vector<std::string>{secrets.Of("uid", 1)});
  webhook.secret_generation = 2;
  webhook.previous_secret_expire_time = now;
  EXPECT_EQ(SecretsAt(options, webhook, now), std::vector<std::string>{secrets.Of("uid", 2)});
  EXPECT_EQ(SecretsAt(options, webhook, now - absl::Seconds(1)),
            (std::vector<std::string>{secrets.Of("uid", 2), secrets.Of("uid", 1)}));
}

TEST(Secrets, NeedAKeyOfThirtyTwoBytes) {
  const std::string path = testing::TempDir() + "/webhook.key";
  const auto written = [&path](const std::string& key) {
    std::ofstream(path, std::ios::binary) << key;
    return WebhookSecrets::FromFile(path);
  };
  EXPECT_EQ(ReasonOf(written(std::string(31, 'k') + "\n").status()), Reason::kSettingInvalid);
  EXPECT_EQ(ReasonOf(WebhookSecrets::FromFile(path + ".none").status()), Reason::kSettingInvalid);
  const std::string key(32, 'k');
  EXPECT_EQ(written(key + "\r\n")->Of("uid", 1), WebhookSecrets(key).Of("uid", 1));
  std::filesystem::remove(path);
}

TEST(CloudEvents, SayWhatWasRecorded) {
  Event event;
  event.revision = 12;
  event.ordinal = 1;
  event.type = EventType::kLeadMoved;
  event.occur_time = absl::FromUnixMillis(1'780'000'000'250);
  event.record_time = event.occur_time;
  event.actor = "anna";
  event.lead = "one";
  event.contact = "ivan";
  event.changes = {{"stage", "new", "a \"quoted\" stage"}};
  const auto cloud = nlohmann::json::parse(CloudEventOf(event, "studio"));
  EXPECT_EQ(cloud["specversion"], "1.0");
  EXPECT_EQ(cloud["id"], "studio.12.1");
  EXPECT_EQ(cloud["source"], "/workspaces/studio");
  EXPECT_EQ(cloud["type"], "sales.v1.lead_moved");
  EXPECT_EQ(cloud["subject"], "workspaces/studio/leads/one");
  EXPECT_EQ(cloud["time"], "2026-05-28T20:26:40.250000Z");
  EXPECT_EQ(cloud["datacontenttype"], "application/json");
  EXPECT_EQ(cloud["data"]["revision"], "12");
  EXPECT_EQ(cloud["data"]["contact"], "workspaces/studio/contacts/ivan");
  EXPECT_EQ(cloud["data"]["changes"][0]["after"], "a \"quoted\" stage");
  EXPECT_EQ(CloudEventId(event, "studio"), cloud["id"]);
}

TEST(CloudEvents, AreAboutOneResource) {
  Event event;
  event.type = EventType::kWorkspaceCreated;
  const auto subject = [&event] {
    return nlohmann::json::parse(CloudEventOf(event, "studio")).at("subject").get<std::string>();
  };
  EXPECT_EQ(subject(), "workspaces/studio");
  event.type = EventType::kWebhookCreated;
  event.subject = "webhooks/crm";
  EXPECT_EQ(subject(), "workspaces/studio/webhooks/crm");
  event.subject = "";
  event.contact = "ivan";
  EXPECT_EQ(subject(), "workspaces/studio/contacts/ivan");
}

}  // namespace
}  // namespace sales::service
