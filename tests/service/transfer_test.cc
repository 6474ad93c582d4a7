// BackupStore, ExportWorkspace and ImportWorkspace over a real port.
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "sales/store.h"
#include "sales/v1/store.grpc.pb.h"
#include "tests/service/server_fixture.h"

namespace sales::service {
namespace {

class Transfers : public ServerTest {
 protected:
  void SetUp() override {
    Serve();
    for (int i = 0; i < 20; ++i) {
      ASSERT_TRUE(CaptureLead("person" + std::to_string(i) + "@example.com").ok());
    }
    stores_ = v1::StoreService::NewStub(channel_);
  }

  std::string Exported() {
    grpc::ClientContext context;
    Within(context, 60);
    v1::ExportWorkspaceRequest request;
    request.set_name("workspaces/studio");
    const auto stream = workspaces_->ExportWorkspace(&context, request);
    v1::ExportWorkspaceResponse response;
    std::string text;
    while (stream->Read(&response)) text += response.text();
    const grpc::Status status = stream->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    return text;
  }

  // In pieces; empty ones among them say nothing.
  grpc::Status Import(const std::string& text, const std::string& name = "workspaces/studio") {
    grpc::ClientContext context;
    Within(context, 60);
    v1::Workspace imported;
    const auto stream = workspaces_->ImportWorkspace(&context, &imported);
    v1::ImportWorkspaceRequest request;
    request.set_name(name);
    stream->Write(request);
    request.clear_name();
    for (size_t at = 0; at < text.size(); at += 5000) {
      request.set_text(text.substr(at, 5000));
      if (!stream->Write(request)) break;
    }
    stream->WritesDone();
    return stream->Finish();
  }

  void Delete() {
    grpc::ClientContext context;
    Within(context, 60);
    v1::DeleteWorkspaceRequest request;
    request.set_name("workspaces/studio");
    request.set_force(true);
    google::protobuf::Empty nothing;
    const grpc::Status status = workspaces_->DeleteWorkspace(&context, request, &nothing);
    ASSERT_TRUE(status.ok()) << status.error_message();
    while (server_->engine().Sweep()->rows_removed > 0) continue;
  }

  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }

  std::unique_ptr<v1::StoreService::Stub> stores_;
};

TEST_F(Transfers, ABackupIsAStoreByItself) {
  grpc::ClientContext context;
  Within(context, 60);
  const auto stream = stores_->BackupStore(&context, {});
  v1::BackupStoreResponse response;
  const std::string file = (folder_ / "backup.db").string();
  std::ofstream out(file, std::ios::binary);
  int64_t size = 0;
  while (stream->Read(&response)) {
    out << response.data();
    size += static_cast<int64_t>(response.data().size());
  }
  out.close();
  ASSERT_TRUE(stream->Finish().ok());
  EXPECT_EQ(response.size_bytes(), size);
  EXPECT_EQ(response.sha256().size(), 64u);
  EngineOptions options;
  options.store = "sqlite:" + file;
  options.migrate = false;
  const auto engine = Engine::Open(options);
  ASSERT_TRUE(engine.ok()) << engine.status();
  EXPECT_TRUE(engine->Check()->empty());
  EXPECT_EQ(engine->At("studio").ListLeads({})->items.size(), 20u);
}

TEST_F(Transfers, LeaveNoFileBesideTheStore) {
  const std::vector<std::string> before = Files();
  Exported();
  {
    // A client that goes in the middle.
    grpc::ClientContext context;
    const auto stream = stores_->BackupStore(&context, {});
    v1::BackupStoreResponse response;
    EXPECT_TRUE(stream->Read(&response));
    context.TryCancel();
    stream->Finish();
  }
  EXPECT_EQ(Files().size(), before.size());
}

TEST_F(Transfers, AServerRemovesWhatAKilledOneLeft) {
  server_.reset();
  const auto left = folder_ / "studio.db.scratch-123-1.partial-abcdef";
  std::ofstream(left) << "left";
  Start();
  EXPECT_FALSE(std::filesystem::exists(left));
}

TEST_F(Transfers, AnImportMakesWhatWasExported) {
  const std::string text = Exported();
  EXPECT_EQ(ReasonOf(Import(text)), "WORKSPACE_EXISTS");
  Delete();
  EXPECT_EQ(ReasonOf(Import(text, "workspaces/agency")), "NAME_INVALID");
  EXPECT_EQ(ReasonOf(Import(text, "studio")), "NAME_INVALID");
  EXPECT_EQ(ReasonOf(Import("")), "EXPORT_INVALID");
  EXPECT_EQ(ReasonOf(Import(text.substr(0, text.size() / 2))), "EXPORT_INVALID");
  const grpc::Status imported = Import(text);
  ASSERT_TRUE(imported.ok()) << imported.error_message();
  EXPECT_EQ(Exported(), text);
}

TEST_F(Transfers, AnImportThatItsClientLeavesLeavesNothing) {
  const std::string text = Exported();
  Delete();
  {
    grpc::ClientContext context;
    v1::Workspace imported;
    const auto stream = workspaces_->ImportWorkspace(&context, &imported);
    v1::ImportWorkspaceRequest request;
    request.set_name("workspaces/studio");
    request.set_text(text.substr(0, text.size() / 2));
    EXPECT_TRUE(stream->Write(request));
    context.TryCancel();
    EXPECT_FALSE(stream->Finish().ok());
  }
  // The server hears of it when it hears of it.
  grpc::Status imported;
  for (int i = 0; i < 500; ++i) {
    imported = Import(text);
    if (imported.ok()) break;
    EXPECT_EQ(ReasonOf(imported), "WORKSPACE_UNFINISHED");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_TRUE(imported.ok()) << imported.error_message();
}

TEST_F(Transfers, OfAnUnknownWorkspaceAreRefused) {
  grpc::ClientContext context;
  v1::ExportWorkspaceRequest request;
  request.set_name("workspaces/nowhere");
  const auto stream = workspaces_->ExportWorkspace(&context, request);
  v1::ExportWorkspaceResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(ReasonOf(stream->Finish()), "WORKSPACE_NOT_FOUND");
}

TEST_F(Transfers, AStatusTellsOfTheLastBackup) {
  const auto status = [this] {
    grpc::ClientContext context;
    v1::StoreStatus found;
    EXPECT_TRUE(stores_->GetStoreStatus(&context, {}, &found).ok());
    return found;
  };
  EXPECT_FALSE(status().has_backup_time());
  EXPECT_EQ(status().workspaces(), 1);
  EXPECT_GT(status().free_bytes(), 0);
  EXPECT_GT(status().schema_version(), 0);
  EXPECT_EQ(status().durability(), "full");
  grpc::ClientContext context;
  const auto stream = stores_->BackupStore(&context, {});
  v1::BackupStoreResponse response;
  int64_t size = 0;
  while (stream->Read(&response)) size += static_cast<int64_t>(response.data().size());
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(status().backup_bytes(), size);
  EXPECT_LE(status().backup_time().seconds(), status().server_time().seconds());
}

}  // namespace
}  // namespace sales::service
