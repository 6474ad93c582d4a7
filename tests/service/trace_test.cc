// W3C Trace Context: what is taken, what is dropped, and where it shows.
#include "service/src/trace.h"

#include <fcntl.h>

#include <fstream>
#include <set>
#include <thread>
#include <vector>

#include "nlohmann/json.hpp"
#include "tests/service/server_fixture.h"

namespace sales::service {
namespace {

constexpr char kTrace[] = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr char kParent[] = "00f067aa0ba902b7";
const std::string kTraceparent = std::string("00-") + kTrace + "-" + kParent + "-01";

TEST(Trace, IsThatOfTheCallerWithASpanOfItsOwn) {
  const TraceContext trace = TraceFrom({kTraceparent}, {"congo=t61rcWkgMzE,rojo=00f067aa0ba902b7"});
  EXPECT_EQ(trace.trace_id, kTrace);
  EXPECT_EQ(trace.parent_span_id, kParent);
  EXPECT_TRUE(trace.sampled);
  EXPECT_EQ(trace.tracestate, "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7");
  EXPECT_EQ(trace.span_id.size(), 16u);
  EXPECT_NE(trace.span_id, kParent);
  EXPECT_EQ(trace.Traceparent(), std::string("00-") + kTrace + "-" + trace.span_id + "-01");
}

TEST(Trace, SpansDiffer) {
  std::set<std::string> spans;
  for (int i = 0; i < 1000; ++i) spans.insert(TraceFrom({kTraceparent}, {}).span_id);
  EXPECT_EQ(spans.size(), 1000u);
}

TEST(Trace, WhatIsSentOnIsUnderstood) {
  const TraceContext first = TraceFrom({kTraceparent}, {});
  const TraceContext second = TraceFrom({first.Traceparent()}, {});
  EXPECT_EQ(second.trace_id, first.trace_id);
  EXPECT_EQ(second.parent_span_id, first.span_id);
}

TEST(Trace, ThatBeginsHereIsUnderstoodToo) {
  const TraceContext begun = NewTrace();
  const TraceContext taken = TraceFrom({begun.Traceparent()}, {});
  EXPECT_EQ(taken.trace_id, begun.trace_id);
  EXPECT_EQ(taken.parent_span_id, begun.span_id);
  EXPECT_FALSE(taken.sampled);
  EXPECT_NE(NewTrace().trace_id, begun.trace_id);
}

TEST(Trace, OfTheFlagsOnlySampledIsKnown) {
  const std::string without = kTraceparent.substr(0, 53);
  EXPECT_FALSE(TraceFrom({without + "00"}, {}).sampled);
  EXPECT_FALSE(TraceFrom({without + "fe"}, {}).sampled);
  EXPECT_TRUE(TraceFrom({without + "ff"}, {}).sampled);
  EXPECT_EQ(TraceFrom({without + "ff"}, {}).Traceparent().substr(52), "-01");
}

TEST(Trace, OfALaterVersionIsReadAsFarAsItIsKnown) {
  EXPECT_EQ(TraceFrom({"01" + kTraceparent.substr(2)}, {}).trace_id, kTrace);
  EXPECT_EQ(TraceFrom({"cc" + kTraceparent.substr(2) + "-what-comes"}, {}).trace_id, kTrace);
}

TEST(Trace, ThatIsMalformedCountsAsNotSent) {
  const std::vector<std::string> wrong = {
      "",
      "00",
      kTraceparent + "-more",
      "cc" + kTraceparent.substr(2) + "more",
      "ff" + kTraceparent.substr(2),
      "0g" + kTraceparent.substr(2),
      "00-" + std::string(32, '0') + "-" + kParent + "-01",
      std::string("00-") + kTrace + "-" + std::string(16, '0') + "-01",
      std::string("00-4BF92F3577B34DA6A3CE929D0E0E4736-") + kParent + "-01",
      std::string("00-") + kTrace + "-" + kParent + "-0x",
      std::string("00_") + kTrace + "_" + kParent + "_01",
      " " + kTraceparent.substr(1),
  };
  for (const std::string& text : wrong) {
    EXPECT_TRUE(TraceFrom({text}, {"a=1"}).empty()) << text;
    EXPECT_EQ(TraceFrom({text}, {"a=1"}).Traceparent(), "") << text;
  }
  EXPECT_TRUE(TraceFrom({}, {"a=1"}).empty());
  EXPECT_TRUE(TraceFrom({kTraceparent, kTraceparent}, {}).empty());
}

TEST(Trace, StateOfSeveralKeysIsOneList) {
  EXPECT_EQ(TraceFrom({kTraceparent}, {"a=1", "b=2,c=3"}).tracestate, "a=1,b=2,c=3");
  EXPECT_EQ(TraceFrom({kTraceparent}, {"fw529a3039@dt=FfAAAA,*=1"}).tracestate, "");
  EXPECT_EQ(TraceFrom({kTraceparent}, {"0tenant@dt=FfAAAA , ,b=x y"}).tracestate,
            "0tenant@dt=FfAAAA , ,b=x y");
}

TEST(Trace, StateThatIsMalformedIsDroppedAlone) {
  std::string many;
  for (int i = 0; i < 33; ++i) many += (i > 0 ? ",k" : "k") + std::to_string(i) + "=1";
  for (const std::string& state :
       {std::string("a"), std::string("A=1"), std::string("a="), std::string("a=1,a=2"),
        std::string("a=b=c"), std::string("a=\x01"), std::string("a=Иван"), std::string("0a=1"),
        std::string("a=") + std::string(600, 'x'), many}) {
    const TraceContext trace = TraceFrom({kTraceparent}, {state});
    EXPECT_EQ(trace.tracestate, "") << state;
    EXPECT_EQ(trace.trace_id, kTrace) << state;
  }
}

class Logged : public ServerTest {
 protected:
  Logged() : file_(folder_ / "log"), told_(LogLevel::kInfo, Descriptor()) {
    auto server = Server::Start(Options(), told_);
    EXPECT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    workspaces_ = v1::WorkspaceService::NewStub(ChannelTo(server_->port()));
    events_ = v1::EventService::NewStub(ChannelTo(server_->port()));
  }
  ~Logged() override {
    server_.reset();
    told_.Flush();
  }

  int Descriptor() { return open(file_.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600); }

  // The last line about a call of this method.
  nlohmann::json LineOf(const std::string& method) {
    nlohmann::json last;
    for (int i = 0; i < 500 && last.is_null(); ++i) {
      told_.Flush();
      std::ifstream lines(file_);
      for (std::string line; std::getline(lines, line);) {
        const auto read = nlohmann::json::parse(line);
        if (read.value("method", "") == method) last = read;
      }
      if (last.is_null()) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return last;
  }

  void GetWorkspace(grpc::ClientContext& context) {
    v1::GetWorkspaceRequest request;
    request.set_name("workspaces/nowhere");
    v1::Workspace workspace;
    EXPECT_FALSE(workspaces_->GetWorkspace(&context, request, &workspace).ok());
  }

  const std::filesystem::path file_;
  Log told_;
};

TEST_F(Logged, CallsNameTheirTrace) {
  grpc::ClientContext context;
  context.AddMetadata("traceparent", kTraceparent);
  context.AddMetadata("tracestate", "congo=t61rcWkgMzE");
  GetWorkspace(context);
  const nlohmann::json line = LineOf("/sales.v1.WorkspaceService/GetWorkspace");
  EXPECT_EQ(line.value("trace_id", ""), kTrace);
  EXPECT_EQ(line.value("parent_span_id", ""), kParent);
  EXPECT_EQ(line.value("span_id", "").size(), 16u);
  EXPECT_EQ(line.value("reason", ""), "WORKSPACE_NOT_FOUND");
}

TEST_F(Logged, StreamsNameTheirTrace) {
  grpc::ClientContext context;
  context.AddMetadata("traceparent", kTraceparent);
  v1::WatchEventsRequest request;
  request.set_parent("workspaces/nowhere");
  const auto watch = events_->WatchEvents(&context, request);
  EXPECT_FALSE(watch->Finish().ok());
  EXPECT_EQ(LineOf("/sales.v1.EventService/WatchEvents").value("trace_id", ""), kTrace);
}

TEST_F(Logged, CallsWithoutATraceNameNone) {
  grpc::ClientContext context;
  context.AddMetadata("traceparent", "00-not-a-trace");
  GetWorkspace(context);
  const nlohmann::json line = LineOf("/sales.v1.WorkspaceService/GetWorkspace");
  EXPECT_TRUE(line.is_object());
  EXPECT_EQ(line.count("trace_id"), 0u);
  EXPECT_EQ(line.dump().find("not-a-trace"), std::string::npos);
}

}  // namespace
}  // namespace sales::service
