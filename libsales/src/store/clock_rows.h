// What a lead's clocks need, and its next steps.
#ifndef SALES_SRC_STORE_CLOCK_ROWS_H_
#define SALES_SRC_STORE_CLOCK_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "src/decide/record.h"
#include "src/sql/driver.h"
#include "src/store/inquiry.h"

namespace sales::store {

// The columns of lead_clocks that a record is made of, first those that clocks are read by. They
// are read with the lead's own, in one statement: every verb reads both.
#define SALES_SHOWN_CLOCK_COLUMNS "response_start, response_stop, last_activity_time, planned_open"
inline constexpr char kShownClockColumns[] = SALES_SHOWN_CLOCK_COLUMNS;
inline constexpr char kClockColumns[] = SALES_SHOWN_CLOCK_COLUMNS
    ", planned_count, response_mark, proposal_mark, stage_mark, rot_mark, wake_mark, due_time, "
    "runs, declines";
#undef SALES_SHOWN_CLOCK_COLUMNS
// Fills in the record from them, the first being column `first`. Gives how many next steps the lead
// has. Errors: STORE_CORRUPT.
absl::StatusOr<int64_t> ReadClocks(const sql::Row& row, int first, LeadRecord& record);
// The same of kShownClockColumns alone.
int64_t ReadShownClocks(const sql::Row& row, int first, LeadRecord& record);
absl::Status LoadPlanned(sql::Connection& db, const std::string& workspace, Lead& lead);
absl::Status InsertClocks(sql::Connection& db, const std::string& workspace,
                          const LeadRecord& record);
// Writes what differs.
absl::Status UpdateClocks(sql::Connection& db, const std::string& workspace,
                          const LeadRecord& before, const LeadRecord& after);

// What somebody waits for that is not overdue yet.
struct WaitingRun {
  std::string funnel;
  std::string channel;
  std::string campaign;
  std::string seller;
  Run run;
};
// Asks for the open responses and proposals that are due at `from` or later, of leads of the
// funnel, or of every funnel where it is empty. All but `from` must stay until the inquiry is
// asked.
void AskForRunsDue(Inquiry& inquiry, const std::string& workspace, const std::string& funnel,
                   absl::Time from, std::vector<WaitingRun>& waiting);

// Up to `count` leads for which something fell due before `before`, the longest due first.
absl::StatusOr<std::vector<std::string>> LeadsDue(sql::Connection& db, const std::string& workspace,
                                                  absl::Time before, int count);
// When the next thing falls due in the workspace; unset if nothing will.
absl::StatusOr<std::optional<absl::Time>> NextDueTime(sql::Connection& db,
                                                      const std::string& workspace);
absl::Status SetDueTime(sql::Connection& db, const std::string& workspace, const std::string& lead,
                        std::optional<absl::Time> due_time);
// Asks the sweep to look at every lead that is not closed, for what their due times depend on
// changed.
absl::Status ForgetDueTimes(sql::Connection& db, const std::string& workspace);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_CLOCK_ROWS_H_
