// The bounds of everything that can be sent to libsales or that it keeps waiting. Exceeding one is
// an error with a reason, never a slowdown, a truncation or a crash.
#ifndef SALES_LIMITS_H_
#define SALES_LIMITS_H_

#include <cstdint>

namespace sales::limits {

// Text, in bytes of UTF-8.
inline constexpr int id_bytes_max = 63;
inline constexpr int request_id_bytes_max = 128;
inline constexpr int actor_bytes_max = 128;
inline constexpr int display_name_bytes_max = 500;
inline constexpr int identity_bytes_max = 320;
inline constexpr int external_id_bytes_max = 256;
inline constexpr int reason_bytes_max = 500;
inline constexpr int text_bytes_max = 20'000;
inline constexpr int attribute_value_bytes_max = 2'000;
// Of a value that an attribute of type ENUM may have.
inline constexpr int attribute_choice_bytes_max = 100;
inline constexpr int link_bytes_max = 2'000;
inline constexpr int filter_bytes_max = 8'192;
inline constexpr int page_token_bytes_max = 2'048;

// Lists.
inline constexpr int identities_max = 20;
inline constexpr int attributes_max = 100;
// Of an attribute of type ENUM.
inline constexpr int attribute_values_max = 100;
inline constexpr int labels_max = 64;
inline constexpr int stages_max = 50;
inline constexpr int visits_max = 500;
inline constexpr int proposals_max = 100;
inline constexpr int requirements_max = 100;
inline constexpr int outcomes_max = 100;
inline constexpr int stances_max = 100;
inline constexpr int activities_max = 10'000;
// The first so many waits for an answer, and for a proposal, are counted by the speed report.
inline constexpr int runs_max = 100;
inline constexpr int planned_activities_max = 50;
inline constexpr int participants_max = 50;
inline constexpr int links_max = 100;
inline constexpr int members_max = 100;
inline constexpr int handoff_returns_max = 100;
inline constexpr int import_steps_max = 1'000;
inline constexpr int batch_max = 1'000;
inline constexpr int touches_max = 1'000;
inline constexpr int page_size_max = 1'000;
// Of long texts in one page; a page that would hold more is shorter than asked for.
inline constexpr int page_text_bytes_max = 2'097'152;
inline constexpr int merge_leads_max = 10'000;
inline constexpr int merge_depth_max = 100;
inline constexpr int referral_walk_max = 10'000;
// How many contacts before a referred one are looked at for the decline that the lead came out of,
// and for its generation; and how many declines a contact who comes again is noted at.
inline constexpr int descent_walk_max = 100;
inline constexpr int declines_returned_max = 10;
inline constexpr int page_size_default = 50;

// Reports: what a score looks at, what a simulation draws, and who may be needed at once.
inline constexpr int score_features_max = 50;
// Of a contact: how many touches, the earliest, and how many leads, by their ids, make his paths.
inline constexpr int path_touches_max = 500;
inline constexpr int path_leads_max = 500;
inline constexpr int forecast_rounds_max = 100'000;
// Leads times rounds of a simulation.
inline constexpr int64_t forecast_draws_max = 1'000'000'000;
inline constexpr int staffing_rounds_max = 1'000;
inline constexpr int staffing_years_max = 10;
inline constexpr int staffing_arrivals_max = 1'000'000;
// Arrivals times rounds.
inline constexpr int staffing_draws_max = 20'000'000;
inline constexpr int staffing_sellers_max = 10'000;
inline constexpr int handling_hours_max = 168;

// Calendars: intervals of a day, exceptions of a calendar, an iCalendar text, and the occurrences
// of its recurring events that are looked at.
inline constexpr int day_intervals_max = 24;
inline constexpr int calendar_exceptions_max = 4'000;
inline constexpr int icalendar_bytes_max = 1'048'576;
inline constexpr int occurrences_max = 100'000;
inline constexpr int calendars_cached_max = 1'000;

// Sellers and teams of a workspace, and what a seller and an assignment policy hold.
inline constexpr int sellers_max = 500;
inline constexpr int teams_max = 100;
inline constexpr int skills_max = 50;
inline constexpr int absences_max = 500;
inline constexpr int capacity_max = 1'000'000;
inline constexpr int intake_leads_max = 100'000;
inline constexpr int intake_periods_max = 12;
inline constexpr int weight_max = 1'000;
inline constexpr int assignment_rules_max = 100;
inline constexpr int rule_terms_max = 100;
inline constexpr int teams_cached_max = 1'000;

// Webhooks of a workspace, the types of events that one asks for, how long two of its secrets sign,
// and how long a receiver may ask to be left alone.
inline constexpr int webhooks_max = 50;
inline constexpr int event_types_max = 200;
inline constexpr int webhook_overlap_hours_max = 720;
inline constexpr int retry_after_hours_max = 24;

// Tokens of a workspace that are good at one time, and how long one may be.
inline constexpr int tokens_max = 1'000;
inline constexpr int token_days_max = 3'650;
inline constexpr int token_days_default = 90;

// The leads that one call of Sweep looks at.
inline constexpr int sweep_leads_max = 1'000;

// For how long events may be kept at most, if not for ever.
inline constexpr int event_retention_days_max = 36'500;
// Events that are compacted, and rows that are imported or removed, in one commit.
inline constexpr int care_rows_max = 2'000;
// One line of an exported workspace.
inline constexpr int export_line_bytes_max = 16'777'216;

// Depth.
inline constexpr int filter_depth_max = 50;
inline constexpr int filter_terms_max = 200;
inline constexpr int condition_depth_max = 20;
inline constexpr int condition_nodes_max = 200;

// Funnel policies: one as JSON, a text that is read, its nesting, and the faults that are told.
inline constexpr int policy_bytes_max = 262'144;
inline constexpr int policy_text_bytes_max = 2'097'152;
inline constexpr int policy_depth_max = 64;
inline constexpr int policy_faults_max = 100;
// The refusals that a simulation lists; all are counted.
inline constexpr int simulated_refusals_max = 1'000;

// Duplicates: how many keys a contact is looked for by, how many neighbours of each it is compared
// with, and how many pairs a list looks at.
inline constexpr int duplicate_keys_max = 24;
inline constexpr int duplicate_neighbours_max = 12;
inline constexpr int duplicate_pairs_max = 4'000'000;
// A contact as one document.
inline constexpr int export_bytes_max = 16'000'000;

// Amounts: far from overflow even when every lead of a large workspace has the greatest.
inline constexpr int64_t money_minor_units_max = 9'000'000'000'000;
inline constexpr int64_t audience_size_max = 10'000'000'000;
inline constexpr int64_t plan_count_max = 1'000'000'000;

// Time: [1970, 2200) in microseconds since the epoch, and how far ahead a clock may be.
inline constexpr int64_t time_micros_min = 0;
inline constexpr int64_t time_micros_max = 7'258'118'400'000'000;
inline constexpr int64_t future_seconds_max = 300;
inline constexpr int window_years_max = 200;
inline constexpr int request_id_hours_min = 24;
inline constexpr int meeting_hours_max = 168;

// Waiting.
inline constexpr int write_queue_max = 10'000;
inline constexpr int write_batch_max = 512;
inline constexpr int readers_max = 64;
inline constexpr int writers_max = 64;
// How often writes are tried that lose to those of other processes.
inline constexpr int write_attempts_max = 5;
// How long a server of PostgreSQL may be silent in a write and in a read before its connection is
// given up, and how long a write waits for the turn of its workspace.
inline constexpr int store_write_wait_seconds_max = 30;
inline constexpr int store_read_wait_seconds_max = 300;
inline constexpr int store_turn_wait_seconds_max = 10;
inline constexpr int readers_waiting_max = 10'000;
inline constexpr int policies_cached_max = 1'000;
inline constexpr int attribute_schemas_cached_max = 1'000;
inline constexpr int leads_cached_bytes_max = 16'777'216;
inline constexpr int statements_cached_max = 512;
inline constexpr int store_busy_millis_max = 2'000;
inline constexpr int checkpoint_busy_millis_max = 20;
// How long SQLite's log may grow before writers are held up for its end.
inline constexpr int64_t log_bytes_max = 67'108'864;

}  // namespace sales::limits

#endif  // SALES_LIMITS_H_
