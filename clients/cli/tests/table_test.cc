#include "clients/cli/src/table.h"

#include <gtest/gtest.h>

namespace salesctl {
namespace {

TEST(Table, AlignsByCharactersRatherThanBytes) {
  Table table({{"ИМЯ"}, {"N", Table::Align::kRight}, {"X"}});
  table.Add({"Анна", "7", "a"});
  table.Add({"Bo", "100", "b"});
  EXPECT_EQ(table.ToText(),
            "ИМЯ     N  X\n"
            "Анна    7  a\n"
            "Bo    100  b\n");
}

TEST(Table, LeavesOutColumnsThatSayNothing) {
  Table table({{"A"}, {"B"}, {"C"}});
  table.Add({"1", "–", "–"});
  table.Add({"2", "–", "x"});
  table.DropColumnsOf("–");
  EXPECT_EQ(table.ToText(), "A  C\n1  –\n2  x\n");
}

TEST(Table, KnowsWideAndCombiningCharacters) {
  EXPECT_EQ(DisplayWidth("漢字"), 4);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1);
}

TEST(Table, LetsNoTextSteerTheTerminal) {
  EXPECT_EQ(ForTerminal("a\x1b[31mb\nc"), "a [31mb c");
  EXPECT_EQ(ForTerminal("\u202Eabc"), " abc");
  EXPECT_EQ(ForTerminal("\xFF"), "\uFFFD");
}

TEST(Table, ShortensByCharacters) {
  EXPECT_EQ(Shortened("Анна Иванова", 6), "Анна …");
  EXPECT_EQ(Shortened("Анна", 4), "Анна");
}

}  // namespace
}  // namespace salesctl
