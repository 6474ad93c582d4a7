// The examples do what they say, each as a program of its own.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>

#include "clients/cpp/tests/salesd_process.h"
#include "sales/client.h"
#include "sales/v1/workspace.pb.h"

namespace sales::client {
namespace {

// The command that runs an example.
std::string Example(const std::string& name, const SalesdProcess& server) {
  return std::string(SALES_EXAMPLES) + "/sales_" + name + " " + server.target() + " ";
}

// What a command prints; fails if it does.
std::string Printed(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  std::string printed;
  std::array<char, 4096> buffer;
  while (const size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    printed.append(buffer.data(), count);
  }
  EXPECT_EQ(pclose(pipe), 0) << command;
  return printed;
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Examples, TheQuickstartSaysWhatIsMissing) {
  const SalesdProcess server;
  const std::string printed = Printed(Example("quickstart", server));
  EXPECT_TRUE(Has(printed, "not yet: requirements_agreed")) << printed;
  EXPECT_TRUE(Has(printed, "not yet: price_offered")) << printed;
}

TEST(Examples, TheWalkthroughWinsOneAndRefusesOne) {
  const SalesdProcess server;
  const std::string printed = Printed(Example("walkthrough", server) + "walk");
  for (const char* part : {"missing requirements_agreed, asked for by", "won at 860000",
                           "ARGUMENTS_REQUIRED", "channels/referral", "won 1 of 3"}) {
    EXPECT_TRUE(Has(printed, part)) << part << " in " << printed;
  }
}

TEST(Examples, AnImportIsReported) {
  const SalesdProcess server;
  const auto sales = Client::Connect(server.target());
  v1::CreateWorkspaceRequest request;
  request.set_workspace_id("studio");
  ASSERT_TRUE(sales->CreateWorkspace(request).ok());
  const std::string file = testing::TempDir() + "/client-example-" + std::to_string(getpid());
  std::ofstream(file) << "id,email,received,won,value\n"
                         "1,eva@example.com,2026-03-01T10:00:00+01:00,2026-03-05T10:00:00+01:00,"
                         "490050\n"
                         "2,ada@example.com,2026-03-02T10:00:00+01:00,,\n";
  EXPECT_EQ(Printed(Example("import_leads", server) + "studio < " + file),
            "1 RESULT_IMPORTED \n2 RESULT_IMPORTED \n");
  EXPECT_EQ(Printed(Example("import_leads", server) + "studio < " + file),
            "1 RESULT_UNCHANGED \n2 RESULT_UNCHANGED \n");
  const std::string report = Printed(Example("report", server) + "studio");
  EXPECT_TRUE(Has(report, "1 of 2 go on")) << report;
  EXPECT_TRUE(Has(report, "490050 minor units EUR")) << report;
  std::filesystem::remove(file);
}

TEST(Examples, AWatchPrintsWhatHappens) {
  const SalesdProcess server;
  const auto sales = Client::Connect(server.target());
  v1::CreateWorkspaceRequest request;
  request.set_workspace_id("studio");
  ASSERT_TRUE(sales->CreateWorkspace(request).ok());
  const std::string printed = Printed("timeout 3 " + Example("watch", server) + "studio | head -1");
  EXPECT_TRUE(Has(printed, "1 EVENT_TYPE_WORKSPACE_CREATED")) << printed;
}

}  // namespace
}  // namespace sales::client
