// JWTs: the RFC's own examples, and everything that must not be taken for one.
#include "service/src/auth/jwt.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "absl/time/clock.h"
#include "nlohmann/json.hpp"
#include "sales/error.h"
#include "service/src/auth/public_key.h"
#include "tests/service/jwt_signer.h"

namespace sales::service {
namespace {

using nlohmann::json;

class Jwt : public testing::Test {
 protected:
  Jwt()
      : folder_(std::filesystem::path(testing::TempDir()) / ("jwt-" + std::to_string(getpid()))),
        file_((folder_ / "keys.json").string()) {
    std::filesystem::create_directories(folder_);
    Write({rsa_.Jwk("r"), ec_.Jwk("e")});
  }
  ~Jwt() override { std::filesystem::remove_all(folder_); }

  void Write(const json& keys) { WriteText(json{{"keys", keys}}.dump()); }
  void WriteText(const std::string& text) const { std::ofstream(file_) << text; }

  absl::StatusOr<std::unique_ptr<Jwts>> Load() {
    return Jwts::Load({file_, "https://login.example.com", "salesd"}, log_);
  }

  json Claims() const {
    const int64_t now = absl::ToUnixSeconds(now_);
    return {{"iss", "https://login.example.com"},
            {"aud", "salesd"},
            {"sub", "anna"},
            {"exp", now + 600},
            {"nbf", now - 10},
            {"sales_role", "seller"},
            {"sales_workspaces", {"studio"}}};
  }
  json ClaimsWith(const std::string& key, const json& value) const {
    json claims = Claims();
    claims[key] = value;
    return claims;
  }
  json ClaimsWithout(const std::string& key) const {
    json claims = Claims();
    claims.erase(key);
    return claims;
  }

  static std::string Signed(const Signer& signer, const json& header, const std::string& claims) {
    return signer.Token(header, claims);
  }
  std::string Rs256(const json& claims) const {
    return Signed(rsa_, {{"alg", "RS256"}, {"kid", "r"}}, claims.dump());
  }
  std::string Es256(const json& claims) const {
    return Signed(ec_, {{"alg", "ES256"}, {"kid", "e"}}, claims.dump());
  }

  bool Takes(const std::string& token) {
    const auto jwts = Load();
    EXPECT_TRUE(jwts.ok()) << jwts.status();
    return jwts.ok() && (*jwts)->Verify(token, now_).has_value();
  }

  const Signer rsa_ = Signer::Rsa();
  const Signer ec_ = Signer::P256();
  const absl::Time now_ = absl::Now();
  const std::filesystem::path folder_;
  const std::string file_;
  Log log_{LogLevel::kError};
};

TEST(Signatures, OfTheRfcsRs256ExampleAreVerified) {
  // RFC 7515, A.2.
  const std::string text =
      "eyJhbGciOiJSUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNv"
      "bS9pc19yb290Ijp0cnVlfQ";
  const PublicKey key = RsaKey(
      *FromBase64Url(
          "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt"
          "0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSX"
          "ndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5"
          "IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"),
      *FromBase64Url("AQAB"));
  const std::string signature = *FromBase64Url(
      "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5"
      "jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb"
      "1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QO"
      "YEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw");
  ASSERT_NE(key, nullptr);
  EXPECT_TRUE(VerifyRs256(key, text, signature));
  EXPECT_FALSE(VerifyRs256(key, text + "x", signature));
}

TEST(Signatures, OfTheRfcsEs256ExampleAreVerified) {
  // RFC 7515, A.3.
  const std::string text =
      "eyJhbGciOiJFUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNv"
      "bS9pc19yb290Ijp0cnVlfQ";
  const PublicKey key = P256Key(*FromBase64Url("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                                *FromBase64Url("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"));
  const std::string signature = *FromBase64Url(
      "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
  ASSERT_NE(key, nullptr);
  EXPECT_TRUE(VerifyEs256(key, text, signature));
  EXPECT_FALSE(VerifyEs256(key, text + "x", signature));
  EXPECT_FALSE(VerifyEs256(key, text, std::string(64, '\0')));
}

TEST(Keys, ThatAreNoneAreRefused) {
  EXPECT_EQ(P256Key(std::string(32, '\x01'), std::string(32, '\x02')), nullptr);
  EXPECT_EQ(P256Key("", ""), nullptr);
  EXPECT_EQ(RsaKey("", ""), nullptr);
  EXPECT_EQ(RsaKey(std::string(127, '\xff'), std::string("\x01\x00\x01", 3)), nullptr);
}

TEST_F(Jwt, OfAProviderSayWhoTheirHolderIs) {
  const auto jwts = Load();
  ASSERT_TRUE(jwts.ok()) << jwts.status();
  for (const std::string& token : {Rs256(Claims()), Es256(Claims())}) {
    const auto identity = (*jwts)->Verify(token, now_);
    ASSERT_TRUE(identity.has_value());
    EXPECT_EQ(identity->actor, "anna");
    EXPECT_EQ(identity->role, Role::kSeller);
    EXPECT_FALSE(identity->every_workspace);
    EXPECT_TRUE(identity->HasWorkspace("studio"));
    EXPECT_FALSE(identity->HasWorkspace("rival"));
  }
  const auto root = (*jwts)->Verify(
      Rs256(ClaimsWith("sales_workspaces", "all")
                .patch(json::parse(
                    R"([{"op": "replace", "path": "/sales_role", "value": "head-of-sales"},
              {"op": "add", "path": "/sales_actor", "value": "crm:boss"}])"))),
      now_);
  ASSERT_TRUE(root.has_value());
  EXPECT_EQ(root->actor, "crm:boss");
  EXPECT_EQ(root->role, Role::kHeadOfSales);
  EXPECT_TRUE(root->every_workspace);
  EXPECT_TRUE(Takes(Rs256(ClaimsWith("aud", json{"other", "salesd"}))));
  EXPECT_TRUE(Takes(Rs256(ClaimsWithout("nbf"))));
}

TEST_F(Jwt, ForOthersOrOtherTimesAreRefused) {
  const int64_t now = absl::ToUnixSeconds(now_);
  EXPECT_FALSE(Takes(Rs256(ClaimsWith("iss", "https://evil.example.com"))));
  EXPECT_FALSE(Takes(Rs256(ClaimsWithout("iss"))));
  EXPECT_FALSE(Takes(Rs256(ClaimsWith("aud", "other"))));
  EXPECT_FALSE(Takes(Rs256(ClaimsWith("aud", json::array()))));
  EXPECT_FALSE(Takes(Rs256(ClaimsWithout("aud"))));
  EXPECT_FALSE(Takes(Rs256(ClaimsWithout("exp"))));
  EXPECT_FALSE(Takes(Rs256(ClaimsWith("exp", "soon"))));
  EXPECT_FALSE(Takes(Rs256(ClaimsWith("exp", 1e300))));
  EXPECT_FALSE(Takes(Rs256(ClaimsWith("exp", now - 61))));
  EXPECT_FALSE(Takes(Rs256(ClaimsWith("nbf", now + 62))));
  // Clocks differ a little.
  EXPECT_TRUE(Takes(Rs256(ClaimsWith("exp", now - 58))));
  EXPECT_TRUE(Takes(Rs256(ClaimsWith("nbf", now + 58))));
}

TEST_F(Jwt, OfNoIdentityAreRefused) {
  EXPECT_FALSE(Takes(Rs256(ClaimsWithout("sales_role"))));
  EXPECT_FALSE(Takes(Rs256(ClaimsWith("sales_role", "SELLER"))));
  EXPECT_FALSE(Takes(Rs256(ClaimsWith("sales_role", "unspecified"))));
  EXPECT_FALSE(Takes(Rs256(ClaimsWith("sales_role", 1))));
  EXPECT_FALSE(Takes(Rs256(ClaimsWithout("sales_workspaces"))));
  EXPECT_FALSE(Takes(Rs256(ClaimsWith("sales_workspaces", json::array()))));
  EXPECT_FALSE(
      Takes(Rs256(ClaimsWith("sales_workspaces", json{"all", "studio"})
                      .patch(json::parse(
                          R"([{"op": "replace", "path": "/sales_workspaces/1", "value": 7}])")))));
  EXPECT_FALSE(Takes(Rs256(ClaimsWith("sales_workspaces", json{"-"}))));
  EXPECT_FALSE(Takes(Rs256(ClaimsWith("sales_workspaces", 7))));
  EXPECT_FALSE(Takes(Rs256(ClaimsWith("sub", "Anna Schmidt"))));
  EXPECT_FALSE(Takes(Rs256(ClaimsWithout("sub"))));
  EXPECT_FALSE(Takes(Signed(rsa_, {{"alg", "RS256"}, {"kid", "r"}}, "[]")));
  EXPECT_FALSE(Takes(Signed(rsa_, {{"alg", "RS256"}, {"kid", "r"}}, "no json")));
}

TEST_F(Jwt, ThatNobodySignedAreRefused) {
  const std::string claims = Base64Url(Claims().dump());
  for (const char* algorithm : {"none", "None", "NONE", ""}) {
    const std::string header = Base64Url(json{{"alg", algorithm}, {"kid", "r"}}.dump());
    EXPECT_FALSE(Takes(header + "." + claims + "."));
    EXPECT_FALSE(Takes(header + "." + claims + "." + Base64Url(rsa_.Sign(header + "." + claims))));
  }
  const std::string good = Rs256(Claims());
  EXPECT_TRUE(Takes(good));
  EXPECT_FALSE(Takes(good.substr(0, good.rfind('.') + 1)));
  EXPECT_FALSE(Takes(good + "A"));
  EXPECT_FALSE(Takes(good + "="));
  EXPECT_FALSE(Takes(good + ".x"));
  // Other claims under the same signature.
  const size_t first = good.find('.');
  EXPECT_FALSE(Takes(good.substr(0, first + 1) +
                     Base64Url(ClaimsWith("sales_role", "owner").dump()) +
                     good.substr(good.rfind('.'))));
}

TEST_F(Jwt, WithAnAlgorithmThatIsNotItsKeysAreRefused) {
  // Signed by the public key, as a secret that both sides know.
  const std::string text =
      Base64Url(json{{"alg", "HS256"}, {"kid", "r"}}.dump()) + "." + Base64Url(Claims().dump());
  const std::string secret = rsa_.Jwk("r")["n"];
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &size);
  EXPECT_FALSE(
      Takes(text + "." + Base64Url(std::string(reinterpret_cast<const char*>(mac), size))));
  // Signed well, but said to be otherwise.
  const std::string claims = Claims().dump();
  EXPECT_FALSE(Takes(Signed(rsa_, {{"alg", "ES256"}, {"kid", "r"}}, claims)));
  EXPECT_FALSE(Takes(Signed(rsa_, {{"alg", "RS512"}, {"kid", "r"}}, claims)));
  EXPECT_FALSE(Takes(Signed(rsa_, {{"alg", "RS256"}, {"kid", "e"}}, claims)));
  EXPECT_FALSE(Takes(Signed(ec_, {{"alg", "RS256"}, {"kid", "e"}}, claims)));
}

TEST_F(Jwt, OfAnUnknownKeyAreRefused) {
  const std::string claims = Claims().dump();
  EXPECT_FALSE(Takes(Signed(rsa_, {{"alg", "RS256"}, {"kid", "other"}}, claims)));
  EXPECT_FALSE(Takes(Signed(rsa_, {{"alg", "RS256"}}, claims)));
  EXPECT_FALSE(Takes(Signed(Signer::Rsa(), {{"alg", "RS256"}, {"kid", "r"}}, claims)));
  // Keys that it brings along itself count for nothing.
  EXPECT_FALSE(Takes(Signed(
      Signer::Rsa(), {{"alg", "RS256"}, {"kid", "r"}, {"jwk", Signer::Rsa().Jwk("r")}}, claims)));
  EXPECT_FALSE(Takes(
      Signed(rsa_, {{"alg", "RS256"}, {"kid", "r"}, {"crit", {"b64"}}, {"b64", false}}, claims)));
}

TEST_F(Jwt, ThatAreTooLongAreRefused) {
  EXPECT_FALSE(Takes(Rs256(ClaimsWith("more", std::string(9'000, 'x')))));
  EXPECT_FALSE(Takes(std::string(100'000, '.')));
}

TEST_F(Jwt, AreVerifiedByTheKeysThatTheFileHoldsNow) {
  const auto jwts = Load();
  ASSERT_TRUE(jwts.ok()) << jwts.status();
  const Signer next = Signer::Rsa();
  const std::string token = Signed(next, {{"alg", "RS256"}, {"kid", "n"}}, Claims().dump());
  EXPECT_FALSE((*jwts)->Verify(token, now_).has_value());
  Write(json::array({next.Jwk("n")}));
  const absl::Time later = now_ + 2 * ChangingFile::kInterval;
  EXPECT_TRUE((*jwts)->Verify(token, later).has_value());
  EXPECT_FALSE((*jwts)->Verify(Rs256(Claims()), later).has_value());
  // A file that is not right changes nothing.
  WriteText("{");
  EXPECT_TRUE((*jwts)->Verify(token, later + 2 * ChangingFile::kInterval).has_value());
}

TEST_F(Jwt, NeedAFileThatHoldsKeys) {
  const auto fault = [this] {
    const auto jwts = Load();
    return ReasonOf(jwts.status()) == Reason::kSettingInvalid &&
           DetailOf(jwts.status()).metadata.at("setting") == "--jwt-keys-file";
  };
  for (const char* text :
       {"", "[]", "{}", R"({"keys": 1})", R"({"keys": []})", R"({"keys": [1]})"}) {
    WriteText(text);
    EXPECT_TRUE(fault()) << text;
  }
  Write(json::array({Signer::Rsa(1024).Jwk("short")}));
  EXPECT_TRUE(fault());
  Write(json::array({rsa_.Jwk("")}));
  EXPECT_TRUE(fault());
  Write({rsa_.Jwk("r"), ec_.Jwk("r")});
  EXPECT_TRUE(fault());
  std::filesystem::remove(file_);
  EXPECT_TRUE(fault());
  // Those for other purposes are passed over.
  json encrypting = rsa_.Jwk("enc");
  encrypting["use"] = "enc";
  Write({encrypting, {{"kty", "OKP"}, {"kid", "o"}, {"crv", "Ed25519"}, {"x", "x"}}, ec_.Jwk("e")});
  EXPECT_FALSE(fault());
}

}  // namespace
}  // namespace sales::service
