// Pages of events that several watches ask for at the same time are read once.
#ifndef SALES_SERVICE_WATCH_PAGES_H_
#define SALES_SERVICE_WATCH_PAGES_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "grpcpp/support/byte_buffer.h"
#include "sales/event.h"
#include "service/src/auth/principal.h"

namespace sales::service {

// What a watch sends next.
struct WatchPage {
  // The message as it is sent; its bytes are shared by all who send it.
  grpc::ByteBuffer bytes;
  // Up to which revision all was sent with it.
  int64_t revision = 0;
  bool has_events = false;
  // Whether more was there already. Then the page is the same for ever.
  bool more = false;
  // The workspace's, when it was read.
  int64_t last_revision = 0;
};

// Who asks, with what rights, and for what: whoever asks the same may be told the same.
struct WatchQuestion {
  PrincipalPtr principal;
  std::string actor;
  std::optional<int64_t> min_revision;
  // That he reaches; see Caller::Reached.
  std::string workspace;
  std::vector<EventType> types;
  std::string lead;
  int64_t after_revision = 0;

  friend bool operator==(const WatchQuestion& a, const WatchQuestion& b) {
    return *a.principal == *b.principal && a.actor == b.actor && a.min_revision == b.min_revision &&
           a.workspace == b.workspace && a.types == b.types && a.lead == b.lead &&
           a.after_revision == b.after_revision;
  }
};

class WatchPages {
 public:
  // The page that answers the question as it stood at `since` or later; null if none is kept.
  std::shared_ptr<const WatchPage> Find(const WatchQuestion& question, absl::Time since,
                                        absl::Time now);
  // Keeps the page, whose reading began at `begun`: it is given for a second, and goes when others
  // come.
  void Keep(WatchQuestion question, absl::Time begun, std::shared_ptr<const WatchPage> page);

 private:
  struct Kept {
    WatchQuestion question;
    absl::Time begun;
    std::shared_ptr<const WatchPage> page;
  };

  std::mutex mutex_;
  // The oldest first.
  std::deque<Kept> kept_;
};

}  // namespace sales::service

#endif  // SALES_SERVICE_WATCH_PAGES_H_
