#ifndef SALES_WORKSPACE_H_
#define SALES_WORKSPACE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "sales/attribute.h"

namespace sales {

// Which leads a seller sees, with their contacts and events (Call::viewer).
enum class LeadVisibility {
  kUnspecified = 0,
  kAll = 1,
  // His own and those of the sellers in his team.
  kTeam = 2,
  kOwn = 3,
};

// One studio's sales, apart from every other's.
struct Workspace {
  std::string id;
  std::string display_name;
  // IANA zone in which civil days are counted.
  std::string time_zone;
  // ISO 4217 code of every amount.
  std::string currency_code;
  // CLDR region of phone numbers written without a country code; empty: none.
  std::string default_region;
  std::string default_funnel;
  // The last write's revision.
  int64_t revision = 0;
  absl::Time create_time;
  absl::Time update_time;
  std::string etag;
  // The calendar in which working time is counted; empty: all time is working time.
  std::string default_calendar = {};
  // The attributes that leads may have. Empty: any, as text.
  std::vector<AttributeDefinition> lead_attributes = {};
  // What leads are scored by: "channel", "campaign", "seller", "referred", "repeat", "interest",
  // "expected_value", "budget_known", "decision_maker_known", "expectation", and "attribute:{key}"
  // of attributes defined as ENUM or BOOLEAN. Empty: leads are not scored.
  std::vector<std::string> score_features = {};
  LeadVisibility lead_visibility = LeadVisibility::kAll;
  // For how many days the events of leads are kept; 0: for ever. The sweep compacts older ones:
  // figures stay, and nothing is told any more as of a revision before `oldest_revision`.
  int event_retention_days = 0;
  // The oldest revision of which all events are kept.
  int64_t oldest_revision = 1;
};

struct CreateWorkspace {
  std::string id;
  std::string display_name;
  std::string time_zone = "UTC";
  std::string currency_code = "EUR";
  std::string default_region;
  std::string default_funnel = "web-studio";
  std::vector<AttributeDefinition> lead_attributes = {};
  // See Workspace::score_features.
  std::vector<std::string> score_features = {};
  // Unspecified: all.
  LeadVisibility lead_visibility = LeadVisibility::kUnspecified;
  // See Workspace::event_retention_days.
  int event_retention_days = 0;
};

// Fields to change; unset ones stay.
struct UpdateWorkspace {
  std::optional<std::string> display_name;
  std::optional<std::string> default_region;
  std::optional<std::string> default_funnel;
  // Empty: none.
  std::optional<std::string> default_calendar;
  // Replaces all. Values that leads have already stay as they are.
  std::optional<std::vector<AttributeDefinition>> lead_attributes;
  // Replaces all. Scores rest on the outcomes recorded since.
  std::optional<std::vector<std::string>> score_features = {};
  std::optional<LeadVisibility> lead_visibility = {};
  std::optional<int> event_retention_days = {};
};

struct DeleteWorkspace {
  // Also if it has contacts or leads.
  bool force = false;
  // Whether it is fine if there is no such workspace.
  bool allow_missing = false;
};

}  // namespace sales

#endif  // SALES_WORKSPACE_H_
