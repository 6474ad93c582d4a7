#include "src/sql/sqlite_backup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

#include "src/decide/errors.h"
#include "src/sql/sqlite_errors.h"
#include "src/sql/sqlite_file.h"

namespace sales::sql {
namespace {

// The copy only passes through; the pages that writers and readers keep are not for it.
constexpr char kCopyMemory[] = "PRAGMA cache_size = -8192; PRAGMA mmap_size = 0";

// The error of a system call on the backup's path.
absl::Status FileError(int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return FieldError(Reason::kFieldInvalid, "file", "its folder is missing; make it first");
    case EACCES:
    case EPERM:
    case EROFS:
      return FieldError(Reason::kFieldInvalid, "file", "its folder may not be written");
    default:
      return SystemError(error_number);
  }
}

absl::Status ExistsError() {
  return MakeError(Reason::kBackupExists,
                   "there is a file of this name already, and a backup replaces none");
}

// A file beside the one that it is to become; removed unless it became it.
class PartialFile {
 public:
  explicit PartialFile(const std::string& file) : path_(file + ".partial-XXXXXX") {}
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;
  ~PartialFile() {
    if (!path_.empty()) unlink(path_.c_str());
  }

  // Readable by its owner only, from its first byte on.
  absl::Status Create() {
    const int made = mkostemp(path_.data(), O_CLOEXEC);
    if (made < 0) {
      const int error_number = errno;
      path_.clear();
      return FileError(error_number);
    }
    close(made);
    return absl::OkStatus();
  }

  // On the disk before its name says that it is whole.
  absl::Status Become(const std::string& file) {
    SALES_RETURN_IF_ERROR(Sync(path_, O_RDWR));
    // Not in the place of a file that came meanwhile, where the file system can promise that.
    int result = renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, file.c_str(), RENAME_NOREPLACE);
    if (result != 0 && errno == EINVAL) result = rename(path_.c_str(), file.c_str());
    if (result != 0) return errno == EEXIST ? ExistsError() : FileError(errno);
    path_.clear();
    const size_t slash = file.rfind('/');
    return Sync(slash == std::string::npos ? "." : file.substr(0, slash + 1), O_RDONLY);
  }

  const std::string& path() const { return path_; }

 private:
  static absl::Status Sync(const std::string& path, int flags) {
    const int opened = open(path.c_str(), flags | O_CLOEXEC);
    if (opened < 0) return FileError(errno);
    const int result = fsync(opened);
    const int error_number = errno;
    close(opened);
    return result == 0 ? absl::OkStatus() : FileError(error_number);
  }

  std::string path_;
};

}  // namespace

absl::StatusOr<int64_t> BackupSqlite(SqliteConnectionOptions from, const std::string& file) {
  if (file.empty() || file.find('\0') != std::string::npos) {
    return FieldError(Reason::kFieldInvalid, "file", "names no file");
  }
  struct stat found = {};
  if (lstat(file.c_str(), &found) == 0) return ExistsError();
  PartialFile partial(file);
  SALES_RETURN_IF_ERROR(partial.Create());
  // Only this mode may write, which the copy is.
  from.mode = Connection::Mode::kWrite;
  SALES_ASSIGN_OR_RETURN(std::unique_ptr<SqliteConnection> connection,
                         SqliteConnection::Open(from));
  SALES_RETURN_IF_ERROR(connection->RunScript(kCopyMemory));
  // One snapshot, written anew: without the unused space in which erased bytes may still be. SQLite
  // would read a name that begins with "file:" as a URI.
  const std::string target = partial.path()[0] == '/' ? partial.path() : "./" + partial.path();
  SALES_RETURN_IF_ERROR(connection->Execute("VACUUM INTO $1", {std::string_view(target)}).status());
  SALES_RETURN_IF_ERROR(partial.Become(file));
  return FileBytes(file);
}

}  // namespace sales::sql
