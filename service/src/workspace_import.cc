// ImportWorkspace: pieces come as the engine asks for them, one ahead.
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "sales/error.h"
#include "sales/v1/workspace.pb.h"
#include "service/src/convert/workspace.h"
#include "service/src/limits.h"
#include "service/src/status.h"
#include "service/src/transfer.h"
#include "service/src/wire.h"

namespace sales::service {
namespace {

// How often the caller is looked at while nothing comes.
constexpr std::chrono::seconds kCheckInterval(1);

class WorkspaceUpload final : public grpc::ServerReadReactor<grpc::ByteBuffer>, public Stream {
 public:
  WorkspaceUpload(const TransferContext& context, Incoming incoming, grpc::ByteBuffer* response)
      : context_(context), incoming_(std::move(incoming)), response_(response) {}

  void Start(const std::shared_ptr<WorkspaceUpload>& self) {
    self_ = self;
    StartRead(&buffer_);
    absl::Status status = CallFrom(incoming_).status();
    if (status.ok()) status = context_.hub.Add(incoming_.caller, self_);
    if (status.ok() && !context_.pool.Submit([self = self_] { self->Run(); })) {
      ErrorDetail detail;
      detail.reason = Reason::kQueueFull;
      status = MakeError(detail, "too many backups, exports and imports wait for each other");
    }
    if (!status.ok()) End(status);
  }

  void Wake() override {}

  void Close(const absl::Status& status) override {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!closing_) closing_ = status;
    }
    came_.notify_all();
  }

  void OnCancel() override { Close(absl::CancelledError("the client is gone")); }

  void OnReadDone(bool ok) override {
    if (ok && incoming_.metrics != nullptr) incoming_.metrics->Receive();
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (ok) {
        next_ = std::move(buffer_);
      } else {
        no_more_ = true;
      }
    }
    came_.notify_all();
  }

  void OnDone() override {
    context_.hub.Remove("", self_);
    const std::shared_ptr<WorkspaceUpload> self = std::move(self_);
  }

 private:
  // On a thread of the pool, as the rest.
  void Run() {
    absl::StatusOr<v1::Workspace> imported = Import();
    if (imported.ok()) *response_ = SerializeMessage(*imported);
    End(imported.status());
  }

  absl::StatusOr<v1::Workspace> Import() {
    ASSIGN_OR_RETURN(Call call, CallFrom(incoming_));
    call.deadline = absl::InfiniteFuture();
    ASSIGN_OR_RETURN(std::optional<v1::ImportWorkspaceRequest> first, Next());
    if (!first.has_value()) first.emplace();
    ASSIGN_OR_RETURN(workspace_, ParseWorkspace(first->name(), "name"));
    std::optional<std::string> begun = std::move(*first->mutable_text());
    const auto imported = context_.engine.ImportWorkspace(
        workspace_,
        [&]() -> absl::StatusOr<std::string> {
          // An empty piece is the end for the engine, but a client may send some.
          if (begun.has_value() && !begun->empty()) return *std::exchange(begun, std::nullopt);
          while (true) {
            ASSIGN_OR_RETURN(std::optional<v1::ImportWorkspaceRequest> next, Next());
            if (!next.has_value()) return std::string();
            if (!next->name().empty() && next->name() != first->name()) {
              return Refuse(Reason::kNameInvalid, "name",
                            "is another one than the first message's");
            }
            if (!next->text().empty()) return std::move(*next->mutable_text());
          }
        },
        call);
    if (!imported.ok()) return imported.status();
    return ToProto(*imported);
  }

  // Until something came or the stream is to end, as it is once its caller may not go on.
  absl::Status Wait() {
    const absl::Time silence_end = absl::Now() + absl::Seconds(limits::import_silence_seconds_max);
    while (true) {
      bool came = false;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        came = came_.wait_for(lock, kCheckInterval, [this] {
          return closing_.has_value() || next_.has_value() || no_more_;
        });
      }
      RETURN_IF_ERROR(context_.authenticator.CheckStill(*incoming_.principal));
      if (came) return absl::OkStatus();
      if (absl::Now() < silence_end) continue;
      ErrorDetail detail;
      detail.reason = Reason::kStreamStalled;
      return MakeError(std::move(detail), "nothing came for too long; nothing was imported");
    }
  }

  // The next message; nullopt after the last.
  absl::StatusOr<std::optional<v1::ImportWorkspaceRequest>> Next() {
    RETURN_IF_ERROR(Wait());
    grpc::ByteBuffer bytes;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (closing_) return *closing_;
      if (!next_.has_value()) return std::optional<v1::ImportWorkspaceRequest>();
      bytes = *std::exchange(next_, std::nullopt);
    }
    StartRead(&buffer_);
    std::optional<v1::ImportWorkspaceRequest> request;
    RETURN_IF_ERROR(ParseMessage(bytes, request.emplace()));
    return request;
  }

  void End(const absl::Status& status) {
    EndCall(kImportWorkspace, workspace_, incoming_, status, context_.log);
    if (absl::IsCancelled(status)) {
      Finish(grpc::Status::CANCELLED);
    } else {
      Finish(status.ok() ? grpc::Status::OK : ToGrpcStatus(status));
    }
  }

  const TransferContext context_;
  const Incoming incoming_;
  grpc::ByteBuffer* const response_;
  std::shared_ptr<WorkspaceUpload> self_;
  std::string workspace_;
  // Of the message that is being read.
  grpc::ByteBuffer buffer_;

  std::mutex mutex_;
  std::condition_variable came_;
  std::optional<grpc::ByteBuffer> next_;
  bool no_more_ = false;
  std::optional<absl::Status> closing_;
};

}  // namespace

grpc::ServerReadReactor<grpc::ByteBuffer>* StartImportWorkspace(const TransferContext& context,
                                                                Incoming incoming,
                                                                grpc::ByteBuffer* response) {
  auto upload = std::make_shared<WorkspaceUpload>(context, std::move(incoming), response);
  upload->Start(upload);
  return upload.get();
}

}  // namespace sales::service
