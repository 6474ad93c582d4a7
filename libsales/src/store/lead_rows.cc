#include "src/store/lead_rows.h"

#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "src/decide/errors.h"
#include "src/decide/identity.h"
#include "src/store/clock_rows.h"
#include "src/store/lead_codec.h"
#include "src/store/lead_parts.h"
#include "src/store/params.h"
#include "src/store/team_rows.h"

namespace sales::store {
namespace {

#define LEAD_COLUMNS                                                                         \
  "lead, contact, state, stage, funnel, channel, campaign, need, interest, expected_value, " \
  "budget, decision_maker_known, seller, referrer, external_id, attributes, receive_time, "  \
  "close_time, won_value, first_response_time, returned_from, create_time, update_time, "    \
  "revision, project, stance, labels, expected_close"
#define RECORD_COLUMNS                                                               \
  LEAD_COLUMNS                                                                       \
  ", awaiting_since, furthest, qualified, new_contact, returned, returned_won, "     \
  "returned_revenue, activity_counts, visits, requirements_count, proposals_count, " \
  "outcomes_count, expectation, advice, promised, scored_features, returned_decline, generation"

// What is shown besides, and what a lead's clocks are read by.
#define SHOWN_COLUMNS \
  LEAD_COLUMNS ", awaiting_since, visits, requirements_count, proposals_count, outcomes_count"

// Reads the columns of LEAD_COLUMNS.
absl::Status ReadLead(const sql::Row& row, const std::string& currency_code, Lead& lead) {
  lead.id = TextOf(row, 0);
  lead.contact = TextOf(row, 1);
  lead.state = static_cast<LeadState>(row.Int(2));
  lead.stage = TextOf(row, 3);
  lead.funnel = TextOf(row, 4);
  lead.channel = TextOf(row, 5);
  lead.campaign = TextOf(row, 6);
  lead.need = TextOf(row, 7);
  lead.interest = static_cast<int>(row.Int(8));
  lead.expected_value = OptionalMoneyOf(row, 9, currency_code);
  lead.budget = OptionalMoneyOf(row, 10, currency_code);
  lead.decision_maker_known = row.Int(11) != 0;
  lead.seller = TextOf(row, 12);
  lead.referrer = TextOf(row, 13);
  lead.external_id = TextOf(row, 14);
  SALES_ASSIGN_OR_RETURN(lead.attributes, DecodeAttributes(row.Text(15)));
  lead.receive_time = TimeOf(row, 16);
  lead.close_time = OptionalTimeOf(row, 17);
  lead.won_value = OptionalMoneyOf(row, 18, currency_code);
  lead.first_response_time = OptionalTimeOf(row, 19);
  lead.returned_from = TextOf(row, 20);
  lead.create_time = TimeOf(row, 21);
  lead.update_time = TimeOf(row, 22);
  lead.revision = row.Int(23);
  lead.etag = std::to_string(lead.revision);
  lead.project = TextOf(row, 24);
  lead.stance = static_cast<Stance>(row.Int(25));
  lead.labels = SplitLabels(row.Text(26));
  lead.expected_close = OptionalDayOf(row, 27);
  return absl::OkStatus();
}

struct PartCounts {
  int64_t requirements = 0;
  int64_t proposals = 0;
  int64_t outcomes = 0;
  int64_t planned = 0;
};

absl::Status ReadRecord(const sql::Row& row, const std::string& currency_code, LeadRecord& record,
                        PartCounts& counts) {
  SALES_RETURN_IF_ERROR(ReadLead(row, currency_code, record.lead));
  record.awaiting_since = OptionalTimeOf(row, 28);
  record.furthest = TextOf(row, 29);
  record.qualified = row.Int(30) != 0;
  record.new_contact = row.Int(31) != 0;
  record.returned = row.Int(32);
  record.returned_won = row.Int(33);
  record.returned_revenue = row.Int(34);
  SALES_ASSIGN_OR_RETURN(record.activity_counts, DecodeActivityCounts(row.Text(35)));
  SALES_ASSIGN_OR_RETURN(record.lead.visits, DecodeVisits(row.Text(36)));
  record.expectation = static_cast<int>(row.Int(40));
  record.advice = static_cast<AdviceAction>(row.Int(41));
  record.promised = TextOf(row, 42);
  record.scored_features = TextOf(row, 43);
  record.returned_decline = row.Int(44);
  record.generation = row.Int(45);
  counts = {row.Int(37), row.Int(38), row.Int(39)};
  SALES_ASSIGN_OR_RETURN(counts.planned, ReadClocks(row, 46, record));
  return absl::OkStatus();
}

// Reads the columns of SHOWN_COLUMNS, and kShownClockColumns after them.
absl::Status ReadShown(const sql::Row& row, const std::string& currency_code, LeadRecord& record,
                       PartCounts& counts) {
  SALES_RETURN_IF_ERROR(ReadLead(row, currency_code, record.lead));
  record.awaiting_since = OptionalTimeOf(row, 28);
  SALES_ASSIGN_OR_RETURN(record.lead.visits, DecodeVisits(row.Text(29)));
  counts = {row.Int(30), row.Int(31), row.Int(32), ReadShownClocks(row, 33, record)};
  return absl::OkStatus();
}
constexpr int kShownColumnCount = 37;

// Reads what has rows of its own.
absl::Status LoadParts(sql::Connection& db, const std::string& workspace,
                       const std::string& currency_code, const PartCounts& counts, Lead& lead) {
  if (counts.planned > 0) SALES_RETURN_IF_ERROR(LoadPlanned(db, workspace, lead));
  if (counts.requirements > 0) SALES_RETURN_IF_ERROR(LoadRequirements(db, workspace, lead));
  if (counts.proposals > 0) {
    SALES_RETURN_IF_ERROR(LoadProposals(db, workspace, currency_code, lead));
  }
  if (counts.outcomes > 0) SALES_RETURN_IF_ERROR(LoadOutcomes(db, workspace, currency_code, lead));
  if (lead.stance != Stance::kUnspecified) SALES_RETURN_IF_ERROR(LoadStances(db, workspace, lead));
  return absl::OkStatus();
}

// A lead's values in the order of kInsertLead's and kUpdateLead's placeholders. Owns the texts that
// are made for the row.
class LeadParams {
 public:
  LeadParams(const std::string& workspace, const LeadRecord& record)
      : attributes_(EncodeAttributes(record.lead.attributes)),
        activity_counts_(EncodeActivityCounts(record.activity_counts)),
        visits_(EncodeVisits(record.lead.visits)),
        need_folded_(FoldText(record.lead.need)) {
    const Lead& lead = record.lead;
    Text(workspace), Text(lead.id), Text(lead.contact);
    params_.push_back(static_cast<int64_t>(lead.state));
    Text(lead.stage), Text(lead.funnel), Text(lead.channel), Text(lead.campaign), Text(lead.need);
    Text(need_folded_);
    params_.push_back(int64_t{lead.interest});
    params_.push_back(Nullable(lead.expected_value));
    params_.push_back(Nullable(lead.budget));
    params_.push_back(Flag(lead.decision_maker_known));
    Text(lead.seller), Text(lead.referrer), Text(attributes_);
    params_.push_back(ToMicros(lead.receive_time));
    params_.push_back(Nullable(lead.close_time));
    params_.push_back(Nullable(lead.won_value));
    params_.push_back(Nullable(lead.first_response_time));
    params_.push_back(Nullable(record.awaiting_since));
    Text(record.furthest);
    params_.push_back(Flag(record.qualified));
    params_.push_back(record.returned);
    params_.push_back(record.returned_won);
    params_.push_back(record.returned_revenue);
    Text(activity_counts_), Text(visits_);
    params_.push_back(static_cast<int64_t>(lead.requirements.size()));
    params_.push_back(static_cast<int64_t>(lead.proposals.size()));
    params_.push_back(static_cast<int64_t>(lead.outcomes.size()));
    params_.push_back(ToMicros(lead.update_time));
    params_.push_back(lead.revision);
    params_.push_back(Nullable(lead.expected_close));
  }

  void Text(const std::string& text) { params_.push_back(std::string_view(text)); }
  void Add(sql::Param param) { params_.push_back(param); }
  absl::Span<const sql::Param> span() const { return params_; }

 private:
  const std::string attributes_;
  const std::string activity_counts_;
  const std::string visits_;
  const std::string need_folded_;
  absl::InlinedVector<sql::Param, 43> params_;
};

constexpr std::string_view kInsertLead =
    "INSERT INTO leads (workspace, lead, contact, state, stage, funnel, channel, campaign, need, "
    "need_folded, interest, expected_value, budget, decision_maker_known, seller, referrer, "
    "attributes, receive_time, close_time, won_value, first_response_time, awaiting_since, "
    "furthest, qualified, returned, returned_won, returned_revenue, activity_counts, visits, "
    "requirements_count, proposals_count, outcomes_count, update_time, revision, expected_close, "
    "external_id, import_fingerprint, new_contact, returned_from, create_time, project, "
    "returned_decline, generation) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
    "$18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, "
    "$35, $36, $37, $38, $39, $40, $41, $42, $43)";

constexpr std::string_view kUpdateLead =
    "UPDATE leads SET contact = $3, state = $4, stage = $5, funnel = $6, channel = $7, "
    "campaign = $8, need = $9, need_folded = $10, interest = $11, expected_value = $12, "
    "budget = $13, decision_maker_known = $14, seller = $15, referrer = $16, attributes = $17, "
    "receive_time = $18, close_time = $19, won_value = $20, first_response_time = $21, "
    "awaiting_since = $22, furthest = $23, qualified = $24, returned = $25, returned_won = $26, "
    "returned_revenue = $27, activity_counts = $28, visits = $29, requirements_count = $30, "
    "proposals_count = $31, outcomes_count = $32, update_time = $33, revision = $34, "
    "expected_close = $35 "
    "WHERE workspace = $1 AND lead = $2";

constexpr FilterEnumName kStateNames[] = {
    {"OPEN", static_cast<int64_t>(LeadState::kOpen)},
    {"NURTURED", static_cast<int64_t>(LeadState::kNurtured)},
    {"WON", static_cast<int64_t>(LeadState::kWon)},
    {"DECLINED", static_cast<int64_t>(LeadState::kDeclined)},
    {"LOST", static_cast<int64_t>(LeadState::kLost)},
    {"DISQUALIFIED", static_cast<int64_t>(LeadState::kDisqualified)},
};
constexpr FilterEnumName kStanceNames[] = {
    {"PURSUE", static_cast<int64_t>(Stance::kPursue)},
    {"STEADY", static_cast<int64_t>(Stance::kSteady)},
    {"LET_GO", static_cast<int64_t>(Stance::kLetGo)},
};
constexpr FilterField kFilterFields[] = {
    {"state", FilterType::kEnum, "state", kStateNames},
    {"stage", FilterType::kText, "stage"},
    {"funnel", FilterType::kResource, "funnel", {}, "funnelPolicies"},
    {"channel", FilterType::kResource, "channel", {}, "channels"},
    {"campaign", FilterType::kResource, "campaign", {}, "campaigns", "channel"},
    {"seller", FilterType::kResource, "seller", {}, "sellers"},
    {"contact", FilterType::kResource, "contact", {}, "contacts"},
    {"project", FilterType::kResource, "project", {}, "projects"},
    {"stance", FilterType::kEnum, "stance", kStanceNames},
    {"external_id", FilterType::kText, "external_id"},
    {"labels", FilterType::kSet, "lead", {}, "", "", "lead_labels", "label"},
    {"need", FilterType::kFolded, "need_folded"},
    {"interest", FilterType::kInteger, "interest"},
    {"expected_value", FilterType::kInteger, "expected_value"},
    {"receive_time", FilterType::kTime, "receive_time"},
    {"close_time", FilterType::kTime, "close_time"},
};
constexpr char kExpectedValueOrder[] = "COALESCE(expected_value, -1)";
constexpr OrderField kOrderFields[] = {{"receive_time", "receive_time"},
                                       {"update_time", "update_time"},
                                       {"expected_value", kExpectedValueOrder}};

}  // namespace

absl::StatusOr<std::optional<LeadRecord>> LoadLead(sql::Connection& db,
                                                   const std::string& workspace,
                                                   const std::string& lead,
                                                   const std::string& currency_code) {
  static const std::string* const kSelect =
      new std::string(absl::StrCat("SELECT " RECORD_COLUMNS ", ", kClockColumns,
                                   " FROM leads JOIN lead_clocks USING (workspace, lead) "
                                   "WHERE workspace = $1 AND lead = $2"));
  std::optional<LeadRecord> record;
  PartCounts counts;
  absl::Status read;
  SALES_RETURN_IF_ERROR(db.Query(*kSelect, {std::string_view(workspace), std::string_view(lead)},
                                 [&](const sql::Row& row) {
                                   read = ReadRecord(row, currency_code, record.emplace(), counts);
                                 }));
  SALES_RETURN_IF_ERROR(read);
  if (!record.has_value()) return record;
  SALES_RETURN_IF_ERROR(LoadParts(db, workspace, currency_code, counts, record->lead));
  return record;
}

absl::StatusOr<WorkspaceRow> LoadWorkspaceAndLead(sql::Connection& db, const std::string& workspace,
                                                  const std::string& lead,
                                                  std::optional<LeadRecord>& record) {
  static const std::string* const kSelect = new std::string(
      absl::StrCat("SELECT ", ColumnsOf("leads", SHOWN_COLUMNS), ", ", kShownClockColumns, ", ",
                   ColumnsOf("workspaces", WorkspaceColumns()),
                   " FROM workspaces "
                   "LEFT JOIN leads ON leads.workspace = workspaces.workspace AND leads.lead = $2 "
                   "LEFT JOIN lead_clocks ON lead_clocks.workspace = leads.workspace AND "
                   "lead_clocks.lead = leads.lead WHERE workspaces.workspace = $1"));
  record.reset();
  std::optional<WorkspaceRow> found;
  PartCounts counts;
  absl::Status read;
  SALES_RETURN_IF_ERROR(db.Query(
      *kSelect, {std::string_view(workspace), std::string_view(lead)}, [&](const sql::Row& row) {
        found = ReadWorkspace(row, kShownColumnCount);
        if (row.IsNull(0)) return;
        read = ReadShown(row, found->workspace.currency_code, record.emplace(), counts);
      }));
  SALES_RETURN_IF_ERROR(read);
  if (!found.has_value()) return WorkspaceNotFound();
  if (record.has_value()) {
    SALES_RETURN_IF_ERROR(
        LoadParts(db, workspace, found->workspace.currency_code, counts, record->lead));
  }
  return *std::move(found);
}

absl::Status InsertLead(sql::Connection& db, const std::string& workspace, const LeadRecord& record,
                        std::optional<int64_t> import_fingerprint) {
  const Lead& lead = record.lead;
  LeadParams params(workspace, record);
  params.Add(lead.external_id.empty() ? sql::Param(nullptr)
                                      : sql::Param(std::string_view(lead.external_id)));
  params.Add(Nullable(import_fingerprint));
  params.Add(Flag(record.new_contact));
  params.Text(lead.returned_from);
  params.Add(ToMicros(lead.create_time));
  params.Text(lead.project);
  params.Add(record.returned_decline);
  params.Add(record.generation);
  SALES_RETURN_IF_ERROR(db.Apply(kInsertLead, params.span()));
  SALES_RETURN_IF_ERROR(InsertClocks(db, workspace, record));
  SALES_RETURN_IF_ERROR(MoveLoad(db, workspace, nullptr, lead));
  SALES_RETURN_IF_ERROR(SaveForetold(db, workspace, LeadRecord{}, record));
  return SaveParts(db, workspace, Lead{}, lead);
}

absl::Status UpdateLead(sql::Connection& db, const std::string& workspace, const LeadRecord& before,
                        const LeadRecord& after) {
  SALES_RETURN_IF_ERROR(db.Apply(kUpdateLead, LeadParams(workspace, after).span()));
  SALES_RETURN_IF_ERROR(UpdateClocks(db, workspace, before, after));
  SALES_RETURN_IF_ERROR(MoveLoad(db, workspace, &before.lead, after.lead));
  SALES_RETURN_IF_ERROR(SaveForetold(db, workspace, before, after));
  return SaveParts(db, workspace, before.lead, after.lead);
}

absl::Status SaveForetold(sql::Connection& db, const std::string& workspace,
                          const LeadRecord& before, const LeadRecord& after) {
  if (before.expectation == after.expectation && before.advice == after.advice &&
      before.promised == after.promised && before.scored_features == after.scored_features) {
    return absl::OkStatus();
  }
  return db.Apply(
      "UPDATE leads SET expectation = $3, advice = $4, promised = $5, scored_features = $6 "
      "WHERE workspace = $1 AND lead = $2",
      {std::string_view(workspace), std::string_view(after.lead.id), int64_t{after.expectation},
       static_cast<int64_t>(after.advice), std::string_view(after.promised),
       std::string_view(after.scored_features)});
}

absl::Status ScanReceived(sql::Connection& db, const std::string& workspace, absl::Time start,
                          absl::Time end, absl::FunctionRef<void(const ReceivedLead&)> on_lead) {
  return db.Query(
      "SELECT receive_time, channel, campaign, seller, funnel FROM leads WHERE workspace = $1 AND "
      "receive_time >= $2 AND receive_time < $3 ORDER BY receive_time",
      {std::string_view(workspace), ToMicros(start), ToMicros(end)}, [&](const sql::Row& row) {
        on_lead({TimeOf(row, 0), row.Text(1), row.Text(2), row.Text(3), row.Text(4)});
      });
}

absl::Status ScanReceiveTimes(sql::Connection& db, const std::string& workspace, absl::Time start,
                              absl::Time end, int64_t count,
                              absl::FunctionRef<void(absl::Time)> on_lead) {
  return db.Query(
      "SELECT receive_time FROM leads WHERE workspace = $1 AND receive_time >= $2 AND "
      "receive_time < $3 ORDER BY receive_time LIMIT $4",
      {std::string_view(workspace), ToMicros(start), ToMicros(end), count},
      [&](const sql::Row& row) { on_lead(TimeOf(row, 0)); });
}

absl::StatusOr<bool> HasLeadOf(sql::Connection& db, const std::string& workspace,
                               const std::string& contact,
                               const std::vector<std::string>& sellers) {
  std::vector<sql::Param> params = {std::string_view(workspace), std::string_view(contact)};
  params.insert(params.end(), sellers.begin(), sellers.end());
  bool found = false;
  SALES_RETURN_IF_ERROR(db.Query(
      absl::StrCat("SELECT 1 FROM leads WHERE workspace = $1 AND contact = $2 AND seller IN ",
                   Placeholders(3, sellers.size()), " LIMIT 1"),
      params, [&](const sql::Row&) { found = true; }));
  return found;
}

absl::StatusOr<bool> LeadExists(sql::Connection& db, const std::string& workspace,
                                const std::string& lead) {
  bool found = false;
  SALES_RETURN_IF_ERROR(db.Query("SELECT 1 FROM leads WHERE workspace = $1 AND lead = $2",
                                 {std::string_view(workspace), std::string_view(lead)},
                                 [&](const sql::Row&) { found = true; }));
  return found;
}

absl::StatusOr<std::optional<ExternalLead>> LeadOfExternalId(sql::Connection& db,
                                                             const std::string& workspace,
                                                             const std::string& external_id) {
  std::optional<ExternalLead> found;
  SALES_RETURN_IF_ERROR(db.Query(
      "SELECT lead, import_fingerprint FROM leads WHERE workspace = $1 AND external_id = $2",
      {std::string_view(workspace), std::string_view(external_id)}, [&](const sql::Row& row) {
        found.emplace().lead = TextOf(row, 0);
        if (!row.IsNull(1)) found->import_fingerprint = row.Int(1);
      }));
  return found;
}

absl::StatusOr<std::vector<ContactLead>> LeadsOfContact(sql::Connection& db,
                                                        const std::string& workspace,
                                                        const std::string& contact) {
  std::vector<ContactLead> leads;
  // By their keys: SQLite walks the leads of the workspace rather than look them up twice.
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT lead, new_contact, referrer FROM leads WHERE workspace = $1 AND lead IN "
               "(SELECT lead FROM leads WHERE workspace = $1 AND contact = $2) "
               "ORDER BY create_time, lead",
               {std::string_view(workspace), std::string_view(contact)}, [&](const sql::Row& row) {
                 leads.push_back({TextOf(row, 0), row.Int(1) != 0, TextOf(row, 2)});
               }));
  return leads;
}

absl::StatusOr<std::vector<std::string>> LeadsReferredBy(sql::Connection& db,
                                                         const std::string& workspace,
                                                         const std::string& contact) {
  std::vector<std::string> leads;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT lead FROM leads WHERE workspace = $1 AND referrer <> '' AND referrer = $2 "
               "ORDER BY lead",
               {std::string_view(workspace), std::string_view(contact)},
               [&](const sql::Row& row) { leads.push_back(TextOf(row, 0)); }));
  return leads;
}

absl::Status SetLeadContact(sql::Connection& db, const std::string& workspace,
                            const LeadRecord& record) {
  return db.Apply(
      "UPDATE leads SET contact = $3, referrer = $4, new_contact = $5 WHERE workspace = $1 AND "
      "lead = $2",
      {std::string_view(workspace), std::string_view(record.lead.id),
       std::string_view(record.lead.contact), std::string_view(record.lead.referrer),
       Flag(record.new_contact)});
}

absl::StatusOr<std::vector<std::string>> DeclinedLeads(sql::Connection& db,
                                                       const std::string& workspace,
                                                       const std::string& contact, absl::Time until,
                                                       int count) {
  // The state is spelled out, as in the index that holds declined leads only.
  static_assert(static_cast<int>(LeadState::kDeclined) == 4);
  std::vector<std::string> leads;
  SALES_RETURN_IF_ERROR(db.Query(
      "SELECT lead FROM leads WHERE workspace = $1 AND contact = $2 AND state = 4 AND "
      "close_time <= $3 ORDER BY close_time DESC, lead DESC LIMIT $4",
      {std::string_view(workspace), std::string_view(contact), ToMicros(until), int64_t{count}},
      [&](const sql::Row& row) { leads.push_back(TextOf(row, 0)); }));
  return leads;
}

absl::StatusOr<std::vector<std::string>> LeadsInStage(sql::Connection& db,
                                                      const std::string& workspace,
                                                      const std::string& funnel,
                                                      const std::string& stage) {
  std::vector<std::string> leads;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT lead FROM leads WHERE workspace = $1 AND funnel = $2 AND stage = $3 "
               "AND state IN ($4, $5) ORDER BY lead",
               {std::string_view(workspace), std::string_view(funnel), std::string_view(stage),
                static_cast<int64_t>(LeadState::kOpen), static_cast<int64_t>(LeadState::kNurtured)},
               [&](const sql::Row& row) { leads.push_back(TextOf(row, 0)); }));
  return leads;
}

absl::StatusOr<std::vector<Lead>> ListLeads(sql::Connection& db, const std::string& workspace,
                                            const std::string& currency_code,
                                            const ListPlan& plan) {
  std::vector<Lead> leads;
  absl::Status read;
  SALES_RETURN_IF_ERROR(
      RunList(db, "SELECT " LEAD_COLUMNS " FROM leads", workspace, plan, [&](const sql::Row& row) {
        read.Update(ReadLead(row, currency_code, leads.emplace_back()));
      }));
  SALES_RETURN_IF_ERROR(read);
  return leads;
}

const ListSchema& LeadListSchema() {
  static const ListSchema schema = {
      "leads", kFilterFields, kOrderFields, {"receive_time", false}, "lead"};
  return schema;
}

int64_t LeadOrderKey(const Lead& lead, const ListPlan& plan) {
  const std::string_view column = plan.order.column;
  if (column == "update_time") return ToMicros(lead.update_time);
  if (column == kExpectedValueOrder) {
    return lead.expected_value.has_value() ? lead.expected_value->minor_units : -1;
  }
  return ToMicros(lead.receive_time);
}

}  // namespace sales::store
