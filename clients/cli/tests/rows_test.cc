#include "clients/cli/src/import/rows.h"

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace salesctl {
namespace {

using Fields = std::vector<std::string>;

// A file's header with the mapping, ready for rows.
RowMaker MakerOf(const std::string& yaml, const Fields& header, JoinTable join = {}) {
  const Result<Mapping> mapping = ParseMapping(yaml);
  EXPECT_TRUE(mapping.ok()) << mapping.failure().message;
  Result<RowMaker> maker = RowMaker::Make(*mapping, "w", header, std::move(join));
  EXPECT_TRUE(maker.ok()) << maker.failure().message;
  return *std::move(maker);
}

struct Filled {
  std::optional<Reject> reject;
  sales::v1::ImportLeadsRequest request;
  NeededChannel needed;
};

Filled FillRow(RowMaker& maker, int64_t line, const Fields& fields) {
  Filled filled;
  CsvRow row;
  row.line = line;
  row.fields = fields;
  filled.reject = maker.Fill(row, filled.request, filled.needed);
  return filled;
}

std::string ReasonOf(const Filled& filled) {
  return filled.reject.has_value() ? filled.reject->reason : "";
}

constexpr char kLeast[] = "external_id: id\nreceive_time: at\n";
constexpr char kTime[] = "2026-01-31T12:00:00Z";

TEST(RowMaker, NamesEveryColumnThatIsMissing) {
  const Result<Mapping> mapping = ParseMapping(std::string(kLeast) + "need: wish\n");
  const Result<RowMaker> maker = RowMaker::Make(*mapping, "w", {"id", "x"}, {});
  ASSERT_FALSE(maker.ok());
  EXPECT_EQ(maker.failure().reason, "COLUMN_MISSING");
  EXPECT_NE(maker.failure().message.find("at, wish"), std::string::npos);
}

TEST(RowMaker, RefusesAHeaderWithOneNameTwice) {
  const Result<RowMaker> maker = RowMaker::Make(*ParseMapping(kLeast), "w", {"id", "at", "id"}, {});
  ASSERT_FALSE(maker.ok());
  EXPECT_EQ(maker.failure().reason, "COLUMN_TWICE");
}

TEST(RowMaker, RejectsTheSecondRowWithAnExternalId) {
  RowMaker maker = MakerOf(kLeast, {"id", "at"});
  EXPECT_EQ(ReasonOf(FillRow(maker, 2, {"a", kTime})), "");
  const Filled second = FillRow(maker, 7, {"a", kTime});
  ASSERT_EQ(ReasonOf(second), "EXTERNAL_ID_TWICE");
  EXPECT_EQ(second.reject->line, 7);
  EXPECT_EQ(second.reject->column, "id");
  EXPECT_NE(second.reject->message.find("line 2"), std::string::npos);
}

TEST(RowMaker, RejectsARowWithTooFewColumns) {
  RowMaker maker = MakerOf(kLeast, {"id", "at"});
  EXPECT_EQ(ReasonOf(FillRow(maker, 2, {"a"})), "COLUMN_COUNT");
  EXPECT_EQ(ReasonOf(FillRow(maker, 3, {"a", kTime, "more"})), "COLUMN_COUNT");
}

TEST(RowMaker, RejectsARowInAnotherEncoding) {
  RowMaker maker = MakerOf(kLeast, {"id", "at"});
  const Filled filled = FillRow(maker, 2, {"S\xE3o", kTime});
  ASSERT_EQ(ReasonOf(filled), "ENCODING_INVALID");
  EXPECT_EQ(filled.reject->column, "id");
  // The value itself may be anything: the message does not repeat it.
  EXPECT_EQ(filled.reject->message.find("\xE3"), std::string::npos);
}

TEST(RowMaker, RejectsWhatIsNoTimeOrAmount) {
  RowMaker maker =
      MakerOf(std::string(kLeast) + "budget: {column: m, currency: EUR}\n", {"id", "at", "m"});
  EXPECT_EQ(ReasonOf(FillRow(maker, 2, {"a", "soon", "1"})), "TIME_INVALID");
  EXPECT_EQ(ReasonOf(FillRow(maker, 3, {"b", "", "1"})), "FIELD_REQUIRED");
  EXPECT_EQ(ReasonOf(FillRow(maker, 4, {"", kTime, "1"})), "FIELD_REQUIRED");
  EXPECT_EQ(ReasonOf(FillRow(maker, 5, {"c", kTime, "1.999"})), "MONEY_INVALID");
  const Filled filled = FillRow(maker, 6, {"d", kTime, "19.99"});
  EXPECT_EQ(filled.request.capture().lead().budget().minor_units(), 1999);
}

TEST(RowMaker, KeepsAnEmptyChannelApartFromUnknown) {
  RowMaker maker = MakerOf(std::string(kLeast) +
                               "channel: {column: origin, when_empty: not-recorded, "
                               "values: {Google Ads: ads}}\ncampaign: page\n",
                           {"id", "at", "origin", "page"});
  const Filled unknown = FillRow(maker, 2, {"a", kTime, "unknown", ""});
  EXPECT_EQ(unknown.request.capture().lead().channel(), "workspaces/w/channels/unknown");
  EXPECT_EQ(unknown.request.capture().lead().campaign(), "");
  const Filled none = FillRow(maker, 3, {"b", kTime, "", "Page 1"});
  EXPECT_EQ(none.request.capture().lead().channel(), "workspaces/w/channels/not-recorded");
  EXPECT_EQ(none.request.capture().lead().campaign(),
            "workspaces/w/channels/not-recorded/campaigns/page-1");
  EXPECT_EQ(none.needed.campaign_title, "Page 1");
  const Filled named = FillRow(maker, 4, {"c", kTime, "Google Ads", ""});
  EXPECT_EQ(named.needed.channel, "ads");
}

TEST(RowMaker, OrdersStepsByTimeAndThenAsTheMappingDoes) {
  RowMaker maker = MakerOf(std::string(kLeast) +
                               "steps:\n"
                               "  - {do: win, time: won}\n"
                               "  - {do: advance, time: two, stage: second}\n"
                               "  - {do: agree, time: one}\n"
                               "  - {do: advance, time: one, stage: first}\n",
                           {"id", "at", "one", "two", "won"});
  const Filled filled =
      FillRow(maker, 2,
              {"a", kTime, "2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z", "2026-02-02T00:00:00Z"});
  ASSERT_EQ(ReasonOf(filled), "");
  ASSERT_EQ(filled.request.steps_size(), 4);
  EXPECT_TRUE(filled.request.steps(0).has_agree_requirements());
  EXPECT_EQ(filled.request.steps(1).advance().stage(), "first");
  EXPECT_TRUE(filled.request.steps(2).has_win());
  EXPECT_EQ(filled.request.steps(3).advance().stage(), "second");
}

TEST(RowMaker, LeavesOutAStepWithoutItsTimeOrCondition) {
  RowMaker maker = MakerOf(std::string(kLeast) +
                               "steps:\n"
                               "  - {do: win, time: t, when: {column: how, is: [ok, good]}}\n"
                               "  - {do: lose, time: t, when: {column: how, is: bad}, "
                               "reason: {text: left}}\n",
                           {"id", "at", "t", "how"});
  EXPECT_EQ(FillRow(maker, 2, {"a", kTime, "", "ok"}).request.steps_size(), 0);
  EXPECT_TRUE(FillRow(maker, 3, {"b", kTime, kTime, "good"}).request.steps(0).has_win());
  EXPECT_EQ(FillRow(maker, 4, {"c", kTime, kTime, "bad"}).request.steps(0).lose().reason(), "left");
  EXPECT_EQ(FillRow(maker, 5, {"d", kTime, kTime, "else"}).request.steps_size(), 0);
}

TEST(RowMaker, FillsLabelsExpectationsAndStances) {
  RowMaker maker = MakerOf(
      std::string(kLeast) +
          "labels: [tag, {text: imported}]\n"
          "steps:\n"
          "  - {do: log, time: at, kind: call, direction: in, expectation: hope}\n"
          "  - {do: stance, time: at, stance: let-go, reason: {column: why, when_empty: none}}\n",
      {"id", "at", "tag", "hope", "why"});
  const Filled filled = FillRow(maker, 2, {"a", kTime, "Very Good", "4", ""});
  const sales::v1::Lead& lead = filled.request.capture().lead();
  ASSERT_EQ(lead.labels_size(), 2);
  EXPECT_EQ(lead.labels(0), "very-good");
  EXPECT_EQ(lead.labels(1), "imported");
  EXPECT_EQ(filled.request.steps(0).log_activity().activity().expectation(), 4);
  EXPECT_EQ(filled.request.steps(1).set_stance().stance(), sales::v1::STANCE_LET_GO);
  EXPECT_EQ(filled.request.steps(1).set_stance().reason(), "none");
  EXPECT_EQ(FillRow(maker, 3, {"b", kTime, "", "", ""}).request.capture().lead().labels_size(), 1);
  const Filled bad = FillRow(maker, 4, {"c", kTime, "", "much", ""});
  EXPECT_EQ(ReasonOf(bad), "NUMBER_INVALID");
  EXPECT_EQ(bad.reject->column, "hope");
}

TEST(RowMaker, GivesTheSameRequestForTheSameRow) {
  const std::string yaml = std::string(kLeast) + "attributes: {x: a, y: b}\n";
  RowMaker one = MakerOf(yaml, {"id", "at", "a", "b"});
  RowMaker other = MakerOf(yaml, {"id", "at", "a", "b"});
  EXPECT_EQ(FillRow(one, 2, {"a", kTime, "1", "2"}).request.ShortDebugString(),
            FillRow(other, 2, {"a", kTime, "1", "2"}).request.ShortDebugString());
}

TEST(Join, AddsTheColumnsOfTheRowWithTheSameId) {
  const std::string file = testing::TempDir() + "deals.csv";
  std::ofstream(file) << "id,rep\nb,anna\n";
  const Result<JoinTable> join = ReadJoin(file, "id", ',');
  ASSERT_TRUE(join.ok());
  RowMaker maker =
      MakerOf(std::string(kLeast) + "join: {file: deals.csv, on: id, key: id}\nseller: rep\n",
              {"id", "at"}, *join);
  EXPECT_EQ(FillRow(maker, 2, {"a", kTime}).request.capture().lead().seller(), "");
  EXPECT_EQ(FillRow(maker, 3, {"b", kTime}).request.capture().lead().seller(),
            "workspaces/w/sellers/anna");
}

TEST(Join, RefusesAnIdThatStandsTwice) {
  const std::string file = testing::TempDir() + "twice.csv";
  std::ofstream(file) << "id,rep\nb,anna\nb,olga\n";
  EXPECT_EQ(ReadJoin(file, "id", ',').failure().reason, "JOIN_KEY_TWICE");
  EXPECT_EQ(ReadJoin(file, "key", ',').failure().reason, "COLUMN_MISSING");
}

}  // namespace
}  // namespace salesctl
