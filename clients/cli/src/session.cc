#include "clients/cli/src/session.h"

#include <iostream>

#include "clients/cli/src/csv_text.h"
#include "clients/cli/src/html.h"
#include "clients/cli/src/print.h"
#include "clients/cli/src/report_pages.h"
#include "sales/v1/workspace.pb.h"

namespace salesctl {

Done Session::Connect() {
  sales::client::Options options;
  options.workspace = settings_.workspace;
  options.actor = settings_.actor;
  options.deadline = absl::Seconds(settings_.timeout_seconds);
  options.ca_file = settings_.ca_file;
  options.cert_file = settings_.cert_file;
  options.key_file = settings_.key_file;
  options.token_file = settings_.token_file;
  options.user_agent = "salesctl";
  absl::StatusOr<sales::client::Client> client =
      sales::client::Client::Connect(settings_.server, options);
  if (!client.ok()) return WrongUsage(std::string(client.status().message()));
  client_ = std::make_unique<Client>(*std::move(client), settings_.server);
  return Unit{};
}

RequestScope Session::scope() {
  return {settings_.workspace, [this] { return Currency(); }};
}

Result<std::string> Session::WorkspaceName() const {
  if (settings_.workspace.empty()) {
    return WrongUsage("say which workspace with --workspace (SALESCTL_WORKSPACE)");
  }
  return "workspaces/" + settings_.workspace;
}

Result<std::string> Session::Currency() {
  if (currency_.has_value()) return *currency_;
  const Result<std::string> name = WorkspaceName();
  if (!name.ok()) return name.failure();
  sales::v1::GetWorkspaceRequest request;
  request.set_name(*name);
  const Result<sales::v1::Workspace> workspace =
      client().Call<sales::v1::Workspace>("WorkspaceService.GetWorkspace", std::move(request));
  if (!workspace.ok()) return workspace.failure();
  currency_ = workspace->currency_code();
  return *currency_;
}

Done Session::Print(const google::protobuf::Message& response) const {
  if (settings_.output == "csv") {
    Result<std::string> csv = ToCsv(response, settings_.rows);
    if (!csv.ok()) return csv.failure();
    std::cout << *csv;
  } else if (settings_.output == "html") {
    const std::optional<ReportPage> page = PageOf(response);
    if (!page.has_value()) return WrongUsage("only reports can be written as html");
    std::cout << ToHtml(settings_.workspace, {*page});
  } else {
    std::cout << (json() ? ToJson(response) : ToText(response));
  }
  return Unit{};
}

}  // namespace salesctl
