#ifndef SALES_SERVICE_CONVERT_EVENT_H_
#define SALES_SERVICE_CONVERT_EVENT_H_

#include <string>

#include "absl/status/statusor.h"
#include "sales/event.h"
#include "sales/v1/event.pb.h"

namespace sales::service {

v1::Event ToProto(const Event& event, const std::string& workspace);
// `field` is the filter's path.
absl::StatusOr<EventFilter> EventFilterFrom(const v1::EventFilter& filter,
                                            const std::string& workspace, const std::string& field);
// Without a page.
absl::StatusOr<EventQuery> EventQueryFrom(const v1::EventFilter& filter, int64_t after_revision,
                                          const std::string& workspace);

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_EVENT_H_
