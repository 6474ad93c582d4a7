// A backup: whole, of one moment, its owner's only, and nobody waits for it.
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include "sales/error.h"
#include "tests/engine/studio.h"

namespace sales::testing {
namespace {

constexpr int kWriters = 16;

class BackingUp : public Studio {
 protected:
  std::string File(const std::string& name) const { return directory_ + "/" + name; }

  // The store that a backup is.
  static Engine Restored(const std::string& file) {
    EngineOptions options;
    options.store = "sqlite:" + file;
    options.access = EngineOptions::Access::kExclusive;
    options.migrate = false;
    auto engine = Engine::Open(options);
    EXPECT_TRUE(engine.ok()) << engine.status();
    return *std::move(engine);
  }

  static std::string BytesOf(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    std::stringstream bytes;
    bytes << in.rdbuf();
    return bytes.str();
  }
};

TEST_F(BackingUp, HoldsEveryWriteThatWasAcknowledgedBeforeItBegan) {
  std::mutex mutex;
  std::set<std::string> acknowledged;
  std::atomic<bool> stop = false;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 0; !stop; ++i) {
        CaptureLead capture;
        capture.id = "w" + std::to_string(writer) + "-" + std::to_string(i);
        capture.contact.identities = {Email("person" + std::to_string(i % 40) + "@example.com")};
        const auto captured = desk().CaptureLead(capture);
        ASSERT_TRUE(captured.ok()) << captured.status();
        const std::lock_guard<std::mutex> lock(mutex);
        acknowledged.insert(captured->lead.id);
      }
    });
  }
  std::vector<std::set<std::string>> before;
  for (int round = 0; round < 3; ++round) {
    while (true) {
      const std::lock_guard<std::mutex> lock(mutex);
      if (acknowledged.size() < static_cast<size_t>(200 * (round + 1))) continue;
      before.push_back(acknowledged);
      break;
    }
    const absl::Status made = engine_->Backup(File("backup" + std::to_string(round)));
    EXPECT_TRUE(made.ok()) << made;
  }
  stop = true;
  for (std::thread& writer : writers) writer.join();
  for (int round = 0; round < 3; ++round) {
    const Engine restored = Restored(File("backup" + std::to_string(round)));
    const auto faults = restored.Check();
    ASSERT_TRUE(faults.ok()) << faults.status();
    // Gaps in revisions are faults, so what is there is a beginning of the history.
    for (const CheckFault& fault : *faults) ADD_FAILURE() << fault.kind << fault.description;
    for (const std::string& lead : before[static_cast<size_t>(round)]) {
      EXPECT_TRUE(restored.At("studio").GetLead(lead).ok()) << lead;
    }
    EXPECT_LE(restored.At("studio").GetWorkspace()->revision, desk().GetWorkspace()->revision);
  }
}

TEST_F(BackingUp, IsReadableByItsOwnerOnly) {
  ASSERT_TRUE(engine_->Backup(File("backup")).ok());
  struct stat found = {};
  ASSERT_EQ(stat(File("backup").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777u, 0600u);
}

TEST_F(BackingUp, LeavesNothingBesideIt) {
  ASSERT_TRUE(engine_->Backup(File("backup")).ok());
  for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
    EXPECT_EQ(entry.path().string().find("partial"), std::string::npos) << entry.path();
  }
}

TEST_F(BackingUp, ReplacesNoFile) {
  std::ofstream(File("taken")) << "something else";
  EXPECT_EQ(ReasonOf(engine_->Backup(File("taken"))), Reason::kBackupExists);
  EXPECT_EQ(BytesOf(File("taken")), "something else");
}

TEST_F(BackingUp, NeedsAFolderThatIsThere) {
  EXPECT_EQ(ReasonOf(engine_->Backup(File("nowhere/backup"))), Reason::kFieldInvalid);
  EXPECT_EQ(ReasonOf(engine_->Backup("")), Reason::kFieldInvalid);
}

TEST_F(BackingUp, HoldsNoByteOfWhomWasErasedBefore) {
  CaptureLead capture;
  capture.contact.display_name = "zqcanaryqz";
  const auto captured = desk().CaptureLead(capture);
  ASSERT_TRUE(captured.ok()) << captured.status();
  ASSERT_TRUE(engine_->Backup(File("with")).ok());
  EXPECT_NE(BytesOf(File("with")).find("zqcanaryqz"), std::string::npos);
  ASSERT_TRUE(desk().EraseContact(captured->contact.id).ok());
  ASSERT_TRUE(engine_->Backup(File("without")).ok());
  EXPECT_EQ(BytesOf(File("without")).find("zqcanaryqz"), std::string::npos);
}

TEST_F(BackingUp, WorksFromASecondProcessThatOnlyReads) {
  Capture("person");
  EngineOptions options = Options();
  options.access = EngineOptions::Access::kReadOnly;
  const auto reader = Engine::Open(options);
  ASSERT_TRUE(reader.ok()) << reader.status();
  const absl::Status made = reader->Backup(File("backup"));
  ASSERT_TRUE(made.ok()) << made;
  EXPECT_TRUE(Restored(File("backup")).At("studio").FindContact(Email("person@example.com")).ok());
}

}  // namespace
}  // namespace sales::testing
