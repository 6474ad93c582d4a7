// Money, time and identities: between messages and C++'s types.
#ifndef SALES_CLIENT_VALUES_H_
#define SALES_CLIENT_VALUES_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "sales/v1/common.pb.h"
#include "sales/v1/contact.pb.h"

namespace sales::client {

// An amount in whole minor units: 12.34 EUR is MinorUnits(1234, "EUR").
v1::Money MinorUnits(int64_t minor_units, std::string currency_code);

// To the nanosecond.
google::protobuf::Timestamp ToTimestamp(absl::Time time);
absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp);

v1::Identity Email(std::string address);
// Without a country code it is read in the workspace's region.
v1::Identity Phone(std::string number);
// A name in a messenger service: Messenger("@ivan", "telegram").
v1::Identity Messenger(std::string name, std::string service);
// An id that another system knows the person by: External("17", "crm").
v1::Identity External(std::string id, std::string source);

}  // namespace sales::client

#endif  // SALES_CLIENT_VALUES_H_
