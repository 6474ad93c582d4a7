#include "src/store/handoff_rows.h"

#include <string_view>
#include <utility>

#include "src/decide/errors.h"
#include "src/store/answers.h"
#include "src/store/handoff_fields.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

#define HANDOFF_COLUMNS                                                                    \
  "handoff, state, manager, evidence, open_time, introduction_due_time, accept_due_time, " \
  "accept_time, create_time, update_time, revision"

absl::Status ReadHandoff(const sql::Row& row, Handoff& handoff) {
  handoff.id = TextOf(row, 0);
  handoff.state = static_cast<HandoffState>(row.Int(1));
  handoff.manager = TextOf(row, 2);
  HandoffEvidence evidence;
  SALES_RETURN_IF_ERROR(DecodeAnswer(row.Text(3), &evidence));
  handoff.introduction = std::move(evidence.introduction);
  handoff.project_prepared = std::move(evidence.project_prepared);
  handoff.materials_shared = std::move(evidence.materials_shared);
  handoff.briefing = std::move(evidence.briefing);
  handoff.completed_steps = std::move(evidence.completed_steps);
  handoff.returns = std::move(evidence.returns);
  handoff.open_time = TimeOf(row, 4);
  handoff.introduction_due_time = OptionalTimeOf(row, 5);
  handoff.accept_due_time = OptionalTimeOf(row, 6);
  handoff.accept_time = OptionalTimeOf(row, 7);
  handoff.create_time = TimeOf(row, 8);
  handoff.update_time = TimeOf(row, 9);
  handoff.revision = row.Int(10);
  handoff.etag = std::to_string(handoff.revision);
  handoff.contact = TextOf(row, 11);
  handoff.seller = TextOf(row, 12);
  return absl::OkStatus();
}

constexpr FilterEnumName kStateNames[] = {
    {"OPEN", static_cast<int64_t>(HandoffState::kOpen)},
    {"BRIEFED", static_cast<int64_t>(HandoffState::kBriefed)},
    {"ACCEPTED", static_cast<int64_t>(HandoffState::kAccepted)},
    {"WITHDRAWN", static_cast<int64_t>(HandoffState::kWithdrawn)},
};
constexpr FilterField kFilterFields[] = {
    {"state", FilterType::kEnum, "state", kStateNames},
    {"contact", FilterType::kResource, "contact", {}, "contacts"},
    {"seller", FilterType::kResource, "seller", {}, "sellers"},
    {"manager", FilterType::kText, "manager"},
    {"open_time", FilterType::kTime, "open_time"},
    {"introduction_due_time", FilterType::kTime, "introduction_due_time"},
    {"accept_due_time", FilterType::kTime, "accept_due_time"},
};
constexpr OrderField kOrderFields[] = {{"open_time", "open_time"}, {"update_time", "update_time"}};

}  // namespace

absl::StatusOr<std::optional<Handoff>> LoadHandoff(sql::Connection& db,
                                                   const std::string& workspace,
                                                   const std::string& handoff) {
  std::optional<Handoff> found;
  absl::Status read;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT " HANDOFF_COLUMNS
               ", contact, seller FROM shown_handoffs WHERE workspace = $1 AND handoff = $2",
               {std::string_view(workspace), std::string_view(handoff)},
               [&](const sql::Row& row) { read = ReadHandoff(row, found.emplace()); }));
  SALES_RETURN_IF_ERROR(read);
  return found;
}

absl::Status SaveHandoff(sql::Connection& db, const std::string& workspace,
                         const Handoff& handoff) {
  const std::string evidence = EncodeAnswer(
      HandoffEvidence{handoff.introduction, handoff.project_prepared, handoff.materials_shared,
                      handoff.briefing, handoff.completed_steps, handoff.returns});
  return db.Apply("INSERT INTO handoffs (workspace, " HANDOFF_COLUMNS
                  ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
                  "ON CONFLICT (workspace, handoff) DO UPDATE SET state = excluded.state, "
                  "manager = excluded.manager, evidence = excluded.evidence, "
                  "open_time = excluded.open_time, "
                  "introduction_due_time = excluded.introduction_due_time, "
                  "accept_due_time = excluded.accept_due_time, accept_time = excluded.accept_time, "
                  "update_time = excluded.update_time, revision = excluded.revision",
                  {std::string_view(workspace), std::string_view(handoff.id),
                   static_cast<int64_t>(handoff.state), std::string_view(handoff.manager),
                   std::string_view(evidence), ToMicros(handoff.open_time),
                   Nullable(handoff.introduction_due_time), Nullable(handoff.accept_due_time),
                   Nullable(handoff.accept_time), ToMicros(handoff.create_time),
                   ToMicros(handoff.update_time), handoff.revision});
}

absl::StatusOr<std::vector<Handoff>> ListHandoffs(sql::Connection& db, const std::string& workspace,
                                                  const ListPlan& plan) {
  std::vector<Handoff> handoffs;
  absl::Status read;
  SALES_RETURN_IF_ERROR(RunList(
      db, "SELECT " HANDOFF_COLUMNS ", contact, seller FROM shown_handoffs", workspace, plan,
      [&](const sql::Row& row) { read.Update(ReadHandoff(row, handoffs.emplace_back())); }));
  SALES_RETURN_IF_ERROR(read);
  return handoffs;
}

absl::Status ScanHandoffs(sql::Connection& db, const std::string& workspace,
                          absl::FunctionRef<void(const Handoff&)> on_handoff) {
  absl::Status read;
  SALES_RETURN_IF_ERROR(db.Query("SELECT " HANDOFF_COLUMNS
                                 ", contact, seller FROM shown_handoffs WHERE workspace = $1",
                                 {std::string_view(workspace)}, [&](const sql::Row& row) {
                                   Handoff handoff;
                                   read.Update(ReadHandoff(row, handoff));
                                   on_handoff(handoff);
                                 }));
  return read;
}

absl::StatusOr<std::optional<absl::Time>> LimitDueTime(sql::Connection& db,
                                                       const std::string& workspace,
                                                       const std::string& handoff) {
  std::optional<absl::Time> due;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT limit_due_time FROM handoffs WHERE workspace = $1 AND handoff = $2",
               {std::string_view(workspace), std::string_view(handoff)},
               [&](const sql::Row& row) { due = OptionalTimeOf(row, 0); }));
  return due;
}

absl::Status SetLimitDueTime(sql::Connection& db, const std::string& workspace,
                             const std::string& handoff, std::optional<absl::Time> due_time) {
  return db.Apply("UPDATE handoffs SET limit_due_time = $3 WHERE workspace = $1 AND handoff = $2",
                  {std::string_view(workspace), std::string_view(handoff), Nullable(due_time)});
}

absl::StatusOr<std::vector<std::string>> HandoffsDue(sql::Connection& db,
                                                     const std::string& workspace,
                                                     absl::Time before, int count) {
  std::vector<std::string> handoffs;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT handoff FROM handoffs WHERE workspace = $1 AND limit_due_time IS NOT NULL "
               "AND limit_due_time < $2 ORDER BY limit_due_time, handoff LIMIT $3",
               {std::string_view(workspace), ToMicros(before), int64_t{count}},
               [&](const sql::Row& row) { handoffs.push_back(TextOf(row, 0)); }));
  return handoffs;
}

absl::StatusOr<std::optional<absl::Time>> NextLimitDueTime(sql::Connection& db,
                                                           const std::string& workspace) {
  std::optional<absl::Time> next;
  SALES_RETURN_IF_ERROR(db.Query(
      "SELECT limit_due_time FROM handoffs WHERE workspace = $1 AND "
      "limit_due_time IS NOT NULL ORDER BY limit_due_time LIMIT 1",
      {std::string_view(workspace)}, [&](const sql::Row& row) { next = OptionalTimeOf(row, 0); }));
  return next;
}

const ListSchema& HandoffListSchema() {
  static const ListSchema schema = {
      "handoffs", kFilterFields, kOrderFields, {"open_time", false}, "handoff"};
  return schema;
}

int64_t HandoffOrderKey(const Handoff& handoff, const ListPlan& plan) {
  return ToMicros(std::string_view(plan.order.column) == "update_time" ? handoff.update_time
                                                                       : handoff.open_time);
}

absl::Status EraseHandoffTexts(sql::Connection& db, const std::string& workspace,
                               const std::string& contact) {
  std::vector<Handoff> handoffs;
  absl::Status read;
  SALES_RETURN_IF_ERROR(db.Query(
      "SELECT " HANDOFF_COLUMNS
      ", contact, seller FROM shown_handoffs WHERE workspace = $1 AND contact = $2",
      {std::string_view(workspace), std::string_view(contact)},
      [&](const sql::Row& row) { read.Update(ReadHandoff(row, handoffs.emplace_back())); }));
  SALES_RETURN_IF_ERROR(read);
  for (Handoff& handoff : handoffs) {
    handoff.introduction.reset();
    handoff.project_prepared.reset();
    handoff.materials_shared.reset();
    handoff.briefing.reset();
    for (HandoffReturn& returned : handoff.returns) returned.missing.clear();
    SALES_RETURN_IF_ERROR(SaveHandoff(db, workspace, handoff));
  }
  return absl::OkStatus();
}

}  // namespace sales::store
