// Certificates of a CA of one's own, made by openssl.
#ifndef SALES_TESTS_SERVICE_TEST_CA_H_
#define SALES_TESTS_SERVICE_TEST_CA_H_

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace sales::service {

inline std::string TextOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline void WriteText(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

// Runs a shell command quietly; whether it ended well.
inline bool RunQuietly(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1 </dev/null").c_str()) == 0;
}

class TestCa {
 public:
  // Keeps what it makes in `folder`, under names that begin with its own.
  TestCa(const std::filesystem::path& folder, const std::string& name)
      : stem_((folder / name).string()) {
    EXPECT_TRUE(RunQuietly("openssl req -x509 -nodes -days 2 " + kNewKey + " -subj /CN=" + name +
                           " -keyout " + stem_ + ".key -out " + file()));
  }

  // What those who trust it read.
  std::string file() const { return stem_ + ".pem"; }

  struct Pair {
    std::string cert;
    std::string key;
  };

  // A certificate for a server on this machine, or for a client of it; without `alternatives` it
  // has its common name alone.
  Pair Issue(const std::string& name,
             const std::string& alternatives = "DNS:localhost,IP:127.0.0.1") const {
    Pair made = {stem_ + "-" + name + ".pem", stem_ + "-" + name + ".key"};
    EXPECT_TRUE(RunQuietly("openssl req -x509 -nodes -days 1 " + kNewKey + " -subj /CN=" + name +
                           (alternatives.empty() ? "" : " -addext subjectAltName=" + alternatives) +
                           " -CA " + file() + " -CAkey " + stem_ + ".key -keyout " + made.key +
                           " -out " + made.cert));
    return made;
  }

 private:
  inline static const std::string kNewKey = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1";
  const std::string stem_;
};

}  // namespace sales::service

#endif  // SALES_TESTS_SERVICE_TEST_CA_H_
