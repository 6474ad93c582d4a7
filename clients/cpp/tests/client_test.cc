// What the client adds to the stubs, seen from a gRPC server that misbehaves on purpose.
#include "sales/client.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/grpcpp.h"
#include "sales/v1/event.grpc.pb.h"
#include "sales/v1/lead.grpc.pb.h"

namespace sales::client {
namespace {

const grpc::Status kUnavailable(grpc::StatusCode::UNAVAILABLE, "the server goes away");

// Records what it is sent, and does what a test says.
class Leads final : public v1::LeadService::Service {
 public:
  grpc::Status AdvanceLead(grpc::ServerContext* context, const v1::AdvanceLeadRequest* request,
                           v1::Lead* lead) override {
    const std::lock_guard<std::mutex> lock(mutex);
    requests.push_back(*request);
    for (const auto& [key, value] : context->client_metadata()) {
      metadata[{key.data(), key.size()}] = {value.data(), value.size()};
    }
    lead->set_name(request->name());
    return advance ? advance(static_cast<int>(requests.size())) : grpc::Status::OK;
  }

  grpc::Status ListLeads(grpc::ServerContext*, const v1::ListLeadsRequest* request,
                         v1::ListLeadsResponse* page) override {
    const std::lock_guard<std::mutex> lock(mutex);
    pages.push_back(*request);
    const std::string number = std::to_string(pages.size());
    for (int i = 0; i < request->page_size(); ++i) {
      page->add_leads()->set_name(number + "-" + std::to_string(i));
    }
    if (pages.size() < 3) page->set_next_page_token("p" + number);
    return pages.size() < 4 ? grpc::Status::OK : kUnavailable;
  }

  // Answers each row; breaks twice at the third.
  grpc::Status ImportLeads(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<v1::ImportLeadsResponse, v1::ImportLeadsRequest>* stream) override {
    size_t number = 0;
    {
      const std::lock_guard<std::mutex> lock(mutex);
      imports.emplace_back();
      number = imports.size();
    }
    v1::ImportLeadsRequest row;
    for (bool is_first = true; stream->Read(&row); is_first = false) {
      if (is_first) {
        EXPECT_EQ(row.parent(), "workspaces/studio");
      }
      {
        const std::lock_guard<std::mutex> lock(mutex);
        imports.back().push_back(row.row());
      }
      if (row.row() == 3 && number < 3) return kUnavailable;
      v1::ImportLeadsResponse result;
      result.set_row(row.row());
      stream->Write(result);
    }
    return grpc::Status::OK;
  }

  std::mutex mutex;
  std::function<grpc::Status(int)> advance;
  std::vector<v1::AdvanceLeadRequest> requests;
  std::vector<v1::ListLeadsRequest> pages;
  std::map<std::string, std::string> metadata;
  std::vector<std::vector<int64_t>> imports;
};

class Events final : public v1::EventService::Service {
 public:
  grpc::Status WatchEvents(grpc::ServerContext* context, const v1::WatchEventsRequest* request,
                           grpc::ServerWriter<v1::WatchEventsResponse>* stream) override {
    size_t number = 0;
    {
      const std::lock_guard<std::mutex> lock(mutex);
      after.push_back(request->after_revision());
      number = after.size();
    }
    if (!refusal.ok()) return refusal;
    const std::vector<int64_t> revisions =
        number == 1 ? std::vector<int64_t>{2, 3, 3} : std::vector<int64_t>{4};
    if (number > 1 && number < 5) return kUnavailable;
    for (const int64_t revision : revisions) {
      v1::WatchEventsResponse batch;
      batch.set_revision(revision);
      stream->Write(batch);
    }
    if (number == 1) return kUnavailable;
    while (!context->IsCancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return grpc::Status::CANCELLED;
  }

  std::mutex mutex;
  grpc::Status refusal;
  std::vector<int64_t> after;
};

class ClientTest : public testing::Test {
 protected:
  ClientTest() {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&leads_);
    builder.RegisterService(&events_);
    server_ = builder.BuildAndStart();
    target_ = "127.0.0.1:" + std::to_string(port);
    absl::StatusOr<Client> made =
        Client::Connect(target_, {.workspace = "studio", .actor = "anna"});
    EXPECT_TRUE(made.ok()) << made.status();
    sales_ = std::make_unique<Client>(*std::move(made));
  }

  absl::StatusOr<v1::Lead> Advance(const std::string& request_id = "") {
    v1::AdvanceLeadRequest request;
    request.set_name("workspaces/studio/leads/1");
    request.set_request_id(request_id);
    return sales_->AdvanceLead(request);
  }

  std::set<std::string> RequestIds() const {
    std::set<std::string> ids;
    for (const auto& request : leads_.requests) ids.insert(request.request_id());
    return ids;
  }

  Leads leads_;
  Events events_;
  std::string target_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Client> sales_;
};

TEST_F(ClientTest, SaysWhoCallsAndWithWhat) {
  ASSERT_TRUE(Advance().ok());
  EXPECT_EQ(leads_.metadata["sales-actor"], "anna");
  EXPECT_EQ(leads_.metadata["user-agent"].rfind("libsales-cpp/" SALES_VERSION " ", 0), 0u)
      << leads_.metadata["user-agent"];
}

TEST_F(ClientTest, ReadsItsTokenAgainWhenTheFileChanges) {
  const std::string file = testing::TempDir() + "/client-token-" + std::to_string(getpid());
  std::ofstream(file) << "sales_first\n";
  const auto known = Client::Connect(target_, {.token_file = file});
  ASSERT_TRUE(known.ok()) << known.status();
  ASSERT_TRUE(known->AdvanceLead({}).ok());
  EXPECT_EQ(leads_.metadata["authorization"], "Bearer sales_first");
  std::ofstream(file) << "sales_second\n";
  ASSERT_TRUE(known->AdvanceLead({}).ok());
  EXPECT_EQ(leads_.metadata["authorization"], "Bearer sales_second");
  std::remove(file.c_str());
  const absl::Status unreadable = known->AdvanceLead({}).status();
  EXPECT_TRUE(absl::IsUnauthenticated(unreadable)) << unreadable;
}

TEST_F(ClientTest, RetriesTheSameRequest) {
  leads_.advance = [](int number) { return number < 3 ? kUnavailable : grpc::Status::OK; };
  ASSERT_TRUE(Advance().ok());
  EXPECT_EQ(leads_.requests.size(), 3u);
  EXPECT_EQ(RequestIds().size(), 1u);
  EXPECT_EQ(RequestIds().count(""), 0u);
}

TEST_F(ClientTest, MakesARequestIdForEachCallUnlessOneIsGiven) {
  ASSERT_TRUE(Advance().ok());
  ASSERT_TRUE(Advance().ok());
  ASSERT_TRUE(Advance("mine").ok());
  EXPECT_EQ(RequestIds().size(), 3u);
  EXPECT_EQ(RequestIds().count("mine"), 1u);
}

TEST_F(ClientTest, DoesNotRetryAnAnswer) {
  for (const auto code : {grpc::StatusCode::ABORTED, grpc::StatusCode::INTERNAL,
                          grpc::StatusCode::FAILED_PRECONDITION, grpc::StatusCode::NOT_FOUND}) {
    leads_.requests.clear();
    leads_.advance = [code](int) { return grpc::Status(code, "no"); };
    EXPECT_EQ(static_cast<int>(Advance().status().code()), static_cast<int>(code));
    EXPECT_EQ(leads_.requests.size(), 1u);
  }
}

TEST_F(ClientTest, GivesUpAtItsDeadline) {
  leads_.advance = [](int) {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    return grpc::Status::OK;
  };
  const Client hasty = sales_->Within(absl::Milliseconds(50));
  EXPECT_TRUE(absl::IsDeadlineExceeded(hasty.AdvanceLead({}).status()));
}

TEST_F(ClientTest, SaysThatNobodyIsThere) {
  const auto alone = Client::Connect("127.0.0.1:1");
  ASSERT_TRUE(alone.ok());
  const absl::Status lost = alone->AdvanceLead({}).status();
  EXPECT_TRUE(absl::IsUnavailable(lost)) << lost;
  EXPECT_EQ(DetailOf(lost).reason, "");
}

TEST_F(ClientTest, CarriesTheDetailsOfAnError) {
  google::rpc::Status status;
  google::rpc::ErrorInfo info;
  info.set_reason("GUARD_UNMET");
  (*info.mutable_metadata())["stage"] = "start";
  status.add_details()->PackFrom(info);
  google::rpc::PreconditionFailure unmet;
  unmet.add_violations()->set_subject("start");
  unmet.mutable_violations(0)->set_description("price_offered: Offer a price.");
  status.add_details()->PackFrom(unmet);
  google::rpc::BadRequest bad;
  bad.add_field_violations()->set_field("stage");
  bad.mutable_field_violations(0)->set_description("later");
  status.add_details()->PackFrom(bad);
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(2);
  status.add_details()->PackFrom(retry);
  leads_.advance = [&](int) {
    return grpc::Status(grpc::StatusCode::FAILED_PRECONDITION, "unmet", status.SerializeAsString());
  };
  const absl::Status refused = Advance().status();
  EXPECT_TRUE(absl::IsFailedPrecondition(refused));
  EXPECT_EQ(refused.message(), "unmet");
  const ErrorDetail detail = DetailOf(refused);
  EXPECT_EQ(detail.reason, "GUARD_UNMET");
  EXPECT_EQ(detail.metadata.at("stage"), "start");
  ASSERT_EQ(detail.missing.size(), 1u);
  EXPECT_EQ(detail.missing[0].stage, "start");
  EXPECT_EQ(detail.missing[0].condition, "price_offered");
  EXPECT_EQ(detail.missing[0].description, "Offer a price.");
  ASSERT_EQ(detail.fields.size(), 1u);
  EXPECT_EQ(detail.fields[0].field, "stage");
  EXPECT_EQ(detail.retry_delay, absl::Seconds(2));
}

TEST_F(ClientTest, AsksForTheNextPageWhenItIsNeeded) {
  v1::ListLeadsRequest request;
  request.set_page_size(2);
  Stream<v1::Lead> leads = sales_->ListLeads(request);
  EXPECT_TRUE(leads_.pages.empty());
  std::vector<std::string> names;
  for (const auto& lead : leads) {
    ASSERT_TRUE(lead.ok()) << lead.status();
    if (names.empty()) {
      EXPECT_EQ(leads_.pages.size(), 1u);
    }
    names.push_back(lead->name());
  }
  EXPECT_EQ(names, (std::vector<std::string>{"1-0", "1-1", "2-0", "2-1", "3-0", "3-1"}));
  ASSERT_EQ(leads_.pages.size(), 3u);
  EXPECT_EQ(leads_.pages[2].page_token(), "p2");
  EXPECT_EQ(leads_.pages[2].parent(), "workspaces/studio");
}

TEST_F(ClientTest, EndsAListWithItsError) {
  leads_.pages.resize(3);
  int errors = 0;
  for (const auto& lead : sales_->Within(absl::Seconds(2)).ListLeads({})) errors += !lead.ok();
  EXPECT_EQ(errors, 1);
}

TEST_F(ClientTest, WatchesOnAfterWhatItHasGiven) {
  Stream<v1::WatchEventsResponse> watch = sales_->Watch(0);
  for (const int64_t revision : {2, 3, 4}) {
    const auto batch = watch.Next();
    ASSERT_TRUE(batch.ok() && batch->has_value());
    EXPECT_EQ((*batch)->revision(), revision);
  }
  EXPECT_EQ(events_.after, (std::vector<int64_t>{0, 3, 3, 3, 3}));
}

TEST_F(ClientTest, SaysThatAWatchIsRefused) {
  events_.refusal = grpc::Status(grpc::StatusCode::OUT_OF_RANGE, "older than what is kept");
  EXPECT_TRUE(absl::IsOutOfRange(sales_->Watch(0).Next().status()));
}

TEST_F(ClientTest, EndsAWatchThatIsCancelledFromElsewhere) {
  Stream<v1::WatchEventsResponse> watch = sales_->Watch(0);
  std::atomic<int> given = 0;
  std::thread reader([&] {
    for (const auto& batch : watch) given += batch.ok();
  });
  while (given < 3) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  watch.Cancel();
  reader.join();
  EXPECT_EQ(given, 3);
}

TEST_F(ClientTest, SendsUnansweredRowsOfAnImportAgain) {
  int64_t next = 1;
  std::vector<int64_t> answered;
  for (const auto& result :
       sales_->ImportLeads([&]() -> absl::StatusOr<std::optional<v1::ImportLeadsRequest>> {
         if (next > 5) return std::nullopt;
         v1::ImportLeadsRequest row;
         row.set_row(next++);
         return row;
       })) {
    ASSERT_TRUE(result.ok()) << result.status();
    answered.push_back(result->row());
  }
  EXPECT_EQ(answered, (std::vector<int64_t>{1, 2, 3, 4, 5}));
  EXPECT_EQ(leads_.imports, (std::vector<std::vector<int64_t>>{{1, 2, 3}, {3}, {3, 4, 5}}));
}

TEST_F(ClientTest, EndsAnImportWithTheErrorOfItsRows) {
  Stream<v1::ImportLeadsResponse> results =
      sales_->ImportLeads([]() -> absl::StatusOr<std::optional<v1::ImportLeadsRequest>> {
        return absl::DataLossError("the file ends in the middle");
      });
  EXPECT_TRUE(absl::IsDataLoss(results.Next().status()));
  const auto after = results.Next();
  EXPECT_TRUE(after.ok() && !after->has_value());
}

}  // namespace
}  // namespace sales::client
