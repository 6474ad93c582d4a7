// Whether two contacts may be one person: the keys by which candidates are found, and the score of
// a pair.
//
// A pair is scored by adding evidence in bits, as Fellegi and Sunter do: what agrees speaks for the
// pair by as much as it is rare, and long values that agree are rare; what differs speaks against
// it; what is unknown on either side says nothing.
#ifndef SALES_SRC_DECIDE_DUPLICATES_H_
#define SALES_SRC_DECIDE_DUPLICATES_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sales/contact.h"
#include "sales/duplicate.h"

namespace sales {

// A contact in the form in which it is compared. Texts are folded.
struct DuplicateRecord {
  std::vector<std::u32string> name_parts;
  std::u32string organization;
  // Local parts of e-mail addresses, digits of telephone numbers, handles.
  std::vector<std::u32string> emails;
  std::vector<std::u32string> phones;
  std::vector<std::u32string> handles;
  // In the order of the keys.
  std::vector<std::pair<std::string, std::u32string>> attributes;
};

DuplicateRecord DuplicateRecordOf(const Contact& contact);

// A key that a contact shares with those it may be the same as. Both are numbers made of the values
// by hashing: what stands in an index is no text of anybody's.
struct Block {
  int64_t key = 0;
  // Where it stands among those of the key: near those of a similar name.
  int64_t neighbour = 0;

  friend bool operator==(const Block& a, const Block& b) {
    return a.key == b.key && a.neighbour == b.neighbour;
  }
  friend bool operator<(const Block& a, const Block& b) {
    return a.key != b.key ? a.key < b.key : a.neighbour < b.neighbour;
  }
};

// At most limits::duplicate_keys_max, in order and each once. They are stored: whoever changes how
// they are made raises kBlockVersion.
std::vector<Block> BlocksOf(const Contact& contact);
inline constexpr int64_t kBlockVersion = 1;

// From this score on a pair is proposed.
inline constexpr double kDuplicateScoreMin = 0.5;

// The score alone, from 0 to 1; the same in either order.
double ScoreDuplicate(const DuplicateRecord& a, const DuplicateRecord& b);
// Its reasons, the weightiest first.
std::vector<DuplicateReason> ExplainDuplicate(const DuplicateRecord& a, const DuplicateRecord& b);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_DUPLICATES_H_
