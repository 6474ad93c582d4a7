#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "sales/report.h"
#include "tests/engine/studio.h"

namespace sales {
namespace {

class Together : public testing::Studio {
 protected:
  // Captures somebody new, or is refused for a channel that is not there.
  Engine::JointWrite Captures(const std::string& id, const std::string& channel = "") {
    return {"studio", [this, id, channel](internal::Joint* joint) {
              Call call;
              call.joint = joint;
              CaptureLead command;
              command.id = id;
              command.channel = channel;
              command.contact.identities = {Email(id + "@example.com")};
              return desk().With(call).CaptureLead(command).status();
            }};
  }
};

TEST_F(Together, WritesShareACommitAndEachTakesARevision) {
  const int64_t revision = desk().GetWorkspace()->revision;
  const Engine::WriteCounts before = engine_->write_counts();
  for (const absl::Status& status :
       engine_->Together({Captures("a"), Captures("b"), Captures("c")})) {
    EXPECT_TRUE(status.ok()) << status;
  }
  EXPECT_EQ(engine_->write_counts().commits, before.commits + 1);
  EXPECT_EQ(desk().GetWorkspace()->revision, revision + 3);
  EXPECT_EQ(desk().GetLead("c")->revision, revision + 3);
}

TEST_F(Together, ARefusedWriteLeavesTheOthers) {
  const int64_t revision = desk().GetWorkspace()->revision;
  const std::vector<absl::Status> statuses =
      engine_->Together({Captures("a"), Captures("b", "nowhere"), Captures("c"), Captures("a")});
  EXPECT_TRUE(statuses[0].ok());
  EXPECT_EQ(testing::ReasonIn(statuses[1]), Reason::kChannelNotFound);
  EXPECT_TRUE(statuses[2].ok());
  EXPECT_EQ(testing::ReasonIn(statuses[3]), Reason::kLeadExists);
  EXPECT_TRUE(desk().GetLead("a").ok());
  EXPECT_EQ(testing::ReasonIn(desk().GetLead("b").status()), Reason::kLeadNotFound);
  EXPECT_TRUE(desk().GetLead("c").ok());
  EXPECT_EQ(desk().GetWorkspace()->revision, revision + 2);
  ExpectClean();
}

TEST_F(Together, AFunctionWithoutAWriteHasItsOwnStatus) {
  const Engine::JointWrite nothing = {"studio", [](internal::Joint*) { return absl::OkStatus(); }};
  const Engine::JointWrite refused = {
      "", [](internal::Joint*) { return absl::InvalidArgumentError("not even tried"); }};
  const std::vector<absl::Status> statuses = engine_->Together({nothing, refused, Captures("a")});
  EXPECT_TRUE(statuses[0].ok());
  EXPECT_EQ(statuses[1].message(), "not even tried");
  EXPECT_TRUE(statuses[2].ok());
}

TEST_F(Together, AFunctionThatFailsAfterItsWriteHasWritten) {
  const Engine::JointWrite capture = Captures("a");
  const std::vector<absl::Status> statuses =
      engine_->Together({{"studio", [&](internal::Joint* joint) {
                            EXPECT_TRUE(capture.run(joint).ok());
                            return absl::InternalError("what came after the write");
                          }}});
  EXPECT_FALSE(statuses[0].ok());
  EXPECT_TRUE(desk().GetLead("a").ok());
  ExpectClean();
}

TEST_F(Together, ASecondWriteOfAFunctionIsRefusedAndTheFirstStands) {
  const Engine::JointWrite first = Captures("a");
  const Engine::JointWrite second = Captures("b");
  absl::Status refused;
  engine_->Together({{"studio", [&](internal::Joint* joint) {
                        const absl::Status status = first.run(joint);
                        refused = second.run(joint);
                        return status;
                      }}});
  EXPECT_EQ(refused.code(), absl::StatusCode::kInternal);
  EXPECT_TRUE(desk().GetLead("a").ok());
  EXPECT_FALSE(desk().GetLead("b").ok());
}

TEST_F(Together, AnImportIsRefused) {
  absl::Status refused;
  engine_->Together({{"studio", [&](internal::Joint* joint) {
                        Call call;
                        call.joint = joint;
                        ImportLead row;
                        row.capture.external_id = "1";
                        row.capture.contact.identities = {Email("i@example.com")};
                        refused = desk().With(call).ImportLeads({row})->front().status;
                        return absl::OkStatus();
                      }}});
  EXPECT_EQ(refused.code(), absl::StatusCode::kInternal);
}

TEST_F(Together, IsOneOfManyWriters) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 20;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int round = 0; round < kRounds; ++round) {
        const std::string id = std::to_string(thread) + "-" + std::to_string(round);
        if (thread % 2 == 0) {
          EXPECT_TRUE(Captures(id).run(nullptr).ok());
        } else {
          const auto statuses =
              engine_->Together({Captures(id + "a"), Captures(id, "nowhere"), Captures(id + "b")});
          EXPECT_TRUE(statuses[0].ok() && !statuses[1].ok() && statuses[2].ok());
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(desk().ReportFunnel({})->received, kThreads / 2 * kRounds * 3);
  ExpectClean();
}

}  // namespace
}  // namespace sales
