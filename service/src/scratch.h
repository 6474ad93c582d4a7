// Files that only pass through: what is sent is first written whole, so that a slow client keeps
// nothing of the store waiting. They lie beside a store that is a file, where there is room for it,
// else where the system keeps its temporary files.
#ifndef SALES_SERVICE_SCRATCH_H_
#define SALES_SERVICE_SCRATCH_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace sales::service {

// A file without a name: it is gone when this is, or the process.
class ScratchFile {
 public:
  ScratchFile() = default;
  explicit ScratchFile(int descriptor) : descriptor_(descriptor) {}
  ScratchFile(ScratchFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  ScratchFile& operator=(ScratchFile&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~ScratchFile();

  // Errors: STORE_FULL, STORE_UNAVAILABLE. So in the next.
  absl::Status Append(const std::string& bytes) const;
  // Up to `size` bytes at `offset`; empty at the end.
  absl::StatusOr<std::string> Read(int64_t offset, size_t size) const;

 private:
  int descriptor_ = -1;
};

// Makes such files.
class Scratch {
 public:
  // `store` as EngineOptions has it.
  explicit Scratch(const std::string& store);

  // What a process that was killed may have left beside the store. Only while this process has the
  // store alone.
  void RemoveLeft() const;

  absl::StatusOr<ScratchFile> Create() const;
  // Of a file that `write` makes under the name it is given.
  template <typename Write>
  absl::StatusOr<ScratchFile> Take(Write write) const {
    const std::string name = NewName();
    const absl::Status written = write(name);
    if (!written.ok()) return written;
    return Open(name);
  }

 private:
  std::string NewName() const;
  // Opens the file and takes its name away.
  static absl::StatusOr<ScratchFile> Open(const std::string& name);

  bool beside_store_;
  // The folder and the start of the names.
  std::string prefix_;
};

}  // namespace sales::service

#endif  // SALES_SERVICE_SCRATCH_H_
