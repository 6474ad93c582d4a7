#include "src/decide/filter.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "sales/error.h"
#include "sales/limits.h"
#include "tests/unit/filter_fixture.h"

namespace sales {
namespace {

using namespace std::string_literals;

absl::StatusOr<FilterNode> Parse(const std::string& text) {
  return ParseFilter(text, kFields, "studio");
}

// How the filter was understood, with every pair of parentheses that its parts need.
std::string Read(const std::string& text) {
  const auto node = Parse(text);
  return node.ok() ? FormatFilter(*node) : std::string(node.status().message());
}

// The reason, and the byte it points at.
std::string Refusal(const std::string& text) {
  const ErrorDetail detail = DetailOf(Parse(text).status());
  std::string refusal = ReasonName(detail.reason);
  const auto position = detail.metadata.find("position");
  if (position != detail.metadata.end()) refusal += " " + position->second;
  return refusal;
}

std::string Repeat(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(AnEmptyFilter, LetsEverythingThrough) {
  for (const char* text : {"", " ", "\t\n"}) {
    const auto node = Parse(text);
    ASSERT_TRUE(node.ok());
    EXPECT_EQ(node->kind, FilterNode::Kind::kAnd);
    EXPECT_TRUE(node->children.empty());
  }
}

TEST(AComparison, IsReadWithAndWithoutSpaces) {
  EXPECT_EQ(Read("interest>=50"), "interest>=50");
  EXPECT_EQ(Read("  interest \t>= \n 50 "), "interest>=50");
  for (const char* op : {"=", "!=", "<", "<=", ">", ">="}) {
    EXPECT_EQ(Read("interest " + std::string(op) + " -5"), "interest" + std::string(op) + "-5");
  }
}

TEST(AColon, MeansContainsInTextAndEqualsElsewhere) {
  EXPECT_EQ(Read("need:logo"), "need:\"logo\"");
  EXPECT_EQ(Read("stage:work"), "stage:\"work\"");
  EXPECT_EQ(Read("interest:5"), "interest=5");
  EXPECT_EQ(Read("state:OPEN"), "state=OPEN");
  EXPECT_EQ(Read("channel:ads"), "channel=\"ads\"");
}

TEST(AStar, AsksWhetherAFieldIsSet) {
  EXPECT_EQ(Read("campaign:*"), "campaign:*");
  EXPECT_EQ(Read("-receive_time:*"), "NOT receive_time:*");
  EXPECT_EQ(Read("stage:\"*\""), "stage:\"*\"");
  EXPECT_EQ(Read("stage=*"), "stage=\"*\"");
}

TEST(OR, BindsTighterThanAND) {
  EXPECT_EQ(Parse("vip AND state=OPEN OR state=WON").value(),
            Parse("vip AND (state=OPEN OR state=WON)").value());
  EXPECT_EQ(Parse("state=OPEN OR state=WON AND vip").value(),
            Parse("(state=OPEN OR state=WON) AND vip").value());
  EXPECT_FALSE(Parse("vip AND state=OPEN OR state=WON").value() ==
               Parse("(vip AND state=OPEN) OR state=WON").value());
}

TEST(ASpace, IsAND) {
  EXPECT_EQ(Parse("vip interest>5 state=OPEN OR state=WON").value(),
            Parse("vip AND interest>5 AND (state=OPEN OR state=WON)").value());
  EXPECT_EQ(Read("(vip)(interest>5)"), "vip=true AND interest>5");
}

TEST(NOT, AndMinusNegateWhatFollows) {
  EXPECT_EQ(Read("NOT vip"), "NOT vip=true");
  EXPECT_EQ(Read("-vip"), "NOT vip=true");
  EXPECT_EQ(Read("NOT (vip interest=1)"), "NOT (vip=true AND interest=1)");
  EXPECT_EQ(Read("-need:logo OR vip"), "NOT need:\"logo\" OR vip=true");
  EXPECT_EQ(Read("NOT(NOT vip)"), "NOT (NOT vip=true)");
}

TEST(Parentheses, MayBeIdle) { EXPECT_EQ(Read("((vip))"), "vip=true"); }

TEST(AFlag, IsTrueByItsNameAlone) {
  EXPECT_EQ(Read("vip"), "vip=true");
  EXPECT_EQ(Read("vip=false"), "vip=false");
  EXPECT_EQ(Refusal("vip=yes"), "FILTER_INVALID 4");
  EXPECT_EQ(Refusal("vip<true"), "FILTER_INVALID 0");
}

TEST(AWordAlone, IsLookedForInEveryFoldedField) {
  EXPECT_EQ(Read("ЁЛКА"), "need:\"ёлка\" OR city:\"ёлка\"");
  EXPECT_EQ(Read("\"Зелёная  ёлка\""), "need:\"зелёная ёлка\" OR city:\"зелёная ёлка\"");
  EXPECT_EQ(Read("web-shop vip"), "need:\"web-shop\" OR city:\"web-shop\" AND vip=true");
}

TEST(AValueInQuotes, MayHoldAnything) {
  EXPECT_EQ(Read("stage=\"a b AND (c)\""), "stage=\"a b AND (c)\"");
  EXPECT_EQ(Read("stage='a \"b\"'"), "stage=\"a \\\"b\\\"\"");
  EXPECT_EQ(Read("stage=\"a\\\"b\\\\c\\'\""), "stage=\"a\\\"b\\\\c'\"");
  EXPECT_EQ(Read("stage=\"\""), "stage=\"\"");
  EXPECT_EQ(Read("stage=\"AND\""), "stage=\"AND\"");
  EXPECT_EQ(Read("interest=\"5\""), "interest=5");
}

TEST(AFoldedField, FoldsWhatItIsComparedWith) {
  EXPECT_EQ(Read("need:\" Интернет  МАГАЗИН\""), "need:\"интернет магазин\"");
  EXPECT_EQ(Read("need=İSTANBUL"), "need=\"istanbul\"");
  EXPECT_EQ(Read("stage=İSTANBUL"), "stage=\"İSTANBUL\"");
}

TEST(ATime, IsReadInRfc3339) {
  EXPECT_EQ(Read("receive_time>=2026-01-31T09:30:00+03:00"), "receive_time>=2026-01-31T06:30:00Z");
  EXPECT_EQ(Read("receive_time < \"2026-01-31T09:30:00.25Z\""),
            "receive_time<2026-01-31T09:30:00.25Z");
  for (const char* value : {"2026-01-31", "yesterday", "1969-12-31T23:59:59Z",
                            "2200-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "0"}) {
    EXPECT_EQ(Refusal("receive_time<" + std::string(value)), "FILTER_INVALID 13") << value;
  }
}

TEST(AnInteger, HasAtMost64Bits) {
  const std::string max = std::to_string(std::numeric_limits<int64_t>::max());
  const std::string min = std::to_string(std::numeric_limits<int64_t>::min());
  EXPECT_EQ(Read("interest=" + max), "interest=" + max);
  EXPECT_EQ(Read("interest=" + min), "interest=" + min);
  for (const char* value : {"9223372036854775808", "-9223372036854775809", "1e3", "1.5", "0x10",
                            "+5", "--5", "5-", "five", "\" 5\"", "\"\""}) {
    EXPECT_EQ(Refusal("interest=" + std::string(value)), "FILTER_INVALID 9") << value;
  }
}

TEST(AnEnum, IsReadByItsNames) {
  EXPECT_EQ(Read("state!=WON"), "state!=WON");
  EXPECT_EQ(Refusal("state=won"), "FILTER_INVALID 6");
  EXPECT_EQ(Refusal("state=1"), "FILTER_INVALID 6");
  EXPECT_EQ(Refusal("state>OPEN"), "FILTER_INVALID 0");
  EXPECT_NE(Read("state=DONE").find("OPEN, WON, LOST"), std::string::npos);
}

TEST(AResource, IsNamedByItsIdOrItsName) {
  EXPECT_EQ(Read("channel=ads"), "channel=\"ads\"");
  EXPECT_EQ(Read("channel=channels/ads"), "channel=\"ads\"");
  EXPECT_EQ(Read("channel!=workspaces/studio/channels/ads"), "channel!=\"ads\"");
  EXPECT_EQ(Read("channel=\"\""), "channel=\"\"");
}

TEST(ACampaignByName, IsTheOneOfItsChannel) {
  EXPECT_EQ(Read("campaign=spring"), "campaign=\"spring\"");
  EXPECT_EQ(Read("campaign=channels/ads/campaigns/spring"),
            "channel=\"ads\" AND campaign=\"spring\"");
  EXPECT_EQ(Read("campaign!=workspaces/studio/channels/ads/campaigns/spring"),
            "NOT (channel=\"ads\" AND campaign=\"spring\")");
}

TEST(AResource, OfAnotherFormOrWorkspaceIsRefused) {
  for (const char* value : {"Ads", "campaigns/ads", "channels/", "channels/Ads", "/channels/ads",
                            "channels/ads/", "workspaces/other/channels/ads", "workspaces/studio",
                            "channels/ads/campaigns/spring", "workspaces/studio/ads", "a//b"}) {
    EXPECT_EQ(Refusal("channel=" + std::string(value)), "FILTER_INVALID 8") << value;
  }
  for (const char* value : {"campaigns/spring", "channels/ads", "ads/spring"}) {
    EXPECT_EQ(Refusal("campaign=" + std::string(value)), "FILTER_INVALID 9") << value;
  }
}

TEST(AnUnknownField, IsRefusedWithTheKnownOnes) {
  EXPECT_EQ(Refusal("vip stagee=new"), "FILTER_INVALID 4");
  EXPECT_NE(Read("stagee=new").find("state, stage, channel"), std::string::npos);
  EXPECT_EQ(Read("canary=new").find("canary"), std::string::npos);
  EXPECT_EQ(Refusal("STATE=OPEN"), "FILTER_INVALID 0");
}

TEST(AMalformedFilter, IsRefusedWhereItGoesWrong) {
  const std::vector<std::pair<std::string, int>> cases = {
      {"state", 5},
      {"state=", 6},
      {"state =  ", 9},
      {"=OPEN", 0},
      {"state==OPEN", 6},
      {"state=<OPEN", 6},
      {"state!OPEN", 5},
      {"interest=>5", 9},
      {"(vip", 4},
      {"vip)", 3},
      {"()", 1},
      {"vip AND", 7},
      {"AND vip", 0},
      {"vip OR", 6},
      {"OR", 0},
      {"vip AND OR vip", 8},
      {"NOT", 3},
      {"-", 1},
      {"NOT NOT vip", 4},
      {"--vip", 1},
      {"stage=\"new", 6},
      {"stage='new\"", 6},
      {"stage=\"new\\", 6},
      {"stage=AND", 6},
      {"stage=(new)", 6},
      {"vip, vip", 3},
      {"\"\"", 0},
      {"need:\"\"", 5},
      {"stage:\"\"", 6},
      {"\"need\"=x", 6},
      {"stage<a", 0},
      {"channel>ads", 0},
      {"state=OPEN)", 10},
      {"(vip))", 5},
      {"stage=a:b=c", 9},
  };
  for (const auto& [text, position] : cases) {
    EXPECT_EQ(Refusal(text), "FILTER_INVALID " + std::to_string(position)) << text;
  }
}

TEST(AFilter, IsBoundedInDepth) {
  const int max = limits::filter_depth_max;
  EXPECT_TRUE(Parse(Repeat("(", max) + "vip" + Repeat(")", max)).ok());
  EXPECT_EQ(Refusal(Repeat("(", max + 1) + "vip" + Repeat(")", max + 1)), "FILTER_TOO_DEEP");
  EXPECT_EQ(Refusal(Repeat("(", 1000) + "vip" + Repeat(")", 1000)), "FILTER_TOO_DEEP");
  EXPECT_EQ(Refusal(Repeat("NOT (", 1000)), "FILTER_TOO_DEEP");
  EXPECT_EQ(Refusal(Repeat("-(", 4000)), "FILTER_TOO_DEEP");
  EXPECT_EQ(DetailOf(Parse(Repeat("(", 1000)).status()).metadata["limit"], std::to_string(max));
  // Depth is what is open, not what was.
  EXPECT_TRUE(Parse(Repeat("(vip) ", max + 1)).ok());
}

TEST(AFilter, IsBoundedInTermsAndBytes) {
  EXPECT_TRUE(Parse(Repeat("vip ", limits::filter_terms_max)).ok());
  EXPECT_EQ(Refusal(Repeat("vip ", limits::filter_terms_max + 1)), "LIST_TOO_LONG");
  EXPECT_EQ(Refusal(std::string(limits::filter_bytes_max + 1, ' ')), "TEXT_TOO_LONG");
  EXPECT_EQ(Refusal(std::string(1'000'000, '(')), "TEXT_TOO_LONG");
}

TEST(AFilter, IsTextInUtf8) {
  EXPECT_EQ(Refusal("stage=\xff"), "TEXT_INVALID");
  EXPECT_EQ(Refusal("stage=a\0b"s), "TEXT_INVALID");
}

TEST(NoFilterError, RepeatsWhatWasTyped) {
  for (const char* text : {"canary=1", "state=canary", "interest=canary", "receive_time<canary",
                           "channel=Canary/canary", "stage=\"canary", "vip=canary", "need canary",
                           "(canary", "campaign=Canary"}) {
    const absl::Status status = Parse(text).status();
    ASSERT_FALSE(status.ok()) << text;
    EXPECT_EQ(status.ToString().find("anary"), std::string::npos) << status;
  }
}

TEST(AFormattedFilter, IsReadBackAsItWas) {
  Random random(20260131);
  for (int i = 0; i < 20'000; ++i) {
    const FilterNode node = RandomFilter(random, 3);
    const std::string text = FormatFilter(node);
    const auto again = Parse(text);
    ASSERT_TRUE(again.ok()) << text << " " << again.status();
    ASSERT_EQ(*again, node) << text;
  }
}

TEST(AnyInput, IsReadOrRefusedButNeverFatal) {
  const std::string pieces[] = {"state",
                                "need",
                                "vip",
                                "interest",
                                "receive_time",
                                "campaign",
                                "=",
                                "!=",
                                "<",
                                "<=",
                                ">",
                                ">=",
                                ":",
                                "AND",
                                "OR",
                                "NOT",
                                "-",
                                "(",
                                ")",
                                "\"",
                                "'",
                                "\\",
                                " ",
                                "\t",
                                ",",
                                "*",
                                "OPEN",
                                "5",
                                "-1",
                                "2026-01-31T00:00:00Z",
                                "channels/ads/campaigns/spring",
                                "ёлка",
                                "😀",
                                "İ",
                                "\xff",
                                "\xed\xa0\x80",
                                "\0"s,
                                "/",
                                "true",
                                "()",
                                "(vip OR ",
                                "a.b"};
  Random random(42);
  int read = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string text;
    for (int left = Pick(random, 20); left > 0; --left) {
      if (Pick(random, 10) == 0) {
        text.push_back(static_cast<char>(random()));
      } else {
        text += pieces[Pick(random, std::size(pieces))];
      }
      if (Pick(random, 3) == 0) text += " ";
    }
    const auto node = Parse(text);
    if (node.ok()) {
      ++read;
      const auto again = Parse(FormatFilter(*node));
      ASSERT_TRUE(again.ok()) << text;
      ASSERT_EQ(*again, *node) << text;
      continue;
    }
    const ErrorDetail detail = DetailOf(node.status());
    ASSERT_TRUE(detail.reason == Reason::kFilterInvalid || detail.reason == Reason::kTextInvalid)
        << node.status();
    if (detail.reason == Reason::kFilterInvalid) {
      ASSERT_LE(std::stoul(detail.metadata.at("position")), text.size());
    }
  }
  EXPECT_GT(read, 1'000);
}

constexpr OrderField kOrders[] = {{"receive_time", "receive_time"}, {"update_time", "changed"}};

TEST(AnOrder, IsOneFieldUpOrDown) {
  const Order fallback = {"receive_time", true};
  const auto up = ParseOrderBy("update_time", kOrders, fallback);
  ASSERT_TRUE(up.ok());
  EXPECT_STREQ(up->column, "changed");
  EXPECT_FALSE(up->descending);
  const auto down = ParseOrderBy("  update_time   desc ", kOrders, fallback);
  ASSERT_TRUE(down.ok());
  EXPECT_TRUE(down->descending);
  const auto none = ParseOrderBy(" ", kOrders, fallback);
  ASSERT_TRUE(none.ok());
  EXPECT_STREQ(none->column, "receive_time");
  EXPECT_TRUE(none->descending);
}

TEST(AnOrder, OfAnyOtherFormIsRefusedWithTheFieldsThatThereAre) {
  for (const std::string& text :
       {"changed"s, "update_time asc"s, "update_time DESC"s, "desc"s, "update_time desc desc"s,
        "update_time, receive_time"s, "update_time;"s, "\xff"s, std::string(1 << 20, 'x'),
        std::string(1 << 20, ' ') + "x"}) {
    const absl::Status status = ParseOrderBy(text, kOrders, {}).status();
    EXPECT_EQ(ReasonOf(status), Reason::kOrderByInvalid);
    EXPECT_EQ(DetailOf(status).metadata["fields"], "receive_time, update_time");
  }
}

TEST(ASetOfTexts, IsAskedWithAColonOnly) {
  EXPECT_EQ(Read("tags:vip"), "tags:\"vip\"");
  EXPECT_EQ(Read("NOT tags:\"vip\""), "NOT tags:\"vip\"");
  EXPECT_EQ(Read("tags:*"), "tags:*");
  EXPECT_EQ(Refusal("vip tags = a"), "FILTER_INVALID 4");
  EXPECT_EQ(Refusal("tags != a"), "FILTER_INVALID 0");
  EXPECT_EQ(Refusal("tags > a"), "FILTER_INVALID 0");
  EXPECT_EQ(Refusal("tags"), "FILTER_INVALID 4");
  EXPECT_EQ(Refusal("tags:\"\""), "FILTER_INVALID 5");
}

}  // namespace
}  // namespace sales
