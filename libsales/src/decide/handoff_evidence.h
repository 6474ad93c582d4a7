// What makes a step of a handoff evident.
#ifndef SALES_SRC_DECIDE_HANDOFF_EVIDENCE_H_
#define SALES_SRC_DECIDE_HANDOFF_EVIDENCE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "sales/handoff.h"

namespace sales {

// HANDOFF_EVIDENCE_REQUIRED (metadata `step`) if a part that the step asks for is not there; and
// what is wrong with the parts that are: FIELD_INVALID, ID_INVALID, LIST_TOO_LONG, TEXT_TOO_LONG,
// TEXT_INVALID, TIME_OUT_OF_RANGE. Paths begin with the step's evidence: "introduction.place".
absl::Status CheckEvidence(const CompleteHandoffStep& command);

// Ids of people of the studio: LIST_TOO_LONG, FIELD_REQUIRED, ID_INVALID.
absl::Status CheckMembers(std::string_view field, const std::vector<std::string>& members);

// In alphabetical order, each once.
std::vector<std::string> SortedIds(std::vector<std::string> ids);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_HANDOFF_EVIDENCE_H_
