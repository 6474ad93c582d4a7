#include "service/src/send_file.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/time/clock.h"
#include "sales/error.h"
#include "service/src/status.h"

namespace sales::service {
namespace {

constexpr size_t kPieceBytes = 256 << 10;

class FileSender final : public grpc::ServerWriteReactor<grpc::ByteBuffer>, public Stream {
 public:
  FileSender(const TransferContext& context, const grpc::CallbackServerContext* call,
             Incoming incoming, FileToSend file)
      : context_(context), cutter_(call), incoming_(std::move(incoming)), file_(std::move(file)) {}

  void Start(const std::shared_ptr<FileSender>& self, absl::Status status) {
    self_ = self;
    if (incoming_.metrics != nullptr) incoming_.metrics->Receive();
    if (status.ok()) status = context_.hub.Add(incoming_.caller, self_);
    if (status.ok() && !context_.pool.Submit([self = self_] { self->Make(); })) {
      ErrorDetail detail;
      detail.reason = Reason::kQueueFull;
      status = MakeError(detail, "too many backups, exports and imports wait for each other");
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

  // Seen before the next piece is sent.
  void Close(const absl::Status& status) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!closing_) closing_ = status;
  }

  void OnCancel() override { Close(absl::CancelledError("the client is gone")); }

  void OnWriteDone(bool ok) override {
    if (ok && incoming_.metrics != nullptr) incoming_.metrics->Send();
    if (!ok) Close(absl::CancelledError("the client is gone"));
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      writing_since_ = absl::InfiniteFuture();
    }
    SendNext();
  }

  void OnDone() override {
    context_.hub.Remove("", self_);
    const std::shared_ptr<FileSender> self = std::move(self_);
  }

 private:
  // On a thread of the pool; the next two by whoever wrote last.
  void Make() {
    absl::StatusOr<ScratchFile> made = file_.make();
    if (!made.ok()) {
      Close(made.status());
    } else {
      made_ = *std::move(made);
    }
    SendNext();
  }

  void SendNext() {
    std::optional<absl::Status> closing;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      closing = closing_;
    }
    if (closing) return End(*closing);
    if (at_end_) return End(absl::OkStatus());
    const absl::Status still = context_.authenticator.CheckStill(*incoming_.principal);
    if (!still.ok()) return End(still);
    absl::StatusOr<std::string> piece = made_.Read(sent_, kPieceBytes);
    if (!piece.ok()) return End(piece.status());
    if (piece->empty()) {
      at_end_ = true;
      std::optional<grpc::ByteBuffer> last = file_.end();
      if (!last.has_value()) return End(absl::OkStatus());
      buffer_ = *std::move(last);
    } else {
      sent_ += static_cast<int64_t>(piece->size());
      buffer_ = file_.message(*std::move(piece));
    }
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      writing_since_ = absl::Now();
    }
    StartWrite(&buffer_);
  }

  void End(const absl::Status& status) {
    EndCall(file_.method, file_.workspace, incoming_, status, context_.log);
    cutter_.Finish([this, status] {
      Finish(absl::IsCancelled(status) ? grpc::Status::CANCELLED : ToGrpcStatus(status));
    });
  }

  const TransferContext context_;
  CallCutter cutter_;
  const Incoming incoming_;
  const FileToSend file_;
  std::shared_ptr<FileSender> self_;
  ScratchFile made_;
  int64_t sent_ = 0;
  bool at_end_ = false;
  grpc::ByteBuffer buffer_;

  std::mutex mutex_;
  // Since when a piece has been on its way; infinitely late where none is.
  absl::Time writing_since_ = absl::InfiniteFuture();
  std::optional<absl::Status> closing_;
};

}  // namespace

grpc::ServerWriteReactor<grpc::ByteBuffer>* SendFile(const TransferContext& context,
                                                     const grpc::CallbackServerContext* call,
                                                     Incoming incoming, FileToSend file,
                                                     const absl::Status& status) {
  auto sender = std::make_shared<FileSender>(context, call, std::move(incoming), std::move(file));
  sender->Start(sender, status);
  return sender.get();
}

}  // namespace sales::service
