// The three forms of calls with one request.
#ifndef SALES_CLIENTS_CPP_SRC_CALLS_H_
#define SALES_CLIENTS_CPP_SRC_CALLS_H_

#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "caller.h"
#include "sales/client_stream.h"

namespace sales::client {

// A call with one answer.
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Unary(const Caller& caller,
                               grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                            Response*),
                               Request request) {
  caller.Complete(request);
  grpc::ClientContext context;
  if (absl::Status prepared = caller.Prepare(context); !prepared.ok()) return prepared;
  context.set_deadline(absl::ToChronoTime(absl::Now() + caller.deadline));
  absl::StatusOr<Response> response{Response()};
  const auto& stub = std::get<std::unique_ptr<Stub>>(caller.connection->stubs);
  const grpc::Status status = (stub.get()->*method)(&context, request, &*response);
  if (!status.ok()) return StatusFrom(status);
  return response;
}

// The items of a list, page by page.
template <typename Item, typename Fetch, typename Request, typename Page>
class Pages : public Source<Item> {
 public:
  using Items = google::protobuf::RepeatedPtrField<Item>* (Page::*)();

  Pages(std::shared_ptr<const Caller> caller, Fetch fetch, Items items, Request request)
      : caller_(std::move(caller)), fetch_(fetch), items_(items), request_(std::move(request)) {}

  absl::StatusOr<std::optional<Item>> Next() override {
    while (next_ == (page_.*items_)()->size()) {
      if (is_last_) return std::optional<Item>();
      absl::StatusOr<Page> page = Unary(*caller_, fetch_, request_);
      if (!page.ok()) return page.status();
      page_ = *std::move(page);
      next_ = 0;
      request_.set_page_token(page_.next_page_token());
      is_last_ = page_.next_page_token().empty();
    }
    return std::move(*(page_.*items_)()->Mutable(next_++));
  }

 private:
  const std::shared_ptr<const Caller> caller_;
  const Fetch fetch_;
  const Items items_;
  Request request_;
  Page page_;
  int next_ = 0;
  bool is_last_ = false;
};

template <typename Item, typename Stub, typename Request, typename Page>
Stream<Item> List(std::shared_ptr<const Caller> caller,
                  grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Page*),
                  google::protobuf::RepeatedPtrField<Item>* (Page::*items)(), Request request) {
  return Stream<Item>(std::make_unique<Pages<Item, decltype(method), Request, Page>>(
      std::move(caller), method, items, std::move(request)));
}

// The answers of one call, as they come.
template <typename Response>
class Received : public Source<Response> {
 public:
  // Opens the call once its context is prepared.
  template <typename Open>
  Received(const Caller& caller, const Open& open) : prepared_(caller.Prepare(context_)) {
    if (prepared_.ok()) reader_ = open(&context_);
  }
  ~Received() override {
    if (reader_ == nullptr) return;
    context_.TryCancel();
    reader_->Finish();
  }

  absl::StatusOr<std::optional<Response>> Next() override {
    if (reader_ == nullptr) return prepared_;
    Response response;
    if (reader_->Read(&response)) return response;
    const grpc::Status status = std::exchange(reader_, nullptr)->Finish();
    if (!status.ok()) return StatusFrom(status);
    return std::optional<Response>();
  }
  void Cancel() override { context_.TryCancel(); }

 private:
  grpc::ClientContext context_;
  const absl::Status prepared_;
  std::unique_ptr<grpc::ClientReader<Response>> reader_;
};

template <typename Stub, typename Request, typename Response>
Stream<Response> Answers(const std::shared_ptr<const Caller>& caller,
                         std::unique_ptr<grpc::ClientReader<Response>> (Stub::*method)(
                             grpc::ClientContext*, const Request&),
                         Request request) {
  caller->Complete(request);
  const auto& stub = std::get<std::unique_ptr<Stub>>(caller->connection->stubs);
  return Stream<Response>(std::make_unique<Received<Response>>(
      *caller,
      [&](grpc::ClientContext* context) { return (stub.get()->*method)(context, request); }));
}

}  // namespace sales::client

#endif  // SALES_CLIENTS_CPP_SRC_CALLS_H_
