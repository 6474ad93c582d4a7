// Delivers events to webhooks.
#ifndef SALES_SERVICE_WEBHOOKS_COURIER_H_
#define SALES_SERVICE_WEBHOOKS_COURIER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "sales/engine.h"
#include "service/src/log.h"
#include "service/src/metrics.h"
#include "service/src/webhooks/http.h"

namespace sales::service {

// Since the start, and how it stands now.
struct WebhookCounts {
  int64_t delivered = 0;
  int64_t failed = 0;
  // Webhooks that were given up, or whose receivers said that they are gone.
  int64_t stopped = 0;
  // Enabled ones, and over all of them the revisions that they are behind.
  int64_t enabled = 0;
  int64_t backlog = 0;
};

// A thread that reads events behind each enabled webhook's cursor and sends them, one after the
// other for each webhook and side by side for many. The events are the queue: nothing else is kept
// of what is to be sent. How far a webhook is, is noted now and then, so after a crash some events
// come for the second time, with the same `webhook-id`.
//
// Of the couriers on one store one delivers at a time, whichever has the shift; when it falls
// silent another goes on where its cursors were noted last.
class Courier {
 public:
  // `engine`, `metrics`, which may be null, and `log` outlive it. Webhooks' secrets are made by
  // `webhooks`; `process` is a name that no other process on the store has.
  Courier(const Engine& engine, WebhookOptions webhooks, HttpOptions http,
          const std::string& process, Metrics* metrics, Log& log);
  ~Courier();
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  void Start();
  // Waits a moment for calls under way; those that take longer are made again next time.
  void Stop();

  // Something was recorded; quick, from any thread.
  void NoteCommit(const std::string& workspace, int64_t revision);

  WebhookCounts counts() const;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace sales::service

#endif  // SALES_SERVICE_WEBHOOKS_COURIER_H_
