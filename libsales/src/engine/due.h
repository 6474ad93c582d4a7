// How it is kept when something of a lead will fall due, and that it fell due.
#ifndef SALES_SRC_ENGINE_DUE_H_
#define SALES_SRC_ENGINE_DUE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/decide/clocks.h"
#include "src/engine/clock_sources.h"
#include "src/engine/core.h"

namespace sales::internal {

// By the calendar that the workspace has.
absl::StatusOr<WorkingTime> WorkingTimeOf(ReadScope& scope);

absl::StatusOr<ClockSources> ClockSourcesOf(WriteScope& scope, const Lead& lead);
absl::StatusOr<ClockSources> ClockSourcesOf(ReadScope& scope, const Lead& lead);

// Works out when the sweep is to look at the lead next.
void RefreshDueTime(const ClockSources& sources, LeadRecord& record);
// The same, and what the lead's clocks say now, for the write's answer.
absl::Status RefreshDueTime(WriteScope& scope, LeadRecord& record);

// The same, and what reports count of runs and declines, as the write changes it.
absl::Status KeepFacts(WriteScope& scope, const LeadRecord& before, LeadRecord& after);

// Records an event for each thing that fell due; the record is kept by the caller.
absl::Status RecordDue(WriteScope& scope, const LeadRecord& record, std::vector<DueEffect> due);

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_DUE_H_
