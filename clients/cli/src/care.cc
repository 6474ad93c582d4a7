#include "clients/cli/src/care.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <system_error>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "clients/cli/src/new_file.h"
#include "clients/cli/src/progress.h"
#include "clients/cli/src/values.h"
#include "nlohmann/json.hpp"
#include "sales/v1/store.pb.h"
#include "sales/v1/workspace.pb.h"

namespace salesctl {
namespace {

constexpr size_t kPieceBytes = 256 << 10;

Result<std::string> NameOf(const std::string& workspace, const Session& session) {
  if (workspace.empty()) return session.WorkspaceName();
  return workspace.rfind("workspaces/", 0) == 0 ? workspace : "workspaces/" + workspace;
}

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  }
  void Add(const std::string& bytes) {
    EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
  }
  std::string Hex() {
    unsigned char bytes[EVP_MAX_MD_SIZE] = {};
    unsigned int size = 0;
    EVP_DigestFinal_ex(context_.get(), bytes, &size);
    std::string text;
    char digits[3];
    for (unsigned int i = 0; i < size; ++i) {
      std::snprintf(digits, sizeof digits, "%02x", bytes[i]);
      text += digits;
    }
    return text;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

// What was written to standard output is not followed by words there.
void Tell(const std::string& file, const std::string& text) {
  (file == "-" ? std::cerr : std::cout) << text << "\n";
}

using FilePtr = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

Result<FilePtr> OpenForReading(const std::string& file) {
  if (file == "-") return FilePtr(stdin, [](std::FILE*) { return 0; });
  FilePtr opened(std::fopen(file.c_str(), "rb"), &std::fclose);
  if (opened == nullptr) {
    return Refused("FILE_UNREADABLE", file + " cannot be read: " + std::strerror(errno),
                   "Check the path.");
  }
  return opened;
}

Done BackUp(const std::string& file, Session& session) {
  NewFile out(file);
  if (Done made = out.Create(); !made.ok()) return made;
  sales::v1::BackupStoreResponse response;
  Sha256 digest;
  int64_t size = 0;
  {
    Progress progress(/*asked=*/false);
    for (const auto& answer : session.client().client().BackupStore({})) {
      if (!answer.ok()) return session.client().FailureOf(answer.status());
      response = *answer;
      if (Done wrote = out.Write(response.data()); !wrote.ok()) return wrote;
      digest.Add(response.data());
      size += static_cast<int64_t>(response.data().size());
      progress.Show(0, FormatCount(size) + " bytes");
    }
  }
  if (response.size_bytes() != size || response.sha256() != digest.Hex()) {
    return Refused("BACKUP_CUT_OFF", "the backup did not arrive as it left", "Make it again.");
  }
  if (Done finished = out.Finish(); !finished.ok()) return finished;
  if (session.json()) {
    Tell(file,
         nlohmann::json{{"file", file}, {"bytes", size}, {"sha256", response.sha256()}}.dump());
  } else {
    Tell(file, "ok: " + FormatCount(size) + " bytes, sha256 " + response.sha256());
  }
  return Unit{};
}

// Whether it is the name of a backup that was made in a directory: whole, for partial ones have
// another.
bool IsBackup(const std::string& name) {
  constexpr size_t kLength = sizeof "sales-20260131T235959Z.db" - 1;
  return name.size() == kLength && name.rfind("sales-", 0) == 0 &&
         name.compare(kLength - 4, 4, "Z.db") == 0;
}

// All but the newest `keep`. Names are in the order of time.
Done RemoveOld(const std::string& directory, size_t keep) {
  std::vector<std::filesystem::path> backups;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    if (IsBackup(entry.path().filename().string())) backups.push_back(entry.path());
  }
  std::sort(backups.begin(), backups.end(), std::greater<>());
  for (size_t i = keep; i < backups.size() && !error; ++i) {
    std::filesystem::remove(backups[i], error);
  }
  if (!error) return Unit{};
  return Refused("FILE_UNWRITABLE", "an old backup cannot be removed: " + error.message(),
                 "Look at the rights of " + directory + "; the new backup is there.");
}

}  // namespace

Done BackupStore(const BackupOptions& options, Session& session) {
  if (options.file.empty() == options.directory.empty()) {
    return WrongUsage("name a file, or a --directory to make one in");
  }
  if (options.directory.empty()) return BackUp(options.file, session);
  const std::string name =
      absl::FormatTime("sales-%Y%m%dT%H%M%SZ.db", absl::Now(), absl::UTCTimeZone());
  Done made = BackUp(options.directory + "/" + name, session);
  if (!made.ok() || options.keep == 0) return made;
  return RemoveOld(options.directory, static_cast<size_t>(options.keep));
}

Done ExportWorkspace(const std::string& workspace, const std::string& file, Session& session) {
  const Result<std::string> name = NameOf(workspace, session);
  if (!name.ok()) return name.failure();
  NewFile out(file);
  if (Done made = out.Create(); !made.ok()) return made;
  sales::v1::ExportWorkspaceRequest request;
  request.set_name(*name);
  int64_t size = 0;
  {
    Progress progress(/*asked=*/false);
    for (const auto& answer : session.client().client().ExportWorkspace(request)) {
      if (!answer.ok()) return session.client().FailureOf(answer.status());
      if (Done wrote = out.Write(answer->text()); !wrote.ok()) return wrote;
      size += static_cast<int64_t>(answer->text().size());
      progress.Show(0, FormatCount(size) + " bytes");
    }
  }
  if (Done finished = out.Finish(); !finished.ok()) return finished;
  if (file != "-") std::cout << "ok: " << FormatCount(size) << " bytes\n";
  return Unit{};
}

Done ImportWorkspace(const std::string& workspace, const std::string& file, Session& session) {
  const Result<std::string> name = NameOf(workspace, session);
  if (!name.ok()) return name.failure();
  Result<FilePtr> in = OpenForReading(file);
  if (!in.ok()) return in.failure();
  std::string piece(kPieceBytes, '\0');
  int64_t size = 0;
  bool first = true;
  Progress progress(/*asked=*/false);
  const auto next = [&]() -> absl::StatusOr<std::optional<sales::v1::ImportWorkspaceRequest>> {
    const size_t got = std::fread(piece.data(), 1, piece.size(), in->get());
    if (std::ferror(in->get()) != 0) return absl::DataLossError(file + " cannot be read");
    std::optional<sales::v1::ImportWorkspaceRequest> request;
    if (got == 0 && !first) return request;
    request.emplace();
    if (first) request->set_name(*name);
    first = false;
    request->set_text(piece.data(), got);
    size += static_cast<int64_t>(got);
    progress.Show(0, FormatCount(size) + " bytes");
    return request;
  };
  const auto imported = session.client().client().ImportWorkspace(next);
  progress.Clear();
  if (!imported.ok()) return session.client().FailureOf(imported.status());
  return session.Print(*imported);
}

}  // namespace salesctl
