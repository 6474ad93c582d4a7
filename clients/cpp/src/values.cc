#include <utility>

#include "sales/client_values.h"

namespace sales::client {
namespace {

v1::Identity MakeIdentity(v1::Identity::Kind kind, std::string value, std::string source = "") {
  v1::Identity identity;
  identity.set_kind(kind);
  identity.set_value(std::move(value));
  identity.set_source(std::move(source));
  return identity;
}

}  // namespace

v1::Money MinorUnits(int64_t minor_units, std::string currency_code) {
  v1::Money money;
  money.set_minor_units(minor_units);
  money.set_currency_code(std::move(currency_code));
  return money;
}

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  const int64_t seconds = absl::ToUnixSeconds(time);
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
  return timestamp;
}

absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

v1::Identity Email(std::string address) {
  return MakeIdentity(v1::Identity::KIND_EMAIL, std::move(address));
}

v1::Identity Phone(std::string number) {
  return MakeIdentity(v1::Identity::KIND_PHONE, std::move(number));
}

v1::Identity Messenger(std::string name, std::string service) {
  return MakeIdentity(v1::Identity::KIND_MESSENGER, std::move(name), std::move(service));
}

v1::Identity External(std::string id, std::string source) {
  return MakeIdentity(v1::Identity::KIND_EXTERNAL, std::move(id), std::move(source));
}

}  // namespace sales::client
