// vCards are written by hand: of the libraries at hand libical writes them from 3.1 on only, and
// libbelcard's licence would bind whoever uses libsales.
#include <cstddef>
#include <string>
#include <vector>

#include "src/decide/handoff_pack.h"
#include "src/decide/identity.h"

namespace sales {
namespace {

constexpr size_t kLineOctets = 75;
constexpr char kEnd[] = "\r\n";

std::string EscapeText(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == ',' || c == ';') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) {
      out += c;
    }
  }
  return out;
}

bool ContinuesCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

void Add(const std::string& property, const std::string& text, std::string& out) {
  if (!text.empty()) out += VcardLine(property, text);
}

std::string NormalEmail(const std::string& email) {
  return email.empty() ? std::string() : NormalizeIdentity(Email(email), "").normal_value;
}

// Whether the participant is the client himself, by his address.
bool IsClient(const Participant& participant, const Contact& contact) {
  const std::string email = NormalEmail(participant.email);
  if (email.empty()) return false;
  for (const Identity& identity : contact.identities) {
    if (identity.kind == IdentityKind::kEmail && identity.normal_value == email) return true;
  }
  return false;
}

void AddIdentity(const Identity& identity, std::string& out) {
  const std::string& value = identity.usable ? identity.normal_value : identity.value;
  if (identity.kind == IdentityKind::kEmail) Add("EMAIL", value, out);
  if (identity.kind == IdentityKind::kPhone) Add("TEL", value, out);
  // An address that is no URI has no property of its own.
  if (identity.kind == IdentityKind::kMessenger) {
    Add("NOTE", identity.source + ": " + value, out);
  }
}

std::string ClientCard(const PackContents& contents) {
  const Contact& contact = contents.contact;
  std::string card = "BEGIN:VCARD\r\nVERSION:4.0\r\n";
  if (contact.display_name.empty() && !contact.organization.empty()) Add("KIND", "org", card);
  Add("UID;VALUE=text", "workspaces/" + contents.workspace + "/contacts/" + contact.id, card);
  card += VcardLine("FN", ClientName(contact));
  Add("ORG", contact.organization, card);
  for (const Identity& identity : contact.identities) AddIdentity(identity, card);
  if (contents.handoff.introduction.has_value()) {
    for (const Participant& participant : contents.handoff.introduction->client_participants) {
      if (IsClient(participant, contact)) Add("ROLE", participant.role, card);
    }
  }
  Add("CATEGORIES", "client", card);
  return card + "END:VCARD\r\n";
}

std::string ParticipantCard(const Participant& participant, const char* side) {
  std::string card = "BEGIN:VCARD\r\nVERSION:4.0\r\n";
  card += VcardLine("FN", participant.display_name);
  Add("EMAIL", participant.email, card);
  Add("TEL", participant.phone, card);
  Add("ROLE", participant.role, card);
  Add("CATEGORIES", side, card);
  return card + "END:VCARD\r\n";
}

}  // namespace

std::string VcardLine(const std::string& property, const std::string& text) {
  const std::string line = property + ":" + EscapeText(text);
  std::string out;
  size_t room = kLineOctets;
  size_t at = 0;
  while (line.size() - at > room) {
    size_t end = at + room;
    while (end > at + 1 && ContinuesCharacter(line[end])) --end;
    out += line.substr(at, end - at) + kEnd + " ";
    at = end;
    // The space is the first octet of the line that goes on.
    room = kLineOctets - 1;
  }
  return out + line.substr(at) + kEnd;
}

std::string MakeVcards(const PackContents& contents) {
  std::string cards = ClientCard(contents);
  if (!contents.handoff.introduction.has_value()) return cards;
  const Introduction& introduction = *contents.handoff.introduction;
  for (const Participant& participant : introduction.client_participants) {
    if (!IsClient(participant, contents.contact)) cards += ParticipantCard(participant, "client");
  }
  for (const Participant& participant : introduction.studio_participants) {
    cards += ParticipantCard(participant, "studio");
  }
  return cards;
}

}  // namespace sales
