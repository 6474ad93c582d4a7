#include "clients/cli/src/import/mapping.h"

#include <gtest/gtest.h>

#include <string>

namespace salesctl {
namespace {

std::string FaultsOf(const std::string& yaml) {
  const Result<Mapping> mapping = ParseMapping(yaml);
  if (mapping.ok()) return "";
  EXPECT_EQ(mapping.failure().reason, "MAPPING_INVALID");
  std::string text = mapping.failure().message + "\n";
  for (const std::string& detail : mapping.failure().details) text += detail + "\n";
  return text;
}

constexpr char kLeast[] = "external_id: id\nreceive_time: at\n";

TEST(MappingFile, NeedsAnIdAndATime) {
  EXPECT_TRUE(ParseMapping(kLeast).ok());
  const std::string faults = FaultsOf("funnel: x\n");
  EXPECT_NE(faults.find("external_id is missing"), std::string::npos) << faults;
  EXPECT_NE(faults.find("receive_time is missing"), std::string::npos) << faults;
}

TEST(MappingFile, NamesAnUnknownKeyWithItsLine) {
  const std::string faults = FaultsOf(std::string(kLeast) + "chanel: origin\n");
  EXPECT_NE(faults.find("line 3"), std::string::npos) << faults;
  EXPECT_NE(faults.find("'chanel'"), std::string::npos) << faults;
}

TEST(MappingFile, NamesEveryFaultAtOnce) {
  const std::string faults = FaultsOf(std::string(kLeast) +
                                      "steps:\n"
                                      "  - {do: fly, time: t}\n"
                                      "  - {do: win}\n"
                                      "  - {do: decline, time: t}\n"
                                      "  - {do: log, time: t, kind: smoke-signal}\n"
                                      "  - {do: stance, time: t, stance: fence, reason: r}\n"
                                      "labels: vip\n");
  EXPECT_NE(faults.find("a step is to do one of"), std::string::npos) << faults;
  EXPECT_NE(faults.find("win is to have a time"), std::string::npos) << faults;
  EXPECT_NE(faults.find("decline is to have 'reason'"), std::string::npos) << faults;
  EXPECT_NE(faults.find("smoke-signal"), std::string::npos) << faults;
  EXPECT_NE(faults.find("stance is not known: 'fence'"), std::string::npos) << faults;
  EXPECT_NE(faults.find("labels is to be a list"), std::string::npos) << faults;
}

TEST(MappingFile, NamesAZoneThatDoesNotExist) {
  EXPECT_NE(FaultsOf("external_id: id\nreceive_time: {column: at, zone: Mars/Base}\n").find("zone"),
            std::string::npos);
}

TEST(MappingFile, SaysWhereItIsNoYaml) {
  EXPECT_NE(FaultsOf("steps: [").find("not valid YAML"), std::string::npos);
}

TEST(MappingFile, TakesTheCommonFormOfTimes) {
  const Result<Mapping> mapping = ParseMapping(
      "times: {format: date, zone: Europe/Amsterdam}\nexternal_id: id\nreceive_time: at\n");
  ASSERT_TRUE(mapping.ok());
  EXPECT_EQ(mapping->receive_time.format, "date");
  EXPECT_EQ(mapping->receive_time.zone.name(), "Europe/Amsterdam");
}

TEST(MappingFile, ListsEveryColumnItNames) {
  const Result<Mapping> mapping =
      ParseMapping(std::string(kLeast) +
                   "channel: {column: origin, when_empty: none}\n"
                   "attributes: {size: shoe}\n"
                   "labels: [tag, {text: imported}]\n"
                   "steps: [{do: win, time: t, when: {column: w, is: [a, b]}, "
                   "amount: {column: m, currency: EUR}}]\n");
  ASSERT_TRUE(mapping.ok());
  EXPECT_EQ(mapping->Columns(),
            (std::vector<std::string>{"at", "id", "m", "origin", "shoe", "t", "tag", "w"}));
}

class ShippedMapping : public testing::TestWithParam<const char*> {};

TEST_P(ShippedMapping, IsValid) {
  const Result<Mapping> mapping =
      ReadMapping(std::string(SALESCTL_DATA_DIR) + "/" + GetParam() + ".mapping.yaml");
  EXPECT_TRUE(mapping.ok()) << mapping.failure().message;
}

INSTANTIATE_TEST_SUITE_P(All, ShippedMapping, testing::Values("olist", "bpi2012", "studio"));

}  // namespace
}  // namespace salesctl
