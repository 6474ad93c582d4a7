// What a copy has, and where it may go: from a file to a store of either kind, and back.
#include "clients/cli/src/copy.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "sales/sales.h"
#include "tests/rigs/fresh_store.h"

namespace salesctl {
namespace {

sales::Engine Open(const std::string& store) {
  sales::EngineOptions options;
  options.store = store;
  auto engine = sales::Engine::Open(std::move(options));
  EXPECT_TRUE(engine.ok()) << engine.status();
  return *std::move(engine);
}

std::string TextOf(const std::string& store) {
  std::string text;
  const absl::Status status =
      Open(store).At("studio", {}).ExportWorkspace([&text](const std::string& piece) {
        text += piece;
        return absl::OkStatus();
      });
  EXPECT_TRUE(status.ok()) << status;
  return text;
}

class Copy : public testing::Test {
 protected:
  Copy() {
    std::filesystem::create_directories(folder_);
    const sales::Engine engine = Open(from_);
    sales::CreateWorkspace workspace;
    workspace.id = "studio";
    EXPECT_TRUE(engine.CreateWorkspace(workspace).ok());
    sales::CaptureLead lead;
    lead.id = "first";
    lead.contact.display_name = "Иван Петров";
    lead.contact.identities = {sales::Email("ivan@example.com")};
    EXPECT_TRUE(engine.At("studio", {}).CaptureLead(lead).ok());
  }
  ~Copy() override { std::filesystem::remove_all(folder_); }

  const std::string folder_ = testing::TempDir() + "/copy-" + std::to_string(getpid());
  const std::string from_ = "sqlite:" + folder_ + "/from.db";
  const std::string back_ = "sqlite:" + folder_ + "/back.db";
  const sales::rigs::FreshStore to_{folder_ + "/to.db"};
};

TEST_F(Copy, HasAllThatTheWorkspaceIsThereAndBack) {
  std::vector<Copied> copied;
  ASSERT_TRUE(CopyWorkspaces({from_, to_.name(), {}}, copied).ok());
  ASSERT_EQ(copied.size(), 1u);
  EXPECT_EQ(copied[0].workspace, "studio");
  EXPECT_EQ(copied[0].revision, 2);
  EXPECT_EQ(copied[0].behind, 0);
  const std::string text = TextOf(from_);
  EXPECT_EQ(copied[0].bytes, static_cast<int64_t>(text.size()));
  EXPECT_EQ(TextOf(to_.name()), text);
  EXPECT_TRUE(Open(to_.name()).At("studio", {}).GetLead("first").ok());
  ASSERT_TRUE(CopyWorkspaces({to_.name(), back_, {"studio"}}, copied).ok());
  EXPECT_EQ(TextOf(back_), text);
}

TEST_F(Copy, NeverReplacesAWorkspace) {
  std::vector<Copied> copied;
  ASSERT_TRUE(CopyWorkspaces({from_, to_.name(), {}}, copied).ok());
  EXPECT_EQ(sales::ReasonOf(CopyWorkspaces({from_, to_.name(), {}}, copied)),
            sales::Reason::kWorkspaceExists);
}

TEST_F(Copy, OfAWorkspaceThatIsNotThereMakesNone) {
  std::vector<Copied> copied;
  EXPECT_EQ(sales::ReasonOf(CopyWorkspaces({from_, to_.name(), {"nowhere"}}, copied)),
            sales::Reason::kWorkspaceNotFound);
  EXPECT_TRUE(copied.empty());
}

}  // namespace
}  // namespace salesctl
