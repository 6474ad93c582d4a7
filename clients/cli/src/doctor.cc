#include "clients/cli/src/doctor.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "clients/cli/src/health.h"
#include "clients/cli/src/table.h"
#include "clients/cli/src/values.h"
#include "google/protobuf/util/time_util.h"
#include "grpc/grpc_security_constants.h"
#include "grpcpp/channel.h"
#include "nlohmann/json.hpp"
#include "sales/v1/event.pb.h"
#include "sales/v1/store.grpc.pb.h"
#include "sales/v1/workspace.pb.h"

namespace salesctl {
namespace {

using google::protobuf::Timestamp;
using sales::v1::StoreStatus;
using sales::v1::Webhook;
using sales::v1::Workspace;

// From here on a figure is worth a word, or is a fault.
constexpr absl::Duration kSkew = absl::Seconds(2);
// What happened so far ahead of the server's clock is refused.
constexpr absl::Duration kSkewMax = absl::Minutes(5);
constexpr int64_t kLogBytes = 2 * 67'108'864;
constexpr int64_t kFreeBytes = 268'435'456;
constexpr int64_t kRevisionsBehind = 10'000;
constexpr int kCertificateDays = 21;
constexpr int kCertificateDaysMin = 3;

// Of what is listed.
constexpr int kPageSize = 1000;

enum class State { kOk, kNote, kFault };

struct Finding {
  std::string check;
  State state = State::kOk;
  std::string found;
  // Empty where there is nothing to do.
  std::string remedy;
};

const char* NameOf(State state) {
  switch (state) {
    case State::kOk:
      return "ok";
    case State::kNote:
      return "note";
    case State::kFault:
      return "FAULT";
  }
  return "";
}

absl::Time TimeOf(const Timestamp& time) {
  return absl::FromUnixMicros(google::protobuf::util::TimeUtil::TimestampToMicroseconds(time));
}

// "3 h 20 min", to two units.
std::string About(absl::Duration duration) {
  const int64_t minutes = absl::ToInt64Minutes(duration);
  if (minutes < 1) return std::to_string(absl::ToInt64Seconds(duration)) + " s";
  if (minutes < 60) return std::to_string(minutes) + " min";
  if (minutes < 48 * 60)
    return std::to_string(minutes / 60) + " h " + std::to_string(minutes % 60) + " min";
  return std::to_string(minutes / 60 / 24) + " days";
}

Finding Version(const StoreStatus& status) {
  if (status.version() == SALES_VERSION) return {"version", State::kOk, status.version(), ""};
  return {"version", State::kNote, "salesd is " + status.version() + ", salesctl " + SALES_VERSION,
          "Use a salesctl of the server's version."};
}

// `sent` and `came`: when the call left and its answer was here.
Finding ClockSkew(const StoreStatus& status, absl::Time sent, absl::Time came) {
  const absl::Time server = TimeOf(status.server_time());
  absl::Duration skew = absl::ZeroDuration();
  if (server < sent) skew = sent - server;
  if (server > came) skew = server - came;
  if (skew <= kSkew) return {"clock", State::kOk, "as this machine's", ""};
  return {"clock", skew > kSkewMax ? State::kFault : State::kNote,
          "differs from this machine's by " + About(skew),
          "Let both machines follow a time server."};
}

// The days that the server's certificate is still good for; nullopt for plaintext.
std::optional<int> CertificateDays(const grpc::ClientContext& context) {
  const auto properties = context.auth_context();
  if (properties == nullptr) return std::nullopt;
  const std::vector<grpc::string_ref> found =
      properties->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
  if (found.empty()) return std::nullopt;
  const std::unique_ptr<BIO, decltype(&BIO_free)> text(
      BIO_new_mem_buf(found[0].data(), static_cast<int>(found[0].size())), &BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr), &X509_free);
  int days = 0;
  int seconds = 0;
  if (certificate == nullptr ||
      ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(certificate.get())) != 1) {
    return std::nullopt;
  }
  return days;
}

Finding Tls(const grpc::ClientContext& context, const std::string& server) {
  const std::optional<int> days = CertificateDays(context);
  if (days.has_value()) {
    const std::string found = "the certificate is good for " + std::to_string(*days) + " days";
    if (*days >= kCertificateDays) return {"tls", State::kOk, found, ""};
    return {"tls", *days < kCertificateDaysMin ? State::kFault : State::kNote, found,
            "Put a new one into salesd's files; it takes them without a restart."};
  }
  const bool local = server.rfind("127.", 0) == 0 || server.rfind("localhost:", 0) == 0 ||
                     server.rfind("[::1]:", 0) == 0 || server.rfind("unix:", 0) == 0;
  if (local) return {"tls", State::kOk, "plaintext, on this machine", ""};
  return {"tls", State::kNote, "plaintext: others on the network can read along",
          "Give salesd --tls-cert-file and --tls-key-file."};
}

Finding Disk(const StoreStatus& status) {
  if (status.free_bytes() < 0) {
    return {"disk", State::kOk,
            "the store has " + FormatCount(status.store_bytes()) + " bytes on a server of its own",
            ""};
  }
  const std::string found = FormatCount(status.free_bytes()) + " bytes free, the store has " +
                            FormatCount(status.store_bytes());
  if (status.free_bytes() < kFreeBytes) {
    return {"disk", State::kFault, found, "Make room on the store's volume: writes will fail."};
  }
  if (status.free_bytes() < status.store_bytes() + status.log_bytes()) {
    return {"disk", State::kNote, found,
            "Make room: a backup or a vacuum needs as much again as the store has."};
  }
  return {"disk", State::kOk, found, ""};
}

Finding WriteLog(const StoreStatus& status) {
  const std::string found = FormatCount(status.log_bytes()) + " bytes";
  if (status.log_bytes() <= kLogBytes) return {"log", State::kOk, found, ""};
  return {"log", State::kNote, found,
          "Something reads for long and keeps it from being moved into the store: look for slow "
          "exports, reports and backups in the log."};
}

Finding Durability(const StoreStatus& status) {
  if (status.durability() == "full") {
    return {"durability", State::kOk, "an acknowledged write survives power loss", ""};
  }
  return {"durability", State::kNote, "power loss may take the last moments",
          "Run salesd with --durability=full."};
}

Finding Sweep(const StoreStatus& status) {
  if (!status.has_sweep_interval()) {
    return {"sweep", State::kNote, "never runs",
            "Run salesd with --sweep-seconds above 0, or nothing that falls due is recorded."};
  }
  const absl::Duration interval = absl::Seconds(status.sweep_interval().seconds());
  const absl::Time now = TimeOf(status.server_time());
  const absl::Time last =
      TimeOf(status.has_sweep_time() ? status.sweep_time() : status.start_time());
  if (now - last > 3 * interval + absl::Minutes(1)) {
    return {"sweep", State::kFault, "has not ended well for " + About(now - last),
            "Look for 'sweep failed' in salesd's log."};
  }
  if (status.has_sweep_due_time() && TimeOf(status.sweep_due_time()) < last - interval) {
    return {"sweep", State::kNote, "is behind by " + About(last - TimeOf(status.sweep_due_time())),
            "Much fell due at once; look again in some minutes."};
  }
  return {"sweep", State::kOk, "ended well " + About(now - last) + " ago", ""};
}

Finding Backup(const StoreStatus& status, const DoctorOptions& options) {
  if (options.backup_hours == 0) return {"backup", State::kOk, "is made otherwise", ""};
  if (!status.has_backup_time()) {
    return {"backup", State::kNote, "none was ever made through salesd",
            "Make one every day with 'salesctl backup'; --backup-hours=0 if it is made otherwise."};
  }
  const absl::Duration age = TimeOf(status.server_time()) - TimeOf(status.backup_time());
  const std::string found = About(age) + " old, " + FormatCount(status.backup_bytes()) + " bytes";
  if (age <= absl::Hours(options.backup_hours)) return {"backup", State::kOk, found, ""};
  return {"backup", State::kFault, found, "Look why 'salesctl backup' does not run any more."};
}

Finding Unfinished(const StoreStatus& status) {
  if (status.workspaces_unfinished() == 0) {
    return {"workspaces", State::kOk, FormatCount(status.workspaces()), ""};
  }
  return {"workspaces", State::kNote,
          FormatCount(status.workspaces()) + ", and " +
              FormatCount(status.workspaces_unfinished()) + " being imported or removed",
          "After a removal run 'salesd vacuum' once this is 0."};
}

Result<std::vector<Workspace>> AllWorkspaces(Session& session) {
  std::vector<Workspace> all;
  sales::v1::ListWorkspacesRequest request;
  request.set_page_size(kPageSize);
  while (true) {
    const Result<sales::v1::ListWorkspacesResponse> page =
        session.client().Call<sales::v1::ListWorkspacesResponse>(
            "WorkspaceService.ListWorkspaces", sales::v1::ListWorkspacesRequest(request));
    if (!page.ok()) return page.failure();
    all.insert(all.end(), page->workspaces().begin(), page->workspaces().end());
    if (page->next_page_token().empty()) return all;
    request.set_page_token(page->next_page_token());
  }
}

Finding Retention(const std::vector<Workspace>& workspaces) {
  const auto limited = std::count_if(
      workspaces.begin(), workspaces.end(),
      [](const Workspace& workspace) { return workspace.event_retention_days() > 0; });
  return {"retention", State::kOk,
          FormatCount(limited) + " of " + FormatCount(static_cast<int64_t>(workspaces.size())) +
              " workspaces keep events for a time",
          ""};
}

// How far those are that somebody wants to be delivered.
struct Deliveries {
  int64_t webhooks = 0;
  int64_t given_up = 0;
  int64_t failing = 0;
  // Revisions, of the one that is furthest behind.
  int64_t behind = 0;
};

void Add(const Webhook& webhook, int64_t revision, Deliveries& deliveries) {
  if (webhook.state() == Webhook::STATE_DISABLED) return;
  ++deliveries.webhooks;
  deliveries.behind = std::max(deliveries.behind, revision - webhook.delivered_revision());
  if (webhook.state() == Webhook::STATE_FAILED) {
    ++deliveries.given_up;
  } else if (webhook.failure().attempts() > 0) {
    ++deliveries.failing;
  }
}

Done AddOf(const Workspace& workspace, Session& session, Deliveries& deliveries) {
  sales::v1::ListWebhooksRequest request;
  request.set_parent(workspace.name());
  request.set_page_size(kPageSize);
  while (true) {
    const Result<sales::v1::ListWebhooksResponse> page =
        session.client().Call<sales::v1::ListWebhooksResponse>(
            "EventService.ListWebhooks", sales::v1::ListWebhooksRequest(request));
    if (!page.ok()) return page.failure();
    for (const Webhook& webhook : page->webhooks()) {
      Add(webhook, workspace.revision(), deliveries);
    }
    if (page->next_page_token().empty()) return Unit{};
    request.set_page_token(page->next_page_token());
  }
}

Finding Webhooks(const std::vector<Workspace>& workspaces, Session& session) {
  Deliveries deliveries;
  for (const Workspace& workspace : workspaces) {
    const Done added = AddOf(workspace, session, deliveries);
    if (!added.ok()) return {"webhooks", State::kNote, added.failure().message, ""};
  }
  if (deliveries.webhooks == 0) return {"webhooks", State::kOk, "none", ""};
  std::string found = FormatCount(deliveries.webhooks) + ", up to " +
                      FormatCount(deliveries.behind) + " revisions behind";
  if (deliveries.given_up > 0) {
    return {"webhooks", State::kFault, found + ", given up: " + FormatCount(deliveries.given_up),
            "Mend their receivers, then 'salesctl webhook update WEBHOOK --state=enabled'."};
  }
  if (deliveries.failing > 0) {
    return {"webhooks", State::kNote, found + ", failing: " + FormatCount(deliveries.failing),
            "Look at their receivers; 'salesctl webhook get' says how the last attempt failed."};
  }
  if (deliveries.behind > kRevisionsBehind) {
    return {"webhooks", State::kNote, found, "Look for slow receivers; nothing is lost."};
  }
  return {"webhooks", State::kOk, found, ""};
}

Finding Readiness(Session& session) {
  const std::optional<bool> serving = IsServing(session.client(), "readiness");
  if (serving == true) return {"readiness", State::kOk, "serving", ""};
  return {"readiness", State::kFault, "not serving: it stops, or has not started",
          "Ask another replica, or look at salesd's log."};
}

std::vector<Finding> FindAll(const DoctorOptions& options, Session& session) {
  const sales::client::Client& client = session.client().client();
  const auto stub = sales::v1::StoreService::NewStub(client.channel());
  grpc::ClientContext context;
  if (const absl::Status prepared = client.Prepare(context); !prepared.ok()) {
    return {{"answer", State::kFault, std::string(prepared.message()), "Check --token-file."}};
  }
  context.set_deadline(std::chrono::system_clock::now() + absl::ToChronoMicroseconds(absl::Seconds(
                                                              session.settings().timeout_seconds)));
  StoreStatus status;
  const absl::Time sent = absl::Now();
  const grpc::Status answered = stub->GetStoreStatus(&context, {}, &status);
  const absl::Time came = absl::Now();
  if (!answered.ok()) {
    const Failure failure = session.client().FailureOf(sales::client::StatusFrom(answered));
    return {{"answer", State::kFault, failure.reason + ": " + failure.message, failure.remedy}};
  }
  std::vector<Finding> findings = {
      {"answer", State::kOk,
       "within " + std::to_string(absl::ToInt64Milliseconds(came - sent)) + " ms", ""},
      Readiness(session),
      Tls(context, session.settings().server),
      Version(status),
      ClockSkew(status, sent, came),
      Disk(status),
      WriteLog(status),
      Durability(status),
      Sweep(status),
      Backup(status, options),
      Unfinished(status)};
  const Result<std::vector<Workspace>> workspaces = AllWorkspaces(session);
  if (workspaces.ok()) {
    findings.push_back(Retention(*workspaces));
    findings.push_back(Webhooks(*workspaces, session));
  } else {
    findings.push_back({"retention", State::kNote, workspaces.failure().message, ""});
  }
  return findings;
}

void PrintTable(const std::vector<Finding>& findings) {
  Table table({{"CHECK"}, {"STATE"}, {"FOUND"}, {"WHAT TO DO"}});
  for (const Finding& finding : findings) {
    table.Add({finding.check, NameOf(finding.state), finding.found, finding.remedy});
  }
  std::cout << table.ToText();
}

void PrintJson(const std::vector<Finding>& findings) {
  nlohmann::json list = nlohmann::json::array();
  for (const Finding& finding : findings) {
    std::string state = NameOf(finding.state);
    std::transform(state.begin(), state.end(), state.begin(), ::tolower);
    list.push_back({{"check", finding.check},
                    {"state", state},
                    {"found", finding.found},
                    {"remedy", finding.remedy}});
  }
  std::cout << nlohmann::json{{"checks", list}}.dump(1) << "\n";
}

}  // namespace

Done Diagnose(const DoctorOptions& options, Session& session) {
  const std::vector<Finding> findings = FindAll(options, session);
  session.json() ? PrintJson(findings) : PrintTable(findings);
  const auto faults = std::count_if(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.state == State::kFault;
  });
  if (faults == 0) return Unit{};
  return Refused("SERVICE_FAULTY", std::to_string(faults) + " of the checks found a fault",
                 "Do what the table says.");
}

}  // namespace salesctl
