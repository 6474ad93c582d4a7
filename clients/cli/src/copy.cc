#include "clients/cli/src/copy.h"

#include <openssl/evp.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <iostream>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "clients/cli/src/progress.h"
#include "clients/cli/src/table.h"
#include "clients/cli/src/values.h"
#include "nlohmann/json.hpp"
#include "sales/engine.h"
#include "sales/limits.h"

namespace salesctl {
namespace {

using sales::Engine;

// How much is read ahead of what is written.
constexpr size_t kAheadBytesMax = 8'388'608;

// Text on its way from one thread to another.
class Pipe {
 public:
  // Waits while too much is on its way. An error once the reader wants no more.
  absl::Status Put(const std::string& text) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return bytes_ < kAheadBytesMax || closed_; });
    if (closed_) return absl::CancelledError("the copy is not written on");
    bytes_ += text.size();
    pieces_.push_back(text);
    changed_.notify_all();
    return absl::OkStatus();
  }

  // No more comes, since everything was read or reading failed.
  void End(absl::Status status) {
    const std::lock_guard<std::mutex> lock(mutex_);
    end_ = std::move(status);
    ended_ = true;
    changed_.notify_all();
  }

  // The next piece; empty at the end.
  absl::StatusOr<std::string> Take() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return !pieces_.empty() || ended_; });
    if (pieces_.empty()) {
      if (!end_.ok()) return end_;
      return std::string();
    }
    std::string piece = std::move(pieces_.front());
    pieces_.pop_front();
    bytes_ -= piece.size();
    changed_.notify_all();
    return piece;
  }

  void Close() {
    const std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> pieces_;
  size_t bytes_ = 0;
  absl::Status end_;
  bool ended_ = false;
  bool closed_ = false;
};

// SHA-256 of text that comes in pieces, and how long it is.
class Digest {
 public:
  Digest() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  }

  void Add(const std::string& text) {
    EVP_DigestUpdate(context_.get(), text.data(), text.size());
    bytes_ += static_cast<int64_t>(text.size());
  }

  std::string Finish() {
    std::string value(EVP_MAX_MD_SIZE, '\0');
    unsigned int size = 0;
    EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(value.data()), &size);
    value.resize(size);
    return value;
  }
  int64_t bytes() const { return bytes_; }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
  int64_t bytes_ = 0;
};

// Reads the text once more, from where it was written to.
absl::StatusOr<std::string> DigestOf(const Engine& engine, const std::string& workspace) {
  Digest digest;
  const absl::Status read =
      engine.At(workspace, {}).ExportWorkspace([&digest](const std::string& text) {
        digest.Add(text);
        return absl::OkStatus();
      });
  if (!read.ok()) return read;
  return digest.Finish();
}

absl::StatusOr<Copied> CopyWorkspace(const Engine& from, const Engine& to,
                                     const std::string& workspace, Progress& progress) {
  Pipe pipe;
  Digest read;
  std::thread reader([&] {
    pipe.End(from.At(workspace, {}).ExportWorkspace([&](const std::string& text) {
      read.Add(text);
      if (progress.Due()) progress.Show(0, workspace + ": " + FormatCount(read.bytes()) + " bytes");
      return pipe.Put(text);
    }));
  });
  const absl::StatusOr<sales::Workspace> made =
      to.ImportWorkspace(workspace, [&pipe] { return pipe.Take(); });
  pipe.Close();
  reader.join();
  if (!made.ok()) return made.status();
  const absl::StatusOr<std::string> written = DigestOf(to, workspace);
  if (!written.ok()) return written.status();
  if (*written != read.Finish()) {
    return absl::InternalError("what was read back from the copy of " + workspace +
                               " differs from what was copied");
  }
  const absl::StatusOr<sales::Workspace> now = from.At(workspace, {}).GetWorkspace();
  if (!now.ok()) return now.status();
  return Copied{workspace, made->revision, now->revision - made->revision, read.bytes()};
}

absl::StatusOr<std::vector<std::string>> WorkspacesOf(const Engine& engine) {
  std::vector<std::string> ids;
  sales::ListQuery query;
  query.page_size = sales::limits::page_size_max;
  do {
    const absl::StatusOr<sales::Page<sales::Workspace>> page = engine.ListWorkspaces(query);
    if (!page.ok()) return page.status();
    for (const sales::Workspace& workspace : page->items) ids.push_back(workspace.id);
    query.page_token = page->next_page_token;
  } while (!query.page_token.empty());
  return ids;
}

void Print(const std::vector<Copied>& copied, bool json) {
  if (json) {
    nlohmann::json list = nlohmann::json::array();
    for (const Copied& one : copied) {
      list.push_back({{"workspace", one.workspace},
                      {"revision", one.revision},
                      {"behind", one.behind},
                      {"bytes", one.bytes}});
    }
    std::cout << nlohmann::json{{"copied", list}}.dump(1) << "\n";
    return;
  }
  Table table({{"WORKSPACE"},
               {"REVISION", Table::Align::kRight},
               {"BEHIND", Table::Align::kRight},
               {"BYTES", Table::Align::kRight}});
  for (const Copied& one : copied) {
    table.Add({one.workspace, FormatCount(one.revision), FormatCount(one.behind),
               FormatCount(one.bytes)});
  }
  std::cout << table.ToText();
}

}  // namespace

absl::Status CopyWorkspaces(const CopyOptions& options, std::vector<Copied>& copied) {
  sales::EngineOptions source;
  source.store = options.from;
  source.access = sales::EngineOptions::Access::kReadOnly;
  source.migrate = false;
  const absl::StatusOr<Engine> from = Engine::Open(std::move(source));
  if (!from.ok()) return from.status();
  sales::EngineOptions target;
  target.store = options.to;
  const absl::StatusOr<Engine> to = Engine::Open(std::move(target));
  if (!to.ok()) return to.status();

  std::vector<std::string> workspaces = options.workspaces;
  if (workspaces.empty()) {
    absl::StatusOr<std::vector<std::string>> all = WorkspacesOf(*from);
    if (!all.ok()) return all.status();
    workspaces = *std::move(all);
  }
  Progress progress(/*asked=*/false);
  for (const std::string& workspace : workspaces) {
    const absl::StatusOr<Copied> one = CopyWorkspace(*from, *to, workspace, progress);
    if (!one.ok()) return one.status();
    copied.push_back(*one);
  }
  return absl::OkStatus();
}

Done CopyStore(const CopyOptions& options, bool json) {
  std::vector<Copied> copied;
  const absl::Status status = CopyWorkspaces(options, copied);
  // What was copied before an error stays.
  if (status.ok() || !copied.empty()) Print(copied, json);
  if (status.ok()) return Unit{};
  return RefusedByStore(status);
}

}  // namespace salesctl
