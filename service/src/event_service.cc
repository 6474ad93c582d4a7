#include "sales/v1/event.pb.h"
#include "service/src/call.h"
#include "service/src/convert/event.h"

namespace sales::service {
namespace {

absl::StatusOr<v1::ListEventsResponse> HandleListEvents(Caller& caller,
                                                        const v1::ListEventsRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  ASSIGN_OR_RETURN(EventQuery query,
                   EventQueryFrom(request.filter(), request.after_revision(), workspace));
  query.page_size = request.page_size();
  query.page_token = request.page_token();
  ASSIGN_OR_RETURN(const EventPage page, caller.At(workspace).ListEvents(query));
  v1::ListEventsResponse response;
  for (const Event& event : page.events) *response.add_events() = ToProto(event, workspace);
  response.set_next_page_token(page.next_page_token);
  response.set_revision(page.revision);
  return response;
}

}  // namespace

void AddEventMethods(std::vector<Method>& methods) {
  methods.push_back(Unary("EventService/ListEvents", Work::kScan, HandleListEvents));
}

}  // namespace sales::service
