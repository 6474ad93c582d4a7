#include "src/decide/civil.h"

#include <cstdint>
#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace sales {
namespace {

TEST(ADay, IsReadAndWrittenInIsoForm) {
  for (const char* text : {"2026-01-31", "1970-01-01", "2024-02-29", "2000-02-29", "9999-12-31"}) {
    const auto day = ParseDay(text);
    ASSERT_TRUE(day.has_value()) << text;
    EXPECT_EQ(FormatDay(*day), text);
  }
  EXPECT_EQ(ParseDay("2026-01-31"), absl::CivilDay(2026, 1, 31));
}

TEST(ADay, OfAnyOtherFormIsNotRead) {
  for (const char* text : {"",
                           "2026",
                           "2026-1-31",
                           "2026-01-32",
                           "2026-02-30",
                           "2023-02-29",
                           "1900-02-29",
                           "2026-00-01",
                           "2026-13-01",
                           "2026-01-00",
                           "26-01-31",
                           "02026-01-31",
                           "2026/01/31",
                           "31-01-2026",
                           "2026-01-31 ",
                           " 2026-01-31",
                           "2026-01-31T00:00:00Z",
                           "-026-01-31",
                           "+026-01-31",
                           "2026-0a-31",
                           "２０２６-01-31",
                           "20260131"}) {
    EXPECT_FALSE(ParseDay(text).has_value()) << text;
  }
}

TEST(TheDayOfAnInstant, DependsOnTheZone) {
  const absl::Time time = *ParseInstant("2026-01-31T22:30:00Z");
  absl::TimeZone moscow;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Moscow", &moscow));
  EXPECT_EQ(DayOf(time, absl::UTCTimeZone()), absl::CivilDay(2026, 1, 31));
  EXPECT_EQ(DayOf(time, moscow), absl::CivilDay(2026, 2, 1));
}

TEST(AnInstant, IsReadWithItsOffset) {
  const int64_t start = ToMicros(*ParseInstant("2026-01-31T09:30:00Z"));
  EXPECT_EQ(start, 1'769'851'800'000'000);
  EXPECT_EQ(ToMicros(*ParseInstant("2026-01-31T12:30:00+03:00")), start);
  EXPECT_EQ(ToMicros(*ParseInstant("2026-01-31T05:00:00-04:30")), start);
  EXPECT_EQ(ToMicros(*ParseInstant("2026-01-31t09:30:00z")), start);
  EXPECT_EQ(ToMicros(*ParseInstant("2026-01-31T09:30:00.5Z")), start + 500'000);
  EXPECT_EQ(ToMicros(*ParseInstant("2026-01-31T09:30:00.000001Z")), start + 1);
  EXPECT_EQ(ToMicros(*ParseInstant("2026-01-31T09:30:00.000001999Z")), start + 1);
  EXPECT_EQ(ToMicros(*ParseInstant("1969-12-31T23:59:59.999999Z")), -1);
}

TEST(AnInstant, OfAnyOtherFormIsNotRead) {
  for (const char* text :
       {"", "2026-01-31", "2026-01-31T09:30:00", "2026-01-31T09:30Z", "2026-01-31 09:30:00Z",
        "2026-01-31T24:00:00Z", "2026-01-31T09:60:00Z", "2026-01-31T09:30:60Z",
        "2026-02-30T09:30:00Z", "2026-01-31T09:30:00.Z", "2026-01-31T09:30:00,5Z",
        "2026-01-31T09:30:00.1234567890Z", "2026-01-31T09:30:00+0300", "2026-01-31T09:30:00+24:00",
        "2026-01-31T09:30:00ZZ", "2026-01-31T09:30:00Z ", "infinite-future", "now"}) {
    EXPECT_FALSE(ParseInstant(text).has_value()) << text;
  }
}

TEST(AnInstant, IsWrittenSoThatItIsReadBack) {
  for (const char* text :
       {"1970-01-01T00:00:00Z", "2026-01-31T09:30:00Z", "2026-01-31T09:30:00.5Z",
        "2026-01-31T09:30:00.000001Z", "2199-12-31T23:59:59.999999Z", "0001-01-01T00:00:00Z"}) {
    EXPECT_EQ(FormatInstant(*ParseInstant(text)), text);
  }
}

TEST(Microseconds, AreRoundedDownAlsoBeforeTheEpoch) {
  EXPECT_EQ(ToMicros(absl::UnixEpoch() + absl::Nanoseconds(1999)), 1);
  EXPECT_EQ(ToMicros(absl::UnixEpoch() - absl::Nanoseconds(1)), -1);
  EXPECT_EQ(ToMicros(FromMicros(1'769'851'800'000'001)), 1'769'851'800'000'001);
}

}  // namespace
}  // namespace sales
