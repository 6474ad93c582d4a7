// Who sent whom: recorded by hand, and by the captures of leads.
#ifndef SALES_SRC_STORE_REFERRAL_ROWS_H_
#define SALES_SRC_STORE_REFERRAL_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "sales/contact.h"
#include "src/sql/driver.h"

namespace sales::store {

// Recorded by hand: in each, `lead` is empty.
absl::Status InsertReferral(sql::Connection& db, const std::string& workspace,
                            const Referral& referral);
absl::Status DeleteReferral(sql::Connection& db, const std::string& workspace,
                            const Referral& referral);
absl::StatusOr<bool> ReferralExists(sql::Connection& db, const std::string& workspace,
                                    const Referral& referral);
// Those by hand that the contact is in, on either side, in order.
absl::StatusOr<std::vector<Referral>> ReferralsByHand(sql::Connection& db,
                                                      const std::string& workspace,
                                                      const std::string& contact);

// Everybody who sent the contact, by hand or by capture, each once.
absl::StatusOr<std::vector<std::string>> ReferrersOf(sql::Connection& db,
                                                     const std::string& workspace,
                                                     const std::string& contact);

// The least generation of the contact's leads that were sent; 0 if none has one.
absl::StatusOr<int64_t> GenerationOf(sql::Connection& db, const std::string& workspace,
                                     const std::string& contact);

// How many leads each contact sent is kept by years, and for all of them together, so that those
// who sent most are found without looking at the others. Adds to the referrer's in the year of
// `receive_time` and in all.
absl::Status AddToReferrer(sql::Connection& db, const std::string& workspace,
                           const std::string& referrer, absl::Time receive_time, int64_t leads);
absl::Status ReplaceReferrers(sql::Connection& db, const std::string& workspace);
// How many of these numbers differ from the leads that there are.
absl::StatusOr<int64_t> CountReferrerFaults(sql::Connection& db, const std::string& workspace);

inline constexpr int64_t kAllYears = -1;
// The years that [from, to) touches, the first and the last.
std::pair<int64_t, int64_t> YearsOf(absl::Time from, absl::Time to);

// When the referrer's leads nearest to one were received, but for `lead` itself; unset where there
// is none.
struct NearReferrals {
  std::optional<absl::Time> before;
  std::optional<absl::Time> after;
};
absl::StatusOr<NearReferrals> ReferralsNear(sql::Connection& db, const std::string& workspace,
                                            const std::string& referrer, absl::Time receive_time,
                                            const std::string& lead);

struct ReferrerCount {
  std::string referrer;
  // Of the year.
  int64_t leads = 0;
  // Received in the times asked for.
  int64_t in_time = 0;
};
// Of each year the `count` contacts who sent most leads in it, those who sent most first, then by
// id, with how many of theirs were received in [from, to).
absl::StatusOr<std::vector<std::vector<ReferrerCount>>> MostReferring(
    sql::Connection& db, const std::string& workspace, absl::Span<const int64_t> years,
    absl::Time from, absl::Time to, int64_t count);

// A lead that was sent.
struct ReferredRow {
  std::string referrer;
  std::string contact;
  // 0 where it was not asked for.
  int64_t generation = 0;
  bool won = false;
  int64_t revenue = 0;
};
// Gives all that were received in [from, to), in no order.
absl::Status ScanReferred(sql::Connection& db, const std::string& workspace, absl::Time from,
                          absl::Time to, absl::FunctionRef<void(ReferredRow)> on_row);
// Gives the leads received in [from, to) that the contacts sent, of whom there may be up to
// limits::page_size_max, in no order.
absl::Status ScanSent(sql::Connection& db, const std::string& workspace,
                      absl::Span<const std::string> contacts, absl::Time from, absl::Time to,
                      absl::FunctionRef<void(ReferredRow)> on_row);

// Up to `count` referrals of either kind that the contact is in, after `after`, by contact,
// referrer and lead.
absl::StatusOr<std::vector<Referral>> ListReferrals(sql::Connection& db,
                                                    const std::string& workspace,
                                                    const std::string& contact,
                                                    const Referral& after, int count);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_REFERRAL_ROWS_H_
