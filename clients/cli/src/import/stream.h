// Sends rows to LeadService.ImportLeads and takes their results, over as many streams as it needs.
#ifndef SALES_CLIENTS_CLI_SRC_IMPORT_STREAM_H_
#define SALES_CLIENTS_CLI_SRC_IMPORT_STREAM_H_

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "clients/cli/src/client.h"
#include "clients/cli/src/failure.h"
#include "sales/v1/lead.grpc.pb.h"

namespace salesctl {

// Rows that are sent and not answered yet.
inline constexpr size_t rows_in_flight_max = 1024;
// How often a lost connection is taken up again without a single answer in between.
inline constexpr int reconnects_max = 14;
// How long the server may be silent while it has rows to answer.
inline constexpr int silence_seconds_max = 120;
// How long a stream that takes no more rows has to say why.
inline constexpr int end_seconds_max = 5;

struct SentRow {
  sales::v1::ImportLeadsRequest request;
  // As they stand in the file, for the rejects.
  std::vector<std::string> fields;
};

class ImportStream {
 public:
  // Called for each row in the order sent, once, from another thread but never from two at a time.
  using OnResult = std::function<void(const SentRow&, const sales::v1::ImportLeadsResponse&)>;

  ImportStream(Client& client, OnResult on_result);
  ~ImportStream();

  // Waits while rows_in_flight_max rows are unanswered. A lost connection is taken up again, and
  // what was not answered is sent again: the server knows the rows that it has.
  Done Send(SentRow row);
  // Waits for the results of all rows.
  Done Finish();

 private:
  using Stream =
      grpc::ClientReaderWriter<sales::v1::ImportLeadsRequest, sales::v1::ImportLeadsResponse>;

  void Connect();
  // Ends the stream and gives its status.
  grpc::Status Disconnect();
  // After the stream broke: waits, connects, sends what is in flight; failed if that is no use.
  Done Recover();
  void ReadResults();
  // Waits until `enough` or the stream is broken; false if the server is silent for too long.
  bool WaitUntil(const std::function<bool()>& enough);

  Client& client_;
  OnResult on_result_;
  std::unique_ptr<sales::v1::LeadService::Stub> stub_;
  std::unique_ptr<grpc::ClientContext> context_;
  std::unique_ptr<Stream> stream_;
  std::thread reader_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<SentRow>> in_flight_;
  bool broken_ = false;
  int64_t answers_ = 0;
  int reconnects_ = 0;
};

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_IMPORT_STREAM_H_
