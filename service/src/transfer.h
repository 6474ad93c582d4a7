// Whole stores and workspaces on their way: BackupStore and ExportWorkspace send a file that was
// first written whole, piece by piece as the client takes them; ImportWorkspace reads pieces as the
// engine asks for them. Each holds some pieces in memory, however long the whole is.
#ifndef SALES_SERVICE_TRANSFER_H_
#define SALES_SERVICE_TRANSFER_H_

#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "sales/engine.h"
#include "service/src/auth/authenticator.h"
#include "service/src/call.h"
#include "service/src/log.h"
#include "service/src/pool.h"
#include "service/src/scratch.h"
#include "service/src/streams.h"

namespace sales::service {

inline constexpr char kBackupStore[] = "/sales.v1.StoreService/BackupStore";
inline constexpr char kExportWorkspace[] = "/sales.v1.WorkspaceService/ExportWorkspace";
inline constexpr char kImportWorkspace[] = "/sales.v1.WorkspaceService/ImportWorkspace";

struct TransferContext {
  const Engine& engine;
  StreamHub& hub;
  Pool& pool;
  const Scratch& scratch;
  Authenticator& authenticator;
  Log& log;
};

// Each starts answering a call; the reactor lives until gRPC is done with it. It ends with the
// credentials of its caller.
grpc::ServerWriteReactor<grpc::ByteBuffer>* StartBackupStore(
    const TransferContext& context, const grpc::CallbackServerContext* call, Incoming incoming,
    const grpc::ByteBuffer& request);
grpc::ServerWriteReactor<grpc::ByteBuffer>* StartExportWorkspace(
    const TransferContext& context, const grpc::CallbackServerContext* call, Incoming incoming,
    const grpc::ByteBuffer& request);
grpc::ServerReadReactor<grpc::ByteBuffer>* StartImportWorkspace(const TransferContext& context,
                                                                Incoming incoming,
                                                                grpc::ByteBuffer* response);

}  // namespace sales::service

#endif  // SALES_SERVICE_TRANSFER_H_
