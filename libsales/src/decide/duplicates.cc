#include "src/decide/duplicates.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "sales/limits.h"
#include "src/decide/identity.h"

namespace sales {
namespace {

// How much agreement of a kind of value can say, in bits: so much a character, up to so much.
// Disagreement takes `against` away. Tuned on records of people with their truth.
struct Weight {
  double bits_per_character;
  double most;
  double against;
};
constexpr Weight kNamePart = {1.2, 7.5, 3.5};
constexpr Weight kOrganization = {0.6, 5, 1};
constexpr Weight kEmail = {1, 9, 0};
constexpr Weight kPhone = {1.6, 13, 0};
constexpr Weight kHandle = {1.2, 10, 0};
constexpr Weight kDigits = {1.7, 13, 3};
constexpr Weight kText = {1, 10, 2};

// What must be outweighed: of two contacts that share a key, most are not one.
constexpr double kPriorBits = 12;
// Similarity from which on a value rather agrees than differs; below, only by chance.
constexpr double kChanceSimilarity = 0.55;

constexpr size_t kPhoneTail = 7;
constexpr size_t kNamePartsMax = 6;
constexpr size_t kCompareMax = 48;

// UTF-8 to code points; what is not UTF-8 goes byte by byte.
std::u32string Decoded(std::string_view text) {
  std::u32string out;
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    if (i + more >= text.size()) more = 0;
    char32_t point = more == 0 ? lead : lead & (0x3F >> more);
    for (size_t k = 1; k <= more; ++k) {
      point = point << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3F);
    }
    out += point;
    i += more + 1;
  }
  return out;
}

bool IsDigit(char32_t c) { return c >= U'0' && c <= U'9'; }
// Letters and digits of any script; of ASCII, nothing else.
bool IsWordPart(char32_t c) { return c >= 0x80 || IsDigit(c) || (c >= U'a' && c <= U'z'); }

std::vector<std::u32string> WordsOf(std::string_view text) {
  std::vector<std::u32string> words;
  std::u32string word;
  for (const char32_t c : Decoded(FoldText(text)) + U' ') {
    if (IsWordPart(c)) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  return words;
}

std::u32string WordCharacters(std::string_view text) {
  std::u32string joined;
  for (const char32_t c : Decoded(FoldText(text))) {
    if (IsWordPart(c)) joined += c;
  }
  return joined;
}

std::u32string DigitsOf(std::string_view text) {
  std::u32string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') digits += static_cast<char32_t>(c);
  }
  return digits;
}

bool AllDigits(const std::u32string& text) {
  return std::all_of(text.begin(), text.end(), IsDigit);
}

// The part before the "@", without what people put after a "+" and without dots.
std::u32string LocalPart(std::string_view address) {
  std::string_view local = address.substr(0, address.find('@'));
  local = local.substr(0, local.find('+'));
  return WordCharacters(local);
}

void AddIdentity(const Identity& identity, DuplicateRecord& record) {
  const std::string& value = identity.usable ? identity.normal_value : identity.value;
  switch (identity.kind) {
    case IdentityKind::kEmail:
      record.emails.push_back(LocalPart(value));
      break;
    case IdentityKind::kPhone:
      record.phones.push_back(DigitsOf(value));
      break;
    case IdentityKind::kMessenger:
      record.handles.push_back(WordCharacters(value));
      break;
    default:
      break;
  }
}

// The optimal string alignment distance: insertions, deletions, changes and swaps of neighbours.
size_t Distance(std::u32string_view a, std::u32string_view b) {
  if (a.size() < b.size()) std::swap(a, b);
  size_t rows[3][kCompareMax + 1];
  size_t* before = rows[0];
  size_t* last = rows[1];
  size_t* row = rows[2];
  for (size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    size_t* const free = before;
    before = last;
    last = row;
    row = free;
  }
  return last[b.size()];
}

// Which characters there are, one bit for some of them each.
uint64_t CharactersOf(std::u32string_view text) {
  uint64_t characters = 0;
  for (const char32_t c : text) characters |= uint64_t{1} << (c & 63);
  return characters;
}

// A change of one character changes two bits at most: a bound that costs less than the distance.
size_t LeastDistance(std::u32string_view a, std::u32string_view b) {
  uint64_t differing = CharactersOf(a) ^ CharactersOf(b);
  size_t bits = 0;
  for (; differing != 0; differing &= differing - 1) ++bits;
  return bits / 2;
}

// From 0 to 1; 0 also for all that is surely below chance, which says as little.
double Similarity(std::u32string_view a, std::u32string_view b) {
  if (a == b) return 1;
  a = a.substr(0, kCompareMax);
  b = b.substr(0, kCompareMax);
  const size_t longer = std::max(a.size(), b.size());
  const auto most = static_cast<size_t>((1 - kChanceSimilarity) * static_cast<double>(longer));
  if (longer - std::min(a.size(), b.size()) > most || LeastDistance(a, b) > most) return 0;
  return 1 - static_cast<double>(Distance(a, b)) / static_cast<double>(longer);
}

double EvidenceOf(const Weight& weight, double similarity, size_t characters) {
  const double agreement =
      std::min(weight.bits_per_character * static_cast<double>(characters), weight.most);
  const double share = std::max(0.0, (similarity - kChanceSimilarity) / (1 - kChanceSimilarity));
  return share * (agreement + weight.against) - weight.against;
}

// Each comparison that was possible, one after the other.
class Comparison {
 public:
  Comparison(const DuplicateRecord& a, const DuplicateRecord& b,
             std::vector<DuplicateReason>* reasons)
      : a_(a), b_(b), reasons_(reasons) {}

  double Run() {
    CompareNames();
    if (!a_.organization.empty() && !b_.organization.empty()) {
      Compare("organization", kOrganization, a_.organization, b_.organization);
    }
    CompareBest("email", kEmail, a_.emails, b_.emails);
    CompareBest("phone", kPhone, a_.phones, b_.phones);
    CompareBest("messenger", kHandle, a_.handles, b_.handles);
    CompareAttributes();
    return 1 / (1 + std::exp2(kPriorBits - bits_));
  }

 private:
  void Add(const std::string& feature, double similarity, double evidence) {
    bits_ += evidence;
    if (reasons_ != nullptr) reasons_->push_back({feature, similarity, evidence});
  }

  void Compare(const std::string& feature, const Weight& weight, const std::u32string& a,
               const std::u32string& b) {
    const double similarity = Similarity(a, b);
    Add(feature, similarity, EvidenceOf(weight, similarity, std::min(a.size(), b.size())));
  }

  // Parts stand for each other wherever they stand, each for one, the most similar first. A part
  // that only one side has says nothing: many give one name only.
  void CompareNames() {
    const size_t rows = a_.name_parts.size();
    const size_t columns = b_.name_parts.size();
    if (rows == 0 || columns == 0) return;
    double similarity[kNamePartsMax][kNamePartsMax];
    for (size_t i = 0; i < rows; ++i) {
      for (size_t j = 0; j < columns; ++j) {
        similarity[i][j] = Similarity(a_.name_parts[i], b_.name_parts[j]);
      }
    }
    double evidence = 0;
    double sum = 0;
    bool row_taken[kNamePartsMax] = {};
    bool column_taken[kNamePartsMax] = {};
    const size_t pairs = std::min(rows, columns);
    for (size_t pair = 0; pair < pairs; ++pair) {
      size_t row = 0;
      size_t column = 0;
      double best = -1;
      for (size_t i = 0; i < rows; ++i) {
        for (size_t j = 0; j < columns; ++j) {
          if (row_taken[i] || column_taken[j] || similarity[i][j] <= best) continue;
          best = similarity[i][j];
          row = i;
          column = j;
        }
      }
      row_taken[row] = column_taken[column] = true;
      sum += best;
      evidence += EvidenceOf(kNamePart, best,
                             std::min(a_.name_parts[row].size(), b_.name_parts[column].size()));
    }
    Add("name", sum / static_cast<double>(pairs), evidence);
  }

  // The two that are most alike; people have several of each, so that others say nothing.
  void CompareBest(const char* feature, const Weight& weight, const std::vector<std::u32string>& a,
                   const std::vector<std::u32string>& b) {
    double best = 0;
    double evidence = 0;
    for (const std::u32string& one : a) {
      for (const std::u32string& other : b) {
        const double similarity = Similarity(one, other);
        const double bits = EvidenceOf(weight, similarity, std::min(one.size(), other.size()));
        if (bits <= evidence) continue;
        best = similarity;
        evidence = bits;
      }
    }
    if (evidence > 0) Add(feature, best, evidence);
  }

  void CompareAttributes() {
    size_t j = 0;
    for (const auto& [key, value] : a_.attributes) {
      while (j < b_.attributes.size() && b_.attributes[j].first < key) ++j;
      if (j == b_.attributes.size()) return;
      const auto& [other_key, other] = b_.attributes[j];
      if (other_key != key) continue;
      const bool digits = AllDigits(value) && AllDigits(other);
      Compare("attributes." + key, digits ? kDigits : kText, value, other);
    }
  }

  const DuplicateRecord& a_;
  const DuplicateRecord& b_;
  std::vector<DuplicateReason>* const reasons_;
  double bits_ = 0;
};

// FNV-1a, with a finish that spreads short texts too.
class Hash {
 public:
  explicit Hash(char kind) { Add(std::string_view(&kind, 1)); }
  Hash& Add(std::string_view text) {
    for (const char c : text) Step(static_cast<unsigned char>(c));
    Step(0x1F);
    return *this;
  }
  Hash& Add(std::u32string_view text) {
    for (const char32_t c : text) {
      for (int shift = 0; shift < 24; shift += 8) Step((c >> shift) & 0xFF);
    }
    Step(0x1F);
    return *this;
  }
  int64_t value() const {
    uint64_t mixed = value_ ^ (value_ >> 32);
    mixed *= 0x9E3779B97F4A7C15u;
    return static_cast<int64_t>(mixed ^ (mixed >> 29));
  }

 private:
  void Step(uint32_t byte) { value_ = (value_ ^ byte) * 0x100000001b3u; }
  uint64_t value_ = 0xcbf29ce484222325u;
};

// The first letters of the name's parts in order: similar names stand near each other.
int64_t NeighbourOf(const DuplicateRecord& record) {
  uint64_t place = 0;
  int room = 4;
  std::vector<std::u32string> parts = record.name_parts;
  std::sort(parts.begin(), parts.end());
  for (const std::u32string& part : parts) {
    for (size_t i = 0; i < std::min<size_t>(part.size(), 2) && room > 0; ++i, --room) {
      place = place << 15 | std::min<uint64_t>(part[i], 0x7FFF);
    }
  }
  while (room-- > 0) place <<= 15;
  return static_cast<int64_t>(place);
}

}  // namespace

DuplicateRecord DuplicateRecordOf(const Contact& contact) {
  DuplicateRecord record;
  record.name_parts = WordsOf(contact.display_name);
  if (record.name_parts.size() > kNamePartsMax) record.name_parts.resize(kNamePartsMax);
  record.organization = WordCharacters(contact.organization);
  for (const Identity& identity : contact.identities) AddIdentity(identity, record);
  for (const auto& [key, value] : contact.attributes) {
    std::u32string characters = WordCharacters(value);
    if (!characters.empty()) record.attributes.emplace_back(key, std::move(characters));
  }
  return record;
}

std::vector<Block> BlocksOf(const Contact& contact) {
  const DuplicateRecord record = DuplicateRecordOf(contact);
  const int64_t neighbour = NeighbourOf(record);
  std::vector<Block> blocks;
  const auto add = [&](const Hash& hash) { blocks.push_back({hash.value(), neighbour}); };
  for (const std::u32string& part : record.name_parts) {
    if (part.size() > 1) add(Hash('n').Add(part));
  }
  if (!record.organization.empty()) add(Hash('o').Add(record.organization));
  for (const std::u32string& email : record.emails) {
    if (email.size() > 2) add(Hash('e').Add(email));
  }
  for (const std::u32string& phone : record.phones) {
    if (phone.size() < kPhoneTail) continue;
    add(Hash('p').Add(std::u32string_view(phone).substr(phone.size() - kPhoneTail)));
  }
  for (const std::u32string& handle : record.handles) {
    if (handle.size() > 2) add(Hash('m').Add(handle));
  }
  for (const auto& [key, value] : record.attributes) {
    if (value.size() > 3) add(Hash('a').Add(std::string_view(key)).Add(value));
  }
  std::sort(blocks.begin(), blocks.end());
  blocks.erase(std::unique(blocks.begin(), blocks.end()), blocks.end());
  if (blocks.size() > limits::duplicate_keys_max) blocks.resize(limits::duplicate_keys_max);
  return blocks;
}

double ScoreDuplicate(const DuplicateRecord& a, const DuplicateRecord& b) {
  return Comparison(a, b, nullptr).Run();
}

std::vector<DuplicateReason> ExplainDuplicate(const DuplicateRecord& a, const DuplicateRecord& b) {
  std::vector<DuplicateReason> reasons;
  Comparison(a, b, &reasons).Run();
  std::stable_sort(reasons.begin(), reasons.end(),
                   [](const DuplicateReason& one, const DuplicateReason& other) {
                     return std::abs(one.evidence) > std::abs(other.evidence);
                   });
  return reasons;
}

}  // namespace sales
