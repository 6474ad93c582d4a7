#include "src/decide/handoff_pack.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "src/decide/bounds.h"
#include "src/decide/civil.h"
#include "src/decide/handoff.h"

namespace sales {
namespace {

using Json = nlohmann::ordered_json;

// "1 200.50" would need a language; what is exact in every one is "1200.50 EUR".
std::string MoneyText(const Money& money) {
  const int digits = MinorUnitDigits(money.currency_code).value_or(0);
  std::string text = std::to_string(money.minor_units);
  if (digits > 0) {
    while (text.size() <= static_cast<size_t>(digits)) text.insert(0, "0");
    text.insert(text.size() - digits, ".");
  }
  return text + " " + money.currency_code;
}

std::string TimeText(absl::Time time, absl::TimeZone zone) {
  return absl::FormatTime("%Y-%m-%d %H:%M (UTC%Ez)", time, zone);
}

void AddFact(const char* title, const std::string& text, std::string& out) {
  if (!text.empty()) out += std::string("- ") + title + ": " + EscapeMarkdown(text) + "\n";
}

// Text of several lines keeps them, as a quotation; each further line of it stays in the entry.
void AddText(const char* title, const std::string& text, std::string& out) {
  if (text.find('\n') == std::string::npos) return AddFact(title, text, out);
  out += std::string("- ") + title + ":\n";
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    out += "  > " + EscapeMarkdown(text.substr(at, end - at)) + "\n";
    at = end + 1;
    // Lines of one quotation run together unless something empty is between them.
    if (at < text.size()) out += "  >\n";
  }
}

// An address was checked to hold nothing that could end it.
std::string LinkText(const Link& link) {
  return "[" + EscapeMarkdown(link.title) + "](<" + link.uri + ">)";
}

void AddLinks(const char* title, const std::vector<Link>& links, std::string& out) {
  for (const Link& link : links) out += std::string("- ") + title + ": " + LinkText(link) + "\n";
}

void AddParticipants(const char* side, const std::vector<Participant>& people, std::string& out) {
  for (const Participant& person : people) {
    out += std::string("- ") + side + ": " + EscapeMarkdown(person.display_name);
    for (const std::string& part : {person.role, person.email, person.phone}) {
      if (!part.empty()) out += ", " + EscapeMarkdown(part);
    }
    out += "\n";
  }
}

std::string Joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += ", ";
    text += part;
  }
  return text;
}

const Proposal* AcceptedProposal(const Lead& lead) {
  for (const Proposal& proposal : lead.proposals) {
    if (proposal.state == ProposalState::kAccepted) return &proposal;
  }
  return nullptr;
}

// What was sold.
void AddSale(const Lead& lead, std::string& out) {
  AddText("What is asked for", lead.need, out);
  if (!lead.requirements.empty()) {
    AddText("Agreed requirements", lead.requirements.back().text, out);
  }
  if (const Proposal* proposal = AcceptedProposal(lead); proposal != nullptr) {
    AddText("Agreed scope", proposal->scope, out);
  }
  if (lead.won_value.has_value()) AddFact("Sold at", MoneyText(*lead.won_value), out);
}

std::string MakeBrief(const PackContents& contents) {
  const Handoff& handoff = contents.handoff;
  std::string out = "# " + EscapeMarkdown(ClientName(contents.contact)) + "\n\n";
  // What the seller wrote for the manager is Markdown already, and comes first.
  if (handoff.briefing.has_value()) out += handoff.briefing->text + "\n\n";
  out += "## Sale\n\n";
  AddFact("Client", contents.contact.display_name, out);
  AddFact("Organization", contents.contact.organization, out);
  AddFact("Seller", handoff.seller, out);
  AddFact("Manager", handoff.manager, out);
  AddSale(contents.lead, out);
  if (handoff.introduction.has_value()) {
    out += "\n## Introduction\n\n";
    AddFact("When", TimeText(handoff.introduction->meet_time, contents.zone), out);
    AddFact("Where", handoff.introduction->place, out);
    AddParticipants("Client's side", handoff.introduction->client_participants, out);
    AddParticipants("Studio's side", handoff.introduction->studio_participants, out);
  }
  if (handoff.project_prepared.has_value()) {
    out += "\n## Project\n\n";
    AddLinks("Planner",
             {{handoff.project_prepared->planner, handoff.project_prepared->project_link}}, out);
    AddFact("Invited", Joined(handoff.project_prepared->members), out);
  }
  if (handoff.materials_shared.has_value()) {
    out += "\n## Materials\n\n";
    AddLinks("Document", handoff.materials_shared->documents, out);
    AddLinks("Requirements", handoff.materials_shared->requirements, out);
    AddLinks("Access", handoff.materials_shared->access, out);
  }
  return out;
}

Json ParticipantsJson(const std::vector<Participant>& people) {
  Json list = Json::array();
  for (const Participant& person : people) {
    list.push_back({{"display_name", person.display_name},
                    {"email", person.email},
                    {"phone", person.phone},
                    {"role", person.role}});
  }
  return list;
}

Json LinksJson(const std::vector<Link>& links) {
  Json list = Json::array();
  for (const Link& link : links) list.push_back({{"title", link.title}, {"uri", link.uri}});
  return list;
}

Json StepsJson(const Handoff& handoff) {
  Json list = Json::array();
  for (const CompletedStep& completed : handoff.completed_steps) {
    list.push_back({{"step", HandoffStepName(completed.step)},
                    {"actor", completed.actor},
                    {"complete_time", FormatInstant(completed.complete_time)}});
  }
  return list;
}

Json ReturnsJson(const Handoff& handoff) {
  Json list = Json::array();
  for (const HandoffReturn& returned : handoff.returns) {
    Json steps = Json::array();
    for (const HandoffStep step : returned.steps) steps.push_back(HandoffStepName(step));
    list.push_back({{"actor", returned.actor},
                    {"return_time", FormatInstant(returned.return_time)},
                    {"missing", returned.missing},
                    {"steps", std::move(steps)}});
  }
  return list;
}

Json ContactJson(const Contact& contact) {
  constexpr const char* kKinds[] = {"", "email", "phone", "messenger", "external"};
  Json identities = Json::array();
  for (const Identity& identity : contact.identities) {
    identities.push_back({{"kind", kKinds[static_cast<int>(identity.kind)]},
                          {"value", identity.value},
                          {"source", identity.source}});
  }
  return {{"id", contact.id},
          {"display_name", contact.display_name},
          {"organization", contact.organization},
          {"identities", std::move(identities)}};
}

Json LeadJson(const Lead& lead) {
  Json json = {{"id", lead.id}, {"need", lead.need}, {"attributes", lead.attributes}};
  json["requirements"] = lead.requirements.empty() ? "" : lead.requirements.back().text;
  const Proposal* const proposal = AcceptedProposal(lead);
  json["scope"] = proposal == nullptr ? "" : proposal->scope;
  if (lead.won_value.has_value()) {
    json["won_value"] = {{"currency_code", lead.won_value->currency_code},
                         {"minor_units", lead.won_value->minor_units}};
  }
  return json;
}

std::string MakeJson(const PackContents& contents) {
  const Handoff& handoff = contents.handoff;
  Json json = {{"workspace", contents.workspace},
               {"handoff", handoff.id},
               {"state", HandoffStateName(handoff.state)},
               {"seller", handoff.seller},
               {"manager", handoff.manager},
               {"client", ContactJson(contents.contact)},
               {"lead", LeadJson(contents.lead)}};
  if (handoff.introduction.has_value()) {
    const Introduction& introduction = *handoff.introduction;
    json["introduction"] = {
        {"meet_time", FormatInstant(introduction.meet_time)},
        {"duration_seconds", absl::ToInt64Seconds(introduction.duration)},
        {"place", introduction.place},
        {"client_participants", ParticipantsJson(introduction.client_participants)},
        {"studio_participants", ParticipantsJson(introduction.studio_participants)}};
  }
  if (handoff.project_prepared.has_value()) {
    json["project_prepared"] = {{"planner", handoff.project_prepared->planner},
                                {"project_link", handoff.project_prepared->project_link},
                                {"members", handoff.project_prepared->members}};
  }
  if (handoff.materials_shared.has_value()) {
    json["materials_shared"] = {{"documents", LinksJson(handoff.materials_shared->documents)},
                                {"requirements", LinksJson(handoff.materials_shared->requirements)},
                                {"access", LinksJson(handoff.materials_shared->access)}};
  }
  if (handoff.briefing.has_value()) {
    json["briefing"] = {{"manager", handoff.briefing->manager}, {"text", handoff.briefing->text}};
  }
  json["completed_steps"] = StepsJson(handoff);
  json["returns"] = ReturnsJson(handoff);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string EscapeMarkdown(const std::string& text) {
  constexpr std::string_view kSpecial = "\\`*_{}[]<>#|~";
  std::string out;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) {
      if (!out.empty() && out.back() != ' ') out += ' ';
      continue;
    }
    if (kSpecial.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string ClientName(const Contact& contact) {
  if (!contact.display_name.empty()) return contact.display_name;
  return contact.organization.empty() ? contact.id : contact.organization;
}

HandoffPack MakeHandoffPack(const PackContents& contents) {
  return {MakeBrief(contents), MakeVcards(contents), MakeInvitation(contents), MakeJson(contents)};
}

}  // namespace sales
