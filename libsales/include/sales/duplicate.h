#ifndef SALES_DUPLICATE_H_
#define SALES_DUPLICATE_H_

#include <string>
#include <vector>

namespace sales {

// One thing in which two contacts were compared.
struct DuplicateReason {
  // "name", "organization", "email", "phone", "messenger", or "attributes." and the key.
  std::string feature;
  // From 0, nothing in common, to 1, the same.
  double similarity = 0;
  // What it says in bits: above 0 for, below 0 against their being one.
  double evidence = 0;
};

// Two contacts that may be one. Nothing is merged by itself.
struct Duplicate {
  std::string contact;
  // The greater id of the two.
  std::string other;
  // How sure it is, from 0 to 1; no probability, but the greater the surer.
  double score = 0;
  // The weightiest first.
  std::vector<DuplicateReason> reasons;
};

// Which duplicates are listed, by score descending.
struct DuplicateQuery {
  // Only those of this contact; empty: of all.
  std::string contact;
  // 0: limits::page_size_default; at most limits::page_size_max.
  int page_size = 0;
  std::string page_token;
};

}  // namespace sales

#endif  // SALES_DUPLICATE_H_
