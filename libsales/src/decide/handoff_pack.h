// A handoff in the forms in which it is passed on.
#ifndef SALES_SRC_DECIDE_HANDOFF_PACK_H_
#define SALES_SRC_DECIDE_HANDOFF_PACK_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "sales/contact.h"
#include "sales/handoff.h"
#include "sales/lead.h"

namespace sales {

// What a pack is made of.
struct PackContents {
  std::string workspace;
  // In which people read times.
  absl::TimeZone zone;
  Handoff handoff;
  Lead lead;
  Contact contact;
};

HandoffPack MakeHandoffPack(const PackContents& contents);

// Its parts.

// Text that a Markdown reader shows as it is, on one line.
std::string EscapeMarkdown(const std::string& text);

// A vCard 4.0 for the client and for each participant who is somebody else.
std::string MakeVcards(const PackContents& contents);
// One property of a vCard with its text escaped, folded at 75 octets (RFC 6350, 3.2 and 3.4).
std::string VcardLine(const std::string& property, const std::string& text);

// The introduction as an iCalendar event: a request from the studio's first participant who has an
// e-mail address, to all who have one. Empty before the introduction.
std::string MakeInvitation(const PackContents& contents);

// What the client is called.
std::string ClientName(const Contact& contact);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_HANDOFF_PACK_H_
