// A part of service/README.md that is made from a table of the program.
#ifndef SALES_TESTS_SERVICE_README_BLOCK_H_
#define SALES_TESTS_SERVICE_README_BLOCK_H_

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace sales::service {

// With UPDATE_GENERATED=1 what stands between `<!-- generated: NAME -->` and `<!-- end -->` is
// written anew instead of compared.
inline void ExpectInReadme(const std::string& name, const std::string& made) {
  const std::string begin = "<!-- generated: " + name + " -->\n";
  std::ifstream file(SALES_SERVICE_README);
  std::stringstream text;
  text << file.rdbuf();
  std::string readme = text.str();
  const size_t found = readme.find(begin);
  ASSERT_NE(found, std::string::npos);
  const size_t start = found + begin.size();
  const size_t end = readme.find("<!-- end -->", start);
  ASSERT_NE(end, std::string::npos);
  if (std::getenv("UPDATE_GENERATED") != nullptr) {
    readme.replace(start, end - start, made);
    std::ofstream(SALES_SERVICE_README) << readme;
    return;
  }
  EXPECT_EQ(readme.substr(start, end - start), made);
}

}  // namespace sales::service

#endif  // SALES_TESTS_SERVICE_README_BLOCK_H_
