#ifndef SALES_CLIENTS_CPP_SRC_WATCH_H_
#define SALES_CLIENTS_CPP_SRC_WATCH_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "backoff.h"
#include "calls.h"
#include "sales/client_stream.h"
#include "sales/v1/event.grpc.pb.h"

namespace sales::client {

// The events of a workspace, over as many calls as it takes.
class WatchSource : public Source<v1::WatchEventsResponse> {
 public:
  WatchSource(std::shared_ptr<const Caller> caller, v1::WatchEventsRequest request)
      : caller_(std::move(caller)), request_(std::move(request)) {}

  absl::StatusOr<std::optional<v1::WatchEventsResponse>> Next() override;
  void Cancel() override;

 private:
  // The call under way, made if there is none; null once cancelled.
  Received<v1::WatchEventsResponse>* Open();
  // Ends the call, and waits; false once cancelled.
  bool Lose(absl::Duration pause);

  const std::shared_ptr<const Caller> caller_;
  v1::WatchEventsRequest request_;
  Backoff backoff_;

  std::mutex mutex_;
  std::condition_variable cancelled_;
  bool is_cancelled_ = false;
  std::unique_ptr<Received<v1::WatchEventsResponse>> call_;
};

}  // namespace sales::client

#endif  // SALES_CLIENTS_CPP_SRC_WATCH_H_
