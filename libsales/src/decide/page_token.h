// Where a list goes on: the last row's keys, tied to the list, its filter and its order.
#ifndef SALES_SRC_DECIDE_PAGE_TOKEN_H_
#define SALES_SRC_DECIDE_PAGE_TOKEN_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace sales {

struct PageToken {
  // Of what the token goes on with: list, workspace, filter, order.
  uint64_t fingerprint = 0;
  // The values by which the list is ordered, of the last row of the page before.
  std::vector<std::string> keys;
};

// A hash of the parts and their bounds, the same in every process and on every machine.
uint64_t Fingerprint(std::initializer_list<std::string_view> parts);

std::string EncodePageToken(const PageToken& token);

// Errors: PAGE_TOKEN_INVALID for anything that EncodePageToken did not make, and for a token with
// another fingerprint. The check is against mistakes, not forgery: keys are data of the caller.
absl::StatusOr<PageToken> DecodePageToken(std::string_view text, uint64_t fingerprint);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_PAGE_TOKEN_H_
