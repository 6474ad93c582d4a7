#include "clients/cli/src/report_all.h"

#include <iostream>
#include <memory>
#include <utility>
#include <vector>

#include "clients/cli/src/html.h"
#include "clients/cli/src/print.h"
#include "clients/cli/src/report_pages.h"
#include "sales/v1/common.pb.h"

namespace salesctl {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

struct Part {
  const char* name;
  const char* method;
  // Plans are of a quarter, and a forecast looks ahead: they have windows of their own.
  bool windowed = true;
};

constexpr Part kParts[] = {
    {"plan", "ReportService.ReportPlan", false},
    {"funnel", "ReportService.ReportFunnel"},
    {"channels", "ReportService.ReportChannels"},
    {"attribution", "ReportService.ReportAttribution"},
    {"speed", "ReportService.ReportSpeed"},
    {"declines", "ReportService.ReportDeclines"},
    {"referrals", "ReportService.ReportReferrals"},
    {"forecast", "ReportService.ReportForecast", false},
    {"load", "ReportService.ReportLoad"},
    {"score", "ReportService.ReportScore"},
};

std::unique_ptr<Message> RequestFor(const Part& part, const ReportAllOptions& options) {
  std::unique_ptr<Message> request = NewMessage(*MethodOf(part.method).input_type());
  const google::protobuf::Descriptor& type = *request->GetDescriptor();
  const google::protobuf::Reflection& reflection = *request->GetReflection();
  const FieldDescriptor* window = type.FindFieldByName("window");
  if (part.windowed && window != nullptr && !(options.from.empty() && options.to.empty())) {
    auto* days = static_cast<sales::v1::Window*>(reflection.MutableMessage(request.get(), window));
    days->set_start_date(options.from);
    days->set_end_date(options.to);
  }
  reflection.SetInt64(request.get(), type.FindFieldByName("as_of_revision"),
                      options.as_of_revision);
  if (const FieldDescriptor* hours = type.FindFieldByName("include_hours"); hours != nullptr) {
    reflection.SetBool(request.get(), hours, true);
  }
  return request;
}

Result<std::vector<std::unique_ptr<Message>>> Fetch(const ReportAllOptions& options,
                                                    Session& session) {
  std::vector<std::unique_ptr<Message>> reports;
  for (const Part& part : kParts) {
    const std::unique_ptr<Message> request = RequestFor(part, options);
    const Done parent = FillParent(session.scope(), *request);
    if (!parent.ok()) return parent.failure();
    Result<std::unique_ptr<Message>> report = session.client().Call(part.method, *request);
    if (!report.ok()) return report.failure();
    reports.push_back(*std::move(report));
  }
  return reports;
}

}  // namespace

Done ReportAll(const ReportAllOptions& options, Session& session) {
  if (session.settings().output == "csv") {
    return WrongUsage("csv is for one report at a time, such as 'report funnel'");
  }
  const Result<std::vector<std::unique_ptr<Message>>> reports = Fetch(options, session);
  if (!reports.ok()) return reports.failure();
  if (session.json()) {
    std::string text;
    for (size_t i = 0; i < reports->size(); ++i) {
      text += (i == 0 ? "{\n" : ",\n") + std::string("\"") + kParts[i].name +
              "\": " + ToJson(*(*reports)[i]);
    }
    std::cout << text << "}\n";
    return Unit{};
  }
  std::vector<ReportPage> pages;
  for (const std::unique_ptr<Message>& report : *reports) {
    if (std::optional<ReportPage> page = PageOf(*report)) pages.push_back(*std::move(page));
  }
  if (session.settings().output == "html") {
    std::cout << ToHtml(session.settings().workspace, pages);
    return Unit{};
  }
  for (size_t i = 0; i < pages.size(); ++i) std::cout << (i == 0 ? "" : "\n") << ToText(pages[i]);
  return Unit{};
}

}  // namespace salesctl
