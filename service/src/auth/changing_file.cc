#include "service/src/auth/changing_file.h"

#include <fstream>
#include <sstream>

#include "sales/error.h"
#include "service/src/limits.h"

namespace sales::service {
namespace {

bool Same(const struct stat& a, const struct stat& b) {
  return a.st_ino == b.st_ino && a.st_dev == b.st_dev && a.st_size == b.st_size &&
         a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

}  // namespace

absl::StatusOr<std::string> ChangingFile::Read() {
  struct stat found = {};
  if (stat(path_.c_str(), &found) != 0) return Fault("cannot be read: " + path_);
  if (static_cast<size_t>(found.st_size) > limits::credential_file_bytes_max) {
    return Fault("is longer than such a file may be: " + path_);
  }
  std::ifstream file(path_);
  std::stringstream text;
  text << file.rdbuf();
  if (!file.good()) return Fault("cannot be read: " + path_);
  seen_ = found;
  return text.str();
}

std::optional<std::string> ChangingFile::ReadIfChanged(absl::Time now) {
  if (now < next_look_) return std::nullopt;
  next_look_ = now + kInterval;
  struct stat found = {};
  if (stat(path_.c_str(), &found) != 0 || Same(found, seen_)) return std::nullopt;
  absl::StatusOr<std::string> text = Read();
  if (!text.ok()) return std::nullopt;
  return *std::move(text);
}

absl::Status ChangingFile::Fault(const std::string& description) const {
  ErrorDetail detail;
  detail.reason = Reason::kSettingInvalid;
  detail.metadata["setting"] = setting_;
  return MakeError(std::move(detail), setting_ + ": " + description);
}

}  // namespace sales::service
