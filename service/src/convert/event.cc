#include "service/src/convert/event.h"

#include "service/src/convert/fields.h"
#include "service/src/convert/names.h"

namespace sales::service {

v1::Event ToProto(const Event& event, const std::string& workspace) {
  v1::Event out;
  out.set_revision(event.revision);
  out.set_ordinal(event.ordinal);
  out.set_type(static_cast<v1::EventType>(event.type));
  SetTime(event.occur_time, out.mutable_occur_time());
  SetTime(event.record_time, out.mutable_record_time());
  out.set_actor(event.actor);
  out.set_lead(LeadNameOf(workspace, event.lead));
  out.set_contact(ContactNameOf(workspace, event.contact));
  const bool about_workspace =
      event.type == EventType::kWorkspaceCreated || event.type == EventType::kWorkspaceUpdated;
  if (about_workspace) {
    out.set_subject(WorkspaceNameOf(workspace));
  } else if (!event.subject.empty()) {
    out.set_subject(WorkspaceNameOf(workspace) + "/" + event.subject);
  }
  for (const Change& change : event.changes) {
    v1::Change& added = *out.add_changes();
    added.set_field(change.field);
    added.set_before(change.before);
    added.set_after(change.after);
  }
  return out;
}

absl::StatusOr<EventFilter> EventFilterFrom(const v1::EventFilter& filter,
                                            const std::string& workspace,
                                            const std::string& field) {
  EventFilter out;
  for (int i = 0; i < filter.types_size(); ++i) {
    const std::string path = field + ".types[" + std::to_string(i) + "]";
    ASSIGN_OR_RETURN(
        const EventType type,
        EnumFrom<EventType>(filter.types(i), v1::EventType_IsValid(filter.types(i)), path));
    if (type == EventType::kUnspecified) {
      return Refuse(Reason::kEnumUnknown, path, "is no type of event");
    }
    out.types.push_back(type);
  }
  ASSIGN_OR_RETURN(out.lead, LeadRef(filter.lead(), workspace, field + ".lead"));
  return out;
}

absl::StatusOr<EventQuery> EventQueryFrom(const v1::EventFilter& filter, int64_t after_revision,
                                          const std::string& workspace) {
  EventQuery query;
  query.after_revision = after_revision;
  ASSIGN_OR_RETURN(query.filter, EventFilterFrom(filter, workspace, "filter"));
  return query;
}

}  // namespace sales::service
