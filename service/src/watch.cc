#include "service/src/watch.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "service/src/call.h"
#include "service/src/convert/event.h"
#include "service/src/status.h"
#include "service/src/wire.h"

namespace sales::service {
namespace {

constexpr char kMethod[] = "/sales.v1.EventService/WatchEvents";
constexpr int kPageSize = 500;
// How long a watch is silent at most: a bookmark tells an idle client that it is alive, and where
// to resume.
constexpr absl::Duration kBookmarkInterval = absl::Seconds(5);
// How long a watch that saw more than a shared store holds takes the store for behind: a primary
// that was replaced while it slept answers until it is told.
constexpr absl::Duration kBehindMost = absl::Seconds(5);

// The events after `query.after_revision`, whole revisions.
absl::StatusOr<WatchPage> ReadPage(const Desk& desk, const EventQuery& query) {
  ASSIGN_OR_RETURN(const EventPage events, desk.ListEvents(query));
  v1::WatchEventsResponse message;
  for (const Event& event : events.events) {
    *message.add_events() = ToProto(event, desk.workspace());
  }
  WatchPage page;
  page.has_events = message.events_size() > 0;
  page.more = !events.next_page_token.empty();
  // A page that is not the last tells nothing about revisions after its own last one.
  const int64_t sent = page.more ? events.events.back().revision : events.revision;
  page.revision = std::max(sent, query.after_revision);
  page.last_revision = events.revision;
  message.set_revision(page.revision);
  page.bytes = SerializeMessage(message);
  return page;
}

class Watch final : public grpc::ServerWriteReactor<grpc::ByteBuffer>, public Stream {
 public:
  Watch(const WatchContext& context, const grpc::CallbackServerContext* call, Incoming incoming)
      : context_(context), cutter_(call), incoming_(std::move(incoming)) {}

  // Begins with what the client asked for.
  void Start(const std::shared_ptr<Watch>& self, const grpc::ByteBuffer& request) {
    self_ = self;
    if (incoming_.metrics != nullptr) incoming_.metrics->Receive();
    absl::Status status = Read(request);
    if (status.ok()) status = context_.hub.AddWatch(workspace_, incoming_.caller, self_);
    if (status.ok()) {
      Wake();
    } else {
      Close(status);
    }
  }

  void Wake() override {
    bool stalled = false;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      woken_ = true;
      woken_time_ = absl::Now();
      stalled = !closing_ && absl::Now() - writing_since_ > context_.hub.stall();
      if (stalled) closing_ = StreamStalled();
      if (!stalled && busy_) return;
      busy_ = true;
    }
    stalled ? cutter_.Cut() : Schedule();
  }

  void Close(const absl::Status& status) override {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!closing_) closing_ = status;
      // Whoever is busy will see it.
      if (busy_) return;
      busy_ = true;
    }
    End();
  }

  int64_t Behind(int64_t last_revision) const override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return std::max<int64_t>(0, std::max(last_revision, last_) - delivered_);
  }

  void OnWriteDone(bool ok) override {
    if (ok && incoming_.metrics != nullptr) incoming_.metrics->Send();
    bool go_on = false;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!ok && !closing_) closing_ = absl::CancelledError("the client is gone");
      if (ok) delivered_ = query_.after_revision;
      writing_since_ = absl::InfiniteFuture();
      go_on = more_ || woken_;
      if (!closing_ && !go_on) {
        busy_ = false;
        return;
      }
    }
    Continue();
  }

  void OnCancel() override { Close(absl::CancelledError("the client is gone")); }

  void OnDone() override {
    context_.hub.Remove(workspace_, self_);
    // The last use of this object, unless the hub or a task still holds it.
    const std::shared_ptr<Watch> self = std::move(self_);
  }

 private:
  absl::Status Read(const grpc::ByteBuffer& bytes) {
    RETURN_IF_ERROR(context_.admission.AdmitStream(incoming_.caller, incoming_.receive_time));
    v1::WatchEventsRequest request;
    RETURN_IF_ERROR(ParseMessage(bytes, request));
    ASSIGN_OR_RETURN(call_, CallFrom(incoming_));
    ASSIGN_OR_RETURN(workspace_, ParseWorkspace(request.parent(), "parent"));
    ASSIGN_OR_RETURN(query_,
                     EventQueryFrom(request.filter(), request.after_revision(), workspace_));
    query_.page_size = kPageSize;
    delivered_ = query_.after_revision;
    return absl::OkStatus();
  }

  // The next four are called by the one who made the watch busy.

  void Schedule() {
    if (context_.pool.Submit([self = self_] { self->Pump(); })) return;
    // So many watches wait for a thread that this one tries again when it is woken next.
    const std::lock_guard<std::mutex> lock(mutex_);
    busy_ = false;
  }

  void Continue() {
    bool closing = false;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      closing = closing_.has_value();
    }
    closing ? End() : Schedule();
  }

  void Pump() {
    absl::Time woken;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      woken_ = false;
      woken = woken_time_;
    }
    call_.deadline = absl::Now() + kDeadlineDefault;
    const absl::StatusOr<std::shared_ptr<const WatchPage>> page = Next(woken);
    bool send = false;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!closing_ && MayCatchUp(page.status())) {
        // To be looked at when it is woken, at the latest by the hub.
        busy_ = woken_;
        if (!busy_) return;
      } else if (!page.ok() && !closing_) {
        closing_ = page.status();
      }
      if (page.ok() && !closing_) {
        query_.after_revision = (*page)->revision;
        last_ = (*page)->last_revision;
        more_ = (*page)->more;
        send = (*page)->has_events || absl::Now() >= next_bookmark_;
        // What the client did not ask for counts as delivered.
        if (!send) delivered_ = query_.after_revision;
        if (!send && !more_ && !woken_) {
          busy_ = false;
          return;
        }
        if (send) writing_since_ = absl::Now();
      }
    }
    if (!send) return Continue();
    next_bookmark_ = absl::Now() + kBookmarkInterval;
    buffer_ = (*page)->bytes;
    StartWrite(&buffer_);
  }

  // What comes next, as it is since `woken` at least.
  absl::StatusOr<std::shared_ptr<const WatchPage>> Next(absl::Time woken) {
    RETURN_IF_ERROR(context_.authenticator.CheckStill(*incoming_.principal));
    const WatchQuestion question = {
        incoming_.principal,  call_.actor,
        call_.min_revision,   Caller::Reached(*incoming_.principal, workspace_),
        query_.filter.types,  query_.filter.lead,
        query_.after_revision};
    const absl::Time now = absl::Now();
    std::shared_ptr<const WatchPage> page = context_.pages.Find(question, woken, now);
    if (page != nullptr) return page;
    absl::StatusOr<WatchPage> read =
        ReadPage(Caller(context_.engine, call_, incoming_.principal).At(workspace_), query_);
    if (read.ok()) {
      page = std::make_shared<const WatchPage>(*std::move(read));
      context_.pages.Keep(question, now, page);
      return page;
    }
    if (!absl::IsDeadlineExceeded(read.status())) return read.status();
    // The deadline is ours, and not one that the client gave: to come back is worth it.
    ErrorDetail detail;
    detail.reason = Reason::kStoreUnavailable;
    return MakeError(std::move(detail), "the store does not answer in time");
  }

  // Whether the store may only be behind what was seen; to be asked with mutex_ held.
  bool MayCatchUp(const absl::Status& status) {
    if (ReasonOf(status) != Reason::kRevisionInvalid || query_.after_revision < 0 ||
        !context_.engine.is_shared()) {
      behind_since_ = absl::InfiniteFuture();
      return false;
    }
    const absl::Time now = absl::Now();
    behind_since_ = std::min(behind_since_, now);
    return now - behind_since_ < kBehindMost;
  }

  void End() {
    absl::Status status;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (ended_) return;
      ended_ = true;
      status = *closing_;
    }
    EndCall(kMethod, workspace_, incoming_, status, context_.log);
    cutter_.Finish([this, status] {
      Finish(absl::IsCancelled(status) ? grpc::Status::CANCELLED : ToGrpcStatus(status));
    });
  }

  const WatchContext context_;
  CallCutter cutter_;
  const Incoming incoming_;
  std::shared_ptr<Watch> self_;
  Call call_;
  std::string workspace_;
  EventQuery query_;
  absl::Time next_bookmark_ = absl::InfinitePast();
  grpc::ByteBuffer buffer_;

  mutable std::mutex mutex_;
  // A read of events, a message on its way, or the end: one at a time.
  bool busy_ = false;
  // Something was recorded since the last read began.
  bool woken_ = false;
  absl::Time woken_time_;
  bool more_ = false;
  bool ended_ = false;
  // Since when a message has been on its way; infinitely late where none is.
  absl::Time writing_since_ = absl::InfiniteFuture();
  // Since when the store has been behind what was seen; infinitely late where it is not.
  absl::Time behind_since_ = absl::InfiniteFuture();
  // The workspace's last revision when events were read last, and up to which all was delivered.
  int64_t last_ = 0;
  int64_t delivered_ = 0;
  std::optional<absl::Status> closing_;
};

}  // namespace

grpc::ServerWriteReactor<grpc::ByteBuffer>* StartWatch(const WatchContext& context,
                                                       const grpc::CallbackServerContext* call,
                                                       Incoming incoming,
                                                       const grpc::ByteBuffer& request) {
  auto watch = std::make_shared<Watch>(context, call, std::move(incoming));
  watch->Start(watch, request);
  return watch.get();
}

}  // namespace sales::service
