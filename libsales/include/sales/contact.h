#ifndef SALES_CONTACT_H_
#define SALES_CONTACT_H_

#include <cstdint>
#include <map>
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

// Whether a contact refuses to be reached in some way, who says so and since when.
struct Consent {
  bool refused = false;
  // Where it is known from, in the form of an id: "unsubscribe-link", "by-phone".
  std::string source;
  // Since when; unset in a contact that was never asked. In an update, unset: Call::occur_time.
  std::optional<absl::Time> time;
};

// A person or organisation that asks.
struct Contact {
  std::string id;
  std::string display_name;
  std::string organization;
  std::vector<Identity> identities;
  // What else is known: "date_of_birth", "city". Keys have the form of an id.
  std::map<std::string, std::string> attributes;
  // Outbound e-mails and calls after such a time are refused.
  Consent do_not_email;
  Consent do_not_call;
  int lead_count = 0;
  // The contact that this one was merged into; empty for a contact of its own.
  std::string merged_into;
  // Since when nothing personal is left of it.
  std::optional<absl::Time> erase_time;
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
  std::map<std::string, std::string> attributes;
};

// Fields to change; unset ones stay.
struct UpdateContact {
  std::optional<std::string> display_name;
  std::optional<std::string> organization;
  std::optional<std::vector<Identity>> identities;
  // Replaces all.
  std::optional<std::map<std::string, std::string>> attributes;
  std::optional<Consent> do_not_email;
  std::optional<Consent> do_not_call;
};

// Somebody who sent somebody.
struct Referral {
  std::string referrer;
  std::string contact;
  // The lead whose capture named the referrer; empty: recorded by hand.
  std::string lead;
  absl::Time occur_time;
};

struct RecordReferral {
  std::string referrer;
  std::string contact;
};

}  // namespace sales

#endif  // SALES_CONTACT_H_
