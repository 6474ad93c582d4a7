#ifndef SALES_TEAM_H_
#define SALES_TEAM_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "sales/funnel.h"
#include "sales/money.h"

namespace sales {

// Sellers who take the same kind of leads.
struct Team {
  std::string id;
  std::string display_name;
  absl::Time create_time;
  absl::Time update_time;
  std::string etag;
};

struct CreateTeam {
  std::string id;
  // Empty: the id.
  std::string display_name;
};

// Fields to change; unset ones stay.
struct UpdateTeam {
  std::optional<std::string> display_name;
};

enum class IntakeUnit { kUnspecified = 0, kDay = 1, kWeek = 2, kMonth = 3 };

// How many leads a seller takes: `leads` in every `periods` civil days, weeks (from Monday) or
// months of the workspace's zone; 14 a month is {14, 1, kMonth}. They become his evenly, day by
// day: by the end of a period's i-th day of n he may have been given the first leads * i / n,
// rounded up. What he was not given by then he may be given later in the same period.
struct Intake {
  int leads = 0;
  int periods = 1;
  IntakeUnit unit = IntakeUnit::kUnspecified;

  friend bool operator==(const Intake& a, const Intake& b) {
    return a.leads == b.leads && a.periods == b.periods && a.unit == b.unit;
  }
};

// Civil days in the workspace's zone, both included.
struct Absence {
  absl::CivilDay first_day;
  absl::CivilDay last_day;

  friend bool operator==(const Absence& a, const Absence& b) {
    return a.first_day == b.first_day && a.last_day == b.last_day;
  }
};

// Whom leads are given to.
struct Seller {
  std::string id;
  std::string display_name;
  // Empty: none.
  std::string team;
  // A word of the studio's own: "senior".
  std::string role;
  // Ids, each once: "shops", "english".
  std::vector<std::string> skills;
  // Empty: the workspace's.
  std::string calendar;
  // How many work units he may have open; 0: any number.
  int capacity = 0;
  // Unset: any number. Every lead counts that he is given, by the policy or by hand, imports aside.
  std::optional<Intake> intake;
  // His share where the policy is kWeighted, from 1.
  int weight = 1;
  // Whether the policy passes him over.
  bool inactive = false;
  // By day.
  std::vector<Absence> absences;
  absl::Time create_time;
  absl::Time update_time;
  std::string etag;
};

struct CreateSeller {
  std::string id;
  // Empty: the id.
  std::string display_name;
  std::string team;
  std::string role;
  std::vector<std::string> skills;
  std::string calendar;
  int capacity = 0;
  std::optional<Intake> intake;
  int weight = 1;
  bool inactive = false;
};

// Fields to change; unset ones stay.
struct UpdateSeller {
  std::optional<std::string> display_name;
  std::optional<std::string> team;
  std::optional<std::string> role;
  // Replaces all.
  std::optional<std::vector<std::string>> skills;
  std::optional<std::string> calendar;
  std::optional<int> capacity;
  std::optional<Intake> intake;
  bool clear_intake = false;
  std::optional<int> weight;
  std::optional<bool> inactive;
};

// Who of those available is next.
enum class AssignmentMethod {
  kUnspecified = 0,
  // Who was given a lead longest ago.
  kRoundRobin = 1,
  // Who has the fewest work units open.
  kLeastLoad = 2,
  // In proportion to weight.
  kWeighted = 3,
};

struct CampaignOfChannel {
  std::string channel;
  std::string campaign;

  friend bool operator==(const CampaignOfChannel& a, const CampaignOfChannel& b) {
    return a.channel == b.channel && a.campaign == b.campaign;
  }
};

// A lead's attribute must have a value, and compare so; see Condition::Kind::kAttribute.
struct AttributeTest {
  std::string key;
  Comparison comparison = Comparison::kUnspecified;
  std::string value;
};

// Sends leads of which all of this is true to a team. What is empty or unset asks nothing.
struct AssignmentRule {
  // Any of these. So in the next two.
  std::vector<std::string> channels;
  std::vector<CampaignOfChannel> campaigns;
  std::vector<std::string> funnels;
  // A lead without an expected value is worth 0.
  std::optional<Money> expected_value_at_least;
  std::optional<Money> expected_value_below;
  // All of these.
  std::vector<AttributeTest> attributes;
  // Required.
  std::string team;
  // Which of the team's sellers: those who have all of these.
  std::vector<std::string> skills;
};

struct AssignmentPolicy {
  // The first that matches counts.
  std::vector<AssignmentRule> rules;
  // Where no rule matches; empty: every seller, of whatever team.
  std::string default_team;
  AssignmentMethod method = AssignmentMethod::kUnspecified;
  // Whether a contact's previous seller goes first, if he is available.
  bool previous_seller = false;
  // Whether a lead that is captured without a seller is assigned at once. Imports are not.
  bool assign_on_capture = false;
  // Output only: 1, 2, 3 …
  int version = 0;
  absl::Time set_time;
  std::string etag;
};

// Why a seller was not chosen from.
enum class Exclusion {
  // He was available.
  kUnspecified = 0,
  kInactive = 1,
  kWrongTeam = 2,
  kSkillMissing = 3,
  kAbsent = 4,
  // His calendar has no working time now.
  kNotWorking = 5,
  // The lead's work units do not fit beside those that he has open.
  kAtCapacity = 6,
  kIntakeUsed = 7,
};

// A seller as he stood when it was decided.
struct AssignmentCandidate {
  std::string seller;
  std::string team;
  std::vector<std::string> skills;
  bool inactive = false;
  bool absent = false;
  bool working = false;
  int64_t capacity = 0;
  // Without those of the lead itself.
  int64_t open_work_units = 0;
  // Leads that he may have been given in this period until today; unset: any number.
  std::optional<int64_t> intake_allowed;
  int64_t intake_used = 0;
  int64_t weight = 1;
  // Of the policy's choices, the one that was last his; 0: none.
  int64_t turn = 0;
  // kWeighted: where his last turn began, and where it ended; the shorter, the greater his weight.
  int64_t pass_start = 0;
  int64_t pass = 0;
};

// Everything that a decision was made from besides the policy.
struct AssignmentInputs {
  std::string funnel;
  std::string channel;
  std::string campaign;
  // Minor units.
  int64_t expected_value = 0;
  // Of the rules, from 0, those whose attribute tests all hold; values of attributes are not kept.
  std::vector<int> attributes_hold;
  // Of the lead's stage.
  int64_t work_units = 0;
  // The contact's, of the last lead before; empty: none.
  std::string previous_seller;
  // By id.
  std::vector<AssignmentCandidate> candidates;
};

struct AssignmentDecision {
  // Of the policy, from 0; -1: none matched.
  int rule = -1;
  // Empty: every one.
  std::string team;
  // In the order of candidates.
  std::vector<Exclusion> exclusions;
  // Empty: nobody was available.
  std::string seller;
  // Whether he was chosen as the contact's previous seller, else by the policy's method.
  bool by_previous_seller = false;
  // His turn, which this was.
  int64_t turn = 0;
  int64_t pass_start = 0;
  int64_t pass = 0;
};

enum class AssignmentCause { kUnspecified = 0, kCapture = 1, kRequest = 2, kSweep = 3 };

// What the policy decided about a lead, and why.
struct AssignmentRecord {
  std::string lead;
  AssignmentCause cause = AssignmentCause::kUnspecified;
  absl::Time decide_time;
  std::string actor;
  // The write's.
  int64_t revision = 0;
  int policy_version = 0;
  AssignmentMethod method = AssignmentMethod::kUnspecified;
  AssignmentInputs inputs;
  AssignmentDecision decision;
};

// Chooses; the same from the same. AssignmentRecord::decision is what it gave for its inputs and
// that version of the policy.
AssignmentDecision DecideAssignment(const AssignmentPolicy& policy, const AssignmentInputs& inputs);

}  // namespace sales

#endif  // SALES_TEAM_H_
