// What watches and imports have in common: they are told to finish when the server drains, and
// watches are woken when something was recorded.
#ifndef SALES_SERVICE_STREAMS_H_
#define SALES_SERVICE_STREAMS_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/server_context.h"

namespace sales::service {

// A stream of a client. Its methods may be called from any thread at any time.
class Stream {
 public:
  virtual ~Stream() = default;
  // Something was recorded, or it is time to look whether anything was.
  virtual void Wake() = 0;
  // To finish with an error as soon as what was taken on is done.
  virtual void Close(const absl::Status& status) = 0;
  // Of a watch: the revisions up to `last_revision` or its own knowledge that are not delivered.
  virtual int64_t Behind(int64_t /*last_revision*/) const { return 0; }
};

// The error of a call that the server does not take on because it ends.
absl::Status ShuttingDown();

// The error of a stream whose client neither reads nor sends.
absl::Status StreamStalled();

// Cancels the call of a stream from a thread that does not answer it. gRPC frees a call once it is
// finished, so the end waits while it is being cancelled.
class CallCutter {
 public:
  // `context` lives until the call is finished.
  explicit CallCutter(const grpc::CallbackServerContext* context) : context_(context) {}

  // Cancels the call unless it is finished: then what is being written ends with failure.
  void Cut();
  // Runs `finish`, which finishes the call, now or as soon as it may.
  void Finish(std::function<void()> finish);

 private:
  const grpc::CallbackServerContext* const context_;
  std::mutex mutex_;
  bool cutting_ = false;
  bool finished_ = false;
  std::function<void()> waiting_;
};

struct StreamLimits {
  // How many streams one caller may have.
  size_t per_caller = 100;
  // How long a stream may stand still because of its client.
  absl::Duration stall = absl::Seconds(60);
};

// The streams of a server, and the thread that wakes them.
class StreamHub {
 public:
  explicit StreamHub(const StreamLimits& limits = {});
  ~StreamHub();
  StreamHub(const StreamHub&) = delete;
  StreamHub& operator=(const StreamHub&) = delete;

  // A stream of `caller` that wants to be woken on commits in `workspace`, and now and then.
  // Errors: STREAMS_FULL, SHUTTING_DOWN; the stream is to close itself then.
  absl::Status AddWatch(const std::string& workspace, const std::string& caller,
                        const std::shared_ptr<Stream>& stream);
  // A stream that only wants to be woken now and then.
  absl::Status Add(const std::string& caller, const std::shared_ptr<Stream>& stream) {
    return AddWatch("", caller, stream);
  }
  // Also of a stream that was never added.
  void Remove(const std::string& workspace, const std::shared_ptr<Stream>& stream);

  // Something was recorded, up to this revision; quick, and calls nobody.
  void NoteCommit(const std::string& workspace, int64_t revision);

  absl::Duration stall() const { return limits_.stall; }

  // Closes every stream, and every later one.
  void Drain();
  // How many streams there are.
  size_t size() const;
  // How many of them are watches, and how far the last of them is behind.
  struct WatchFigures {
    size_t watches = 0;
    int64_t revisions_behind = 0;
  };
  WatchFigures watch_figures() const;

 private:
  // With their callers.
  using Streams = std::unordered_map<std::shared_ptr<Stream>, std::string>;

  void WakeNowAndThen();
  std::vector<std::shared_ptr<Stream>> TakeWoken(bool all);

  const StreamLimits limits_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  // By workspace.
  std::map<std::string, Streams> streams_;
  size_t count_ = 0;
  std::unordered_map<std::string, size_t> counts_of_callers_;
  // Of the workspaces that are watched: the last revision recorded since then.
  std::map<std::string, int64_t> last_revisions_;
  std::unordered_set<std::string> committed_;
  bool draining_ = false;
  bool stopping_ = false;
  std::thread waker_;
};

}  // namespace sales::service

#endif  // SALES_SERVICE_STREAMS_H_
