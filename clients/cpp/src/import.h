#ifndef SALES_CLIENTS_CPP_SRC_IMPORT_H_
#define SALES_CLIENTS_CPP_SRC_IMPORT_H_

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "backoff.h"
#include "caller.h"
#include "sales/client.h"
#include "sales/client_stream.h"
#include "sales/v1/lead.grpc.pb.h"

namespace sales::client {

// The results of an import, over as many calls as it takes. Next() sends rows; results are received
// by a thread of each call, so that neither side waits for the other with its hands full.
class ImportSource : public Source<v1::ImportLeadsResponse> {
 public:
  ImportSource(std::shared_ptr<const Caller> caller, Rows rows)
      : caller_(std::move(caller)), rows_(std::move(rows)) {}
  ~ImportSource() override;

  absl::StatusOr<std::optional<v1::ImportLeadsResponse>> Next() override;
  void Cancel() override;

 private:
  using Call = grpc::ClientReaderWriter<v1::ImportLeadsRequest, v1::ImportLeadsResponse>;

  // Sends rows until enough are on the way; says whether the call still takes them.
  absl::StatusOr<bool> SendRows();
  absl::Status Connect();
  // Ends the call and gives its status.
  absl::Status Disconnect();
  // Whether the call, which takes no more rows, comes to its end.
  bool EndsByItself();
  // After the call broke: waits, and sends what has no result on another one.
  absl::Status Recover();
  // The next result, waited for; none if the call broke or every row has one.
  absl::StatusOr<std::optional<v1::ImportLeadsResponse>> TakeResult();
  void ReceiveResults();

  const std::shared_ptr<const Caller> caller_;
  const Rows rows_;
  bool rows_ended_ = false;
  bool writes_done_ = false;
  Backoff backoff_;
  absl::Time lost_since_ = absl::InfiniteFuture();
  std::unique_ptr<Call> call_;
  std::thread receiver_;

  std::mutex mutex_;
  std::condition_variable changed_;
  // Sent, and without a result. The first row of a call says which workspace it is about.
  std::deque<v1::ImportLeadsRequest> in_flight_;
  std::deque<v1::ImportLeadsResponse> results_;
  std::unique_ptr<grpc::ClientContext> context_;
  bool is_broken_ = false;
  bool is_cancelled_ = false;
};

}  // namespace sales::client

#endif  // SALES_CLIENTS_CPP_SRC_IMPORT_H_
