#include "src/decide/page_token.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "sales/error.h"

namespace sales {
namespace {

using namespace std::string_literals;

const uint64_t kList = Fingerprint({"leads", "studio", "state = OPEN", "receive_time"});

TEST(AFingerprint, IsTheSameOnEveryMachine) {
  EXPECT_EQ(Fingerprint({}), 0xcbf29ce484222325);
  EXPECT_EQ(Fingerprint({"leads", "studio"}), 0xd8ef3786546e6467);
}

TEST(AFingerprint, TellsTheBoundsOfItsParts) {
  EXPECT_NE(Fingerprint({"ab", "c"}), Fingerprint({"a", "bc"}));
  EXPECT_NE(Fingerprint({"a", ""}), Fingerprint({"a"}));
}

TEST(APageToken, GivesItsKeysBack) {
  for (const std::vector<std::string>& keys : {std::vector<std::string>{},
                                               {"1769851800000000", "lead-1"},
                                               {""},
                                               {"a\0b\xff"s, "ж"},
                                               {std::string(1000, 'x')}}) {
    const auto token = DecodePageToken(EncodePageToken({kList, keys}), kList);
    ASSERT_TRUE(token.ok()) << token.status();
    EXPECT_EQ(token->keys, keys);
    EXPECT_EQ(token->fingerprint, kList);
  }
}

TEST(APageToken, IsSafeInAnAddress) {
  const std::string text = EncodePageToken({kList, {"\xff\xfe\xfd\xfb", "key"}});
  EXPECT_EQ(text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                   "-_"),
            std::string::npos);
}

TEST(APageToken, OfAnotherListIsRefused) {
  const std::string text = EncodePageToken({kList, {"1", "2"}});
  const auto token =
      DecodePageToken(text, Fingerprint({"leads", "studio", "state = WON", "receive_time"}));
  EXPECT_EQ(ReasonOf(token.status()), Reason::kPageTokenInvalid);
}

TEST(APageToken, WithAnyCharacterChangedIsRefused) {
  const std::string text = EncodePageToken({kList, {"1769851800000000", "lead-1"}});
  for (size_t i = 0; i < text.size(); ++i) {
    for (const char c : "Aa0-_= \n\xff") {
      std::string broken = text;
      if (broken[i] == c) continue;
      broken[i] = c;
      EXPECT_EQ(ReasonOf(DecodePageToken(broken, kList).status()), Reason::kPageTokenInvalid);
    }
  }
}

TEST(APageToken, CutOffOrLengthenedIsRefused) {
  const std::string text = EncodePageToken({kList, {"1769851800000000", "lead-1"}});
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(ReasonOf(DecodePageToken(text.substr(0, size), kList).status()),
              Reason::kPageTokenInvalid);
  }
  for (const char* more : {"A", "AAAA", "=", " ", "\n"}) {
    EXPECT_EQ(ReasonOf(DecodePageToken(text + more, kList).status()), Reason::kPageTokenInvalid);
  }
}

TEST(APageToken, ThatIsNoneIsRefused) {
  for (const std::string& text : {""s, "token"s, "\0"s, "ж"s, std::string(1 << 20, 'A')}) {
    EXPECT_EQ(ReasonOf(DecodePageToken(text, kList).status()), Reason::kPageTokenInvalid);
  }
}

}  // namespace
}  // namespace sales
