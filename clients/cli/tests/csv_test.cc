#include "clients/cli/src/import/csv.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace salesctl {
namespace {

class Csv : public testing::Test {
 protected:
  std::string Write(const std::string& text) {
    std::string file =
        testing::TempDir() + testing::UnitTest::GetInstance()->current_test_info()->name() + ".csv";
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }

  std::vector<CsvRow> Rows(const std::string& text) {
    Result<std::unique_ptr<CsvReader>> reader = CsvReader::Open(Write(text), ',');
    EXPECT_TRUE(reader.ok());
    std::vector<CsvRow> rows;
    for (CsvRow row; (*reader)->Next(row);) rows.push_back(row);
    return rows;
  }
};

using Fields = std::vector<std::string>;

TEST_F(Csv, ReadsQuotedCommasQuotesAndLines) {
  const std::vector<CsvRow> rows = Rows("a,b\n\"x, y\",\"he said \"\"hi\"\"\nand left\"\nlast,\n");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[1].fields, (Fields{"x, y", "he said \"hi\"\nand left"}));
  EXPECT_EQ(rows[1].line, 2);
  EXPECT_EQ(rows[2].fields, (Fields{"last", ""}));
  EXPECT_EQ(rows[2].line, 4);
}

TEST_F(Csv, KeepsSpacesAroundAField) {
  EXPECT_EQ(Rows(" a , b\n")[0].fields, (Fields{" a ", " b"}));
}

TEST_F(Csv, ReadsCrLf) {
  const std::vector<CsvRow> rows = Rows("a,b\r\n1,\"2\"\r\n\r\n3,4\r\n");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[1].fields, (Fields{"1", "2"}));
  EXPECT_EQ(rows[2].line, 4);
}

TEST_F(Csv, ReadsLinesThatEndWithCrAlone) {
  const std::vector<CsvRow> rows = Rows("a,b\r1,2\r3,4");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[2].fields, (Fields{"3", "4"}));
  EXPECT_EQ(rows[2].line, 3);
}

TEST_F(Csv, PassesOverAByteOrderMark) {
  EXPECT_EQ(Rows("\xEF\xBB\xBFid,b\n1,2\n")[0].fields, (Fields{"id", "b"}));
}

TEST_F(Csv, ReadsALastLineWithoutAnEnd) {
  EXPECT_EQ(Rows("a,b\n1,2")[1].fields, (Fields{"1", "2"}));
}

TEST_F(Csv, NamesTheLineAndCharacterOfABadQuoteAndGoesOn) {
  const std::vector<CsvRow> rows = Rows("a,b\nя,x\"y\"\n3,4\n");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[1].reason, "QUOTES_BAD");
  EXPECT_EQ(rows[1].line, 2);
  EXPECT_EQ(rows[1].column, 4);
  EXPECT_EQ(rows[1].fields, Fields{"я,x\"y\""});
  EXPECT_EQ(rows[2].fields, (Fields{"3", "4"}));
}

TEST_F(Csv, RejectsOnlyTheLineWhoseQuoteIsNotClosed) {
  const std::vector<CsvRow> rows = Rows("a,b\n1,\"open\n2,x\n3,\"fine\"\n4,y\n");
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(rows[1].reason, "QUOTES_BAD");
  EXPECT_EQ(rows[1].line, 2);
  EXPECT_EQ(rows[1].column, 3);
  EXPECT_EQ(rows[2].fields, (Fields{"2", "x"}));
  EXPECT_EQ(rows[2].line, 3);
  EXPECT_EQ(rows[4].fields, (Fields{"4", "y"}));
}

TEST_F(Csv, NamesAQuoteThatIsOpenAtTheEnd) {
  const std::vector<CsvRow> rows = Rows("a,b\n1,\"open\n2,x\n");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[1].reason, "QUOTES_BAD");
  EXPECT_EQ(rows[2].fields, (Fields{"2", "x"}));
}

TEST_F(Csv, BoundsTheLengthOfARow) {
  const std::vector<CsvRow> rows = Rows("a\n" + std::string(row_bytes_max * 2, 'x') + "\nb\n");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[1].reason, "ROW_TOO_LONG");
  EXPECT_EQ(rows[1].line, 2);
  EXPECT_EQ(rows[2].fields, Fields{"b"});
  EXPECT_EQ(rows[2].line, 3);
}

TEST_F(Csv, RefusesAFileInUtf16) {
  for (const std::string& text : {std::string("\xFF\xFE"
                                              "a\0,\0",
                                              6),
                                  std::string("\0a\0,", 4)}) {
    const auto reader = CsvReader::Open(Write(text), ',');
    ASSERT_FALSE(reader.ok());
    EXPECT_EQ(reader.failure().reason, "ENCODING_INVALID");
  }
}

TEST_F(Csv, NamesAFileThatIsNotThere) {
  EXPECT_EQ(CsvReader::Open("/nowhere/leads.csv", ',').failure().reason, "FILE_UNREADABLE");
  EXPECT_EQ(CsvReader::Open(testing::TempDir(), ',').failure().reason, "FILE_UNREADABLE");
}

}  // namespace
}  // namespace salesctl
