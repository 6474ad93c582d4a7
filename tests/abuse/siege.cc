#include "tests/abuse/siege.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <utility>

#include "grpcpp/client_context.h"
#include "sales/v1/lead.grpc.pb.h"
#include "sales/v1/workspace.grpc.pb.h"

namespace sales::abuse {
namespace {

constexpr int kHonestClients = 4;
constexpr char kWorkspace[] = "workspaces/studio";
// As every client of ours: a call that is sent while its connection is being closed is sent again.
constexpr char kRetries[] = R"({"methodConfig": [{"name": [{}], "retryPolicy": {
    "maxAttempts": 5, "initialBackoff": "0.1s", "maxBackoff": "2s", "backoffMultiplier": 2,
    "retryableStatusCodes": ["UNAVAILABLE"]}}]})";
constexpr int64_t kMebibyte = 1 << 20;

void Within(grpc::ClientContext& context, int seconds) {
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(seconds));
}

grpc::Status Capture(v1::LeadService::Stub& leads, const std::string& email,
                     v1::CaptureLeadResponse* response) {
  grpc::ClientContext context;
  Within(context, 30);
  v1::CaptureLeadRequest request;
  request.set_parent(kWorkspace);
  auto& identity = *request.mutable_contact()->add_identities();
  identity.set_kind(v1::Identity::KIND_EMAIL);
  identity.set_value(email);
  return leads.CaptureLead(&context, request, response);
}

grpc::Status GetLead(v1::LeadService::Stub& leads, const std::string& name) {
  grpc::ClientContext context;
  Within(context, 30);
  v1::GetLeadRequest request;
  request.set_name(name);
  v1::Lead lead;
  return leads.GetLead(&context, request, &lead);
}

// Where memory is short gRPC ends connections that are idle for a moment, at times five in a row:
// then a caller asks again what his client gave up, and what that costs him shows in his rate.
grpc::Status Asked(Refusals allowed, const std::function<grpc::Status()>& call) {
  const int times = allowed == Refusals::kOfMemory ? 3 : 1;
  grpc::Status status = call();
  for (int asked = 1; asked < times && status.error_code() == grpc::UNAVAILABLE; ++asked) {
    status = call();
  }
  return status;
}

}  // namespace

bool IsLong() { return std::getenv("SALES_ABUSE_SECONDS") != nullptr; }

std::chrono::seconds FuzzTime() {
  const char* const seconds = std::getenv("SALES_ABUSE_SECONDS");
  return std::chrono::seconds(seconds != nullptr ? std::atoi(seconds) : 20);
}

HonestClients::HonestClients(const rigs::SalesdProcess& salesd, Refusals allowed)
    : allowed_(allowed) {
  for (int i = 0; i < kHonestClients; ++i) {
    auto channel = salesd.Channel(kRetries);
    EXPECT_TRUE(
        channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(30)));
    threads_.emplace_back([this, channel, i] { Work(channel, i); });
  }
}

HonestClients::~HonestClients() {
  stopping_ = true;
  for (std::thread& thread : threads_) thread.join();
  for (const std::string& failure : failures_) ADD_FAILURE() << "an honest call: " << failure;
}

double HonestClients::RateSince(std::chrono::steady_clock::time_point start) {
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  return static_cast<double>(calls_.exchange(0)) / time.count();
}

void HonestClients::Work(const std::shared_ptr<grpc::Channel>& channel, int number) {
  const auto leads = v1::LeadService::NewStub(channel);
  for (int i = 0; !stopping_; ++i) {
    v1::CaptureLeadResponse captured;
    const std::string email = "honest" + std::to_string(number) + "." + std::to_string(i % 500);
    grpc::Status status =
        Asked(allowed_, [&] { return Capture(*leads, email + "@example.com", &captured); });
    if (status.ok())
      status = Asked(allowed_, [&] { return GetLead(*leads, captured.lead().name()); });
    if (status.ok()) calls_ += 2;
    const bool allowed =
        allowed_ == Refusals::kOfMemory && status.error_code() == grpc::RESOURCE_EXHAUSTED;
    if (status.ok() || allowed) continue;
    const std::lock_guard<std::mutex> lock(mutex_);
    if (failures_.size() < 5) failures_.push_back(status.error_message());
  }
}

Siege::Siege()
    : folder_(std::filesystem::path(testing::TempDir()) /
              ("sales-abuse-" + std::to_string(getpid()))),
      salesd_(SALES_SALESD, folder_) {
  std::filesystem::remove_all(folder_);
  std::filesystem::create_directories(folder_);
  rlimit descriptors = {};
  getrlimit(RLIMIT_NOFILE, &descriptors);
  descriptors.rlim_cur = descriptors.rlim_max;
  setrlimit(RLIMIT_NOFILE, &descriptors);
}

Siege::~Siege() {
  if (HasFailure()) std::fprintf(stderr, "%s\n", salesd_.LogTail().c_str());
  if (salesd_.IsRunning()) End();
  std::filesystem::remove_all(folder_);
}

void Siege::Begin(const std::vector<std::string>& flags) {
  const std::string store = "sqlite:" + (folder_ / "studio.db").string();
  std::vector<std::string> all = {"--lame-duck-seconds=0", "--drain-seconds=5"};
  all.insert(all.end(), flags.begin(), flags.end());
  ASSERT_TRUE(salesd_.Migrate(store)) << salesd_.LogTail();
  ASSERT_TRUE(salesd_.Start(store, all)) << salesd_.LogTail();
  grpc::ClientContext context;
  Within(context, 30);
  v1::CreateWorkspaceRequest request;
  request.set_workspace_id("studio");
  v1::Workspace workspace;
  const grpc::Status made = v1::WorkspaceService::NewStub(salesd_.Channel())
                                ->CreateWorkspace(&context, request, &workspace);
  ASSERT_TRUE(made.ok()) << made.error_message();
}

void Siege::CaptureLeads(int count) {
  const auto leads = v1::LeadService::NewStub(salesd_.Channel());
  for (int done = 0; done < count; done += 500) {
    grpc::ClientContext context;
    Within(context, 60);
    v1::BatchCaptureLeadsRequest batch;
    batch.set_parent(kWorkspace);
    for (int i = done; i < std::min(done + 500, count); ++i) {
      auto& identity = *batch.add_requests()->mutable_contact()->add_identities();
      identity.set_kind(v1::Identity::KIND_EMAIL);
      identity.set_value("old" + std::to_string(i) + "@example.com");
    }
    v1::BatchCaptureLeadsResponse response;
    const grpc::Status status = leads->BatchCaptureLeads(&context, batch, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }
}

void Siege::ExpectUnharmed(int seconds) {
  ASSERT_TRUE(salesd_.IsRunning());
  EXPECT_LT(salesd_.ResidentBytesMost(), kResidentBytesMax);
  const auto channel = salesd_.Channel();
  EXPECT_TRUE(
      channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(seconds)));
  v1::CaptureLeadResponse response;
  const grpc::Status status =
      Capture(*v1::LeadService::NewStub(channel), "new@example.com", &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
}

void Siege::End() {
  salesd_.Terminate();
  EXPECT_EQ(salesd_.Wait(), 0);
}

void Siege::Tell(const std::string& name, double before, double during) {
  std::printf(
      "%-32s honest calls/s %6.0f before, %6.0f during (%3.0f %%); salesd %lld MiB, at most %lld\n",
      name.c_str(), before, during, 100 * during / before,
      static_cast<long long>(salesd_.ResidentBytes() / kMebibyte),
      static_cast<long long>(salesd_.ResidentBytesMost() / kMebibyte));
}

}  // namespace sales::abuse
