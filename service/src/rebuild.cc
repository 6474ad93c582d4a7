#include "service/src/rebuild.h"

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "sales/error.h"
#include "sales/v1/workspace.pb.h"
#include "service/src/call.h"
#include "service/src/convert/workspace.h"
#include "service/src/status.h"
#include "service/src/wire.h"

namespace sales::service {
namespace {

constexpr char kMethod[] = "/sales.v1.WorkspaceService/RebuildTallies";

class Rebuild final : public grpc::ServerWriteReactor<grpc::ByteBuffer>, public Stream {
 public:
  Rebuild(const RebuildContext& context, const grpc::CallbackServerContext* call, Incoming incoming)
      : context_(context), cutter_(call), incoming_(std::move(incoming)) {}

  void Start(const std::shared_ptr<Rebuild>& self, const grpc::ByteBuffer& request) {
    self_ = self;
    if (incoming_.metrics != nullptr) incoming_.metrics->Receive();
    absl::Status status = Read(request);
    if (status.ok()) status = context_.hub.Add(incoming_.caller, self_);
    if (status.ok() && !context_.pool.Submit([self = self_] { self->Run(); })) {
      ErrorDetail detail;
      detail.reason = Reason::kQueueFull;
      status = MakeError(detail, "too many rebuildings wait for each other");
    }
    if (!status.ok()) End(status);
  }

  void Wake() override {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (closing_ || absl::Now() - writing_since_ <= context_.hub.stall()) return;
      closing_ = StreamStalled();
    }
    cutter_.Cut();
  }

  // The fold sees it, and ends the call.
  void Close(const absl::Status& status) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!closing_) closing_ = status;
  }

  void OnCancel() override { Close(absl::CancelledError("the client is gone")); }

  void OnWriteDone(bool ok) override {
    if (ok && incoming_.metrics != nullptr) incoming_.metrics->Send();
    if (!ok) Close(absl::CancelledError("the client is gone"));
    std::unique_lock<std::mutex> lock(mutex_);
    writing_ = false;
    writing_since_ = absl::InfiniteFuture();
    GoOn(lock);
  }

  void OnDone() override {
    context_.hub.Remove("", self_);
    const std::shared_ptr<Rebuild> self = std::move(self_);
  }

 private:
  absl::Status Read(const grpc::ByteBuffer& bytes) {
    RETURN_IF_ERROR(context_.admission.AdmitStream(incoming_.caller, incoming_.receive_time));
    v1::RebuildTalliesRequest request;
    RETURN_IF_ERROR(ParseMessage(bytes, request));
    ASSIGN_OR_RETURN(call_, CallFrom(incoming_));
    // It takes as long as it takes; a client who stops waiting cancels.
    call_.deadline = absl::InfiniteFuture();
    ASSIGN_OR_RETURN(workspace_, ParseWorkspace(request.name(), "name"));
    return absl::OkStatus();
  }

  // On a thread of the pool.
  void Run() {
    const absl::StatusOr<Desk::RebuildResult> result =
        Caller(context_.engine, call_, incoming_.principal)
            .At(workspace_)
            .RebuildTallies([this](int64_t revision, int64_t last_revision) {
              v1::RebuildTalliesResponse progress;
              progress.set_revision(revision);
              progress.set_last_revision(last_revision);
              const absl::Status still = context_.authenticator.CheckStill(*incoming_.principal);
              if (!still.ok()) Close(still);
              std::unique_lock<std::mutex> lock(mutex_);
              const bool go_on = !closing_.has_value();
              if (go_on) next_ = std::move(progress);
              GoOn(lock);
              return go_on;
            });
    std::unique_lock<std::mutex> lock(mutex_);
    ended_ = result.status();
    if (result.ok()) {
      next_.emplace();
      next_->set_revision(result->revision);
      next_->set_last_revision(result->revision);
      next_->set_done(true);
      next_->set_counts_mended(result->counts_mended);
    } else if (closing_) {
      ended_ = closing_;
    }
    GoOn(lock);
  }

  // Sends what is to be sent next, else ends if the rebuilding has; one message at a time.
  void GoOn(std::unique_lock<std::mutex>& lock) {
    if (writing_) return;
    if (next_ && (!ended_ || ended_->ok())) {
      writing_ = true;
      writing_since_ = absl::Now();
      buffer_ = SerializeMessage(*std::exchange(next_, std::nullopt));
      lock.unlock();
      StartWrite(&buffer_);
    } else if (ended_) {
      writing_ = true;
      const absl::Status status = *ended_;
      lock.unlock();
      End(status);
    }
  }

  void End(const absl::Status& status) {
    EndCall(kMethod, workspace_, incoming_, status, context_.log);
    cutter_.Finish([this, status] {
      Finish(absl::IsCancelled(status) ? grpc::Status::CANCELLED : ToGrpcStatus(status));
    });
  }

  const RebuildContext context_;
  CallCutter cutter_;
  const Incoming incoming_;
  std::shared_ptr<Rebuild> self_;
  Call call_;
  std::string workspace_;
  grpc::ByteBuffer buffer_;

  std::mutex mutex_;
  // A message is on its way, or the end.
  bool writing_ = false;
  // Since when a message has been on its way; infinitely late where none is.
  absl::Time writing_since_ = absl::InfiniteFuture();
  std::optional<v1::RebuildTalliesResponse> next_;
  // What the rebuilding came to.
  std::optional<absl::Status> ended_;
  std::optional<absl::Status> closing_;
};

}  // namespace

grpc::ServerWriteReactor<grpc::ByteBuffer>* StartRebuild(const RebuildContext& context,
                                                         const grpc::CallbackServerContext* call,
                                                         Incoming incoming,
                                                         const grpc::ByteBuffer& request) {
  auto rebuild = std::make_shared<Rebuild>(context, call, std::move(incoming));
  rebuild->Start(rebuild, request);
  return rebuild.get();
}

}  // namespace sales::service
