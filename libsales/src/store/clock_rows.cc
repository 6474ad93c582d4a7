#include "src/store/clock_rows.h"

#include <cstdint>
#include <string_view>
#include <utility>

#include "sales/limits.h"
#include "src/decide/errors.h"
#include "src/store/lead_codec.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

// As params.h has it, but for a time that lies infinitely ahead too: such a lead is still found by
// its index when its due time is to be forgotten.
sql::Param DueParam(const std::optional<absl::Time>& due_time) {
  if (!due_time.has_value()) return nullptr;
  if (*due_time >= FromMicros(limits::time_micros_max)) return limits::time_micros_max;
  return ToMicros(*due_time);
}

std::optional<absl::Time> DueOf(const sql::Row& row, int column) {
  if (row.IsNull(column)) return std::nullopt;
  if (row.Int(column) >= limits::time_micros_max) return absl::InfiniteFuture();
  return FromMicros(row.Int(column));
}

absl::Status InsertPlanned(sql::Connection& db, const std::string& workspace,
                           const std::string& lead, const PlannedActivity& planned) {
  return db.Apply(
      "INSERT INTO planned_activities (workspace, lead, planned_activity, is_open, kind, "
      "due_time, text, owner, plan_time, actor) VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9)",
      {std::string_view(workspace), std::string_view(lead),
       static_cast<int64_t>(std::stoll(planned.id)), static_cast<int64_t>(planned.kind),
       ToMicros(planned.due_time), std::string_view(planned.text), std::string_view(planned.owner),
       ToMicros(planned.plan_time), std::string_view(planned.actor)});
}

absl::Status ClosePlanned(sql::Connection& db, const std::string& workspace,
                          const std::string& lead, const std::string& id) {
  return db.Apply(
      "UPDATE planned_activities SET is_open = 0 WHERE workspace = $1 AND lead = $2 AND "
      "planned_activity = $3",
      {std::string_view(workspace), std::string_view(lead), static_cast<int64_t>(std::stoll(id))});
}

bool Has(const std::vector<PlannedActivity>& planned, const std::string& id) {
  for (const PlannedActivity& entry : planned) {
    if (entry.id == id) return true;
  }
  return false;
}

absl::Status SavePlanned(sql::Connection& db, const std::string& workspace, const Lead& before,
                         const Lead& after) {
  for (const PlannedActivity& planned : after.planned_activities) {
    if (Has(before.planned_activities, planned.id)) continue;
    SALES_RETURN_IF_ERROR(InsertPlanned(db, workspace, after.id, planned));
  }
  for (const PlannedActivity& planned : before.planned_activities) {
    if (Has(after.planned_activities, planned.id)) continue;
    SALES_RETURN_IF_ERROR(ClosePlanned(db, workspace, after.id, planned.id));
  }
  return absl::OkStatus();
}

bool SameClocks(const LeadRecord& a, const LeadRecord& b) {
  const auto same_run = [](const std::optional<ClockRun>& x, const std::optional<ClockRun>& y) {
    if (x.has_value() != y.has_value()) return false;
    return !x.has_value() || (x->start_time == y->start_time && x->stop_time == y->stop_time);
  };
  return same_run(a.last_response, b.last_response) &&
         a.last_activity_time == b.last_activity_time && a.planned_count == b.planned_count &&
         a.lead.planned_activities.size() == b.lead.planned_activities.size() &&
         a.due_marks == b.due_marks && a.due_time == b.due_time && a.runs == b.runs &&
         a.declines == b.declines;
}

// When the client is to have what he waits for.
std::optional<absl::Time> OpenDue(const LeadRecord& record, RunKind kind) {
  for (const Run& run : record.runs) {
    if (run.kind == kind && run.open()) return run.due;
  }
  return std::nullopt;
}

absl::Status SaveRow(sql::Connection& db, const std::string& workspace, const LeadRecord& record) {
  std::optional<absl::Time> start;
  std::optional<absl::Time> stop;
  if (record.last_response.has_value()) {
    start = record.last_response->start_time;
    stop = record.last_response->stop_time;
  }
  const DueMarks& marks = record.due_marks;
  const std::string runs = EncodeRuns(record.runs);
  const std::string declines = EncodeDeclines(record.declines);
  return db.Apply(
      "INSERT INTO lead_clocks (workspace, lead, response_start, response_stop, "
      "last_activity_time, planned_count, planned_open, response_mark, proposal_mark, "
      "stage_mark, rot_mark, wake_mark, due_time, runs, declines, response_due, proposal_due) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON "
      "CONFLICT (workspace, lead) DO UPDATE SET "
      "response_start = excluded.response_start, response_stop = excluded.response_stop, "
      "last_activity_time = excluded.last_activity_time, "
      "planned_count = excluded.planned_count, planned_open = excluded.planned_open, "
      "response_mark = excluded.response_mark, proposal_mark = excluded.proposal_mark, "
      "stage_mark = excluded.stage_mark, rot_mark = excluded.rot_mark, "
      "wake_mark = excluded.wake_mark, due_time = excluded.due_time, runs = excluded.runs, "
      "declines = excluded.declines, response_due = excluded.response_due, "
      "proposal_due = excluded.proposal_due",
      {std::string_view(workspace), std::string_view(record.lead.id), Nullable(start),
       Nullable(stop), Nullable(record.last_activity_time), record.planned_count,
       static_cast<int64_t>(record.lead.planned_activities.size()), Nullable(marks.response),
       Nullable(marks.proposal), Nullable(marks.stage), Nullable(marks.rot), Nullable(marks.wake),
       DueParam(record.due_time), std::string_view(runs), std::string_view(declines),
       Nullable(OpenDue(record, RunKind::kResponse)),
       Nullable(OpenDue(record, RunKind::kProposal))});
}

}  // namespace

int64_t ReadShownClocks(const sql::Row& row, int first, LeadRecord& record) {
  if (!row.IsNull(first)) {
    record.last_response = ClockRun{TimeOf(row, first), TimeOf(row, first + 1)};
  }
  record.last_activity_time = OptionalTimeOf(row, first + 2);
  return row.Int(first + 3);
}

absl::StatusOr<int64_t> ReadClocks(const sql::Row& row, int first, LeadRecord& record) {
  const int64_t planned_open = ReadShownClocks(row, first, record);
  record.planned_count = row.Int(first + 4);
  record.due_marks = {OptionalTimeOf(row, first + 5), OptionalTimeOf(row, first + 6),
                      OptionalTimeOf(row, first + 7), OptionalTimeOf(row, first + 8),
                      OptionalTimeOf(row, first + 9)};
  record.due_time = DueOf(row, first + 10);
  SALES_ASSIGN_OR_RETURN(record.runs, DecodeRuns(row.Text(first + 11)));
  SALES_ASSIGN_OR_RETURN(record.declines, DecodeDeclines(row.Text(first + 12)));
  return planned_open;
}

void AskForRunsDue(Inquiry& inquiry, const std::string& workspace, const std::string& funnel,
                   absl::Time from, std::vector<WaitingRun>& waiting) {
  // Each with the index of its own.
  constexpr std::string_view kResponses =
      "SELECT l.funnel, l.channel, l.campaign, l.seller, c.runs FROM lead_clocks AS c "
      "JOIN leads AS l USING (workspace, lead) WHERE c.workspace = $1 AND "
      "c.response_due IS NOT NULL AND c.response_due >= $2 AND ($3 = '' OR l.funnel = $3)";
  constexpr std::string_view kProposals =
      "SELECT l.funnel, l.channel, l.campaign, l.seller, c.runs FROM lead_clocks AS c "
      "JOIN leads AS l USING (workspace, lead) WHERE c.workspace = $1 AND "
      "c.proposal_due IS NOT NULL AND c.proposal_due >= $2 AND ($3 = '' OR l.funnel = $3)";
  for (const RunKind kind : {RunKind::kResponse, RunKind::kProposal}) {
    inquiry.Add(kind == RunKind::kResponse ? kResponses : kProposals,
                {std::string_view(workspace), ToMicros(from), std::string_view(funnel)},
                [kind, &waiting](const sql::Row& row) -> absl::Status {
                  SALES_ASSIGN_OR_RETURN(const std::vector<Run> runs, DecodeRuns(row.Text(4)));
                  for (const Run& run : runs) {
                    if (run.kind != kind || !run.open()) continue;
                    waiting.push_back(
                        {TextOf(row, 0), TextOf(row, 1), TextOf(row, 2), TextOf(row, 3), run});
                  }
                  return absl::OkStatus();
                });
  }
}

absl::Status LoadPlanned(sql::Connection& db, const std::string& workspace, Lead& lead) {
  return db.Query(
      "SELECT planned_activity, kind, due_time, text, owner, plan_time, actor FROM "
      "planned_activities WHERE workspace = $1 AND lead = $2 AND is_open = 1 "
      "ORDER BY planned_activity",
      {std::string_view(workspace), std::string_view(lead.id)}, [&](const sql::Row& row) {
        PlannedActivity& planned = lead.planned_activities.emplace_back();
        planned.id = std::to_string(row.Int(0));
        planned.kind = static_cast<ActivityKind>(row.Int(1));
        planned.due_time = TimeOf(row, 2);
        planned.text = TextOf(row, 3);
        planned.owner = TextOf(row, 4);
        planned.plan_time = TimeOf(row, 5);
        planned.actor = TextOf(row, 6);
      });
}

absl::Status InsertClocks(sql::Connection& db, const std::string& workspace,
                          const LeadRecord& record) {
  SALES_RETURN_IF_ERROR(SaveRow(db, workspace, record));
  return SavePlanned(db, workspace, Lead{}, record.lead);
}

absl::Status UpdateClocks(sql::Connection& db, const std::string& workspace,
                          const LeadRecord& before, const LeadRecord& after) {
  if (!SameClocks(before, after)) SALES_RETURN_IF_ERROR(SaveRow(db, workspace, after));
  return SavePlanned(db, workspace, before.lead, after.lead);
}

absl::StatusOr<std::vector<std::string>> LeadsDue(sql::Connection& db, const std::string& workspace,
                                                  absl::Time before, int count) {
  std::vector<std::string> leads;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT lead FROM lead_clocks WHERE workspace = $1 AND due_time IS NOT NULL AND "
               "due_time < $2 ORDER BY due_time, lead LIMIT $3",
               {std::string_view(workspace), ToMicros(before), int64_t{count}},
               [&](const sql::Row& row) { leads.push_back(TextOf(row, 0)); }));
  return leads;
}

absl::StatusOr<std::optional<absl::Time>> NextDueTime(sql::Connection& db,
                                                      const std::string& workspace) {
  std::optional<absl::Time> next;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT due_time FROM lead_clocks WHERE workspace = $1 AND due_time IS NOT NULL "
               "ORDER BY due_time LIMIT 1",
               {std::string_view(workspace)}, [&](const sql::Row& row) { next = DueOf(row, 0); }));
  return next;
}

absl::Status SetDueTime(sql::Connection& db, const std::string& workspace, const std::string& lead,
                        std::optional<absl::Time> due_time) {
  return db.Apply("UPDATE lead_clocks SET due_time = $3 WHERE workspace = $1 AND lead = $2",
                  {std::string_view(workspace), std::string_view(lead), DueParam(due_time)});
}

absl::Status ForgetDueTimes(sql::Connection& db, const std::string& workspace) {
  return db.Apply(
      "UPDATE lead_clocks SET due_time = 1 WHERE workspace = $1 AND due_time IS NOT NULL",
      {std::string_view(workspace)});
}

}  // namespace sales::store
