#include "clients/cli/src/new_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace salesctl {

NewFile::~NewFile() {
  if (descriptor_ >= 0 && !is_output()) close(descriptor_);
  if (!partial_.empty()) unlink(partial_.c_str());
}

Failure NewFile::Unwritable() const {
  return Refused("FILE_UNWRITABLE", name_ + " cannot be written: " + std::strerror(errno),
                 "Check the path and its room.");
}

Done NewFile::Create() {
  if (is_output()) {
    descriptor_ = STDOUT_FILENO;
    return Unit{};
  }
  struct stat found = {};
  if (lstat(name_.c_str(), &found) == 0) {
    return Refused("FILE_EXISTS", name_ + " is there already",
                   "Name a file that is not there yet.");
  }
  std::string partial = name_ + ".partial-XXXXXX";
  descriptor_ = mkostemp(partial.data(), O_CLOEXEC);
  if (descriptor_ < 0) return Unwritable();
  partial_ = partial;
  return Unit{};
}

Done NewFile::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = write(descriptor_, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return Unwritable();
    bytes.remove_prefix(static_cast<size_t>(wrote));
  }
  return Unit{};
}

Done NewFile::Finish() {
  if (is_output()) return Unit{};
  if (fsync(descriptor_) != 0) return Unwritable();
  if (rename(partial_.c_str(), name_.c_str()) != 0) return Unwritable();
  partial_.clear();
  const size_t slash = name_.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : name_.substr(0, slash + 1);
  const int opened = open(folder.c_str(), O_RDONLY | O_CLOEXEC);
  if (opened < 0) return Unwritable();
  const int synced = fsync(opened);
  close(opened);
  if (synced != 0) return Unwritable();
  return Unit{};
}

}  // namespace salesctl
