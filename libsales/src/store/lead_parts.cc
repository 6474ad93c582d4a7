#include "src/store/lead_parts.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "src/decide/errors.h"
#include "src/store/lead_rows.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

absl::Status InsertRequirements(sql::Connection& db, const std::string& workspace,
                                const std::string& lead, const Requirements& requirements) {
  return db.Apply(
      "INSERT INTO requirements (workspace, lead, version, text, agree_time) "
      "VALUES ($1, $2, $3, $4, $5)",
      {std::string_view(workspace), std::string_view(lead), int64_t{requirements.version},
       std::string_view(requirements.text), ToMicros(requirements.agree_time)});
}

absl::Status SaveProposal(sql::Connection& db, const std::string& workspace,
                          const std::string& lead, const Proposal& proposal) {
  return db.Apply(
      "INSERT INTO proposals (workspace, lead, version, state, scope, price, valid_until, "
      "request_time, send_time, answer_time) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
      "ON CONFLICT (workspace, lead, version) DO UPDATE SET state = excluded.state, "
      "scope = excluded.scope, price = excluded.price, valid_until = excluded.valid_until, "
      "request_time = excluded.request_time, send_time = excluded.send_time, "
      "answer_time = excluded.answer_time",
      {std::string_view(workspace), std::string_view(lead), int64_t{proposal.version},
       static_cast<int64_t>(proposal.state), std::string_view(proposal.scope),
       Nullable(proposal.price), Nullable(proposal.valid_until), Nullable(proposal.request_time),
       Nullable(proposal.send_time), Nullable(proposal.answer_time)});
}

absl::Status InsertStance(sql::Connection& db, const std::string& workspace,
                          const std::string& lead, int64_t ordinal, const StanceTaken& taken) {
  return db.Apply(
      "INSERT INTO stances (workspace, lead, ordinal, stance, reason, stage, occur_time, "
      "actor) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      {std::string_view(workspace), std::string_view(lead), ordinal,
       static_cast<int64_t>(taken.stance), std::string_view(taken.reason),
       std::string_view(taken.stage), ToMicros(taken.occur_time), std::string_view(taken.actor)});
}

bool Has(const Lead& lead, const std::string& label) {
  return std::binary_search(lead.labels.begin(), lead.labels.end(), label);
}

absl::Status UpdateStance(sql::Connection& db, const std::string& workspace, const Lead& lead) {
  return db.Apply(
      "UPDATE leads SET stance = $3 WHERE workspace = $1 AND lead = $2",
      {std::string_view(workspace), std::string_view(lead.id), static_cast<int64_t>(lead.stance)});
}

// The lead's own row has them too, for whoever reads it; these are for finding leads by a label.
absl::Status SaveLabels(sql::Connection& db, const std::string& workspace, const Lead& before,
                        const Lead& after) {
  const std::string labels = JoinLabels(after.labels);
  SALES_RETURN_IF_ERROR(db.Apply(
      "UPDATE leads SET labels = $3 WHERE workspace = $1 AND lead = $2",
      {std::string_view(workspace), std::string_view(after.id), std::string_view(labels)}));
  for (const std::string& label : before.labels) {
    if (Has(after, label)) continue;
    SALES_RETURN_IF_ERROR(db.Apply(
        "DELETE FROM lead_labels WHERE workspace = $1 AND label = $2 AND lead = $3",
        {std::string_view(workspace), std::string_view(label), std::string_view(after.id)}));
  }
  for (const std::string& label : after.labels) {
    if (Has(before, label)) continue;
    SALES_RETURN_IF_ERROR(db.Apply(
        "INSERT INTO lead_labels (workspace, label, lead) VALUES ($1, $2, $3)",
        {std::string_view(workspace), std::string_view(label), std::string_view(after.id)}));
  }
  return absl::OkStatus();
}

absl::Status InsertOutcome(sql::Connection& db, const std::string& workspace,
                           const std::string& lead, int64_t ordinal, const Outcome& outcome) {
  return db.Apply(
      "INSERT INTO outcomes (workspace, lead, ordinal, state, stage, occur_time, actor, "
      "reason, argument_better, argument_price, argument_differ, alternatives, told_in, "
      "may_keep_in_touch, revisit, competitor, wake, owner, value) VALUES ($1, $2, $3, $4, "
      "$5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
      {std::string_view(workspace), std::string_view(lead), ordinal,
       static_cast<int64_t>(outcome.state), std::string_view(outcome.stage),
       ToMicros(outcome.occur_time), std::string_view(outcome.actor),
       std::string_view(outcome.reason), std::string_view(outcome.arguments.better),
       std::string_view(outcome.arguments.price), std::string_view(outcome.arguments.differ),
       std::string_view(outcome.alternatives), std::string_view(outcome.told_in),
       Flag(outcome.may_keep_in_touch), Nullable(outcome.revisit),
       std::string_view(outcome.competitor), Nullable(outcome.wake),
       std::string_view(outcome.owner), Nullable(outcome.value)});
}

bool SameProposal(const Proposal& a, const Proposal& b) {
  return a.state == b.state && a.scope == b.scope && a.price == b.price &&
         a.valid_until == b.valid_until && a.request_time == b.request_time &&
         a.send_time == b.send_time && a.answer_time == b.answer_time;
}

}  // namespace

absl::Status LoadRequirements(sql::Connection& db, const std::string& workspace, Lead& lead) {
  return db.Query(
      "SELECT version, text, agree_time FROM requirements WHERE workspace = $1 AND lead = $2 "
      "ORDER BY version",
      {std::string_view(workspace), std::string_view(lead.id)}, [&](const sql::Row& row) {
        lead.requirements.push_back({static_cast<int>(row.Int(0)), TextOf(row, 1), TimeOf(row, 2)});
      });
}

absl::Status LoadProposals(sql::Connection& db, const std::string& workspace,
                           const std::string& currency_code, Lead& lead) {
  return db.Query(
      "SELECT version, state, scope, price, valid_until, request_time, send_time, answer_time "
      "FROM proposals WHERE workspace = $1 AND lead = $2 ORDER BY version",
      {std::string_view(workspace), std::string_view(lead.id)}, [&](const sql::Row& row) {
        Proposal& proposal = lead.proposals.emplace_back();
        proposal.version = static_cast<int>(row.Int(0));
        proposal.state = static_cast<ProposalState>(row.Int(1));
        proposal.scope = TextOf(row, 2);
        proposal.price = OptionalMoneyOf(row, 3, currency_code);
        proposal.valid_until = OptionalDayOf(row, 4);
        proposal.request_time = OptionalTimeOf(row, 5);
        proposal.send_time = OptionalTimeOf(row, 6);
        proposal.answer_time = OptionalTimeOf(row, 7);
      });
}

absl::Status LoadOutcomes(sql::Connection& db, const std::string& workspace,
                          const std::string& currency_code, Lead& lead) {
  return db.Query(
      "SELECT state, stage, occur_time, actor, reason, argument_better, argument_price, "
      "argument_differ, alternatives, told_in, may_keep_in_touch, revisit, competitor, wake, "
      "owner, value FROM outcomes WHERE workspace = $1 AND lead = $2 ORDER BY ordinal",
      {std::string_view(workspace), std::string_view(lead.id)}, [&](const sql::Row& row) {
        Outcome& outcome = lead.outcomes.emplace_back();
        outcome.state = static_cast<LeadState>(row.Int(0));
        outcome.stage = TextOf(row, 1);
        outcome.occur_time = TimeOf(row, 2);
        outcome.actor = TextOf(row, 3);
        outcome.reason = TextOf(row, 4);
        outcome.arguments = {TextOf(row, 5), TextOf(row, 6), TextOf(row, 7)};
        outcome.alternatives = TextOf(row, 8);
        outcome.told_in = TextOf(row, 9);
        outcome.may_keep_in_touch = row.Int(10) != 0;
        outcome.revisit = OptionalDayOf(row, 11);
        outcome.competitor = TextOf(row, 12);
        outcome.wake = OptionalDayOf(row, 13);
        outcome.owner = TextOf(row, 14);
        outcome.value = OptionalMoneyOf(row, 15, currency_code);
      });
}

absl::Status LoadStances(sql::Connection& db, const std::string& workspace, Lead& lead) {
  return db.Query(
      "SELECT stance, reason, stage, occur_time, actor FROM stances WHERE workspace = $1 AND "
      "lead = $2 ORDER BY ordinal",
      {std::string_view(workspace), std::string_view(lead.id)}, [&](const sql::Row& row) {
        StanceTaken& taken = lead.stances.emplace_back();
        taken.stance = static_cast<Stance>(row.Int(0));
        taken.reason = TextOf(row, 1);
        taken.stage = TextOf(row, 2);
        taken.occur_time = TimeOf(row, 3);
        taken.actor = TextOf(row, 4);
      });
}

absl::Status SaveParts(sql::Connection& db, const std::string& workspace, const Lead& before,
                       const Lead& after) {
  for (size_t i = before.requirements.size(); i < after.requirements.size(); ++i) {
    SALES_RETURN_IF_ERROR(InsertRequirements(db, workspace, after.id, after.requirements[i]));
  }
  for (size_t i = 0; i < after.proposals.size(); ++i) {
    if (i < before.proposals.size() && SameProposal(before.proposals[i], after.proposals[i])) {
      continue;
    }
    SALES_RETURN_IF_ERROR(SaveProposal(db, workspace, after.id, after.proposals[i]));
  }
  for (size_t i = before.outcomes.size(); i < after.outcomes.size(); ++i) {
    SALES_RETURN_IF_ERROR(
        InsertOutcome(db, workspace, after.id, static_cast<int64_t>(i), after.outcomes[i]));
  }
  for (size_t i = before.stances.size(); i < after.stances.size(); ++i) {
    SALES_RETURN_IF_ERROR(
        InsertStance(db, workspace, after.id, static_cast<int64_t>(i), after.stances[i]));
  }
  if (before.stance != after.stance) SALES_RETURN_IF_ERROR(UpdateStance(db, workspace, after));
  return before.labels == after.labels ? absl::OkStatus()
                                       : SaveLabels(db, workspace, before, after);
}

absl::Status InsertActivity(sql::Connection& db, const std::string& workspace,
                            const Activity& activity) {
  return db.Apply(
      "INSERT INTO activities (workspace, lead, activity, kind, direction, occur_time, "
      "duration, text, record_time, actor, expectation) VALUES ($1, $2, $3, $4, $5, $6, $7, "
      "$8, $9, $10, $11)",
      {std::string_view(workspace), std::string_view(activity.lead), std::string_view(activity.id),
       static_cast<int64_t>(activity.kind), static_cast<int64_t>(activity.direction),
       ToMicros(activity.occur_time), absl::ToInt64Microseconds(activity.duration),
       std::string_view(activity.text), ToMicros(activity.record_time),
       std::string_view(activity.actor), int64_t{activity.expectation}});
}

absl::StatusOr<std::vector<Activity>> ListActivities(sql::Connection& db,
                                                     const std::string& workspace,
                                                     const std::string& lead) {
  std::vector<Activity> activities;
  SALES_RETURN_IF_ERROR(db.Query(
      "SELECT activity, kind, direction, occur_time, duration, text, record_time, actor, "
      "expectation FROM activities WHERE workspace = $1 AND lead = $2 ORDER BY record_time, "
      "activity",
      {std::string_view(workspace), std::string_view(lead)}, [&](const sql::Row& row) {
        activities.push_back({TextOf(row, 0), lead, static_cast<ActivityKind>(row.Int(1)),
                              static_cast<Direction>(row.Int(2)), TimeOf(row, 3),
                              absl::Microseconds(row.Int(4)), TextOf(row, 5), TimeOf(row, 6),
                              TextOf(row, 7), static_cast<int>(row.Int(8))});
      }));
  return activities;
}

absl::StatusOr<bool> ActivityExists(sql::Connection& db, const std::string& workspace,
                                    const std::string& lead, const std::string& activity) {
  bool found = false;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT 1 FROM activities WHERE workspace = $1 AND lead = $2 AND activity = $3",
               {std::string_view(workspace), std::string_view(lead), std::string_view(activity)},
               [&](const sql::Row&) { found = true; }));
  return found;
}

}  // namespace sales::store
