// Where a lead comes from: the decline that its contact came back after, and who sent him.
#ifndef SALES_SRC_ENGINE_DESCENT_H_
#define SALES_SRC_ENGINE_DESCENT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "src/decide/record.h"
#include "src/engine/core.h"

namespace sales::internal {

// Fills in which decline a lead that is captured came out of, and its generation. The contact's own
// last decline before the lead was received goes before those of whoever sent him, and the nearest
// of these before those further away. `repeated`: the contact had leads before.
absl::Status ResolveDescent(WriteScope& scope, const std::string& referrer, absl::Time receive_time,
                            bool repeated, LeadRecord& record);

// Tells the declines that a captured lead came out of: the contact's own that he came again, and
// the one of record.returned_decline what it brought.
absl::Status CreditCapture(WriteScope& scope, const LeadRecord& record);

// Tells the decline that a lead came out of what a change of it means: it was won, or is no more.
absl::Status CreditChange(WriteScope& scope, const LeadRecord& before, const LeadRecord& after);

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_DESCENT_H_
