#include "service/src/scratch.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "sales/error.h"

namespace sales::service {
namespace {

constexpr std::string_view kFileStore = "sqlite:";

absl::Status ScratchError(int error_number) {
  ErrorDetail detail;
  const bool full = error_number == ENOSPC || error_number == EDQUOT;
  detail.reason = full ? Reason::kStoreFull : Reason::kStoreUnavailable;
  return MakeError(std::move(detail), full ? "there is no room for a copy of what is to be sent"
                                           : "no file can be made for what is to be sent");
}

}  // namespace

ScratchFile::~ScratchFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

absl::Status ScratchFile::Append(const std::string& bytes) const {
  size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t wrote = write(descriptor_, bytes.data() + at, bytes.size() - at);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return ScratchError(errno);
    at += static_cast<size_t>(wrote);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ScratchFile::Read(int64_t offset, size_t size) const {
  std::string bytes(size, '\0');
  size_t at = 0;
  while (at < size) {
    const ssize_t got =
        pread(descriptor_, bytes.data() + at, size - at, offset + static_cast<int64_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return ScratchError(errno);
    if (got == 0) break;
    at += static_cast<size_t>(got);
  }
  bytes.resize(at);
  return bytes;
}

Scratch::Scratch(const std::string& store) : beside_store_(store.rfind(kFileStore, 0) == 0) {
  // A store that is no file leaves the choice to the system.
  std::error_code ignored;
  prefix_ = beside_store_
                ? store.substr(kFileStore.size()) + ".scratch-"
                : (std::filesystem::temp_directory_path(ignored) / "salesd.scratch-").string();
}

void Scratch::RemoveLeft() const {
  if (!beside_store_) return;
  const std::filesystem::path prefix(prefix_);
  const std::filesystem::path folder = prefix.has_parent_path() ? prefix.parent_path() : ".";
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().filename().string().rfind(prefix.filename().string(), 0) != 0) continue;
    std::error_code ignored;
    std::filesystem::remove(entry.path(), ignored);
  }
}

absl::StatusOr<ScratchFile> Scratch::Create() const {
  std::string name = prefix_ + "XXXXXX";
  const int descriptor = mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) return ScratchError(errno);
  unlink(name.c_str());
  return ScratchFile(descriptor);
}

std::string Scratch::NewName() const {
  static std::atomic<int64_t> count{0};
  return prefix_ + std::to_string(getpid()) + "-" + std::to_string(++count);
}

absl::StatusOr<ScratchFile> Scratch::Open(const std::string& name) {
  const int descriptor = open(name.c_str(), O_RDONLY | O_CLOEXEC);
  const int error_number = errno;
  unlink(name.c_str());
  if (descriptor < 0) return ScratchError(error_number);
  return ScratchFile(descriptor);
}

}  // namespace sales::service
