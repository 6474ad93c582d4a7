#include "src/decide/identity.h"

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "sales/contact.h"

namespace sales {
namespace {

using namespace std::string_literals;

std::string Normal(Identity identity, const std::string& region = "") {
  const Identity normal = NormalizeIdentity(std::move(identity), region);
  EXPECT_EQ(normal.usable, !normal.normal_value.empty());
  return normal.normal_value;
}

TEST(AnEmail, IsTrimmedAndLowered) {
  EXPECT_EQ(Normal(Email(" Ivan.Petrov@Example.COM\n")), "ivan.petrov@example.com");
  EXPECT_EQ(Normal(Email("\u00a0ivan@example.com\u3000")), "ivan@example.com");
  EXPECT_EQ(Normal(Email("ivan+ads@example.com")), "ivan+ads@example.com");
}

TEST(AnEmail, OfAnotherScriptHasItsDomainInAscii) {
  EXPECT_EQ(Normal(Email("ИВАН@Почта.РФ")), "иван@xn--80a1acny.xn--p1ai");
  EXPECT_EQ(Normal(Email("иван@xn--80a1acny.xn--p1ai")), "иван@xn--80a1acny.xn--p1ai");
  EXPECT_EQ(Normal(Email("a@BÜCHER.de")), "a@xn--bcher-kva.de");
  EXPECT_EQ(Normal(Email("a@XN--BCHER-KVA.de")), "a@xn--bcher-kva.de");
  EXPECT_EQ(Normal(Email("a@例え。テスト")), "a@xn--r8jz45g.xn--zckzah");
}

TEST(AnEmail, KeepsSharpSApartFromSs) {
  EXPECT_EQ(Normal(Email("strauß@straße.de")), "strauß@xn--strae-oqa.de");
  EXPECT_EQ(Normal(Email("STRAUẞ@straße.de")), "strauß@xn--strae-oqa.de");
  EXPECT_NE(Normal(Email("strauß@a.de")), Normal(Email("strauss@a.de")));
}

TEST(AnEmail, IsOneInEveryUnicodeForm) {
  EXPECT_EQ(Normal(Email("\u0418\u0306van@x.com")), Normal(Email("йvan@x.com")));
  EXPECT_EQ(Normal(Email("e\u0301va@x.com")), Normal(Email("ÉVA@x.com")));
}

TEST(AnEmail, MayHaveATurkishCapital) { EXPECT_EQ(Normal(Email("İvan@x.com")), "ivan@x.com"); }

TEST(AnEmail, MayHoldEmoji) { EXPECT_EQ(Normal(Email("😀@x.com")), "😀@x.com"); }

TEST(AnEmail, LosesTheDotThatEndsItsDomain) {
  EXPECT_EQ(Normal(Email("a@example.com.")), "a@example.com");
}

TEST(AnEmail, WithoutANormalFormIsUnusable) {
  for (const std::string& value : {""s,
                                   " "s,
                                   "ivan"s,
                                   "@example.com"s,
                                   "ivan@"s,
                                   "ivan@localhost"s,
                                   "a@b@c.com"s,
                                   "a b@c.com"s,
                                   "Ivan <ivan@example.com>"s,
                                   "a@-b.com"s,
                                   "a@b-.com"s,
                                   "a@b..com"s,
                                   "a@.com"s,
                                   "a@10.0.0.1"s,
                                   "a@[10.0.0.1]"s,
                                   "a@b_c.com"s,
                                   "a@☕.com"s,
                                   "a@xn--a.com"s,
                                   "a@b.com,c@d.com"s,
                                   "a\u200b@b.com"s,
                                   "a\0b@c.com"s,
                                   "a@b\xff.com"s,
                                   "\xed\xa0\x80@b.com"s,
                                   std::string(65, 'a') + "@b.com",
                                   "a@" + std::string(64, 'b') + ".com",
                                   "a@" + std::string(400, 'b') + ".com"}) {
    EXPECT_EQ(Normal(Email(value)), "") << value;
  }
}

TEST(AnUnusableIdentity, IsKeptAsTyped) {
  const Identity identity = NormalizeIdentity(Email(" Not An Address "), "");
  EXPECT_EQ(identity.value, " Not An Address ");
  EXPECT_FALSE(identity.usable);
}

TEST(AnIdentity, DoesNotBelieveTheOutputFieldsThatItIsGiven) {
  Identity identity = Email("nothing");
  identity.usable = true;
  identity.normal_value = "someone@else.com";
  EXPECT_EQ(Normal(identity), "");
}

TEST(APhone, IsReadInTheDefaultRegion) {
  EXPECT_EQ(Normal(Phone("06 12345678"), "NL"), "+31612345678");
  EXPECT_EQ(Normal(Phone("0031 6 1234 5678"), "NL"), "+31612345678");
  EXPECT_EQ(Normal(Phone("8 (912) 345-67-89"), "RU"), "+79123456789");
  EXPECT_EQ(Normal(Phone("098765 43210"), "IN"), "+919876543210");
  EXPECT_EQ(Normal(Phone("(11) 98765-4321"), "BR"), "+5511987654321");
}

TEST(APhone, WithACountryCodeNeedsNoRegion) {
  EXPECT_EQ(Normal(Phone("+31 (0)20 123 4567")), "+31201234567");
  EXPECT_EQ(Normal(Phone("+7 912 345 67 89"), "NL"), "+79123456789");
  EXPECT_EQ(Normal(Phone("+91-98765-43210")), "+919876543210");
  EXPECT_EQ(Normal(Phone("tel:+31-20-123-4567")), "+31201234567");
  EXPECT_EQ(Normal(Phone("89123456789")), "");
}

TEST(APhone, MayBeWrittenInOtherDigits) {
  EXPECT_EQ(Normal(Phone("+٣١٦١٢٣٤٥٦٧٨")), "+31612345678");
  EXPECT_EQ(Normal(Phone("＋３１６１２３４５６７８")), "+31612345678");
}

TEST(APhone, WithAnExtensionIsAnotherThanWithout) {
  EXPECT_EQ(Normal(Phone("+31 20 123 4567 ext. 12")), "+31201234567;ext=12");
}

TEST(APhone, WithoutANormalFormIsUnusable) {
  for (const std::string& value : {""s, "12"s, "112"s, "hello"s, "+999123456789"s, "+31 6"s,
                                   "call 0612345678 please"s, "0612345678\xff"s,
                                   "06\0"
                                   "12345678"s,
                                   std::string(320, '1')}) {
    EXPECT_EQ(Normal(Phone(value), "NL"), "") << value;
  }
  EXPECT_EQ(Normal(Phone("0612345678"), "XX"), "");
}

TEST(APhoneThatCannotBeRead, IsNotPrinted) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  for (const char* value :
       {"canary", "+999123456789", "\u0001+1", "", "tel:;phone-context=canary"}) {
    Normal(Phone(value), "XX");
  }
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(APhone, IsReadAlikeFromManyThreads) {
  std::vector<std::thread> threads;
  std::vector<std::string> normals(8);
  for (std::string& normal : normals) {
    threads.emplace_back([&normal] {
      for (int i = 0; i < 50; ++i) normal = Normal(Phone("8 (912) 345-67-89"), "RU");
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& normal : normals) EXPECT_EQ(normal, "+79123456789");
}

TEST(AMessengerHandle, LosesItsSignAndItsCapitals) {
  EXPECT_EQ(Normal(Messenger("telegram", " @Ivan_P ")), "ivan_p");
  EXPECT_EQ(Normal(Messenger("telegram", "ivan_p")), "ivan_p");
  EXPECT_EQ(Normal(Messenger("vk", "Ёлка")), "ёлка");
}

TEST(AMessengerHandle, WithoutServiceOrWithSpacesIsUnusable) {
  EXPECT_EQ(Normal(Messenger("", "ivan")), "");
  EXPECT_EQ(Normal(Messenger("telegram", "@")), "");
  EXPECT_EQ(Normal(Messenger("telegram", "ivan petrov")), "");
}

TEST(AnExternalId, StaysExactlyAsGiven) {
  EXPECT_EQ(Normal(External("crm", " AbC-1 ")), " AbC-1 ");
  EXPECT_EQ(Normal(External("", "1")), "");
  EXPECT_EQ(Normal(External("crm", "\xff")), "");
}

TEST(FoldedText, IsOneForEveryCaseAndSpacing) {
  EXPECT_EQ(FoldText("  John\t\tSMITH \n"), "john smith");
  EXPECT_EQ(FoldText("ИВАНОВ  Пётр"), "иванов пётр");
  EXPECT_EQ(FoldText("ЃЅІЇЉЏЀЍ"), "ѓѕіїљџѐѝ");
  EXPECT_EQ(FoldText("STRASSE"), FoldText("Straße"));
  EXPECT_EQ(FoldText("ΟΔΟΣ"), FoldText("οδος"));
  EXPECT_EQ(FoldText("a\u00a0\u3000b\u2028c"), "a b c");
  EXPECT_EQ(FoldText(""), "");
  EXPECT_EQ(FoldText(" \u00a0\n"), "");
}

TEST(FoldedText, KeepsYoApartFromYe) { EXPECT_NE(FoldText("ёлка"), FoldText("елка")); }

TEST(FoldedText, FindsTurkishNamesByPlainSpelling) {
  EXPECT_EQ(FoldText("İSTANBUL"), "istanbul");
  EXPECT_EQ(FoldText("I\u0307zmir"), "izmir");
  EXPECT_EQ(FoldText("ışık"), "ışık");
}

TEST(FoldedText, IsOneForEveryUnicodeForm) {
  EXPECT_EQ(FoldText("и\u0306од"), FoldText("Йод"));
  EXPECT_EQ(FoldText("ﬁn"), "fin");
  EXPECT_EQ(FoldText("ＡＢＣ１"), "abc1");
  EXPECT_EQ(FoldText("so\u00adft"), "soft");
  EXPECT_EQ(FoldText("😀"), "😀");
}

TEST(FoldedText, FoldsToItselfWhateverTheLetter) {
  for (char32_t rune = 1; rune < 0x30000; ++rune) {
    if (rune >= 0xd800 && rune < 0xe000) continue;
    std::string text = "X";
    if (rune < 0x80) {
      text += static_cast<char>(rune);
    } else if (rune < 0x800) {
      text += static_cast<char>(0xc0 | rune >> 6);
      text += static_cast<char>(0x80 | (rune & 0x3f));
    } else if (rune < 0x10000) {
      text += static_cast<char>(0xe0 | rune >> 12);
      text += static_cast<char>(0x80 | (rune >> 6 & 0x3f));
      text += static_cast<char>(0x80 | (rune & 0x3f));
    } else {
      text += static_cast<char>(0xf0 | rune >> 18);
      text += static_cast<char>(0x80 | (rune >> 12 & 0x3f));
      text += static_cast<char>(0x80 | (rune >> 6 & 0x3f));
      text += static_cast<char>(0x80 | (rune & 0x3f));
    }
    const std::string folded = FoldText(text);
    ASSERT_EQ(FoldText(folded), folded) << static_cast<uint32_t>(rune);
  }
}

TEST(FoldedText, ThatIsNotUtf8FoldsItsAsciiOnly) { EXPECT_EQ(FoldText("A \xff  B"), "a \xff b"); }

}  // namespace
}  // namespace sales
