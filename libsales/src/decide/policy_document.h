// A YAML or JSON text as a tree of lists, maps and scalars, read within bounds.
#ifndef SALES_SRC_DECIDE_POLICY_DOCUMENT_H_
#define SALES_SRC_DECIDE_POLICY_DOCUMENT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace sales {

// All scalars are text: what they mean is decided by who reads them.
struct DocumentNode {
  enum class Kind { kNull, kScalar, kList, kMap };
  Kind kind = Kind::kNull;
  std::string text;
  // Of a map: the keys of `items`, each once.
  std::vector<std::string> keys;
  std::vector<DocumentNode> items;
};

// Reads one document. Aliases and keys that are no scalars are refused. Errors: POLICY_INVALID with
// the place ("line 3, column 5") and what is wrong there.
absl::StatusOr<DocumentNode> ReadDocument(const std::string& yaml_or_json);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_POLICY_DOCUMENT_H_
