#include "src/decide/duplicates.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "sales/engine.h"
#include "src/decide/bounds.h"
#include "src/decide/page_token.h"
#include "src/engine/contacts.h"
#include "src/engine/fingerprint.h"
#include "src/store/contact_rows.h"
#include "src/store/duplicate_rows.h"

namespace sales {
namespace {

using internal::CallFingerprint;
using internal::ReadScope;
using internal::WriteScope;
using store::ContactPair;

// Scores as whole numbers, so that pages agree on their order.
constexpr double kScoreUnits = 1e9;

// A pair in the order of the list.
struct Ranked {
  int64_t score = 0;
  ContactPair pair;

  friend bool operator<(const Ranked& a, const Ranked& b) {
    return a.score != b.score ? a.score > b.score : a.pair < b.pair;
  }
};

absl::StatusOr<std::optional<Ranked>> PlaceOf(const std::string& page_token, uint64_t fingerprint) {
  std::optional<Ranked> place;
  if (page_token.empty()) return place;
  SALES_ASSIGN_OR_RETURN(PageToken token, DecodePageToken(page_token, fingerprint));
  Ranked ranked;
  if (token.keys.size() == 3) {
    const std::string& score = token.keys[0];
    const auto [end, error] =
        std::from_chars(score.data(), score.data() + score.size(), ranked.score);
    if (error == std::errc() && end == score.data() + score.size()) {
      ranked.pair = {std::move(token.keys[1]), std::move(token.keys[2])};
      place = std::move(ranked);
      return place;
    }
  }
  return MakeError(Reason::kPageTokenInvalid, "The page token is not of this list.");
}

// Makes the keys of the contacts that came since somebody last asked, some at a time so that other
// writers need not wait long. What is made stays made, also if the deadline passes.
absl::Status MakeMissingBlocks(internal::EngineCore& core, const std::string& workspace,
                               const Call& call) {
  constexpr int kAtOnce = 1000;
  int made = 0;
  SALES_RETURN_IF_ERROR(core.Read(workspace, call, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(const std::vector<std::string> some,
                           store::ContactsWithoutBlocks(scope.db, workspace, 1));
    made = some.empty() ? 0 : kAtOnce;
    return absl::OkStatus();
  }));
  while (made == kAtOnce) {
    SALES_RETURN_IF_ERROR(core.Maintain(workspace, call, [&](ReadScope& scope) -> absl::Status {
      SALES_ASSIGN_OR_RETURN(made, store::MakeMissingBlocks(scope.db, workspace, kAtOnce));
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

// Contacts by number, and which of them stand near each other under some key.
class Candidates {
 public:
  absl::Status Scan(ReadScope& scope) {
    std::vector<uint32_t> window;
    Block last;
    bool too_many = false;
    SALES_RETURN_IF_ERROR(store::ScanBlocks(
        scope.db, scope.workspace(), [&](const Block& block, std::string_view contact) {
          if (too_many) return;
          if (block.key != last.key) window.clear();
          last = block;
          const uint32_t number = NumberOf(contact);
          const size_t size = window.size();
          const size_t near = std::min<size_t>(size, limits::duplicate_neighbours_max);
          for (size_t i = size - near; i < size; ++i) Add(window[i], number);
          window.push_back(number);
          if (pairs_.size() >= room_) too_many = Shrink();
        }));
    if (too_many) {
      ErrorDetail detail;
      detail.reason = Reason::kLimitReached;
      detail.metadata["limit"] = std::to_string(limits::duplicate_pairs_max);
      return MakeError(std::move(detail),
                       "More pairs of contacts have something in common than are looked at; ask "
                       "for the duplicates of one contact.");
    }
    Shrink();
    return absl::OkStatus();
  }

  absl::Status ScanAround(ReadScope& scope, const Contact& contact) {
    const uint32_t own = NumberOf(contact.id);
    for (const Block& block : BlocksOf(contact)) {
      SALES_ASSIGN_OR_RETURN(const std::vector<std::string> neighbours,
                             store::NeighboursOf(scope.db, scope.workspace(), block, contact.id,
                                                 limits::duplicate_neighbours_max));
      for (const std::string& neighbour : neighbours) Add(own, NumberOf(neighbour));
    }
    Shrink();
    return absl::OkStatus();
  }

  // Each pair once, by the numbers of its contacts.
  const std::vector<uint64_t>& pairs() const { return pairs_; }
  const std::vector<std::string>& contacts() const { return contacts_; }

 private:
  uint32_t NumberOf(std::string_view contact) {
    const auto [entry, inserted] =
        numbers_.try_emplace(std::string(contact), static_cast<uint32_t>(contacts_.size()));
    if (inserted) contacts_.emplace_back(contact);
    return entry->second;
  }

  void Add(uint32_t a, uint32_t b) {
    if (a == b) return;
    pairs_.push_back(uint64_t{std::min(a, b)} << 32 | std::max(a, b));
  }

  // Leaves each pair once. True if there are more than may be.
  bool Shrink() {
    std::sort(pairs_.begin(), pairs_.end());
    pairs_.erase(std::unique(pairs_.begin(), pairs_.end()), pairs_.end());
    room_ = std::max(room_, pairs_.size() * 2);
    return pairs_.size() > limits::duplicate_pairs_max;
  }

  absl::flat_hash_map<std::string, uint32_t> numbers_;
  std::vector<std::string> contacts_;
  std::vector<uint64_t> pairs_;
  size_t room_ = 1 << 20;
};

// The first pairs after a place, at most one more than the page has.
class Ranking {
 public:
  Ranking(std::optional<Ranked> after, int page_size)
      : after_(std::move(after)), size_(static_cast<size_t>(page_size) + 1) {}

  void Add(Ranked ranked) {
    if (after_.has_value() && !(*after_ < ranked)) return;
    if (best_.size() == size_ && !(ranked < *best_.rbegin())) return;
    best_.insert(std::move(ranked));
    if (best_.size() > size_) best_.erase(std::prev(best_.end()));
  }
  bool Wants(int64_t score) const { return best_.size() < size_ || score >= best_.rbegin()->score; }
  const std::set<Ranked>& best() const { return best_; }

 private:
  const std::optional<Ranked> after_;
  const size_t size_;
  std::set<Ranked> best_;
};

// The records of the contacts that are in a pair, by number.
absl::StatusOr<std::vector<DuplicateRecord>> LoadRecords(ReadScope& scope,
                                                         const Candidates& candidates) {
  std::vector<DuplicateRecord> records(candidates.contacts().size());
  std::vector<bool> wanted(records.size());
  size_t count = 0;
  for (const uint64_t pair : candidates.pairs()) {
    for (const uint64_t number : {pair >> 32, pair & 0xFFFFFFFF}) {
      if (!wanted[number]) ++count;
      wanted[number] = true;
    }
  }
  // A few are fetched one by one, many by going through all.
  if (count * 4 < records.size() || count < 1000) {
    for (size_t i = 0; i < records.size(); ++i) {
      if (!wanted[i]) continue;
      SALES_ASSIGN_OR_RETURN(
          const Contact contact,
          internal::FindContactById(scope.db, scope.workspace(), candidates.contacts()[i]));
      records[i] = DuplicateRecordOf(contact);
    }
    return records;
  }
  absl::flat_hash_map<std::string_view, size_t> numbers;
  for (size_t i = 0; i < records.size(); ++i) {
    if (wanted[i]) numbers[candidates.contacts()[i]] = i;
  }
  SALES_RETURN_IF_ERROR(
      store::ScanContacts(scope.db, scope.workspace(), [&](const Contact& contact) {
        const auto found = numbers.find(contact.id);
        if (found != numbers.end()) records[found->second] = DuplicateRecordOf(contact);
      }));
  return records;
}

// Scores every candidate and leaves the best.
absl::Status Rank(ReadScope& scope, const Candidates& candidates, Ranking& ranking) {
  SALES_ASSIGN_OR_RETURN(const std::vector<DuplicateRecord> records,
                         LoadRecords(scope, candidates));
  SALES_ASSIGN_OR_RETURN(const std::vector<ContactPair> dismissed,
                         store::DismissedDuplicates(scope.db, scope.workspace()));
  for (const uint64_t pair : candidates.pairs()) {
    const uint64_t a = pair >> 32;
    const uint64_t b = pair & 0xFFFFFFFF;
    const double score = ScoreDuplicate(records[a], records[b]);
    if (score < kDuplicateScoreMin) continue;
    const int64_t units = std::llround(score * kScoreUnits);
    if (!ranking.Wants(units)) continue;
    ContactPair ids = store::InOrder(candidates.contacts()[a], candidates.contacts()[b]);
    if (std::binary_search(dismissed.begin(), dismissed.end(), ids)) continue;
    ranking.Add({units, std::move(ids)});
  }
  return absl::OkStatus();
}

absl::StatusOr<Duplicate> Explained(ReadScope& scope, const Ranked& ranked) {
  Duplicate duplicate;
  duplicate.contact = ranked.pair.first;
  duplicate.other = ranked.pair.second;
  duplicate.score = static_cast<double>(ranked.score) / kScoreUnits;
  SALES_ASSIGN_OR_RETURN(const Contact contact,
                         internal::FindContactById(scope.db, scope.workspace(), duplicate.contact));
  SALES_ASSIGN_OR_RETURN(const Contact other,
                         internal::FindContactById(scope.db, scope.workspace(), duplicate.other));
  duplicate.reasons = ExplainDuplicate(DuplicateRecordOf(contact), DuplicateRecordOf(other));
  return duplicate;
}

}  // namespace

absl::StatusOr<Page<Duplicate>> Desk::ListDuplicates(const DuplicateQuery& query) const {
  SALES_RETURN_IF_ERROR(CheckPageSize(query.page_size));
  SALES_RETURN_IF_ERROR(CheckOptionalId("contact", query.contact));
  const uint64_t fingerprint = Fingerprint({"duplicates", workspace_, query.contact});
  SALES_ASSIGN_OR_RETURN(std::optional<Ranked> after, PlaceOf(query.page_token, fingerprint));
  const auto page_size = static_cast<size_t>(PageSizeOf(query.page_size));
  Page<Duplicate> page;
  SALES_RETURN_IF_ERROR(MakeMissingBlocks(*core_, workspace_, call_));
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    Candidates candidates;
    if (query.contact.empty()) {
      SALES_RETURN_IF_ERROR(candidates.Scan(scope));
    } else {
      SALES_ASSIGN_OR_RETURN(const Contact contact,
                             internal::FindLivingContact(scope.db, workspace_, query.contact));
      SALES_RETURN_IF_ERROR(candidates.ScanAround(scope, contact));
    }
    Ranking ranking(std::move(after), static_cast<int>(page_size));
    SALES_RETURN_IF_ERROR(Rank(scope, candidates, ranking));
    for (const Ranked& ranked : ranking.best()) {
      if (page.items.size() == page_size) {
        const Duplicate& last = page.items.back();
        page.next_page_token = EncodePageToken(
            {fingerprint,
             {std::to_string(std::llround(last.score * kScoreUnits)), last.contact, last.other}});
        return absl::OkStatus();
      }
      SALES_ASSIGN_OR_RETURN(Duplicate duplicate, Explained(scope, ranked));
      page.items.push_back(std::move(duplicate));
    }
    return absl::OkStatus();
  }));
  return page;
}

absl::StatusOr<int64_t> Desk::DismissDuplicate(const std::string& contact,
                                               const std::string& other) const {
  if (contact == other) {
    return FieldError(Reason::kFieldInvalid, "other", "is the contact itself; name another");
  }
  return core_->Write<int64_t>(
      workspace_, call_, CallFingerprint(call_, "DismissDuplicate", contact, other),
      [&](WriteScope& scope) -> absl::StatusOr<int64_t> {
        SALES_RETURN_IF_ERROR(internal::FindLivingContact(scope.db, workspace_, contact).status());
        SALES_RETURN_IF_ERROR(internal::CheckContactRef(scope, "other", other));
        SALES_RETURN_IF_ERROR(store::DismissDuplicate(
            scope.db, workspace_, store::InOrder(contact, other), scope.now, call_.actor));
        Event event;
        event.type = EventType::kDuplicateDismissed;
        event.contact = contact;
        event.subject = "contacts/" + other;
        SALES_RETURN_IF_ERROR(scope.Record(std::move(event)));
        return scope.revision();
      });
}

}  // namespace sales
