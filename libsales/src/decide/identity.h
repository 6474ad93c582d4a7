// The form in which identities and texts are compared. Safe from any thread.
#ifndef SALES_SRC_DECIDE_IDENTITY_H_
#define SALES_SRC_DECIDE_IDENTITY_H_

#include <string>
#include <string_view>

#include "sales/contact.h"

namespace sales {

// The identity with `normal_value` and `usable` set; kind, value and source stay as typed.
//
// E-mail: trimmed, NFC, case folded, domain in IDNA ASCII. Phone: E.164 of a valid number, read in
// `default_region` unless it begins with "+"; without an extension. Messenger: trimmed, without
// leading "@", case folded, scoped by source. External: exactly as given, scoped by source. A value
// without a normal form is not usable and has an empty `normal_value`.
Identity NormalizeIdentity(Identity identity, const std::string& default_region);

// The text as it is searched and matched: NFKC, case folded in any script, white space collapsed to
// single spaces and trimmed. Text that is not UTF-8 is folded in its ASCII letters only.
std::string FoldText(std::string_view text);

// Whether phone numbers can be read in the region ("NL", upper case).
bool IsPhoneRegion(std::string_view region);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_IDENTITY_H_
