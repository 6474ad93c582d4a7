#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sales/engine.h"
#include "src/decide/bounds.h"
#include "src/decide/consent.h"
#include "src/engine/assignments.h"
#include "src/engine/capture_draft.h"
#include "src/engine/core.h"
#include "src/engine/due.h"
#include "src/engine/fingerprint.h"
#include "src/engine/leads.h"
#include "src/engine/scores.h"
#include "src/store/lead_rows.h"

namespace sales {
namespace {

using internal::CallFingerprint;
using internal::CaptureDraft;
using internal::DraftEvent;
using internal::EngineCore;
using internal::NormalIdentities;
using internal::WriteScope;

// Normalising phone numbers is most of a capture's work, so it is done before the writer's turn.
// The region is the one last seen; should it have changed since, the writer does it again.
NormalIdentities NormalizeEarly(EngineCore& core, const std::string& workspace,
                                const CaptureLead& command) {
  // What is out of bounds is refused in the write; it is not worked on before.
  if (!CheckIdentities("contact.identities", command.contact.identities).ok()) return {};
  const std::optional<EngineCore::Seen> seen = core.LastSeen(workspace);
  return internal::Normalize(command.contact.identities,
                             seen.has_value() ? seen->default_region : std::string());
}

DraftEvent CapturedEvent(const CaptureDraft& draft) {
  DraftEvent captured;
  captured.event =
      internal::LeadEvent(draft.record.lead, Track{}, TrackOf(draft.record), draft.effect);
  captured.event.occur_time = draft.record.lead.receive_time;
  captured.activity = draft.effect.activity;
  return captured;
}

absl::StatusOr<CaptureResult> CaptureIn(WriteScope& scope, const CaptureLead& command,
                                        const NormalIdentities& normal) {
  SALES_ASSIGN_OR_RETURN(CaptureDraft draft, internal::DraftCapture(scope, command, normal));
  std::vector<DraftEvent> events;
  events.push_back(CapturedEvent(draft));
  SALES_ASSIGN_OR_RETURN(const std::optional<AssignmentRecord> assignment,
                         internal::AssignCaptured(scope, draft, events));
  SALES_RETURN_IF_ERROR(internal::KeepCapture(scope, draft, std::move(events), std::nullopt));
  SALES_RETURN_IF_ERROR(internal::KeepAssignment(scope, assignment));
  return CaptureResult{std::move(draft.record.lead), std::move(draft.contact),
                       draft.contact_created, std::move(draft.possible_duplicates)};
}

// One step of an imported lead's past.
absl::StatusOr<DraftEvent> TakeStep(WriteScope& scope, const internal::ClockSources& sources,
                                    const Contact& contact, const LeadStep& step,
                                    LeadRecord& record) {
  SALES_RETURN_IF_ERROR(CheckOccurTime("occur_time", step.occur_time, scope.now));
  const auto* decline = std::get_if<DeclineLead>(&step.command);
  if (decline != nullptr && !decline->told_in.empty()) {
    return FieldError(Reason::kActivityNotFound, "told_in",
                      "cannot be given in an import, for the activities are new too");
  }
  SALES_RETURN_IF_ERROR(CheckContact(contact, record.lead, step.command, step.occur_time));
  const LeadRecord before = record;
  SALES_ASSIGN_OR_RETURN(
      Effect effect,
      Decide(step.command, internal::ContextOf(scope, *sources.policy, step.occur_time), record));
  SALES_RETURN_IF_ERROR(internal::ScoreOutcome(scope, before.lead.state, record));
  KeepRuns(sources.context(), before, record);
  KeepDeclines(before, record);
  DraftEvent event;
  event.event = internal::LeadEvent(record.lead, TrackOf(before), TrackOf(record), effect);
  event.event.occur_time = step.occur_time;
  event.activity = std::move(effect.activity);
  return event;
}

absl::Status CheckSteps(const std::vector<LeadStep>& steps) {
  SALES_RETURN_IF_ERROR(CheckList("steps", steps.size(), limits::import_steps_max));
  for (size_t i = 1; i < steps.size(); ++i) {
    if (steps[i].occur_time < steps[i - 1].occur_time) {
      return FieldError(Reason::kTimeOrder, "steps[" + std::to_string(i) + "].occur_time",
                        "is before that of the step before it");
    }
  }
  return absl::OkStatus();
}

absl::Status ImportIn(WriteScope& scope, const ImportLead& row, const NormalIdentities& normal,
                      int64_t fingerprint, ImportResult& result) {
  SALES_RETURN_IF_ERROR(CheckSteps(row.steps));
  absl::StatusOr<CaptureDraft> draft = internal::DraftCapture(scope, row.capture, normal);
  if (!draft.ok()) return UnderField(draft.status(), "capture.");
  SALES_ASSIGN_OR_RETURN(const internal::ClockSources sources,
                         internal::ClockSourcesOf(scope, draft->record.lead));
  std::vector<DraftEvent> events;
  events.push_back(CapturedEvent(*draft));
  for (size_t i = 0; i < row.steps.size(); ++i) {
    absl::StatusOr<DraftEvent> event =
        TakeStep(scope, sources, draft->contact, row.steps[i], draft->record);
    if (!event.ok()) {
      return UnderField(event.status(), "steps[" + std::to_string(i) + "].");
    }
    events.push_back(*std::move(event));
  }
  SALES_RETURN_IF_ERROR(internal::KeepCapture(scope, *draft, std::move(events), fingerprint));
  result.lead = draft->record.lead.id;
  return absl::OkStatus();
}

struct PreparedRow {
  NormalIdentities normal;
  int64_t fingerprint = 0;
};

PreparedRow PrepareRow(EngineCore& core, const std::string& workspace, const ImportLead& row) {
  internal::Canon canon;
  canon.Add(row);
  return {NormalizeEarly(core, workspace, row.capture), static_cast<int64_t>(canon.fingerprint())};
}

// Whether the row was imported before. Errors: EXTERNAL_ID_TAKEN by a lead of other content.
absl::StatusOr<bool> WasImported(sql::Connection& db, const std::string& workspace,
                                 const ImportLead& row, int64_t fingerprint, ImportResult& result) {
  SALES_ASSIGN_OR_RETURN(const std::optional<store::ExternalLead> known,
                         store::LeadOfExternalId(db, workspace, row.capture.external_id));
  if (!known.has_value()) return false;
  if (known->import_fingerprint != fingerprint) {
    return WithMetadata(FieldError(Reason::kExternalIdTaken, "capture.external_id",
                                   "belongs to a lead that was captured with other content"),
                        "lead", known->lead);
  }
  result.outcome = ImportOutcome::kUnchanged;
  result.lead = known->lead;
  result.status = absl::OkStatus();
  return true;
}

}  // namespace

absl::StatusOr<CaptureResult> Desk::CaptureLead(const sales::CaptureLead& command) const {
  const NormalIdentities normal = NormalizeEarly(*core_, workspace_, command);
  return core_->Write<CaptureResult>(
      workspace_, call_, CallFingerprint(call_, "CaptureLead", command),
      [&](WriteScope& scope) { return CaptureIn(scope, command, normal); });
}

absl::StatusOr<std::vector<CaptureResult>> Desk::BatchCaptureLeads(
    const std::vector<sales::CaptureLead>& commands) const {
  if (commands.empty()) {
    return FieldError(Reason::kFieldRequired, "requests", "needs at least one lead");
  }
  SALES_RETURN_IF_ERROR(CheckList("requests", commands.size(), limits::batch_max));
  std::vector<NormalIdentities> normal;
  normal.reserve(commands.size());
  for (const sales::CaptureLead& command : commands) {
    normal.push_back(NormalizeEarly(*core_, workspace_, command));
  }
  return core_->Write<std::vector<CaptureResult>>(
      workspace_, call_, CallFingerprint(call_, "BatchCaptureLeads", commands),
      [&](WriteScope& scope) -> absl::StatusOr<std::vector<CaptureResult>> {
        std::vector<CaptureResult> results;
        results.reserve(commands.size());
        for (size_t i = 0; i < commands.size(); ++i) {
          absl::StatusOr<CaptureResult> result = CaptureIn(scope, commands[i], normal[i]);
          if (!result.ok()) {
            const std::string index = std::to_string(i);
            return WithMetadata(UnderField(result.status(), "requests[" + index + "]."), "index",
                                index);
          }
          results.push_back(*std::move(result));
        }
        return results;
      });
}

absl::StatusOr<std::vector<ImportResult>> Desk::ImportLeads(
    const std::vector<ImportLead>& rows) const {
  SALES_RETURN_IF_ERROR(CheckList("rows", rows.size(), limits::batch_max));
  std::vector<ImportResult> results(rows.size());
  std::vector<PreparedRow> prepared;
  std::vector<size_t> fresh;
  prepared.reserve(rows.size());
  for (const ImportLead& row : rows) prepared.push_back(PrepareRow(*core_, workspace_, row));

  // Rows that are there already are told from a snapshot: sending a file again writes nothing.
  SALES_RETURN_IF_ERROR(
      core_->Read(workspace_, call_, [&](internal::ReadScope& scope) -> absl::Status {
        for (size_t i = 0; i < rows.size(); ++i) {
          if (rows[i].capture.external_id.empty()) {
            results[i].status = FieldError(Reason::kFieldRequired, "capture.external_id",
                                           "is needed to tell rows that were imported before");
            continue;
          }
          const absl::StatusOr<bool> known =
              WasImported(scope.db, workspace_, rows[i], prepared[i].fingerprint, results[i]);
          if (!known.ok()) results[i].status = known.status();
          if (known.ok() && !*known) fresh.push_back(i);
        }
        return absl::OkStatus();
      }));

  const std::vector<absl::Status> statuses = core_->WriteAll(
      workspace_, call_, fresh.size(), [&](size_t index, WriteScope& scope) -> absl::Status {
        const size_t i = fresh[index];
        return ImportIn(scope, rows[i], prepared[i].normal, prepared[i].fingerprint, results[i]);
      });
  std::vector<size_t> taken;
  for (size_t index = 0; index < fresh.size(); ++index) {
    ImportResult& result = results[fresh[index]];
    result.status = statuses[index];
    if (result.status.ok())
      result.outcome = ImportOutcome::kImported;
    else
      result.lead.clear();
    if (ReasonOf(result.status) == Reason::kExternalIdTaken) taken.push_back(fresh[index]);
  }
  if (taken.empty()) return results;
  // Since the snapshot, a row before it or somebody else may have imported the very same.
  SALES_RETURN_IF_ERROR(
      core_->Read(workspace_, call_, [&](internal::ReadScope& scope) -> absl::Status {
        for (const size_t i : taken) {
          const absl::StatusOr<bool> known =
              WasImported(scope.db, workspace_, rows[i], prepared[i].fingerprint, results[i]);
          if (!known.ok()) results[i].status = known.status();
        }
        return absl::OkStatus();
      }));
  return results;
}

}  // namespace sales
