#include "clients/cli/src/plot.h"

#include <limits>

#include "clients/cli/src/table.h"
#include "gtest/gtest.h"

namespace salesctl {
namespace {

TEST(Bar, GrowsByEighthsOfAColumn) {
  EXPECT_EQ(Bar(0, 8), "");
  EXPECT_EQ(Bar(0.5, 8), "████");
  EXPECT_EQ(Bar(1, 8), "████████");
  EXPECT_EQ(Bar(1.0 / 64, 8), "▏");
  EXPECT_EQ(Bar(0.5 + 4.0 / 64, 8), "████▌");
}

TEST(Bar, ShowsWhatIsMoreThanNothing) { EXPECT_EQ(Bar(1e-9, 8), "▏"); }

TEST(Bar, StaysWithinItsWidth) {
  EXPECT_EQ(DisplayWidth(Bar(17, 8)), 8);
  EXPECT_EQ(Bar(-1, 8), "");
  EXPECT_EQ(Bar(std::numeric_limits<double>::quiet_NaN(), 8), "");
}

TEST(Sparkline, GoesFromNothingToTheGreatest) {
  EXPECT_EQ(Sparkline({0, 1, 2, 3, 4, 5, 6, 7}), "▁▂▃▄▅▆▇█");
  EXPECT_EQ(Sparkline({70, 0}), "█▁");
}

TEST(Sparkline, IsFlatWithoutAnything) {
  EXPECT_EQ(Sparkline({}), "");
  EXPECT_EQ(Sparkline({0, 0, -3}), "▁▁▁");
}

}  // namespace
}  // namespace salesctl
