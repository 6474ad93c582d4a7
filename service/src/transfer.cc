#include "service/src/transfer.h"

#include <openssl/evp.h>

#include <memory>
#include <optional>
#include <utility>

#include "sales/v1/store.pb.h"
#include "sales/v1/workspace.pb.h"
#include "service/src/convert/workspace.h"
#include "service/src/send_file.h"
#include "service/src/wire.h"

namespace sales::service {
namespace {

// What was sent of a backup: its length and its SHA-256.
class Sent {
 public:
  Sent() : digest_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    EVP_DigestInit_ex(digest_.get(), EVP_sha256(), nullptr);
  }

  void Add(const std::string& piece) {
    size_ += static_cast<int64_t>(piece.size());
    EVP_DigestUpdate(digest_.get(), piece.data(), piece.size());
  }

  v1::BackupStoreResponse End() {
    constexpr char kDigits[] = "0123456789abcdef";
    unsigned char bytes[EVP_MAX_MD_SIZE] = {};
    unsigned int count = 0;
    EVP_DigestFinal_ex(digest_.get(), bytes, &count);
    v1::BackupStoreResponse last;
    last.set_size_bytes(size_);
    for (unsigned int i = 0; i < count; ++i) {
      *last.mutable_sha256() += kDigits[bytes[i] >> 4];
      *last.mutable_sha256() += kDigits[bytes[i] & 15];
    }
    return last;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest_;
  int64_t size_ = 0;
};

// A call that may take as long as it takes: a client who stops waiting cancels.
absl::StatusOr<Call> LongCall(const Incoming& incoming) {
  ASSIGN_OR_RETURN(Call call, CallFrom(incoming));
  call.deadline = absl::InfiniteFuture();
  return call;
}

absl::Status BeginExport(const TransferContext& context, const Incoming& incoming,
                         const grpc::ByteBuffer& bytes, FileToSend& file) {
  v1::ExportWorkspaceRequest request;
  RETURN_IF_ERROR(ParseMessage(bytes, request));
  ASSIGN_OR_RETURN(const Call call, LongCall(incoming));
  ASSIGN_OR_RETURN(file.workspace, ParseWorkspace(request.name(), "name"));
  const Desk desk = Caller(context.engine, call, incoming.principal).At(file.workspace);
  file.make = [context, desk]() -> absl::StatusOr<ScratchFile> {
    ASSIGN_OR_RETURN(ScratchFile made, context.scratch.Create());
    RETURN_IF_ERROR(desk.ExportWorkspace([&](const auto& text) { return made.Append(text); }));
    return made;
  };
  return absl::OkStatus();
}

}  // namespace

grpc::ServerWriteReactor<grpc::ByteBuffer>* StartBackupStore(
    const TransferContext& context, const grpc::CallbackServerContext* call, Incoming incoming,
    const grpc::ByteBuffer& request) {
  v1::BackupStoreRequest nothing;
  absl::Status status = ParseMessage(request, nothing);
  if (status.ok()) status = CallFrom(incoming).status();
  const auto sent = std::make_shared<Sent>();
  FileToSend file;
  file.method = kBackupStore;
  file.make = [context] {
    return context.scratch.Take(
        [&context](const std::string& name) { return context.engine.Backup(name); });
  };
  file.message = [sent](std::string piece) {
    sent->Add(piece);
    v1::BackupStoreResponse message;
    message.set_data(std::move(piece));
    return SerializeMessage(message);
  };
  file.end = [sent] { return SerializeMessage(sent->End()); };
  return SendFile(context, call, std::move(incoming), std::move(file), status);
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* StartExportWorkspace(
    const TransferContext& context, const grpc::CallbackServerContext* call, Incoming incoming,
    const grpc::ByteBuffer& request) {
  FileToSend file;
  file.method = kExportWorkspace;
  file.message = [](std::string piece) {
    v1::ExportWorkspaceResponse message;
    message.set_text(std::move(piece));
    return SerializeMessage(message);
  };
  // The text says by itself where it ends.
  file.end = [] { return std::nullopt; };
  const absl::Status status = BeginExport(context, incoming, request, file);
  return SendFile(context, call, std::move(incoming), std::move(file), status);
}

}  // namespace sales::service
