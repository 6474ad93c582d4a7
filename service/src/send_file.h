// A file that is sent as a stream of messages.
#ifndef SALES_SERVICE_SEND_FILE_H_
#define SALES_SERVICE_SEND_FILE_H_

#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "service/src/transfer.h"

namespace sales::service {

// What is sent.
struct FileToSend {
  const char* method = nullptr;
  std::string workspace;
  // Makes the file, on a thread of the pool.
  std::function<absl::StatusOr<ScratchFile>()> make;
  // The message that carries a piece.
  std::function<grpc::ByteBuffer(std::string piece)> message;
  // The message after the last piece, if there is one.
  std::function<std::optional<grpc::ByteBuffer>()> end;
};

// Sends it, or refuses the call with `status`. `call` lives until that is finished.
grpc::ServerWriteReactor<grpc::ByteBuffer>* SendFile(const TransferContext& context,
                                                     const grpc::CallbackServerContext* call,
                                                     Incoming incoming, FileToSend file,
                                                     const absl::Status& status);

}  // namespace sales::service

#endif  // SALES_SERVICE_SEND_FILE_H_
