// The answers of writes as text, so that a repeated request gets the first one's answer.
#ifndef SALES_SRC_STORE_ANSWERS_H_
#define SALES_SRC_STORE_ANSWERS_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace sales::store {

// For Workspace, Token, Advice, Contact, Referral, Lead, CaptureResult, std::vector<CaptureResult>,
// LoggedActivity, Channel, Campaign, TouchResult, Webhook, FunnelPolicy, Calendar,
// ImportedHolidays, int64_t and those of handoff_fields.h. JSON; what is empty or zero is left out.
template <typename Answer>
std::string EncodeAnswer(const Answer& answer);

// Gives the answer back. Text written before a field existed leaves that field empty. Errors:
// STORE_CORRUPT.
template <typename Answer>
absl::Status DecodeAnswer(std::string_view text, Answer* answer);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_ANSWERS_H_
