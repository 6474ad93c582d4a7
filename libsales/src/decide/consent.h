#ifndef SALES_SRC_DECIDE_CONSENT_H_
#define SALES_SRC_DECIDE_CONSENT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "sales/contact.h"
#include "sales/lead.h"

namespace sales {

// What is wrong with a consent as it was given: ID_INVALID, TIME_OUT_OF_RANGE, TIME_IN_FUTURE.
absl::Status CheckConsent(const std::string& field, const Consent& consent, absl::Time now);

// CONTACT_ERASED.
absl::Status CheckNotErased(const Contact& contact);

// Whether the command may be done to a lead of the contact. DO_NOT_CONTACT by CheckReach;
// CONTACT_ERASED for whatever would record somebody again: then a lead is only assigned or closed.
absl::Status CheckContact(const Contact& contact, const LeadCommand& command, absl::Time at);

// DO_NOT_CONTACT (metadata `kind`) for an outbound e-mail or call at a time from which the contact
// refuses it. What happened before is only recorded late.
absl::Status CheckReach(const Contact& contact, const LogActivity& command, absl::Time at);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_CONSENT_H_
