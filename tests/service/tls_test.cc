// TLS of the API's port: who is let in, and that files may be replaced while the server runs.
#include "service/src/tls.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

#include "grpcpp/security/credentials.h"
#include "tests/service/scrape.h"
#include "tests/service/server_fixture.h"
#include "tests/service/test_ca.h"

namespace sales::service {
namespace {

namespace fs = std::filesystem;

class TlsTest : public ServerTest {
 protected:
  TlsTest()
      : ca_(folder_, "ca"),
        other_ca_(folder_, "other"),
        descriptor_(open((folder_ / "log").c_str(), O_CREAT | O_WRONLY, 0600)),
        tls_log_(LogLevel::kInfo, descriptor_) {}

  ~TlsTest() override { server_.reset(); }

  // Serves with these files, and has a workspace to ask for.
  void ServeTls(const TlsFiles& files) {
    ServerOptions options = Options();
    options.tls = files;
    options.metrics_listen = "127.0.0.1:0";
    auto server = Server::Start(std::move(options), tls_log_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  std::shared_ptr<grpc::Channel> SecureChannel(const std::string& ca,
                                               const TestCa::Pair& client = {}) const {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = TextOf(ca);
    if (!client.cert.empty()) {
      options.pem_cert_chain = TextOf(client.cert);
      options.pem_private_key = TextOf(client.key);
    }
    return ChannelTo(server_->port(), grpc::SslCredentials(options));
  }

  // Whether a call over the channel reaches the API: the store is empty, so it finds nothing.
  static bool Reaches(const std::shared_ptr<grpc::Channel>& channel) {
    grpc::ClientContext context;
    Within(context, 10);
    v1::GetWorkspaceRequest request;
    request.set_name("workspaces/none");
    v1::Workspace workspace;
    const grpc::Status status =
        v1::WorkspaceService::NewStub(channel)->GetWorkspace(&context, request, &workspace);
    EXPECT_TRUE(status.error_code() == grpc::NOT_FOUND || status.error_code() == grpc::UNAVAILABLE)
        << status.error_message();
    return status.error_code() == grpc::NOT_FOUND;
  }

  // Waits for what the server notices within a second or two.
  template <typename Condition>
  static bool Soon(const Condition& condition) {
    for (int i = 0; i < 200; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
  }

  bool LogSays(const std::string& text) {
    tls_log_.Flush();
    return TextOf(folder_ / "log").find(text) != std::string::npos;
  }

  const TestCa ca_;
  const TestCa other_ca_;
  const int descriptor_;
  Log tls_log_;
};

TEST_F(TlsTest, ClientsWhoTrustTheCaAreServedAndOthersAreNot) {
  const TestCa::Pair pair = ca_.Issue("server");
  ServeTls({pair.cert, pair.key, ""});
  EXPECT_TRUE(Reaches(SecureChannel(ca_.file())));
  EXPECT_FALSE(Reaches(SecureChannel(other_ca_.file())));
  EXPECT_FALSE(Reaches(ChannelTo(server_->port())));
}

TEST_F(TlsTest, ClientsNeedACertificateWhereTheirCaIsNamed) {
  const TestCa::Pair pair = ca_.Issue("server");
  ServeTls({pair.cert, pair.key, ca_.file()});
  EXPECT_TRUE(Reaches(SecureChannel(ca_.file(), ca_.Issue("anna"))));
  EXPECT_FALSE(Reaches(SecureChannel(ca_.file(), other_ca_.Issue("mallory"))));
  EXPECT_FALSE(Reaches(SecureChannel(ca_.file())));
}

TEST_F(TlsTest, NothingOlderThanTls12IsSpoken) {
  const TestCa::Pair pair = ca_.Issue("server");
  ServeTls({pair.cert, pair.key, ""});
  const std::string hello =
      "openssl s_client -alpn h2 -cipher ALL:@SECLEVEL=0 -connect 127.0.0.1:" +
      std::to_string(server_->port());
  EXPECT_TRUE(RunQuietly(hello + " -tls1_2"));
  EXPECT_TRUE(RunQuietly(hello + " -tls1_3"));
  EXPECT_FALSE(RunQuietly(hello + " -tls1_1"));
  EXPECT_FALSE(RunQuietly(hello + " -tls1"));
}

// A mounted secret is a folder of links over the link `..data`, which is renamed over.
TEST_F(TlsTest, ACertificateThatKubernetesSwapsIsUsedByTheNextConnection) {
  const fs::path mount = folder_ / "mount";
  const auto put = [&mount](const std::string& version, const TestCa::Pair& pair) {
    fs::create_directories(mount / version);
    fs::copy_file(pair.cert, mount / version / "tls.crt");
    fs::copy_file(pair.key, mount / version / "tls.key");
    fs::create_directory_symlink(version, mount / "..data_tmp");
    fs::rename(mount / "..data_tmp", mount / "..data");
  };
  put("..1", ca_.Issue("server"));
  fs::create_symlink("..data/tls.crt", mount / "tls.crt");
  fs::create_symlink("..data/tls.key", mount / "tls.key");
  ServeTls({mount / "tls.crt", mount / "tls.key", ""});
  const auto before = SecureChannel(ca_.file());
  EXPECT_TRUE(Reaches(before));
  EXPECT_FALSE(Reaches(SecureChannel(other_ca_.file())));

  put("..2", other_ca_.Issue("server"));
  EXPECT_TRUE(Soon([&] { return Reaches(SecureChannel(other_ca_.file())); }));
  EXPECT_FALSE(Reaches(SecureChannel(ca_.file())));
  EXPECT_TRUE(Reaches(before)) << "a connection lives on with what it began with";
}

TEST_F(TlsTest, FilesThatDoNotFitTogetherLeaveTheOldOnesInUseAndAreTold) {
  const TestCa::Pair old_pair = ca_.Issue("old");
  const TestCa::Pair new_pair = other_ca_.Issue("new");
  const std::string cert = folder_ / "tls.crt";
  const std::string key = folder_ / "tls.key";
  fs::copy_file(old_pair.cert, cert);
  fs::copy_file(old_pair.key, key);
  ServeTls({cert, key, ""});

  const std::string whole = TextOf(new_pair.cert);
  WriteText(cert, whole.substr(0, whole.size() / 2));
  EXPECT_TRUE(Soon([&] { return LogSays("half-written"); }));
  EXPECT_TRUE(Reaches(SecureChannel(ca_.file())));

  WriteText(cert, whole);
  EXPECT_TRUE(Soon([&] { return LogSays("is not the key of the certificate"); }));
  EXPECT_TRUE(Reaches(SecureChannel(ca_.file())));

  fs::copy_file(new_pair.key, key, fs::copy_options::overwrite_existing);
  EXPECT_TRUE(Soon([&] { return Reaches(SecureChannel(other_ca_.file())); }));
  EXPECT_FALSE(LogSays("PRIVATE KEY"));
}

TEST_F(TlsTest, MetricsSayUntilWhenTheCertificateIsGoodThatIsInUse) {
  const TestCa::Pair pair = ca_.Issue("server");
  const std::string cert = folder_ / "tls.crt";
  const std::string key = folder_ / "tls.key";
  fs::copy_file(pair.cert, cert);
  fs::copy_file(pair.key, key);
  ServeTls({cert, key, ""});
  const auto days_left = [this] {
    const auto samples = Scrape(server_->metrics_port());
    const double expires = samples.at("sales_certificate_expire_time_seconds");
    return (expires - absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch())) / 86'400;
  };
  EXPECT_NEAR(days_left(), 1, 0.01);
  // The CA's own is good for longer.
  fs::copy_file(folder_ / "ca.key", key, fs::copy_options::overwrite_existing);
  fs::copy_file(ca_.file(), cert, fs::copy_options::overwrite_existing);
  EXPECT_TRUE(Soon([&] { return days_left() > 1.5; }));
  EXPECT_NEAR(days_left(), 2, 0.01);
}

TEST_F(TlsTest, TheCaOfClientsIsReadAgainToo) {
  const TestCa::Pair pair = ca_.Issue("server");
  const std::string trusted = folder_ / "clients.pem";
  fs::copy_file(ca_.file(), trusted);
  ServeTls({pair.cert, pair.key, trusted});
  const TestCa::Pair anna = ca_.Issue("anna");
  const TestCa::Pair boris = other_ca_.Issue("boris");
  EXPECT_TRUE(Reaches(SecureChannel(ca_.file(), anna)));
  EXPECT_FALSE(Reaches(SecureChannel(ca_.file(), boris)));
  fs::copy_file(other_ca_.file(), trusted, fs::copy_options::overwrite_existing);
  EXPECT_TRUE(Soon([&] { return Reaches(SecureChannel(ca_.file(), boris)); }));
  EXPECT_FALSE(Reaches(SecureChannel(ca_.file(), anna)));
}

TEST_F(TlsTest, TheAdminPortStaysPlaintextForProbes) {
  const TestCa::Pair pair = ca_.Issue("server");
  ServeTls({pair.cert, pair.key, ca_.file()});
  // No such method there, which only who is connected is told.
  grpc::ClientContext context;
  Within(context, 10);
  v1::Workspace workspace;
  const grpc::Status status = v1::WorkspaceService::NewStub(ChannelTo(server_->admin_port()))
                                  ->GetWorkspace(&context, {}, &workspace);
  EXPECT_EQ(status.error_code(), grpc::UNIMPLEMENTED) << status.error_message();
}

class TlsFilesTest : public TlsTest {
 protected:
  // The flag that is at fault.
  static std::string Fault(const TlsFiles& files) {
    const auto read = ReadTlsFiles(files);
    if (read.ok()) return "";
    EXPECT_EQ(sales::ReasonOf(read.status()), Reason::kSettingInvalid);
    return DetailOf(read.status()).metadata["setting"];
  }

  std::string Write(const std::string& name, const std::string& text) const {
    WriteText(folder_ / name, text);
    return folder_ / name;
  }
};

TEST_F(TlsFilesTest, AreNamedByTheFlagOfTheOneAtFault) {
  const TestCa::Pair good = ca_.Issue("good");
  const TestCa::Pair bad = other_ca_.Issue("bad");
  const std::string garbage = Write("garbage", "no PEM");
  const std::string whole = TextOf(good.cert);
  EXPECT_EQ(Fault({good.cert, good.key, ca_.file()}), "");
  EXPECT_EQ(Fault({good.cert, "", ""}), "--tls-key-file");
  EXPECT_EQ(Fault({"", good.key, ""}), "--tls-cert-file");
  EXPECT_EQ(Fault({"", "", ca_.file()}), "--tls-cert-file");
  EXPECT_EQ(Fault({folder_ / "nowhere", good.key, ""}), "--tls-cert-file");
  EXPECT_EQ(Fault({good.cert, folder_, ""}), "--tls-key-file");
  EXPECT_EQ(Fault({garbage, good.key, ""}), "--tls-cert-file");
  EXPECT_EQ(Fault({good.cert, garbage, ""}), "--tls-key-file");
  EXPECT_EQ(Fault({good.cert, bad.key, ""}), "--tls-key-file");
  EXPECT_EQ(Fault({good.cert, good.key, garbage}), "--tls-client-ca-file");
  EXPECT_EQ(Fault({good.cert, good.key, Write("empty", "")}), "--tls-client-ca-file");
  const std::string half_chain = Write("half", whole + whole.substr(0, whole.size() / 2));
  EXPECT_EQ(Fault({half_chain, good.key, ""}), "--tls-cert-file");
  EXPECT_EQ(Fault({Write("long", std::string(2 << 20, 'x')), good.key, ""}), "--tls-cert-file");
}

TEST_F(TlsFilesTest, MayHoldAChainButNoKeyUnderAPassphrase) {
  const TestCa::Pair good = ca_.Issue("good");
  EXPECT_EQ(Fault({Write("chain", TextOf(good.cert) + TextOf(ca_.file())), good.key, ""}), "");
  const std::string locked = folder_ / "locked.key";
  ASSERT_TRUE(
      RunQuietly("openssl ec -aes256 -passout pass:word -in " + good.key + " -out " + locked));
  EXPECT_EQ(Fault({good.cert, locked, ""}), "--tls-key-file");
}

}  // namespace
}  // namespace sales::service
