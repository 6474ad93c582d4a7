// Every method, with bytes that are no message, messages of any content, and frames that are cut
// off: each call gets an answer that names its reason, and none is a fault of the server.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "google/protobuf/message.h"
#include "sales/v1/event.pb.h"
#include "sales/v1/lead.pb.h"
#include "sales/v1/workspace.pb.h"
#include "service/src/call.h"
#include "tests/abuse/calls.h"
#include "tests/abuse/http2.h"
#include "tests/abuse/siege.h"
#include "tests/rigs/rig.h"

namespace sales::abuse {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using Random = std::mt19937_64;

struct Target {
  std::string method;
  const google::protobuf::Message* request = nullptr;
  bool streams = false;
};

std::vector<Target> Targets() {
  std::vector<Target> targets;
  for (const service::Method& method : service::AllMethods()) {
    targets.push_back({method.name, method.request});
  }
  targets.push_back(
      {"/sales.v1.LeadService/ImportLeads", &v1::ImportLeadsRequest::default_instance(), true});
  targets.push_back(
      {"/sales.v1.EventService/WatchEvents", &v1::WatchEventsRequest::default_instance(), true});
  targets.push_back({"/sales.v1.WorkspaceService/RebuildTallies",
                     &v1::RebuildTalliesRequest::default_instance(), true});
  return targets;
}

// Chooses values as people and attackers do: names that exist, nearly right ones, and nonsense.
class Fuzzer {
 public:
  explicit Fuzzer(uint64_t seed) : random_(seed) {}

  uint64_t Below(uint64_t bound) { return random_() % bound; }

  std::string Bytes(size_t most) {
    std::string bytes(Below(most + 1), '\0');
    for (char& c : bytes) c = static_cast<char>(random_());
    return bytes;
  }

  std::string Text(const std::string& field) {
    static const std::vector<std::string> kTexts = {"",
                                                    "studio",
                                                    "workspaces/studio",
                                                    "workspaces/studio/leads/-",
                                                    "workspaces",
                                                    "a@example.com",
                                                    "+31612345678",
                                                    "Иван",
                                                    "EUR",
                                                    "Europe/Berlin",
                                                    "2026-01-01",
                                                    "created_time desc",
                                                    "*",
                                                    "won = true",
                                                    "((((((((((",
                                                    "stage = \"new\" AND NOT (a:b)",
                                                    "0",
                                                    "-1",
                                                    "9223372036854775808",
                                                    "\xF0\x9F\x92\xA9",
                                                    "workspaces/studio/channels/-/campaigns/-",
                                                    "../../etc/passwd",
                                                    "'; DROP TABLE leads; --"};
    // Most calls are about a workspace that there is.
    if ((field == "parent" || field == "name") && Below(3) > 0) return "workspaces/studio";
    if (Below(20) == 0) return std::string(Below(100'000), 'x');
    return kTexts[Below(kTexts.size())];
  }

  void Fill(Message& message, int depth) {
    const Reflection& reflection = *message.GetReflection();
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor& field = *message.GetDescriptor()->field(i);
      if (Below(3) == 0 && depth > 0) continue;
      const int times = field.is_repeated() ? static_cast<int>(Below(4)) : 1;
      for (int k = 0; k < times; ++k) Set(message, reflection, field, depth);
    }
  }

 private:
  int64_t Number() {
    static constexpr int64_t kNumbers[] = {
        0, 1, -1, 2, 100, 1000, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN, 1'800'000'000};
    return Below(2) == 0 ? kNumbers[Below(std::size(kNumbers))] : static_cast<int64_t>(random_());
  }

  void Set(Message& message, const Reflection& reflection, const FieldDescriptor& field,
           int depth) {
    const bool add = field.is_repeated();
    switch (field.cpp_type()) {
#define SALES_FUZZ(kind, method, value)                    \
  case FieldDescriptor::CPPTYPE_##kind:                    \
    add ? reflection.Add##method(&message, &field, value)  \
        : reflection.Set##method(&message, &field, value); \
    break
      SALES_FUZZ(INT32, Int32, static_cast<int32_t>(Number()));
      SALES_FUZZ(INT64, Int64, Number());
      SALES_FUZZ(UINT32, UInt32, static_cast<uint32_t>(Number()));
      SALES_FUZZ(UINT64, UInt64, static_cast<uint64_t>(Number()));
      SALES_FUZZ(DOUBLE, Double, Real());
      SALES_FUZZ(FLOAT, Float, static_cast<float>(Real()));
      SALES_FUZZ(BOOL, Bool, Below(2) == 0);
      SALES_FUZZ(ENUM, EnumValue, EnumNumber(*field.enum_type()));
      SALES_FUZZ(STRING, String, Text(field.name()));
#undef SALES_FUZZ
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (depth > 6) break;
        Fill(add ? *reflection.AddMessage(&message, &field)
                 : *reflection.MutableMessage(&message, &field),
             depth + 1);
        break;
    }
  }

  double Real() {
    static constexpr double kReals[] = {0, 1, -1, 0.5, 1e308, -1e308, 1e-308};
    return Below(8) == 0 ? std::numeric_limits<double>::quiet_NaN() : kReals[Below(7)];
  }

  int EnumNumber(const EnumDescriptor& type) {
    return Below(10) == 0 ? static_cast<int>(random_())
                          : type.value(static_cast<int>(Below(type.value_count())))->number();
  }

  Random random_;
};

class Fuzz : public Siege {
 protected:
  void SetUp() override {
    Begin();
    CaptureLeads(100);
    channel_ = salesd_.Channel();
  }

  std::unique_ptr<Message> AnyMessageFor(const Target& target) {
    std::unique_ptr<Message> message(target.request->New());
    fuzzer_.Fill(*message, 0);
    // All others need the workspace that there is.
    auto* const removal = dynamic_cast<v1::DeleteWorkspaceRequest*>(message.get());
    if (removal != nullptr) removal->set_name("workspaces/another");
    return message;
  }

  void Send(const Target& target, const std::string& bytes) {
    const grpc::Status status = target.streams ? StreamWithBytes(channel_, target.method, bytes)
                                               : CallWithBytes(channel_, target.method, bytes);
    ++calls_;
    const grpc::StatusCode code = status.error_code();
    // A stream is left by its client.
    if (code == grpc::OK || (target.streams && code == grpc::DEADLINE_EXCEEDED)) return;
    const bool fault = code == grpc::INTERNAL || code == grpc::UNKNOWN ||
                       code == grpc::UNAVAILABLE || code == grpc::DATA_LOSS ||
                       code == grpc::UNIMPLEMENTED ||
                       rigs::AnswerFrom(status.error_details()).reason.empty();
    if (fault)
      faults_[target.method + ": " + rigs::CodeName(code) + " " + status.error_message()]++;
  }

  void ExpectNoFaults() {
    for (const auto& [fault, count] : faults_) ADD_FAILURE() << count << " times " << fault;
    std::printf("%lld calls, seed %llu\n", static_cast<long long>(calls_),
                static_cast<unsigned long long>(seed_));
    ExpectUnharmed();
  }

  // `one` is done again and again with some method, for a share of the time that the fuzz has.
  template <typename One>
  void ForAWhile(const One& one) {
    const auto end = std::chrono::steady_clock::now() + FuzzTime() / 3;
    const std::vector<Target> targets = Targets();
    while (std::chrono::steady_clock::now() < end && salesd_.IsRunning()) {
      one(targets[fuzzer_.Below(targets.size())]);
    }
    ExpectNoFaults();
  }

  const uint64_t seed_ = std::random_device()();
  Fuzzer fuzzer_{seed_};
  std::shared_ptr<grpc::Channel> channel_;
  std::map<std::string, int> faults_;
  int64_t calls_ = 0;
};

TEST_F(Fuzz, OfBytesThatAreNoMessageIsAnswered) {
  ForAWhile([this](const Target& target) { Send(target, fuzzer_.Bytes(400)); });
}

TEST_F(Fuzz, OfMessagesOfAnyContentIsAnswered) {
  ForAWhile([this](const Target& target) {
    const std::unique_ptr<Message> message = AnyMessageFor(target);
    std::string bytes = message->SerializeAsString();
    // Now and then a byte of it is another, or its end is missing.
    if (!bytes.empty() && fuzzer_.Below(4) == 0) {
      bytes[fuzzer_.Below(bytes.size())] = static_cast<char>(fuzzer_.Below(256));
    }
    if (fuzzer_.Below(8) == 0) bytes.resize(fuzzer_.Below(bytes.size() + 1));
    Send(target, bytes);
  });
}

TEST_F(Fuzz, OfFramesThatAreCutOffLeavesTheServerServing) {
  ForAWhile([this](const Target& target) {
    RawConnection connection(salesd_.port());
    if (!connection.is_open() || !connection.Greet()) return;
    const std::unique_ptr<Message> message = AnyMessageFor(target);
    std::string frames = Frame(kHeaders, kEndHeaders, 1, CallHeaders(target.method)) +
                         Frame(kData, kEndStream, 1,
                               abuse::Message(message->SerializeAsString(),
                                              static_cast<uint32_t>(fuzzer_.Below(100'000))));
    const int damage = static_cast<int>(fuzzer_.Below(4));
    for (int i = 0; i < damage; ++i) {
      frames[fuzzer_.Below(frames.size())] = static_cast<char>(fuzzer_.Below(256));
    }
    frames.resize(fuzzer_.Below(frames.size() + 1));
    if (fuzzer_.Below(4) == 0) frames += fuzzer_.Bytes(2000);
    connection.Send(frames);
    ++calls_;
  });
}

}  // namespace
}  // namespace sales::abuse
