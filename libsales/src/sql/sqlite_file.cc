#include "src/sql/sqlite_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "src/decide/errors.h"
#include "src/sql/sqlite_errors.h"

namespace sales::sql {
namespace {

constexpr char kMagic[] = "SQLite format 3";  // with its NUL, the first 16 bytes

absl::Status ForeignError() {
  return MakeError(Reason::kStoreForeign,
                   "the path names something that is no store of libsales; name a store, or a new "
                   "file");
}

absl::Status LookAtMissing(const std::string& path, bool may_create) {
  absl::Status missing = SystemError(ENOENT);
  if (!may_create) return missing;
  const size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  struct stat found = {};
  if (stat(directory.c_str(), &found) != 0 || !S_ISDIR(found.st_mode)) return missing;
  return absl::OkStatus();
}

}  // namespace

absl::Status LookAtSqliteFile(const std::string& path, bool may_create) {
  struct stat found = {};
  if (stat(path.c_str(), &found) != 0) {
    return errno == ENOENT ? LookAtMissing(path, may_create) : SystemError(errno);
  }
  if (!S_ISREG(found.st_mode)) return ForeignError();
  if (found.st_size == 0 && may_create) return absl::OkStatus();
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return SystemError(errno);
  char begin[sizeof(kMagic)] = {};
  const ssize_t size = read(file, begin, sizeof(begin));
  const int error_number = errno;
  close(file);
  if (size < 0) return SystemError(error_number);
  const bool sqlite = size == sizeof(begin) && std::memcmp(begin, kMagic, sizeof(begin)) == 0;
  return sqlite ? absl::OkStatus() : ForeignError();
}

int64_t FileBytes(const std::string& path) {
  struct stat found = {};
  return stat(path.c_str(), &found) == 0 ? static_cast<int64_t>(found.st_size) : 0;
}

int64_t FreeBytesAt(const std::string& path) {
  struct statvfs found = {};
  if (statvfs(path.c_str(), &found) != 0) return 0;
  return static_cast<int64_t>(found.f_bavail) * static_cast<int64_t>(found.f_frsize);
}

absl::StatusOr<StoreLock> StoreLock::Take(const std::string& path, const EngineOptions& options) {
  const bool exclusive = options.access == EngineOptions::Access::kExclusive;
  const bool shared = options.access == EngineOptions::Access::kReadWrite && options.migrate;
  if (!exclusive && !shared) return StoreLock(-1);
  const int file = open((path + "-lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return SystemError(errno);
  StoreLock lock(file);
  const int kind = exclusive ? LOCK_EX : LOCK_SH;
  int result = 0;
  do {
    result = flock(file, kind | LOCK_NB);
  } while (result != 0 && errno == EINTR);
  if (result == 0) return lock;
  if (errno != EWOULDBLOCK) return SystemError(errno);
  return MakeError(Reason::kStoreInUse, "another process has the store; stop it first");
}

StoreLock::~StoreLock() {
  // The file stays: removing it would let two processes lock two files of one name.
  if (file_ >= 0) close(file_);
}

}  // namespace sales::sql
