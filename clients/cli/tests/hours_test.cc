#include "clients/cli/src/hours.h"

#include <gtest/gtest.h>

#include <string>

namespace salesctl {
namespace {

std::string WeekText(const std::string& text) {
  sales::v1::Calendar calendar;
  if (!AddWeekHours(text, calendar)) return "refused";
  std::string told;
  for (const auto& entry : calendar.week()) {
    told += std::to_string(entry.weekday()) + " " + entry.hours().start() + "-" +
            entry.hours().end() + ";";
  }
  return told;
}

TEST(WeekHours, AreThoseOfARangeOfDays) {
  EXPECT_EQ(WeekText("tue-thu 10:00-18:00"), "2 10:00-18:00;3 10:00-18:00;4 10:00-18:00;");
}

TEST(WeekHours, MayBeSeveralADay) {
  EXPECT_EQ(WeekText("Sat,sun 09:00-12:00,13:00-17:00"),
            "6 09:00-12:00;6 13:00-17:00;7 09:00-12:00;7 13:00-17:00;");
}

TEST(WeekHours, MayGoOverTheEndOfTheWeek) {
  EXPECT_EQ(WeekText("sun-mon 22:00-06:00"), "7 22:00-06:00;1 22:00-06:00;");
}

TEST(WeekHours, OtherwiseWrittenAreRefused) {
  for (const char* text : {"", "mon", "10:00-18:00", "funday 10:00-18:00",
                           "mon-tue-wed 10:00-18:00", "mon 10:00", "mon 10:00-18:00 x"}) {
    EXPECT_EQ(WeekText(text), "refused") << text;
  }
}

TEST(Exception, IsAClosedDayOrOneWithOtherHours) {
  sales::v1::Calendar calendar;
  EXPECT_TRUE(AddException("2026-12-25 # Christmas Day", calendar));
  EXPECT_TRUE(AddException("2026-12-24 09:00-12:00", calendar));
  ASSERT_EQ(calendar.exceptions_size(), 2);
  EXPECT_EQ(calendar.exceptions(0).title(), "Christmas Day");
  EXPECT_EQ(calendar.exceptions(0).hours_size(), 0);
  EXPECT_EQ(calendar.exceptions(1).hours(0).end(), "12:00");
  EXPECT_FALSE(AddException("# nothing", calendar));
}

}  // namespace
}  // namespace salesctl
