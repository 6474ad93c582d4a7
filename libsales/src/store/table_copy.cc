#include "src/store/table_copy.h"

#include <iterator>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "src/decide/errors.h"

namespace sales::store {
namespace {

// A table with its columns: those of the key before the bar; # is an integer, ? may be NULL.
struct TableSpec {
  const char* name;
  const char* columns;
};

constexpr TableSpec kTables[] = {
    {"contacts",
     "contact | display_name display_name_folded organization organization_folded "
     "identities lead_count# create_time# update_time# revision# attributes do_not_email# "
     "do_not_email_source do_not_email_time#? do_not_call# do_not_call_source "
     "do_not_call_time#? merged_into erase_time#? blocked#"},
    {"identity_keys", "kind# source normal_value | contact"},
    {"channels", "channel | display_name create_time# update_time# revision# outreach#"},
    {"campaigns",
     "channel campaign | display_name audience_size# create_time# update_time# revision#"},
    {"touches", "channel campaign contact occur_time# revision# |"},
    {"funnel_policies", "funnel version# | in_force# policy activate_time#"},
    {"leads",
     "lead | contact state# stage funnel channel campaign need need_folded interest# "
     "expected_value#? budget#? decision_maker_known# seller referrer external_id? "
     "import_fingerprint#? attributes receive_time# close_time#? won_value#? "
     "first_response_time#? awaiting_since#? furthest qualified# new_contact# "
     "returned_from returned# returned_won# returned_revenue# activity_counts visits "
     "requirements_count# proposals_count# outcomes_count# create_time# update_time# "
     "revision# project stance# labels returned_decline# generation# expected_close#? "
     "expectation# advice# promised scored_features"},
    {"activities",
     "lead activity | kind# direction# occur_time# duration# text record_time# actor "
     "expectation#"},
    {"requirements", "lead version# | text agree_time#"},
    {"proposals",
     "lead version# | state# scope price#? valid_until#? request_time#? send_time#? "
     "answer_time#?"},
    {"outcomes",
     "lead ordinal# | state# stage occur_time# actor reason argument_better argument_price "
     "argument_differ alternatives told_in may_keep_in_touch# revisit#? competitor wake#? "
     "owner value#?"},
    {"events",
     "revision# ordinal# | type# occur_time# record_time# actor lead contact subject "
     "changes"},
    {"tallies", "dimension# grain# sheet# period# key funnel | counts"},
    {"requests", "request_id | fingerprint# answer expire_time#"},
    {"contact_blocks", "block# neighbour# contact |"},
    {"dismissed_duplicates", "contact other | dismiss_time# actor"},
    {"merges", "merged | kept revision# merge_time# kept_before kept_after merged_before"},
    {"merge_parts", "merged kind# item | before after"},
    {"referrals", "contact referrer | occur_time#"},
    {"referrers", "year# referrer | leads#"},
    {"calendars",
     "calendar | display_name time_zone week exceptions create_time# update_time# "
     "revision#"},
    {"lead_clocks",
     "lead | response_start#? response_stop#? last_activity_time#? planned_count# "
     "planned_open# response_mark#? proposal_mark#? stage_mark#? rot_mark#? wake_mark#? "
     "due_time#? runs declines response_due#? proposal_due#?"},
    {"planned_activities",
     "lead planned_activity# | is_open# kind# due_time# text owner plan_time# actor"},
    {"handoffs",
     "handoff | state# manager evidence open_time# introduction_due_time#? "
     "accept_due_time#? accept_time#? create_time# update_time# revision# limit_due_time#?"},
    {"projects",
     "project | state# manager seller members satisfaction# open_time# close_time#? "
     "create_time# update_time# revision#"},
    {"plans",
     "plan | quarter# team seller revenue#? won#? leads#? response_within_limit#? "
     "proposal_within_limit#? conversion#? create_time# update_time# revision#"},
    {"former_attributes", "lead until_revision# | attributes"},
    {"teams", "team | display_name create_time# update_time# revision#"},
    {"sellers", "seller | record revision#"},
    {"seller_turns", "seller | turn# pass_start# pass#"},
    {"seller_days", "seller day# | leads#"},
    {"seller_loads", "seller funnel stage | leads#"},
    {"assignment_policies", "version# | policy set_time# revision#"},
    {"assignments", "lead revision# | record"},
    {"assignment_queue", "lead | revision#"},
    {"stances", "lead ordinal# | stance# reason stage occur_time# actor"},
    {"lead_labels", "label lead |"},
    {"calendar_versions", "calendar revision# | time_zone week exceptions"},
    {"default_calendars", "revision# | calendar"},
    {"plan_snapshots", "plan day# | revision# progress"},
    {"lead_bases", "lead | capture_revision# capture_ordinal# revision# track"},
    {"workspaces",
     "| display_name time_zone currency_code default_region default_funnel revision# "
     "changed_revision# funnel_revision# create_time# update_time# default_calendar "
     "calendar_revision# team_revision# attribute_revision# score_features "
     "lead_visibility# event_retention_days# compacted_revision# tallies_layout#"},
    {"lead_attributes", "ordinal# | attribute display_name type# choices"},
};

// What a workspace has that no export has: these act by themselves, and would act twice. They go at
// once when a workspace is removed.
constexpr const char* kKeptOut[] = {"tokens", "webhooks"};

constexpr const char* kMakeVisible[] = {"workspaces", "lead_attributes"};

CopiedTable TableOf(const TableSpec& spec) {
  CopiedTable table;
  table.name = spec.name;
  for (absl::string_view word : absl::StrSplit(spec.columns, ' ', absl::SkipEmpty())) {
    if (word == "|") {
      table.key_columns = table.columns.size();
      continue;
    }
    CopiedColumn column;
    column.nullable = absl::ConsumeSuffix(&word, "?");
    column.is_integer = absl::ConsumeSuffix(&word, "#");
    column.name = std::string(word);
    table.columns.push_back(std::move(column));
  }
  return table;
}

// The names of the first `count` columns, with a comma between two.
std::string Names(const CopiedTable& table, size_t count) {
  std::string names;
  for (size_t i = 0; i < count; ++i) {
    absl::StrAppend(&names, i == 0 ? "" : ", ", table.columns[i].name);
  }
  return names;
}

absl::StatusOr<int64_t> RemoveFrom(sql::Connection& db, const CopiedTable& table,
                                   const std::string& workspace, int64_t count) {
  const std::string key = Names(table, table.key_columns);
  return db.Execute(
      absl::StrCat("DELETE FROM ", table.name, " WHERE workspace = $1 AND (", key, ") IN (SELECT ",
                   key, " FROM ", table.name, " WHERE workspace = $1 ORDER BY ", key, " LIMIT $2)"),
      {std::string_view(workspace), count});
}

}  // namespace

const std::vector<CopiedTable>& CopiedTables() {
  static const auto* const tables = [] {
    auto* made = new std::vector<CopiedTable>;
    for (const TableSpec& spec : kTables) made->push_back(TableOf(spec));
    return made;
  }();
  return *tables;
}

bool MakesVisible(const CopiedTable& table) {
  for (const char* name : kMakeVisible) {
    if (table.name == name) return true;
  }
  return false;
}

absl::StatusOr<int64_t> CountRows(sql::Connection& db, const CopiedTable& table,
                                  const std::string& workspace) {
  int64_t count = 0;
  SALES_RETURN_IF_ERROR(
      db.Query(absl::StrCat("SELECT COUNT(*) FROM ", table.name, " WHERE workspace = $1"),
               {sql::Param(std::string_view(workspace))},
               [&count](const sql::Row& row) { count = row.Int(0); }));
  return count;
}

absl::Status ScanRows(sql::Connection& db, const CopiedTable& table, const std::string& workspace,
                      sql::OnRow on_row) {
  std::string sql = absl::StrCat("SELECT ", Names(table, table.columns.size()), " FROM ",
                                 table.name, " WHERE workspace = $1");
  if (table.key_columns > 0) absl::StrAppend(&sql, " ORDER BY ", Names(table, table.key_columns));
  return db.Scan(sql, {sql::Param(std::string_view(workspace))}, on_row);
}

absl::Status InsertRow(sql::Connection& db, const CopiedTable& table, const std::string& workspace,
                       absl::Span<const sql::Param> values) {
  std::string sql = absl::StrCat("INSERT INTO ", table.name, " (workspace, ",
                                 Names(table, table.columns.size()), ") VALUES ($1");
  for (size_t i = 0; i < table.columns.size(); ++i) absl::StrAppend(&sql, ", $", i + 2);
  sql += ")";
  std::vector<sql::Param> params = {std::string_view(workspace)};
  params.insert(params.end(), values.begin(), values.end());
  return db.Apply(sql, params);
}

absl::StatusOr<bool> HasContacts(sql::Connection& db, const std::string& workspace) {
  bool found = false;
  SALES_RETURN_IF_ERROR(db.Query("SELECT 1 FROM contacts WHERE workspace = $1 LIMIT 1",
                                 {sql::Param(std::string_view(workspace))},
                                 [&found](const sql::Row&) { found = true; }));
  return found;
}

absl::Status RemoveWorkspaceRow(sql::Connection& db, const std::string& workspace) {
  std::vector<const char*> names(std::begin(kKeptOut), std::end(kKeptOut));
  // What refers to `workspaces` before it.
  names.insert(names.end(), std::rbegin(kMakeVisible), std::rend(kMakeVisible));
  for (const char* const name : names) {
    SALES_RETURN_IF_ERROR(db.Apply(absl::StrCat("DELETE FROM ", name, " WHERE workspace = $1"),
                                   {sql::Param(std::string_view(workspace))}));
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> RemoveRows(sql::Connection& db, const std::string& workspace,
                                   int64_t count) {
  int64_t removed = 0;
  const std::vector<CopiedTable>& tables = CopiedTables();
  for (auto table = tables.rbegin(); table != tables.rend() && removed < count; ++table) {
    if (MakesVisible(*table)) continue;
    SALES_ASSIGN_OR_RETURN(const int64_t rows, RemoveFrom(db, *table, workspace, count - removed));
    removed += rows;
  }
  return removed;
}

}  // namespace sales::store
