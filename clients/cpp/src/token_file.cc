#include "token_file.h"

#include <fstream>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace sales::client {
namespace {

bool IsSame(const struct stat& a, const struct stat& b) {
  return a.st_ino == b.st_ino && a.st_dev == b.st_dev && a.st_size == b.st_size &&
         a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

}  // namespace

absl::StatusOr<std::string> TokenFile::Token() {
  const std::lock_guard<std::mutex> lock(mutex_);
  struct stat now = {};
  if (stat(file_.c_str(), &now) == 0 && IsSame(now, state_)) return token_;
  std::ifstream file(file_, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.good() && !file.eof()) {
    return absl::UnauthenticatedError(absl::StrCat("the token file ", file_, " cannot be read"));
  }
  token_ = std::string(absl::StripAsciiWhitespace(text));
  state_ = now;
  return token_;
}

}  // namespace sales::client
