// A handoff as Markdown, vCard, iCalendar and JSON.
#include "src/decide/handoff_pack.h"

#include <gtest/gtest.h>
#include <libical/ical.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace sales {
namespace {

absl::Time Noon(int day) {
  return absl::FromCivil(absl::CivilHour(2026, 3, day, 12), absl::UTCTimeZone());
}

PackContents Contents() {
  PackContents contents;
  contents.workspace = "studio";
  contents.zone = absl::FixedTimeZone(3600);
  contents.contact.id = "c1";
  contents.contact.display_name = "Иван Петров";
  contents.contact.organization = "ООО «Ромашка», дочерняя; филиал";
  contents.contact.identities = {
      {IdentityKind::kEmail, "Ivan@Client.example", "", "ivan@client.example", true},
      {IdentityKind::kPhone, "020 123 4567", "", "+31201234567", true},
      {IdentityKind::kMessenger, "@ivan", "telegram", "ivan", true}};
  contents.lead.id = "l1";
  contents.lead.need = "An online shop";
  contents.lead.requirements = {{1, "A catalogue", Noon(1)},
                                {2, "A catalogue\n# A basket", Noon(2)}};
  contents.lead.won_value = Money{"EUR", 480'005};
  Handoff& handoff = contents.handoff;
  handoff.id = "l1";
  handoff.state = HandoffState::kBriefed;
  handoff.seller = "anna";
  handoff.manager = "mira";
  handoff.introduction = Introduction{
      Noon(9),
      absl::Minutes(90),
      "Keizersgracht 1; second floor",
      {{"Иван Петров", "ivan@client.example", "", "owner"},
       {"Ольга, his \"deputy\"", "olga@client.example", "", ""}},
      {{"Mira Jansen", "mira@studio.example", "", "manager"}, {"Boris", "", "", "designer"}}};
  handoff.project_prepared = ProjectPrepared{"Redmine", "https://plan.example/shop", {"olga"}};
  handoff.materials_shared =
      MaterialsShared{{{"Contract [signed]", "https://disk.example/contract"}}, {}, {}};
  handoff.briefing = Briefing{"mira", "He calls **before nine**."};
  handoff.completed_steps = {{HandoffStep::kIntroduction, "anna", Noon(5)}};
  return contents;
}

// The lines as RFC 6350 unfolds them.
std::vector<std::string> Unfolded(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find("\r\n", at);
    if (text[at] == ' ') {
      lines.back() += text.substr(at + 1, end - at - 1);
    } else {
      lines.push_back(text.substr(at, end - at));
    }
    at = end + 2;
  }
  return lines;
}

TEST(VcardLine, EscapesWhatSeparates) {
  EXPECT_EQ(VcardLine("FN", "a,b;c\\d\ne\rf\x01"), "FN:a\\,b\\;c\\\\d\\nef\r\n");
}

TEST(VcardLine, OfUpToSeventyFiveOctetsIsWhole) {
  const std::string text(72, 'x');
  EXPECT_EQ(VcardLine("FN", text), "FN:" + text + "\r\n");
  EXPECT_EQ(VcardLine("FN", text + "y"), "FN:" + text + "\r\n y\r\n");
}

TEST(VcardLine, IsFoldedBetweenCyrillicLetters) {
  for (int ascii = 0; ascii < 4; ++ascii) {
    std::string text(ascii, 'x');
    for (int i = 0; i < 120; ++i) text += "Ж";
    const std::string folded = VcardLine("FN", text);
    for (size_t at = 0; at < folded.size();) {
      const size_t end = folded.find("\r\n", at);
      const std::string_view line(folded.data() + at, end - at);
      EXPECT_LE(line.size(), 75u);
      // No line begins or ends inside a letter.
      const std::string_view body = line.front() == ' ' ? line.substr(1) : line;
      EXPECT_NE(static_cast<unsigned char>(body.front()) & 0xC0, 0x80);
      EXPECT_NE(static_cast<unsigned char>(body.back()) & 0xC0, 0xC0);
      at = end + 2;
    }
    EXPECT_EQ(Unfolded(folded), std::vector<std::string>{"FN:" + text});
  }
}

TEST(Vcards, AreOneForEachPerson) {
  const std::vector<std::string> lines = Unfolded(MakeVcards(Contents()));
  const std::vector<std::string> expected = {"BEGIN:VCARD",
                                             "VERSION:4.0",
                                             "UID;VALUE=text:workspaces/studio/contacts/c1",
                                             "FN:Иван Петров",
                                             "ORG:ООО «Ромашка»\\, дочерняя\\; филиал",
                                             "EMAIL:ivan@client.example",
                                             "TEL:+31201234567",
                                             "NOTE:telegram: ivan",
                                             "ROLE:owner",
                                             "CATEGORIES:client",
                                             "END:VCARD",
                                             "BEGIN:VCARD",
                                             "VERSION:4.0",
                                             "FN:Ольга\\, his \"deputy\"",
                                             "EMAIL:olga@client.example",
                                             "CATEGORIES:client",
                                             "END:VCARD",
                                             "BEGIN:VCARD",
                                             "VERSION:4.0",
                                             "FN:Mira Jansen",
                                             "EMAIL:mira@studio.example",
                                             "ROLE:manager",
                                             "CATEGORIES:studio",
                                             "END:VCARD",
                                             "BEGIN:VCARD",
                                             "VERSION:4.0",
                                             "FN:Boris",
                                             "ROLE:designer",
                                             "CATEGORIES:studio",
                                             "END:VCARD"};
  EXPECT_EQ(lines, expected);
}

TEST(Vcards, OfAnOrganizationSayThatItIsOne) {
  PackContents contents;
  contents.contact.id = "c1";
  contents.contact.organization = "Ромашка";
  const std::vector<std::string> lines = Unfolded(MakeVcards(contents));
  EXPECT_EQ(lines[2], "KIND:org");
  EXPECT_EQ(lines[4], "FN:Ромашка");
}

// Reads a property of the invitation's event back.
std::string PropertyOf(const std::string& invitation, icalproperty_kind kind) {
  icalcomponent* const calendar = icalparser_parse_string(invitation.c_str());
  icalcomponent* const event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
  icalproperty* const property = icalcomponent_get_first_property(event, kind);
  std::string text;
  if (property != nullptr) {
    char* const value = icalproperty_get_value_as_string_r(property);
    text = value;
    icalmemory_free_buffer(value);
  }
  icalcomponent_free(calendar);
  return text;
}

TEST(Invitation, SaysWhenAndWhere) {
  const std::string text = MakeInvitation(Contents());
  EXPECT_EQ(PropertyOf(text, ICAL_DTSTART_PROPERTY), "20260309T120000Z") << text;
  EXPECT_EQ(PropertyOf(text, ICAL_DTEND_PROPERTY), "20260309T133000Z");
  EXPECT_EQ(PropertyOf(text, ICAL_DTSTAMP_PROPERTY), "20260305T120000Z");
  EXPECT_EQ(PropertyOf(text, ICAL_LOCATION_PROPERTY), "Keizersgracht 1\\; second floor");
  EXPECT_EQ(PropertyOf(text, ICAL_SUMMARY_PROPERTY), "Introduction: Иван Петров");
  EXPECT_EQ(PropertyOf(text, ICAL_UID_PROPERTY), "l1@studio");
}

TEST(Invitation, IsARequestFromTheStudioToAllWithAnAddress) {
  const std::string text = MakeInvitation(Contents());
  EXPECT_NE(text.find("METHOD:REQUEST\r\n"), std::string::npos) << text;
  EXPECT_EQ(PropertyOf(text, ICAL_ORGANIZER_PROPERTY), "mailto:mira@studio.example");
  icalcomponent* const calendar = icalparser_parse_string(text.c_str());
  icalcomponent* const event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
  EXPECT_EQ(icalcomponent_count_properties(event, ICAL_ATTENDEE_PROPERTY), 3);
  icalcomponent_free(calendar);
}

TEST(Invitation, WithoutAnAddressOfTheStudioInvitesNobody) {
  PackContents contents = Contents();
  contents.handoff.introduction->studio_participants[0].email.clear();
  const std::string text = MakeInvitation(contents);
  EXPECT_EQ(text.find("METHOD"), std::string::npos);
  EXPECT_EQ(PropertyOf(text, ICAL_ATTENDEE_PROPERTY), "");
  EXPECT_NE(PropertyOf(text, ICAL_DESCRIPTION_PROPERTY).find("Boris (designer)"),
            std::string::npos);
}

TEST(Invitation, ThatIsSentAgainIsTheSameEventChanged) {
  PackContents contents = Contents();
  contents.handoff.returns.emplace_back();
  EXPECT_EQ(PropertyOf(MakeInvitation(contents), ICAL_SEQUENCE_PROPERTY), "1");
}

TEST(Invitation, LastsAnHourIfNobodySaysHowLong) {
  PackContents contents = Contents();
  contents.handoff.introduction->duration = absl::ZeroDuration();
  EXPECT_EQ(PropertyOf(MakeInvitation(contents), ICAL_DTEND_PROPERTY), "20260309T130000Z");
}

TEST(Invitation, HoldsNoLineThatANameBrings) {
  PackContents contents = Contents();
  contents.handoff.introduction->client_participants[1].display_name =
      "Eve\"\r\nATTENDEE:mailto:eve@evil.example";
  const std::string text = MakeInvitation(contents);
  EXPECT_EQ(text.find("\r\nATTENDEE:mailto:eve"), std::string::npos) << text;
}

TEST(Invitation, IsEmptyBeforeTheIntroduction) {
  PackContents contents = Contents();
  contents.handoff.introduction.reset();
  EXPECT_EQ(MakeInvitation(contents), "");
}

TEST(Brief, TellsTheManagerWhatHeNeeds) {
  EXPECT_EQ(MakeHandoffPack(Contents()).brief,
            R"(# Иван Петров

He calls **before nine**.

## Sale

- Client: Иван Петров
- Organization: ООО «Ромашка», дочерняя; филиал
- Seller: anna
- Manager: mira
- What is asked for: An online shop
- Agreed requirements:
  > A catalogue
  >
  > \# A basket
- Sold at: 4800.05 EUR

## Introduction

- When: 2026-03-09 13:00 (UTC+01:00)
- Where: Keizersgracht 1; second floor
- Client's side: Иван Петров, owner, ivan@client.example
- Client's side: Ольга, his "deputy", olga@client.example
- Studio's side: Mira Jansen, manager, mira@studio.example
- Studio's side: Boris, designer

## Project

- Planner: [Redmine](<https://plan.example/shop>)
- Invited: olga

## Materials

- Document: [Contract \[signed\]](<https://disk.example/contract>)
)");
}

TEST(Brief, ShowsTextAsItWasTyped) {
  EXPECT_EQ(EscapeMarkdown("# *a* [b](c)\r\n<script>"), "\\# \\*a\\* \\[b\\](c) \\<script\\>");
}

TEST(PackJson, HoldsEverything) {
  const nlohmann::json json = nlohmann::json::parse(MakeHandoffPack(Contents()).json);
  EXPECT_EQ(json["state"], "BRIEFED");
  EXPECT_EQ(json["client"]["identities"][1]["value"], "020 123 4567");
  EXPECT_EQ(json["lead"]["won_value"]["minor_units"], 480'005);
  EXPECT_EQ(json["introduction"]["meet_time"], "2026-03-09T12:00:00Z");
  EXPECT_EQ(json["introduction"]["client_participants"][1]["email"], "olga@client.example");
  EXPECT_EQ(json["project_prepared"]["members"][0], "olga");
  EXPECT_EQ(json["materials_shared"]["documents"][0]["title"], "Contract [signed]");
  EXPECT_EQ(json["briefing"]["text"], "He calls **before nine**.");
  EXPECT_EQ(json["completed_steps"][0]["step"], "introduction");
}

}  // namespace
}  // namespace sales
