#ifndef SALES_CONTACT_H_
#define SALES_CONTACT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace sales {

enum class IdentityKind { kUnspecified = 0, kEmail = 1, kPhone = 2, kMessenger = 3, kExternal = 4 };

// How a contact is reached and recognised.
struct Identity {
  IdentityKind kind = IdentityKind::kUnspecified;
  // As typed.
  std::string value;
  // The system an external id is from, or the messenger service.
  std::string source;
  // Output only: the form that is compared; empty where the value has none.
  std::string normal_value;
  // Output only: whether the contact is found by it.
  bool usable = false;
};

inline Identity Email(std::string value) {
  return {IdentityKind::kEmail, std::move(value), "", "", false};
}
inline Identity Phone(std::string value) {
  return {IdentityKind::kPhone, std::move(value), "", "", false};
}
inline Identity Messenger(std::string service, std::string value) {
  return {IdentityKind::kMessenger, std::move(value), std::move(service), "", false};
}
inline Identity External(std::string source, std::string value) {
  return {IdentityKind::kExternal, std::move(value), std::move(source), "", false};
}

// A person or organisation that asks.
struct Contact {
  std::string id;
  std::string display_name;
  std::string organization;
  std::vector<Identity> identities;
  int lead_count = 0;
  absl::Time create_time;
  absl::Time update_time;
  // The workspace revision that last changed it; the etag is made of it.
  int64_t revision = 0;
  std::string etag;
};

// Who a captured lead is from: a known contact by id, or a person by what is known of him.
struct ContactInput {
  std::string id;
  std::string display_name;
  std::string organization;
  std::vector<Identity> identities;
};

// Fields to change; unset ones stay.
struct UpdateContact {
  std::optional<std::string> display_name;
  std::optional<std::string> organization;
  std::optional<std::vector<Identity>> identities;
};

}  // namespace sales

#endif  // SALES_CONTACT_H_
