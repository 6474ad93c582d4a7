#include "clients/cli/src/commands.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "clients/cli/src/policy_file.h"
#include "clients/cli/src/print.h"
#include "clients/cli/src/progress.h"
#include "clients/cli/src/table.h"
#include "clients/cli/src/values.h"
#include "google/protobuf/util/json_util.h"
#include "nlohmann/json.hpp"
#include "sales/v1/contact.pb.h"
#include "sales/v1/event.grpc.pb.h"
#include "sales/v1/funnel.pb.h"
#include "sales/v1/handoff.pb.h"
#include "sales/v1/lead.pb.h"
#include "sales/v1/workspace.grpc.pb.h"

namespace salesctl {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Names in an update's mask every field of the resource that was given, so that empty values clear.
void FillMask(const Verb& verb, const GivenWords& given, Message& request) {
  const FieldDescriptor* mask = request.GetDescriptor()->FindFieldByName("update_mask");
  if (mask == nullptr) return;
  auto* paths = static_cast<google::protobuf::FieldMask*>(
      request.GetReflection()->MutableMessage(&request, mask));
  for (size_t i = 0; i < verb.flags.size(); ++i) {
    const std::string field = verb.flags[i].field;
    const size_t dot = field.find('.');
    if (!given[i].has_value() || dot == std::string::npos) continue;
    // The resource's own field, also where a part of it is given.
    const std::string path = field.substr(dot + 1, field.find('.', dot + 1) - dot - 1);
    if (path == "name" || path == "etag") continue;
    bool is_new = true;
    for (const std::string& known : paths->paths()) is_new = is_new && known != path;
    if (is_new) paths->add_paths(path);
  }
}

// The further pages of a list, added to the first.
Done FetchRest(const Verb& verb, Message& request, Message& response, Session& session) {
  const FieldDescriptor* next = response.GetDescriptor()->FindFieldByName("next_page_token");
  const FieldDescriptor* token = request.GetDescriptor()->FindFieldByName("page_token");
  if (next == nullptr || token == nullptr) return Unit{};
  while (true) {
    const std::string text = response.GetReflection()->GetString(response, next);
    if (text.empty()) return Unit{};
    request.GetReflection()->SetString(&request, token, text);
    Result<std::unique_ptr<Message>> page = session.client().Call(verb.method, request);
    if (!page.ok()) return page.failure();
    response.GetReflection()->ClearField(&response, next);
    response.MergeFrom(**page);
  }
}

Result<std::string> NamedWorkspace(const Session& session) { return session.WorkspaceName(); }

void PrintEvents(const sales::v1::WatchEventsResponse& response, const Session& session) {
  for (const sales::v1::Event& event : response.events()) {
    if (session.json()) {
      std::cout << ToJsonLine(event);
      continue;
    }
    std::string changes;
    for (const sales::v1::Change& change : event.changes()) {
      changes += (changes.empty() ? "" : "; ") + change.field() + " → " + change.after();
    }
    std::string type = sales::v1::EventType_Name(event.type());
    std::cout << event.revision() << "." << event.ordinal() << "  "
              << type.substr(sizeof "EVENT_TYPE_" - 1) << "  "
              << ForTerminal(ShortName(event.lead())) << "  " << ForTerminal(changes) << "\n";
  }
  std::cout.flush();
}

// Makes the folder if it is not there.
Done WriteFile(const std::filesystem::path& file, const std::string& text) {
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (!out.fail()) return Unit{};
  return Refused("FILE_NOT_WRITTEN", "cannot write " + file.string(),
                 "Check that the folder can be written to.");
}

}  // namespace

Done RunVerb(const Verb& verb, const GivenWords& given, bool all, Session& session) {
  const std::unique_ptr<Message> request = NewMessage(*MethodOf(verb.method).input_type());
  const RequestScope scope = session.scope();
  for (size_t i = 0; i < verb.flags.size(); ++i) {
    if (!given[i].has_value()) continue;
    const Done filled = Fill(verb.flags[i], *given[i], scope, *request);
    if (!filled.ok()) return filled.failure();
  }
  FillMask(verb, given, *request);
  const Done parent = FillParent(scope, *request);
  if (!parent.ok()) return parent.failure();
  Result<std::unique_ptr<Message>> response = session.client().Call(verb.method, *request);
  if (!response.ok()) return response.failure();
  if (all) {
    const Done rest = FetchRest(verb, *request, **response, session);
    if (!rest.ok()) return rest.failure();
  }
  return session.Print(**response);
}

Done BatchCapture(const std::string& file, const std::string& request_id, Session& session) {
  const Result<std::string> parent = NamedWorkspace(session);
  if (!parent.ok()) return parent.failure();
  const Result<std::string> text = ReadFile(file);
  if (!text.ok()) return text.failure();
  nlohmann::json document = nlohmann::json::parse(*text, nullptr, false);
  if (document.is_discarded()) {
    return Refused("JSON_INVALID", file + " is not valid JSON",
                   "Write a BatchCaptureLeadsRequest, or a list of CaptureLeadRequest.");
  }
  if (document.is_array()) document = nlohmann::json{{"requests", document}};
  sales::v1::BatchCaptureLeadsRequest request;
  const auto status = google::protobuf::util::JsonStringToMessage(document.dump(), &request);
  if (!status.ok()) {
    return Refused("JSON_INVALID", file + ": " + status.ToString(),
                   "Write a BatchCaptureLeadsRequest, or a list of CaptureLeadRequest.");
  }
  if (request.parent().empty()) request.set_parent(*parent);
  if (!request_id.empty()) request.set_request_id(request_id);
  const Result<sales::v1::BatchCaptureLeadsResponse> response =
      session.client().Call<sales::v1::BatchCaptureLeadsResponse>("LeadService.BatchCaptureLeads",
                                                                  std::move(request));
  if (!response.ok()) return response.failure();
  return session.Print(*response);
}

Done ExportPack(const std::string& handoff, const std::string& folder, Session& session) {
  sales::v1::ExportHandoffPackRequest request;
  const Flag name = {"HANDOFF", "name", Form::kHandoff, ""};
  const Done filled = Fill(name, {handoff}, session.scope(), request);
  if (!filled.ok()) return filled.failure();
  const Result<sales::v1::ExportHandoffPackResponse> pack =
      session.client().Call<sales::v1::ExportHandoffPackResponse>(
          "HandoffService.ExportHandoffPack", std::move(request));
  if (!pack.ok()) return pack.failure();
  if (!folder.empty()) {
    const std::pair<const char*, const std::string&> parts[] = {
        {"brief.md", pack->brief()},
        {"contacts.vcf", pack->contacts()},
        {"invitation.ics", pack->invitation()},
        {"pack.json", pack->json()}};
    for (const auto& [file, text] : parts) {
      if (text.empty()) continue;
      const Done written = WriteFile(std::filesystem::path(folder) / file, text);
      if (!written.ok()) return written.failure();
    }
  }
  if (session.json()) return session.Print(*pack);
  if (folder.empty()) {
    for (const absl::string_view line : absl::StrSplit(pack->brief(), '\n')) {
      std::cout << ForTerminal(std::string(line)) << "\n";
    }
  }
  return Unit{};
}

Done ExportContact(const std::string& contact, const std::string& file, Session& session) {
  sales::v1::ExportContactRequest request;
  const Flag name = {"CONTACT", "name", Form::kContact, ""};
  const Done filled = Fill(name, {contact}, session.scope(), request);
  if (!filled.ok()) return filled.failure();
  const Result<sales::v1::ExportContactResponse> response =
      session.client().Call<sales::v1::ExportContactResponse>("ContactService.ExportContact",
                                                              std::move(request));
  if (!response.ok()) return response.failure();
  if (file.empty()) {
    std::cout << response->document() << "\n";
    return Unit{};
  }
  std::ofstream out(file, std::ios::trunc);
  out << response->document() << "\n";
  out.close();
  if (out.good()) return Unit{};
  return Refused("FILE_UNWRITABLE", file + " cannot be written", "Check the path and its room.");
}

Done ValidatePolicy(const std::string& file, const std::string& funnel, Session& session) {
  const Result<std::string> parent = NamedWorkspace(session);
  if (!parent.ok()) return parent.failure();
  sales::v1::ValidateFunnelPolicyRequest request;
  request.set_parent(*parent);
  const Done read =
      ReadPolicy(file, session.settings().workspace, funnel, *request.mutable_policy());
  if (!read.ok()) return read.failure();
  const Result<sales::v1::ValidateFunnelPolicyResponse> response =
      session.client().Call<sales::v1::ValidateFunnelPolicyResponse>(
          "FunnelService.ValidateFunnelPolicy", std::move(request));
  if (!response.ok()) return response.failure();
  if (session.json()) std::cout << ToJson(*response);
  if (response->faults().empty()) {
    if (!session.json()) std::cout << file << ": ok\n";
    return Unit{};
  }
  Failure failure = Refused("POLICY_INVALID", file + " cannot be put in force",
                            "Correct each fault at its path.");
  for (const sales::v1::PolicyFault& fault : response->faults()) {
    failure.details.push_back(fault.path() + ": " + fault.description() + " [" + fault.code() +
                              "]");
  }
  return failure;
}

Done SimulatePolicy(const SimulateOptions& options, Session& session) {
  const Result<std::string> parent = NamedWorkspace(session);
  if (!parent.ok()) return parent.failure();
  sales::v1::SimulateFunnelPolicyRequest request;
  request.set_parent(*parent);
  const Done read = ReadPolicy(options.file, session.settings().workspace, options.funnel,
                               *request.mutable_policy());
  if (!read.ok()) return read.failure();
  request.mutable_window()->set_start_date(options.from);
  request.mutable_window()->set_end_date(options.to);
  request.set_as_of_revision(options.as_of_revision);
  const Result<sales::v1::SimulateFunnelPolicyResponse> response =
      session.client().Call<sales::v1::SimulateFunnelPolicyResponse>(
          "FunnelService.SimulateFunnelPolicy", std::move(request));
  if (!response.ok()) return response.failure();
  return session.Print(*response);
}

Done ActivatePolicy(const std::string& file, const std::string& funnel,
                    const std::vector<std::string>& mapping, Session& session) {
  const Result<std::string> parent = NamedWorkspace(session);
  if (!parent.ok()) return parent.failure();
  sales::v1::ActivateFunnelPolicyRequest request;
  for (const std::string& word : mapping) {
    const size_t equals = word.find('=');
    if (equals == std::string::npos) return WrongUsage("--map is to be OLD=NEW");
    (*request.mutable_stage_mapping())[word.substr(0, equals)] = word.substr(equals + 1);
  }
  const Done read =
      ReadPolicy(file, session.settings().workspace, funnel, *request.mutable_policy());
  if (!read.ok()) return read.failure();
  const Result<sales::v1::FunnelPolicy> response = session.client().Call<sales::v1::FunnelPolicy>(
      "FunnelService.ActivateFunnelPolicy", std::move(request));
  if (!response.ok()) return response.failure();
  return session.Print(*response);
}

Done WatchEvents(const WatchOptions& options, Session& session) {
  const Result<std::string> parent = NamedWorkspace(session);
  if (!parent.ok()) return parent.failure();
  sales::v1::WatchEventsRequest request;
  request.set_parent(*parent);
  request.set_after_revision(options.after_revision);
  const Flag type = {"--type", "filter.types", Form::kEnum, ""};
  const Flag lead = {"--lead", "filter.lead", Form::kLead, ""};
  Done filled = Fill(type, options.types, session.scope(), request);
  if (filled.ok() && !options.lead.empty()) {
    filled = Fill(lead, {options.lead}, session.scope(), request);
  }
  if (!filled.ok()) return filled.failure();
  // Where nobody answers from the beginning, that is said; later the watch waits.
  const Result<std::string> reached = session.Currency();
  if (!reached.ok()) return reached.failure();
  int64_t printed = 0;
  for (const auto& batch :
       session.client().client().Watch(request.after_revision(), request.filter())) {
    if (!batch.ok()) return session.client().FailureOf(batch.status());
    PrintEvents(*batch, session);
    printed += batch->events_size();
    if (options.count > 0 && printed >= options.count) break;
  }
  return Unit{};
}

Done RebuildTallies(Session& session) {
  const Result<std::string> workspace = NamedWorkspace(session);
  if (!workspace.ok()) return workspace.failure();
  sales::v1::RebuildTalliesRequest request;
  request.set_name(*workspace);
  sales::v1::RebuildTalliesResponse response;
  {
    Progress progress(/*asked=*/false);
    for (const auto& answer : session.client().client().RebuildTallies(request)) {
      if (!answer.ok()) return session.client().FailureOf(answer.status());
      response = *answer;
      if (response.done()) break;
      const double share = static_cast<double>(response.revision()) /
                           static_cast<double>(std::max<int64_t>(1, response.last_revision()));
      progress.Show(share, "revision " + FormatCount(response.revision()) + " of " +
                               FormatCount(response.last_revision()));
    }
  }
  if (session.json()) {
    std::cout << ToJson(response);
  } else if (response.counts_mended() == 0) {
    std::cout << "ok: no count was wrong, up to revision " << response.revision() << "\n";
  } else {
    std::cout << "mended " << FormatCount(response.counts_mended()) << " counts, up to revision "
              << response.revision() << "\n";
  }
  return Unit{};
}

}  // namespace salesctl
