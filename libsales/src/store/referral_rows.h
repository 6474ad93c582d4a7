// Who sent whom: recorded by hand, and by the captures of leads.
#ifndef SALES_SRC_STORE_REFERRAL_ROWS_H_
#define SALES_SRC_STORE_REFERRAL_ROWS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
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

// A lead that was sent.
struct ReferredRow {
  std::string referrer;
  std::string contact;
  int64_t generation = 0;
  bool won = false;
  int64_t revenue = 0;
};
// Gives those received in [from, to), in no order.
absl::Status ScanReferred(sql::Connection& db, const std::string& workspace, absl::Time from,
                          absl::Time to, absl::FunctionRef<void(ReferredRow)> on_row);

// Up to `count` referrals of either kind that the contact is in, after `after`, by contact,
// referrer and lead.
absl::StatusOr<std::vector<Referral>> ListReferrals(sql::Connection& db,
                                                    const std::string& workspace,
                                                    const std::string& contact,
                                                    const Referral& after, int count);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_REFERRAL_ROWS_H_
