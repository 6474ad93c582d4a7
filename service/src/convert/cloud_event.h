#ifndef SALES_SERVICE_CONVERT_CLOUD_EVENT_H_
#define SALES_SERVICE_CONVERT_CLOUD_EVENT_H_

#include <string>

#include "sales/event.h"

namespace sales::service {

// The event as a CloudEvent 1.0 in JSON, whole: what is signed is all that it says. Its `data` is
// the sales.v1.Event in proto3's JSON.
std::string CloudEventOf(const Event& event, const std::string& workspace);

// "studio.12.0": the same whenever the event is sent.
std::string CloudEventId(const Event& event, const std::string& workspace);

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_CLOUD_EVENT_H_
