#include "clients/cli/src/values.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>

namespace salesctl {
namespace {

absl::TimeZone Zone(const std::string& name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone)) << name;
  return zone;
}

TEST(ParseDecimal, ReadsAnAmountExactly) {
  EXPECT_EQ(ParseDecimal("1234.5", 2), 123450);
  EXPECT_EQ(ParseDecimal("50000000.0", 2), 5'000'000'000);
  EXPECT_EQ(ParseDecimal("0.07", 2), 7);
  EXPECT_EQ(ParseDecimal("-3.20", 2), -320);
  EXPECT_EQ(ParseDecimal("20000", 0), 20000);
  EXPECT_EQ(ParseDecimal("1,5", 2, ','), 150);
}

TEST(ParseDecimal, RefusesDigitsThatTheCurrencyDoesNotHave) {
  EXPECT_EQ(ParseDecimal("1.235", 2), std::nullopt);
  EXPECT_EQ(ParseDecimal("1.230", 2), 123);
  EXPECT_EQ(ParseDecimal("100.00", 0), 100);
  EXPECT_EQ(ParseDecimal("100.01", 0), std::nullopt);
}

TEST(ParseDecimal, RefusesWhatIsNoNumber) {
  for (const char* text :
       {"", "-", ".", ".5", "5.", "1.2.3", "1e3", " 1", "1 000", "0x10", "NaN"}) {
    EXPECT_EQ(ParseDecimal(text, 2), std::nullopt) << text;
  }
}

TEST(ParseDecimal, RefusesAnAmountThatOverflows) {
  EXPECT_EQ(ParseDecimal("92233720368547758.07", 2), INT64_MAX);
  EXPECT_EQ(ParseDecimal("92233720368547758.08", 2), std::nullopt);
  EXPECT_EQ(ParseDecimal("92233720368547759", 2), std::nullopt);
}

TEST(FormatMoney, PutsTheMinorUnitsBehindThePoint) {
  EXPECT_EQ(FormatMoney(6'178'400'600, "BRL"), "61 784 006.00 BRL");
  EXPECT_EQ(FormatMoney(5, "EUR"), "0.05 EUR");
  EXPECT_EQ(FormatMoney(-123456, "EUR"), "-1 234.56 EUR");
  EXPECT_EQ(FormatMoney(500, "JPY"), "500 JPY");
  EXPECT_EQ(FormatMoney(1500, "KWD"), "1.500 KWD");
}

TEST(FormatQuotient, RoundsHalfAwayFromZero) {
  EXPECT_EQ(FormatQuotient(61, 4, 1), "15.3");
  EXPECT_EQ(FormatQuotient(-61, 4, 1), "-15.3");
  EXPECT_EQ(FormatQuotient(100 * 842, 8000, 2), "10.53");
  EXPECT_EQ(FormatQuotient(0, 7, 2), "0.00");
  EXPECT_EQ(FormatQuotient(-1, 1000, 1), "0.0");
}

TEST(ParseTime, ReadsADateAsTheStartOfThatDayInItsZone) {
  const absl::TimeZone zone = Zone("America/Sao_Paulo");
  const std::optional<absl::Time> time = ParseTime("2018-03-08", "date", zone);
  ASSERT_TRUE(time.has_value());
  EXPECT_EQ(absl::FormatTime(absl::RFC3339_sec, *time, zone), "2018-03-08T00:00:00-03:00");
}

TEST(ParseTime, KeepsADayWhoseMidnightTheClocksSkip) {
  const absl::TimeZone zone = Zone("America/Sao_Paulo");
  const std::optional<absl::Time> time = ParseTime("2017-10-15", "date", zone);
  ASSERT_TRUE(time.has_value());
  EXPECT_EQ(absl::ToCivilDay(*time, zone), absl::CivilDay(2017, 10, 15));
}

TEST(ParseTime, ReadsAPatternAndAnInstant) {
  const absl::TimeZone zone = Zone("America/Sao_Paulo");
  EXPECT_EQ(ParseTime("2018-02-26 19:58:54", "%Y-%m-%d %H:%M:%S", zone),
            ParseTime("2018-02-26T19:58:54-03:00", "rfc3339", absl::UTCTimeZone()));
  const std::optional<absl::Time> precise = ParseTime("2011-09-30T22:38:44.546Z", "rfc3339", zone);
  ASSERT_TRUE(precise.has_value());
  EXPECT_EQ(absl::ToUnixMillis(*precise), 1317422324546);
}

TEST(ParseTime, RefusesWhatIsNoTime) {
  for (const char* text : {"", "yesterday", "2018-02-30", "2018-02-26 25:00:00", "infinite-future",
                           "2018-02-26T19:58:54"}) {
    EXPECT_EQ(ParseTime(text, "rfc3339", absl::UTCTimeZone()), std::nullopt) << text;
  }
}

TEST(Slug, KeepsWhatIsAnIdAlready) {
  EXPECT_EQ(Slug("other_publicities"), "other_publicities");
  EXPECT_EQ(Slug("88740e65d5d6b056e0cda098e1ea6313"), "88740e65d5d6b056e0cda098e1ea6313");
  EXPECT_EQ(Slug(""), "");
}

TEST(Slug, FoldsCaseAndSpaces) { EXPECT_EQ(Slug("Direct Traffic"), "direct-traffic"); }

TEST(Slug, KeepsTextsApartThatLoseCharacters) {
  const std::string one = Slug("Почта");
  const std::string other = Slug("Реклама");
  EXPECT_NE(one, other);
  EXPECT_EQ(one, Slug("Почта"));
  EXPECT_NE(Slug("A/B"), Slug("AB"));
  EXPECT_EQ(one.substr(0, 2), "x-");
}

TEST(Slug, IsNeverLongerThanAnIdMayBe) {
  const std::string id = Slug(std::string(500, 'a'));
  EXPECT_EQ(id.size(), 63u);
  EXPECT_NE(id, Slug(std::string(501, 'a')));
}

TEST(IsUtf8, TellsLatin1FromUtf8) {
  EXPECT_TRUE(IsUtf8("Привет, São Paulo"));
  EXPECT_FALSE(IsUtf8("S\xE3o Paulo"));
  EXPECT_FALSE(IsUtf8("\xC0\x80"));
}

TEST(FormatDuration, ShowsTwoUnits) {
  EXPECT_EQ(FormatDuration(ToDuration(absl::Milliseconds(840))), "0.8s");
  EXPECT_EQ(FormatDuration(ToDuration(absl::Seconds(2546))), "42m 26s");
  EXPECT_EQ(FormatDuration(ToDuration(absl::Hours(76))), "3d 4h");
  EXPECT_EQ(FormatDuration(ToDuration(-absl::Hours(2))), "-2h");
}

}  // namespace
}  // namespace salesctl
