#ifndef SALES_CHANNEL_H_
#define SALES_CHANNEL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "sales/money.h"

namespace sales {

// The channels that every workspace has from the start, and that a lead gets when its capture
// names none: the first if somebody referred the contact, the second if the contact had a lead
// before, else the third.
inline constexpr char kReferralChannel[] = "referral";
inline constexpr char kRepeatRequestChannel[] = "repeat-request";
inline constexpr char kUnknownChannel[] = "unknown";

// How a channel goes to people; unspecified for one by which people come, such as ads.
enum class Outreach {
  kUnspecified = 0,
  kEmail = 1,
  kCall = 2,
};

struct Channel {
  std::string id;
  std::string display_name;
  absl::Time create_time;
  absl::Time update_time;
  std::string etag;
  // A contact who refuses it is not to be touched by the channel's campaigns.
  Outreach outreach = Outreach::kUnspecified;
};

// A way of using a channel.
struct Campaign {
  std::string channel;
  // Unique in its channel.
  std::string id;
  std::string display_name;
  // How many people it could reach in all; 0 where unknown.
  int64_t audience_size = 0;
  absl::Time create_time;
  absl::Time update_time;
  std::string etag;
};

struct CreateChannel {
  std::string id;
  std::string display_name;
  Outreach outreach = Outreach::kUnspecified;
};

struct UpdateChannel {
  std::optional<std::string> display_name;
  std::optional<Outreach> outreach;
};

struct CreateCampaign {
  std::string channel;
  std::string id;
  std::string display_name;
  int64_t audience_size = 0;
};

struct UpdateCampaign {
  std::optional<std::string> display_name;
  std::optional<int64_t> audience_size;
};

// What was spent on a channel, or on a campaign of it, on one civil day.
struct RecordSpend {
  std::string channel;
  // Empty: on the channel as a whole.
  std::string campaign;
  Money amount;
  absl::CivilDay spend_date;
};

// Contacts that a campaign reached, at Call::occur_time.
struct RecordTouches {
  std::string channel;
  std::string campaign;
  std::vector<std::string> contacts;
};

struct TouchResult {
  // Contacts that the campaign had not reached before.
  int64_t newly_reached = 0;
  int64_t revision = 0;
};

}  // namespace sales

#endif  // SALES_CHANNEL_H_
