#include <libical/ical.h>

#include <memory>
#include <string>
#include <vector>

#include "src/decide/handoff_pack.h"
#include "src/decide/identity.h"

namespace sales {
namespace {

constexpr absl::Duration kDurationDefault = absl::Hours(1);

struct FreeComponent {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};

icaltimetype IcalTime(absl::Time time) {
  return icaltime_from_timet_with_zone(static_cast<time_t>(absl::ToUnixSeconds(time)),
                                       /*is_date=*/0, icaltimezone_get_utc_timezone());
}

// Quotes end a parameter, and there is no way to write one in it.
std::string CommonName(const std::string& name) {
  std::string out;
  for (const char c : name) {
    if (c == '"') {
      out += '\'';
    } else {
      out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

// Empty without an address.
std::string MailAddress(const Participant& participant) {
  if (participant.email.empty()) return "";
  return "mailto:" + NormalizeIdentity(Email(participant.email), "").normal_value;
}

void AddAttendees(const std::vector<Participant>& participants, icalcomponent* event) {
  for (const Participant& participant : participants) {
    const std::string address = MailAddress(participant);
    if (address.empty()) continue;
    const std::string name = CommonName(participant.display_name);
    icalcomponent_add_property(
        event, icalproperty_vanew_attendee(address.c_str(), icalparameter_new_cn(name.c_str()),
                                           icalparameter_new_role(ICAL_ROLE_REQPARTICIPANT),
                                           icalparameter_new_partstat(ICAL_PARTSTAT_NEEDSACTION),
                                           icalparameter_new_rsvp(ICAL_RSVP_TRUE),
                                           static_cast<void*>(nullptr)));
  }
}

// Whether there is somebody to invite in the name of.
bool AddOrganizer(const std::vector<Participant>& studio, icalcomponent* event) {
  for (const Participant& participant : studio) {
    const std::string address = MailAddress(participant);
    if (address.empty()) continue;
    const std::string name = CommonName(participant.display_name);
    icalcomponent_add_property(
        event, icalproperty_vanew_organizer(address.c_str(), icalparameter_new_cn(name.c_str()),
                                            static_cast<void*>(nullptr)));
    return true;
  }
  return false;
}

// Those without an address stand here alone.
std::string Description(const Introduction& introduction) {
  std::string text;
  const auto add = [&text](const Participant& participant) {
    if (!text.empty()) text += "\n";
    text += participant.display_name;
    if (!participant.role.empty()) text += " (" + participant.role + ")";
  };
  for (const Participant& participant : introduction.client_participants) add(participant);
  for (const Participant& participant : introduction.studio_participants) add(participant);
  return text;
}

absl::Time CompleteTime(const Handoff& handoff, HandoffStep step) {
  for (const CompletedStep& completed : handoff.completed_steps) {
    if (completed.step == step) return completed.complete_time;
  }
  return handoff.open_time;
}

}  // namespace

std::string MakeInvitation(const PackContents& contents) {
  const Handoff& handoff = contents.handoff;
  if (!handoff.introduction.has_value()) return "";
  const Introduction& introduction = *handoff.introduction;
  const std::unique_ptr<icalcomponent, FreeComponent> calendar(
      icalcomponent_new(ICAL_VCALENDAR_COMPONENT));
  icalcomponent_add_property(calendar.get(), icalproperty_new_version("2.0"));
  icalcomponent_add_property(calendar.get(), icalproperty_new_prodid("-//libsales//handoff//EN"));

  icalcomponent* const event = icalcomponent_new(ICAL_VEVENT_COMPONENT);
  const std::string uid = handoff.id + "@" + contents.workspace;
  icalcomponent_add_property(event, icalproperty_new_uid(uid.c_str()));
  // Who returns a handoff has the introduction done anew: the same event, changed.
  icalcomponent_add_property(event,
                             icalproperty_new_sequence(static_cast<int>(handoff.returns.size())));
  icalcomponent_add_property(
      event, icalproperty_new_dtstamp(IcalTime(CompleteTime(handoff, HandoffStep::kIntroduction))));
  const absl::Duration duration =
      introduction.duration > absl::ZeroDuration() ? introduction.duration : kDurationDefault;
  icalcomponent_add_property(event, icalproperty_new_dtstart(IcalTime(introduction.meet_time)));
  icalcomponent_add_property(event,
                             icalproperty_new_dtend(IcalTime(introduction.meet_time + duration)));
  const std::string summary = "Introduction: " + ClientName(contents.contact);
  icalcomponent_add_property(event, icalproperty_new_summary(summary.c_str()));
  icalcomponent_add_property(event, icalproperty_new_location(introduction.place.c_str()));
  const std::string description = Description(introduction);
  icalcomponent_add_property(event, icalproperty_new_description(description.c_str()));
  if (AddOrganizer(introduction.studio_participants, event)) {
    icalcomponent_add_property(calendar.get(), icalproperty_new_method(ICAL_METHOD_REQUEST));
    AddAttendees(introduction.client_participants, event);
    AddAttendees(introduction.studio_participants, event);
  }
  icalcomponent_add_component(calendar.get(), event);

  char* const text = icalcomponent_as_ical_string_r(calendar.get());
  std::string out = text;
  icalmemory_free_buffer(text);
  return out;
}

}  // namespace sales
