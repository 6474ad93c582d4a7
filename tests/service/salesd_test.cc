// The program itself: settings, exit codes, log, signals.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "nlohmann/json.hpp"

namespace {

using Texts = std::vector<std::string>;

class Salesd : public testing::Test {
 protected:
  Salesd()
      : folder_(std::filesystem::path(testing::TempDir()) / ("salesd-" + std::to_string(getpid()))),
        store_("--store=sqlite:" + (folder_ / "studio.db").string()) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }

  ~Salesd() override {
    for (const pid_t child : children_) {
      kill(child, SIGKILL);
      waitpid(child, nullptr, 0);
    }
    std::filesystem::remove_all(folder_);
  }

  // Starts salesd; its log goes to the file `log`.
  pid_t Start(const Texts& arguments, const std::string& log, const Texts& environment = {}) {
    const std::string path = folder_ / log;
    const pid_t child = fork();
    if (child == 0) {
      const int file = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
      dup2(file, 1);
      dup2(file, 2);
      Texts all = arguments;
      all.insert(all.begin(), SALES_SALESD);
      std::vector<char*> argv;
      for (std::string& text : all) argv.push_back(text.data());
      argv.push_back(nullptr);
      Texts variables = environment;
      std::vector<char*> envp;
      for (std::string& text : variables) envp.push_back(text.data());
      envp.push_back(nullptr);
      execve(SALES_SALESD, argv.data(), envp.data());
      _exit(127);
    }
    children_.push_back(child);
    return child;
  }

  int ExitCode(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    std::erase(children_, child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  }

  int Run(const Texts& arguments, const std::string& log, const Texts& environment = {}) {
    return ExitCode(Start(arguments, log, environment));
  }

  std::string Output(const std::string& log) const {
    std::ifstream file(folder_ / log);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }

  std::vector<nlohmann::json> Lines(const std::string& log) const {
    std::vector<nlohmann::json> lines;
    std::istringstream text(Output(log));
    for (std::string line; std::getline(text, line);) {
      lines.push_back(nlohmann::json::parse(line, nullptr, false));
      EXPECT_FALSE(lines.back().is_discarded()) << line;
    }
    return lines;
  }

  // Waits until salesd says that it serves, and gives that line.
  nlohmann::json Serving(const std::string& log) const {
    for (int i = 0; i < 600; ++i) {
      for (const nlohmann::json& line : Lines(log)) {
        if (line.value("message", "") == "serving") return line;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return nullptr;
  }

  const std::filesystem::path folder_;
  const std::string store_;
  std::vector<pid_t> children_;
};

const Texts kFreePorts = {"--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0",
                          "--lame-duck-seconds=0"};

Texts With(Texts arguments, const Texts& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

TEST_F(Salesd, ServesAMigratedStoreUntilItIsToldToStop) {
  ASSERT_EQ(Run({"migrate", store_}, "migrate"), 0) << Output("migrate");
  for (const int signal : {SIGTERM, SIGINT}) {
    const std::string log = "serve-" + std::to_string(signal);
    const pid_t child = Start(With({store_}, kFreePorts), log);
    const nlohmann::json serving = Serving(log);
    ASSERT_TRUE(serving.is_object()) << Output(log);
    EXPECT_GT(serving.value("port", 0), 0);
    EXPECT_GT(serving.value("admin_port", 0), 0);
    kill(child, signal);
    EXPECT_EQ(ExitCode(child), 0) << Output(log);
    EXPECT_EQ(Lines(log).back().value("message", ""), "stopped");
  }
}

TEST_F(Salesd, DoesNotMakeAStoreUnlessToldToMigrate) {
  EXPECT_EQ(Run(With({store_}, kFreePorts), "serve"), 3) << Output("serve");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "studio.db"));
}

TEST_F(Salesd, NeedsAStore) {
  EXPECT_EQ(Run({"serve"}, "serve"), 2);
  EXPECT_EQ(Lines("serve").back().value("reason", ""), "SETTING_INVALID");
}

TEST_F(Salesd, MakesATokenAndTellsItOnceAlsoWhileAnotherServes) {
  ASSERT_EQ(Run({"migrate", store_}, "migrate"), 0) << Output("migrate");
  Start(With({store_, "--auth=required"}, kFreePorts), "serve");
  ASSERT_TRUE(Serving("serve").is_object()) << Output("serve");
  ASSERT_EQ(Run({"token", store_, "--role=owner", "--actor=boss"}, "token"), 0) << Output("token");
  const std::string output = Output("token");
  const size_t secret = output.find("sales_");
  ASSERT_NE(secret, std::string::npos) << output;
  EXPECT_EQ(output.find("sales_", secret + 1), std::string::npos) << output;
  EXPECT_NE(output.find("workspaces/-/tokens/"), std::string::npos) << output;
}

TEST_F(Salesd, MakesNoTokenWithoutARole) {
  ASSERT_EQ(Run({"migrate", store_}, "migrate"), 0) << Output("migrate");
  EXPECT_EQ(Run({"token", store_, "--actor=boss"}, "token"), 2) << Output("token");
  EXPECT_EQ(Run({"token", store_, "--role=king", "--actor=boss"}, "king"), 2) << Output("king");
  EXPECT_EQ(Run({"token", store_, "--role=owner", "--actor=boss", "--workspace=none"}, "none"), 1)
      << Output("none");
}

TEST_F(Salesd, ServesNobodyInParticularOnLoopbackOnlyAndSaysSo) {
  ASSERT_EQ(Run({"migrate", store_}, "migrate"), 0) << Output("migrate");
  EXPECT_EQ(Run({store_, "--listen=0.0.0.0:0"}, "open"), 2) << Output("open");
  EXPECT_NE(Lines("open").back().value("message", "").find("--auth"), std::string::npos);
  Start(With({store_}, kFreePorts), "serve");
  ASSERT_TRUE(Serving("serve").is_object()) << Output("serve");
  EXPECT_NE(Output("serve").find("NO AUTHENTICATION"), std::string::npos);
}

TEST_F(Salesd, RefusesACertificateThatIsNotThere) {
  ASSERT_EQ(Run({"migrate", store_}, "migrate"), 0);
  const Texts files = {store_, "--tls-cert-file=" + (folder_ / "none.pem").string(),
                       "--tls-key-file=" + (folder_ / "none.key").string()};
  EXPECT_EQ(Run(With(files, kFreePorts), "serve"), 2);
  EXPECT_EQ(Lines("serve").back().value("reason", ""), "SETTING_INVALID");
  EXPECT_NE(Output("serve").find("--tls-cert-file"), std::string::npos);
}

TEST_F(Salesd, RefusesAnUnknownVariable) {
  EXPECT_EQ(Run(With({store_}, kFreePorts), "serve", {"SALES_STROE=x"}), 2);
  EXPECT_NE(Output("serve").find("SALES_STROE"), std::string::npos);
}

TEST_F(Salesd, TakesItsSettingsFromTheEnvironment) {
  EXPECT_EQ(Run({"migrate"}, "migrate", {"SALES_" + std::string("STORE=") + store_.substr(8)}), 0)
      << Output("migrate");
}

TEST_F(Salesd, RefusesAStoreThatAnotherServes) {
  ASSERT_EQ(Run({"migrate", store_}, "migrate"), 0);
  Start(With({store_}, kFreePorts), "first");
  ASSERT_TRUE(Serving("first").is_object()) << Output("first");
  EXPECT_EQ(Run(With({store_}, kFreePorts), "second"), 3);
  EXPECT_EQ(Lines("second").back().value("reason", ""), "STORE_IN_USE");
}

TEST_F(Salesd, RefusesAPortThatAnotherHas) {
  ASSERT_EQ(Run({"migrate", store_}, "migrate"), 0);
  ASSERT_EQ(Run({"migrate", store_ + "2"}, "migrate"), 0);
  Start(With({store_}, kFreePorts), "first");
  const nlohmann::json serving = Serving("first");
  ASSERT_TRUE(serving.is_object()) << Output("first");
  const std::string listen = "--listen=127.0.0.1:" + std::to_string(serving.value("port", 0));
  EXPECT_EQ(Run({store_ + "2", listen, "--admin-listen=127.0.0.1:0"}, "second"), 4);
  EXPECT_EQ(Lines("second").back().value("reason", ""), "PORT_IN_USE");
}

TEST_F(Salesd, SaysItsVersionAndHelps) {
  EXPECT_EQ(Run({"--version"}, "version"), 0);
  EXPECT_EQ(Output("version").rfind("salesd ", 0), 0u);
  EXPECT_EQ(Run({"--help"}, "help"), 0);
  EXPECT_NE(Output("help").find("--store"), std::string::npos);
}

}  // namespace
