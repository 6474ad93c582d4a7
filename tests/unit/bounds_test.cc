#include "src/decide/bounds.h"

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "sales/contact.h"
#include "sales/error.h"
#include "sales/limits.h"
#include "sales/money.h"

namespace sales {
namespace {

using namespace std::string_literals;

Reason FirstReason(const absl::Status& status) { return ReasonOf(status); }

std::string FirstField(const absl::Status& status) {
  const ErrorDetail detail = DetailOf(status);
  return detail.fields.empty() ? "" : detail.fields[0].field;
}

TEST(AnId, IsOfLowerCaseLettersDigitsAndInnerSigns) {
  for (const char* id :
       {"a", "0", "web-studio", "a.b_c-d", "0190b5d0-7a5e-7000-8000-000000000000"}) {
    EXPECT_TRUE(CheckId("id", id).ok()) << id;
  }
}

TEST(AnId, OfAnyOtherFormIsRefused) {
  for (const char* id : {"A", "-a", ".a", "_a", "a b", "a/b", "é", "a\n", "ид", "a@b", "*"}) {
    EXPECT_EQ(FirstReason(CheckId("id", id)), Reason::kIdInvalid) << id;
  }
}

TEST(AnId, MayHave63BytesAndNotMore) {
  EXPECT_TRUE(CheckId("id", std::string(63, 'a')).ok());
  EXPECT_EQ(FirstReason(CheckId("id", std::string(64, 'a'))), Reason::kIdInvalid);
  EXPECT_EQ(FirstReason(CheckId("id", std::string(1 << 20, 'a'))), Reason::kIdInvalid);
}

TEST(AnId, MustBeThereUnlessItIsOptional) {
  EXPECT_EQ(FirstReason(CheckId("lead", "")), Reason::kFieldRequired);
  EXPECT_EQ(FirstField(CheckId("lead", "")), "lead");
  EXPECT_TRUE(CheckOptionalId("lead", "").ok());
  EXPECT_EQ(FirstReason(CheckOptionalId("lead", "A")), Reason::kIdInvalid);
}

TEST(Text, OfEveryScriptIsAccepted) {
  for (const char* text : {"", "plain", "Пётр", "ẞß", "İı", "日本語", "😀👩‍💻", "\u007f",
                           "\U0010ffff", "\ue000", "line\nbreak\t"}) {
    EXPECT_TRUE(CheckText("need", text, 100).ok()) << text;
  }
}

TEST(Text, ThatIsNotUtf8IsRefused) {
  const std::vector<std::string> broken = {
      "\x80"s,  // continuation without a lead
      "\xbf"s,
      "\xc3"s,  // cut off
      "\xe2\x82"s,
      "\xf0\x9f\x98"s,
      "\xc3("s,  // lead without a continuation
      "\xe2(\xa1"s,
      "\xe2\x82("s,
      "\xf0(\x8c\xbc"s,
      "\xc0\x80"s,  // overlong NUL
      "\xc1\xbf"s,  // overlong in two, three, four bytes
      "\xe0\x80\xaf"s,
      "\xe0\x9f\xbf"s,
      "\xf0\x80\x80\xaf"s,
      "\xf0\x8f\xbf\xbf"s,
      "\xed\xa0\x80"s,  // surrogates
      "\xed\xbf\xbf"s,
      "\xed\xa0\xbd\xed\xb8\x80"s,
      "\xf4\x90\x80\x80"s,  // above U+10FFFF
      "\xf5\x80\x80\x80"s,
      "\xf8\x88\x80\x80\x80"s,
      "\xfe"s,
      "\xff"s,
  };
  for (const std::string& bytes : broken) {
    for (const std::string& text : {bytes, "sixteen bytes in" + bytes, bytes + "and after it"}) {
      EXPECT_EQ(FirstReason(CheckText("need", text, 100)), Reason::kTextInvalid)
          << testing::PrintToString(text);
    }
  }
}

TEST(Text, AtTheEdgesOfUtf8IsAccepted) {
  for (const char* text : {"\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                           "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(IsUtf8(text)) << testing::PrintToString(text);
  }
}

TEST(Text, WithNulIsRefused) {
  for (const std::string& text : {"\0"s, "a\0"s, "a\0b"s}) {
    EXPECT_EQ(FirstReason(CheckText("need", text, 100)), Reason::kTextInvalid);
  }
}

TEST(Text, IsMeasuredInBytesAndTheLimitIsTold) {
  EXPECT_TRUE(CheckText("need", "жж", 4).ok());
  const absl::Status status = CheckText("need", "жжж", 4);
  EXPECT_EQ(FirstReason(status), Reason::kTextTooLong);
  EXPECT_EQ(DetailOf(status).metadata["limit"], "4");
  EXPECT_EQ(FirstReason(CheckText("need", std::string(1 << 20, 'x'), limits::text_bytes_max)),
            Reason::kTextTooLong);
}

TEST(Text, ThatIsRequiredIsNotBlank) {
  for (const char* text : {"", " ", "\t\n", "\u00a0", "\u200b"}) {
    EXPECT_EQ(FirstReason(CheckRequiredText("need", text, 100)), Reason::kFieldRequired);
  }
  for (const char* text : {"x", " x", "ж", "!"}) {
    EXPECT_TRUE(CheckRequiredText("need", text, 100).ok()) << text;
  }
}

TEST(NoError, RepeatsTheValue) {
  const std::string canary = "Canary Kanarienvogel";
  const Money money{canary, -1};
  for (const absl::Status& status :
       {CheckId("id", canary), CheckText("t", canary, 3), CheckText("t", canary + "\xff", 99),
        CheckReasonCode("r", canary), CheckMoney("m", money, "EUR"), CheckCurrencyCode("c", canary),
        CheckRegion("r", canary), LoadZone("z", canary).status(),
        CheckAttributes("a", {{canary, ""}}), CheckIdentity("i", Messenger(canary, canary))}) {
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.ToString().find("anar"), std::string::npos) << status;
  }
}

TEST(AReasonCode, HasTheFormOfAnId) {
  EXPECT_TRUE(CheckReasonCode("reason", "price").ok());
  EXPECT_EQ(FirstReason(CheckReasonCode("reason", "")), Reason::kFieldRequired);
  EXPECT_EQ(FirstReason(CheckReasonCode("reason", "Too expensive")), Reason::kFieldInvalid);
}

TEST(Money, IsFromZeroToTheLimit) {
  EXPECT_TRUE(CheckMoney("price", {"EUR", 0}, "EUR").ok());
  EXPECT_TRUE(CheckMoney("price", {"EUR", limits::money_minor_units_max}, "EUR").ok());
  for (const int64_t units :
       {int64_t{-1}, limits::money_minor_units_max + 1, std::numeric_limits<int64_t>::min(),
        std::numeric_limits<int64_t>::max()}) {
    EXPECT_EQ(FirstReason(CheckMoney("price", {"EUR", units}, "EUR")), Reason::kMoneyInvalid);
  }
}

TEST(Money, OfAnotherCurrencyIsRefused) {
  for (const char* code : {"USD", "", "eur"}) {
    const absl::Status status = CheckMoney("price", {code, 1}, "EUR");
    EXPECT_EQ(FirstReason(status), Reason::kCurrencyMismatch);
    EXPECT_EQ(FirstField(status), "price.currency_code");
  }
}

TEST(ATime, IsFrom1970UpTo2200) {
  const absl::Time start = absl::UnixEpoch();
  const absl::Time end = absl::FromCivil(absl::CivilDay(2200, 1, 1), absl::UTCTimeZone());
  EXPECT_TRUE(CheckTime("t", start).ok());
  EXPECT_TRUE(CheckTime("t", end - absl::Microseconds(1)).ok());
  for (const absl::Time time :
       {start - absl::Microseconds(1), end, absl::InfinitePast(), absl::InfiniteFuture()}) {
    EXPECT_EQ(FirstReason(CheckTime("t", time)), Reason::kTimeOutOfRange);
  }
}

TEST(ADay, IsFrom1970UpTo2200) {
  EXPECT_TRUE(CheckDay("d", absl::CivilDay(1970, 1, 1)).ok());
  EXPECT_TRUE(CheckDay("d", absl::CivilDay(2199, 12, 31)).ok());
  EXPECT_EQ(FirstReason(CheckDay("d", absl::CivilDay(1969, 12, 31))), Reason::kTimeOutOfRange);
  EXPECT_EQ(FirstReason(CheckDay("d", absl::CivilDay(2200, 1, 1))), Reason::kTimeOutOfRange);
}

TEST(AnOccurTime, IsAtMostFiveMinutesAhead) {
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  EXPECT_TRUE(CheckOccurTime("t", now + absl::Minutes(5), now).ok());
  EXPECT_EQ(FirstReason(CheckOccurTime("t", now + absl::Minutes(5) + absl::Microseconds(1), now)),
            Reason::kTimeInFuture);
  EXPECT_EQ(FirstReason(CheckOccurTime("t", absl::InfiniteFuture(), now)), Reason::kTimeOutOfRange);
}

TEST(ARange, IncludesItsEndsAndIsTold) {
  EXPECT_TRUE(CheckRange("interest", 0, 0, 100).ok());
  EXPECT_TRUE(CheckRange("interest", 100, 0, 100).ok());
  const absl::Status status = CheckRange("interest", 101, 0, 100);
  EXPECT_EQ(FirstReason(status), Reason::kFieldInvalid);
  EXPECT_EQ(DetailOf(status).metadata["max"], "100");
}

TEST(AList, HasAtMostSoManyEntries) {
  EXPECT_TRUE(CheckList("rows", 3, 3).ok());
  const absl::Status status = CheckList("rows", 4, 3);
  EXPECT_EQ(FirstReason(status), Reason::kListTooLong);
  EXPECT_EQ(DetailOf(status).metadata["limit"], "3");
}

TEST(Attributes, AreBounded) {
  EXPECT_TRUE(CheckAttributes("attributes", {{"site", "магазин"}, {"empty", ""}}).ok());
  EXPECT_EQ(FirstReason(CheckAttributes("attributes", {{"Site", ""}})), Reason::kIdInvalid);
  EXPECT_EQ(FirstReason(CheckAttributes("attributes", {{"", ""}})), Reason::kIdInvalid);
  const absl::Status status = CheckAttributes("lead.attributes", {{"site", "\xff"}});
  EXPECT_EQ(FirstReason(status), Reason::kTextInvalid);
  EXPECT_EQ(FirstField(status), "lead.attributes[\"site\"]");
  std::map<std::string, std::string> many;
  for (int i = 0; i <= limits::attributes_max; ++i) many[std::to_string(i)] = "";
  EXPECT_EQ(FirstReason(CheckAttributes("attributes", many)), Reason::kListTooLong);
}

TEST(AnIdentity, NeedsKindAndValue) {
  EXPECT_TRUE(CheckIdentity("identity", Email("i@example.com")).ok());
  EXPECT_EQ(FirstReason(CheckIdentity("identity", Email(""))), Reason::kFieldRequired);
  EXPECT_EQ(FirstField(CheckIdentity("identity", Identity{})), "identity.kind");
  Identity unknown = Email("i@example.com");
  unknown.kind = static_cast<IdentityKind>(9);
  EXPECT_EQ(FirstReason(CheckIdentity("identity", unknown)), Reason::kEnumUnknown);
}

TEST(AnIdentity, HasASourceExactlyWhereItNeedsOne) {
  EXPECT_TRUE(CheckIdentity("identity", External("crm", "42")).ok());
  EXPECT_EQ(FirstReason(CheckIdentity("identity", External("", "42"))), Reason::kFieldRequired);
  EXPECT_EQ(FirstReason(CheckIdentity("identity", Messenger("Tele gram", "ivan"))),
            Reason::kIdInvalid);
  Identity email = Email("i@example.com");
  email.source = "crm";
  EXPECT_EQ(FirstField(CheckIdentity("identity", email)), "identity.source");
}

TEST(Identities, TellWhichOneIsWrong) {
  const absl::Status status =
      CheckIdentities("contact.identities", {Email("i@example.com"), Phone("\xff")});
  EXPECT_EQ(FirstReason(status), Reason::kTextInvalid);
  EXPECT_EQ(FirstField(status), "contact.identities[1].value");
  EXPECT_EQ(FirstReason(CheckIdentities(
                "i", std::vector<Identity>(limits::identities_max + 1, Email("i@example.com")))),
            Reason::kListTooLong);
}

TEST(APageSize, IsFromZeroToTheLimit) {
  EXPECT_TRUE(CheckPageSize(0).ok());
  EXPECT_TRUE(CheckPageSize(limits::page_size_max).ok());
  EXPECT_EQ(FirstReason(CheckPageSize(-1)), Reason::kPageSizeInvalid);
  EXPECT_EQ(FirstReason(CheckPageSize(limits::page_size_max + 1)), Reason::kPageSizeInvalid);
  EXPECT_EQ(PageSizeOf(0), limits::page_size_default);
  EXPECT_EQ(PageSizeOf(7), 7);
}

TEST(ActorAndRequestId, AreBoundedText) {
  EXPECT_TRUE(CheckActor("").ok());
  EXPECT_TRUE(CheckRequestId("0190b5d0-7a5e").ok());
  EXPECT_EQ(FirstReason(CheckActor(std::string(1000, 'a'))), Reason::kTextTooLong);
  EXPECT_EQ(FirstReason(CheckRequestId("a\xff")), Reason::kTextInvalid);
}

TEST(ACurrency, IsOneOfIso4217) {
  for (const char* code : {"EUR", "RUB", "JPY", "AED", "ZWL", "XPF", "TND", "CLF"}) {
    EXPECT_TRUE(CheckCurrencyCode("currency_code", code).ok()) << code;
  }
  for (const char* code : {"eur", "EU", "EURO", "XXX", "XAU", "ABC", "   ", "D A", "€"}) {
    EXPECT_EQ(FirstReason(CheckCurrencyCode("currency_code", code)), Reason::kFieldInvalid) << code;
  }
  EXPECT_EQ(FirstReason(CheckCurrencyCode("currency_code", "")), Reason::kFieldRequired);
}

TEST(ACurrency, HasItsOwnMinorUnit) {
  EXPECT_EQ(MinorUnitDigits("EUR"), 2);
  EXPECT_EQ(MinorUnitDigits("JPY"), 0);
  EXPECT_EQ(MinorUnitDigits("TND"), 3);
  EXPECT_EQ(MinorUnitDigits("CLF"), 4);
  EXPECT_EQ(MinorUnitDigits("XXX"), std::nullopt);
}

TEST(ARegion, IsOneThatHasTelephoneNumbers) {
  for (const char* region : {"", "NL", "RU", "BR", "IN", "US", "GB"}) {
    EXPECT_TRUE(CheckRegion("default_region", region).ok()) << region;
  }
  for (const char* region : {"nl", "XX", "ZZ", "001", "NLD", "Н"}) {
    EXPECT_EQ(FirstReason(CheckRegion("default_region", region)), Reason::kFieldInvalid) << region;
  }
}

TEST(AZone, IsLoadedByItsIanaName) {
  for (const char* name : {"UTC", "Europe/Amsterdam", "America/Argentina/Buenos_Aires",
                           "Etc/GMT+12", "Asia/Kolkata"}) {
    EXPECT_TRUE(LoadZone("time_zone", name).ok()) << name;
  }
  const auto zone = LoadZone("time_zone", "Europe/Amsterdam");
  ASSERT_TRUE(zone.ok());
  EXPECT_EQ(zone->At(absl::FromUnixSeconds(1'720'000'000)).offset, 7200);
}

TEST(AZone, UnderAnyOtherNameIsRefused) {
  for (const std::string& name :
       {"Europe/Atlantis"s, "europe/amsterdam"s, "/etc/localtime"s, "../../etc/passwd"s,
        "Europe/../Europe/Paris"s, "localtime"s, "libc:localtime"s, "Fixed/UTC+05:00:00"s,
        "zone.tab"s, "+03:00"s, "Europe"s, "Europe/"s, "Europe//Paris"s, "posix/Europe/Paris"s,
        "UTC\0"s, "E"s + std::string(5000, 'u'), ":UTC"s, " UTC"s}) {
    EXPECT_EQ(FirstReason(LoadZone("time_zone", name).status()), Reason::kTimeZoneUnknown) << name;
  }
  EXPECT_EQ(FirstReason(LoadZone("time_zone", "").status()), Reason::kFieldRequired);
}

}  // namespace
}  // namespace sales
