// A server over a store of its own, and a client of it.
#ifndef SALES_TESTS_SERVICE_SERVER_FIXTURE_H_
#define SALES_TESTS_SERVICE_SERVER_FIXTURE_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "sales/v1/event.grpc.pb.h"
#include "sales/v1/lead.grpc.pb.h"
#include "sales/v1/workspace.grpc.pb.h"
#include "service/src/log.h"
#include "service/src/server.h"
#include "tests/rigs/fresh_store.h"
#include "tests/rigs/kept_log.h"
#include "tests/rigs/rig.h"

namespace sales::service {

class ServerTest : public testing::Test {
 protected:
  ServerTest()
      : folder_(std::filesystem::path(testing::TempDir()) /
                ("sales-service-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }

  ~ServerTest() override {
    server_.reset();
    std::filesystem::remove_all(folder_);
  }

  ServerOptions Options() const {
    ServerOptions options;
    options.engine.store = store_.name();
    options.engine.access = EngineOptions::Access::kExclusive;
    options.engine.webhooks.secret = rigs::WebhookSecret();
    options.sweep_interval = sweep_interval_;
    options.rate = rate_;
    options.streams = streams_;
    options.metrics_listen = metrics_listen_;
    options.auth = auth_;
    return options;
  }

  // Starts the server and makes the workspace "studio".
  void Serve() {
    Start();
    grpc::ClientContext context;
    v1::CreateWorkspaceRequest request;
    request.set_workspace_id("studio");
    v1::Workspace workspace;
    const grpc::Status status = workspaces_->CreateWorkspace(&context, request, &workspace);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  // Starts the server on the store as it is.
  void Start() {
    auto server = Server::Start(Options(), log_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    channel_ = ChannelTo(server_->port());
    leads_ = v1::LeadService::NewStub(channel_);
    events_ = v1::EventService::NewStub(channel_);
    workspaces_ = v1::WorkspaceService::NewStub(channel_);
  }

  static std::shared_ptr<grpc::Channel> ChannelTo(
      int port, const std::shared_ptr<grpc::ChannelCredentials>& credentials =
                    grpc::InsecureChannelCredentials()) {
    grpc::ChannelArguments arguments;
    // Channels of one process to one address share a connection unless told otherwise.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(port), credentials, arguments);
  }

  static void Within(grpc::ClientContext& context, int seconds) {
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(seconds));
  }

  static v1::CaptureLeadRequest Capture(const std::string& email) {
    v1::CaptureLeadRequest request;
    request.set_parent("workspaces/studio");
    auto& identity = *request.mutable_contact()->add_identities();
    identity.set_kind(v1::Identity::KIND_EMAIL);
    identity.set_value(email);
    return request;
  }

  grpc::Status CaptureLead(const std::string& email, v1::CaptureLeadResponse* response = nullptr) {
    grpc::ClientContext context;
    Within(context, 30);
    v1::CaptureLeadResponse ignored;
    return leads_->CaptureLead(&context, Capture(email), response ? response : &ignored);
  }

  int64_t Revision() {
    grpc::ClientContext context;
    v1::GetWorkspaceRequest request;
    request.set_name("workspaces/studio");
    v1::Workspace workspace;
    const grpc::Status status = workspaces_->GetWorkspace(&context, request, &workspace);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return workspace.revision();
  }

  static std::string ReasonOf(const grpc::Status& status) {
    return rigs::AnswerFrom(status.error_details()).reason;
  }

  const std::filesystem::path folder_;
  const rigs::FreshStore store_{(folder_ / "studio.db").string()};
  // None, unless a test says otherwise.
  AuthOptions auth_;
  // Never, unless a test says otherwise.
  absl::Duration sweep_interval_;
  RateLimit rate_;
  StreamLimits streams_;
  // Nothing is measured, unless a test says otherwise.
  std::string metrics_listen_;
  rigs::OwnLog log_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::LeadService::Stub> leads_;
  std::unique_ptr<v1::EventService::Stub> events_;
  std::unique_ptr<v1::WorkspaceService::Stub> workspaces_;
};

}  // namespace sales::service

#endif  // SALES_TESTS_SERVICE_SERVER_FIXTURE_H_
