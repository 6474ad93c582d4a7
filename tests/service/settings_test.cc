#include "service/src/settings.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sales/error.h"
#include "tests/service/readme_block.h"

namespace sales::service {
namespace {

using Texts = std::vector<std::string>;

std::string SettingAtFault(const absl::StatusOr<Settings>& settings) {
  EXPECT_EQ(ReasonOf(settings.status()), Reason::kSettingInvalid);
  const auto metadata = DetailOf(settings.status()).metadata;
  return metadata.count("setting") > 0 ? metadata.at("setting") : "";
}

TEST(Settings, HaveDefaultsForAllButTheStore) {
  const auto settings = ParseSettings({"--store=sqlite:a.db"}, {});
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->command, Settings::Command::kServe);
  EXPECT_EQ(settings->store, "sqlite:a.db");
  EXPECT_EQ(settings->listen, "127.0.0.1:8443");
  EXPECT_EQ(settings->drain, absl::Seconds(10));
  EXPECT_EQ(settings->scan_threads, 4);
}

TEST(Settings, WithoutAStoreAreRefused) {
  EXPECT_EQ(SettingAtFault(ParseSettings({"serve"}, {})), "--store");
}

TEST(Settings, ComeFromTheEnvironmentToo) {
  const auto settings = ParseSettings(
      {"migrate"}, {"HOME=/root", "SALES_STORE=sqlite:e.db", "SALES_DRAIN_SECONDS=3"});
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->command, Settings::Command::kMigrate);
  EXPECT_EQ(settings->store, "sqlite:e.db");
  EXPECT_EQ(settings->drain, absl::Seconds(3));
}

TEST(Settings, OfAVacuumNeedTheStoreAlone) {
  const auto settings = ParseSettings({"vacuum", "--store=sqlite:f.db"}, {});
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->command, Settings::Command::kVacuum);
  EXPECT_EQ(settings->store, "sqlite:f.db");
}

TEST(Settings, OfATokenAreFlagsOfItsCommandAlone) {
  const auto settings = ParseSettings({"token", "--store=sqlite:f.db", "--role=head-of-sales",
                                       "--actor=crm:boss", "--workspace=studio"},
                                      {});
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->command, Settings::Command::kToken);
  EXPECT_EQ(settings->token.role, Role::kHeadOfSales);
  EXPECT_EQ(settings->token.actor, "crm:boss");
  EXPECT_EQ(settings->token.workspace, "studio");
  EXPECT_EQ(settings->token.expires_days, 90);
  EXPECT_EQ(SettingAtFault(ParseSettings({"--store=sqlite:f.db", "--role=owner"}, {})),
            "argument 2");
  EXPECT_EQ(SettingAtFault(ParseSettings({"token", "--store=sqlite:f.db", "--role=owner"}, {})),
            "--actor");
}

TEST(Settings, WithoutAuthenticationAreForLoopbackOnly) {
  const auto fault = [](const std::string& listen, const std::string& auth) {
    const auto settings =
        ParseSettings({"--store=sqlite:f.db", "--listen=" + listen, "--auth=" + auth}, {});
    return settings.ok() ? "" : SettingAtFault(settings);
  };
  for (const char* here : {"127.0.0.1:1", "127.9.8.7:1", "localhost:1", "[::1]:1"}) {
    EXPECT_EQ(fault(here, "none"), "") << here;
  }
  for (const char* open : {"0.0.0.0:1", "[::]:1", "10.0.0.7:1", "sales.example:1", "127.evil:1"}) {
    EXPECT_EQ(fault(open, "none"), "--auth") << open;
    EXPECT_EQ(fault(open, "required"), "") << open;
  }
}

TEST(Settings, OfFlagsWinOverTheEnvironment) {
  const auto settings = ParseSettings({"--store", "sqlite:flag.db"}, {"SALES_STORE=sqlite:e.db"});
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->store, "sqlite:flag.db");
}

TEST(Settings, UnknownVariablesAreRefused) {
  EXPECT_EQ(SettingAtFault(ParseSettings({"--store=sqlite:a.db"}, {"SALES_STROE=x"})),
            "SALES_STROE");
}

TEST(Settings, UnknownArgumentsAreRefusedByPlaceSoThatNoSecretIsShown) {
  EXPECT_EQ(SettingAtFault(ParseSettings({"--store=sqlite:a.db", "--pasword=hunter2"}, {})),
            "argument 2");
}

TEST(Settings, OfTheWrongFormAreRefused) {
  for (const char* flag : {"--listen=nowhere", "--metrics-listen=on", "--listen=host:99999",
                           "--durability=maybe", "--drain-seconds=-1", "--drain-seconds=1e9",
                           "--log-level=loud", "--scan-threads=0", "--store="}) {
    const auto settings = ParseSettings({"--store=sqlite:a.db", flag}, {});
    EXPECT_EQ(ReasonOf(settings.status()), Reason::kSettingInvalid) << flag;
  }
}

TEST(Settings, MayBeSpelledWithUnderscores) {
  const auto settings = ParseSettings({"--store=sqlite:a.db", "--drain_seconds=4"}, {});
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->drain, absl::Seconds(4));
}

TEST(Settings, HelpWorksInAnyEnvironment) {
  const auto settings = ParseSettings({"--help"}, {"SALES_STROE=x"});
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ(settings->command, Settings::Command::kHelp);
}

TEST(Settings, AreListedInTheReadmeAsTheyAre) { ExpectInReadme("settings", SettingsMarkdown()); }

}  // namespace
}  // namespace sales::service
