// Flags that many verbs have.
#ifndef SALES_CLIENTS_CLI_SRC_VERB_FLAGS_H_
#define SALES_CLIENTS_CLI_SRC_VERB_FLAGS_H_

#include <vector>

#include "clients/cli/src/request.h"

namespace salesctl {

inline constexpr bool kRequired = true;

using Flags = std::vector<Flag>;

inline Flags Joined(Flags first, const Flags& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

inline Flags Listing(const Flags& more) {
  return Joined(
      {{"--page-size", "page_size", Form::kInteger, "How many to give; default 50, at most 1000."},
       {"--page-token", "page_token", Form::kText, "Go on where the last page ended."}},
      more);
}

inline Flags Filtered() {
  return Listing({{"--filter", "filter", Form::kText, "AIP-160: 'state = \"OPEN\"'."},
                  {"--order-by", "order_by", Form::kText, "A field, with or without ' desc'."}});
}

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_VERB_FLAGS_H_
