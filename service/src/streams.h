// What watches and imports have in common: they are told to finish when the server drains, and
// watches are woken when something was recorded.
#ifndef SALES_SERVICE_STREAMS_H_
#define SALES_SERVICE_STREAMS_H_

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

#include "absl/status/status.h"

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

// The streams of a server, and the thread that wakes them.
class StreamHub {
 public:
  StreamHub();
  ~StreamHub();
  StreamHub(const StreamHub&) = delete;
  StreamHub& operator=(const StreamHub&) = delete;

  // A stream that wants to be woken on commits in `workspace`, and now and then. False when
  // draining: the stream is to close itself.
  bool AddWatch(const std::string& workspace, const std::shared_ptr<Stream>& stream);
  // A stream that only wants to be told of the end.
  bool Add(const std::shared_ptr<Stream>& stream) { return AddWatch("", stream); }
  void Remove(const std::string& workspace, const std::shared_ptr<Stream>& stream);

  // Something was recorded, up to this revision; quick, and calls nobody.
  void NoteCommit(const std::string& workspace, int64_t revision);

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
  using StreamSet = std::unordered_set<std::shared_ptr<Stream>>;

  void WakeNowAndThen();
  std::vector<std::shared_ptr<Stream>> TakeWoken(bool all);

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::map<std::string, StreamSet> streams_;
  // Of the workspaces that are watched: the last revision recorded since then.
  std::map<std::string, int64_t> last_revisions_;
  std::unordered_set<std::string> committed_;
  bool draining_ = false;
  bool stopping_ = false;
  std::thread waker_;
};

}  // namespace sales::service

#endif  // SALES_SERVICE_STREAMS_H_
