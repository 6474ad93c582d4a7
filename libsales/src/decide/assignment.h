// Who gets a lead: the checks of what the decision is made from, and the parts of it that are
// worked out from a lead, a seller and a day. The decision itself is DecideAssignment.
#ifndef SALES_SRC_DECIDE_ASSIGNMENT_H_
#define SALES_SRC_DECIDE_ASSIGNMENT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "sales/team.h"
#include "src/decide/attribute_schema.h"
#include "src/decide/record.h"

namespace sales {

// A seller's own fields; whether team and calendar exist is no matter of this check. FIELD_INVALID,
// FIELD_REQUIRED, ID_INVALID, LIST_TOO_LONG, TEXT_TOO_LONG, TEXT_INVALID.
absl::Status CheckSeller(const Seller& seller);

// The same of a policy, and MONEY_INVALID, CURRENCY_MISMATCH.
absl::Status CheckAssignmentPolicy(const AssignmentPolicy& policy,
                                   const std::string& currency_code);

// LIMIT_REACHED (metadata `what`, `limit`) unless there is room for one more.
absl::Status CheckRoomFor(const std::string& what, size_t size, int max);

// Adds an absence, in the order of days. ABSENCE_INVALID, TIME_OUT_OF_RANGE, ABSENCE_OVERLAPS
// (metadata `first_day`, `last_day`), LIMIT_REACHED.
absl::Status AddAbsence(const Absence& absence, std::vector<Absence>& absences);
// ABSENCE_NOT_FOUND.
absl::Status TakeAbsence(absl::CivilDay first_day, std::vector<Absence>& absences);
bool IsAbsent(const std::vector<Absence>& absences, absl::CivilDay day);

// The days [first, end) of the intake's period that a day is in.
struct IntakePeriod {
  absl::CivilDay first;
  absl::CivilDay end;
};
IntakePeriod PeriodOf(const Intake& intake, absl::CivilDay day);
// How many of the period's leads a seller may have been given by the end of the day.
int64_t IntakeAllowed(const Intake& intake, absl::CivilDay day);

// Fills in what the inputs say of the lead itself, but the previous seller. Attributes are compared
// by the types that the schema gives them.
void DescribeLead(const AssignmentPolicy& policy, const FunnelPolicy& funnel,
                  const AttributeSchema& schema, const LeadRecord& record, absl::Time at,
                  AssignmentInputs& inputs);

// What the sellers are after a decision: the one whom it chose has the lead, and had his turn.
void TakeTurn(const AssignmentDecision& decision, AssignmentInputs& inputs);

// "anna=ABSENT, boris=AT_CAPACITY": the first of those who were not available, for people.
std::string ExclusionText(const AssignmentInputs& inputs, const AssignmentDecision& decision);
// "AT_CAPACITY"; empty for kUnspecified.
const char* ExclusionName(Exclusion exclusion);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_ASSIGNMENT_H_
