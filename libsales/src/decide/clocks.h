// The clocks of a lead, and what falls due by them.
#ifndef SALES_SRC_DECIDE_CLOCKS_H_
#define SALES_SRC_DECIDE_CLOCKS_H_

#include <optional>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "sales/calendar.h"
#include "sales/event.h"
#include "sales/funnel.h"
#include "sales/lead.h"
#include "src/decide/record.h"

namespace sales {

// What clocks depend on besides the lead.
struct ClockContext {
  const FunnelPolicy& policy;
  const WorkingTime& working_time;
  // The workspace's, in which proposals stand until the end of a day, and leads sleep until the
  // beginning of one.
  absl::TimeZone zone;
};

// When the lead was opened last. What was asked for before it was closed and is still to be done
// counts from then, for nobody was to do it in between.
absl::Time OpenedAt(const Lead& lead);

// When what began at `start` is to be done. A calendar that ends before that sets no time.
std::optional<absl::Time> DueTime(absl::Time start, const Limit& limit,
                                  const WorkingTime& working_time);

// The lead's clocks at a moment: those that run, and of each kind that does not, the one that
// stopped last. A closed or nurtured lead has no running ones, and does not rot.
std::vector<LeadClock> ClocksOf(const LeadRecord& record, const ClockContext& context,
                                absl::Time at);

// Notes in `after` what clients began to wait for, and what they waited for no longer, by what its
// clocks say. Of a lead's runs of a kind the first limits::runs_max are kept.
void KeepRuns(const ClockContext& context, const LeadRecord& before, LeadRecord& after);

// When a sent proposal stops standing; infinitely late for one that stands until it is answered.
absl::Time ExpiryOf(const Proposal& proposal, absl::TimeZone zone);

// The earliest time at which something falls due for the lead that is not recorded yet, past or
// future; infinitely late if nothing does.
absl::Time NextDue(const LeadRecord& record, const ClockContext& context);

// One thing that fell due.
struct DueEffect {
  Effect effect;
  absl::Time due_time;
};

// Notes the limits whose time passed before `at` in the record, each once, in the order in which
// they fell due. For writes, which may stop a clock before the sweep comes by.
std::vector<DueEffect> NoteBreaches(const ClockContext& context, absl::Time at, LeadRecord& record);

// The same, and proposals expire and the lead wakes: everything that NextDue speaks of.
std::vector<DueEffect> SweepLead(const ClockContext& context, absl::Time at, LeadRecord& record);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_CLOCKS_H_
