#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "sales/engine.h"
#include "src/decide/bounds.h"
#include "src/decide/page_token.h"
#include "src/engine/contacts.h"
#include "src/engine/fingerprint.h"
#include "src/engine/sight.h"
#include "src/store/list.h"
#include "src/store/referral_rows.h"

namespace sales::internal {

absl::StatusOr<bool> SentBy(sql::Connection& db, const std::string& workspace,
                            const std::string& contact, const std::string& ancestor) {
  std::set<std::string> seen = {contact};
  std::vector<std::string> open = {contact};
  while (!open.empty()) {
    const std::string next = std::move(open.back());
    open.pop_back();
    if (next == ancestor) return true;
    SALES_ASSIGN_OR_RETURN(const std::vector<std::string> referrers,
                           store::ReferrersOf(db, workspace, next));
    for (const std::string& referrer : referrers) {
      if (seen.insert(referrer).second) open.push_back(referrer);
    }
    if (seen.size() > limits::referral_walk_max) {
      ErrorDetail detail;
      detail.reason = Reason::kLimitReached;
      detail.metadata["limit"] = std::to_string(limits::referral_walk_max);
      return MakeError(std::move(detail), "More contacts stand before this one than are followed.");
    }
  }
  return false;
}

absl::Status CheckReferral(sql::Connection& db, const std::string& workspace,
                           const std::string& referrer, const std::string& contact) {
  SALES_ASSIGN_OR_RETURN(const bool cycle, SentBy(db, workspace, referrer, contact));
  if (!cycle) return absl::OkStatus();
  return FieldError(Reason::kReferralCycle, "referrer",
                    "was sent by the contact himself, directly or through others");
}

}  // namespace sales::internal

namespace sales {
namespace {

using internal::CallFingerprint;
using internal::ReadScope;
using internal::WriteScope;

// Ids hold no '/', so that it can stand between them.
std::string PlaceOf(const Referral& referral) {
  return referral.contact + "/" + referral.referrer + "/" + referral.lead;
}

absl::StatusOr<Referral> ReferralAt(const std::string& place) {
  Referral referral;
  if (place.empty()) return referral;
  const std::vector<std::string> parts = absl::StrSplit(place, '/');
  if (parts.size() != 3) {
    return MakeError(Reason::kPageTokenInvalid, "The page token is not of this list.");
  }
  referral.contact = parts[0];
  referral.referrer = parts[1];
  referral.lead = parts[2];
  return referral;
}

absl::StatusOr<Referral> RecordIn(WriteScope& scope, const RecordReferral& command) {
  SALES_RETURN_IF_ERROR(internal::CheckContactRef(scope, "contact", command.contact));
  SALES_RETURN_IF_ERROR(internal::CheckContactRef(scope, "referrer", command.referrer));
  SALES_RETURN_IF_ERROR(
      internal::CheckReferral(scope.db, scope.workspace(), command.referrer, command.contact));
  Referral referral{command.referrer, command.contact, "", scope.occur_time};
  SALES_ASSIGN_OR_RETURN(const bool known,
                         store::ReferralExists(scope.db, scope.workspace(), referral));
  if (known) SALES_RETURN_IF_ERROR(store::DeleteReferral(scope.db, scope.workspace(), referral));
  SALES_RETURN_IF_ERROR(store::InsertReferral(scope.db, scope.workspace(), referral));
  Event event;
  event.type = EventType::kReferralRecorded;
  event.contact = command.contact;
  event.changes = {{"referrer", "", command.referrer}};
  SALES_RETURN_IF_ERROR(scope.Record(std::move(event)));
  return referral;
}

}  // namespace

absl::StatusOr<Referral> Desk::RecordReferral(const sales::RecordReferral& command) const {
  SALES_RETURN_IF_ERROR(CheckId("contact", command.contact));
  SALES_RETURN_IF_ERROR(CheckId("referrer", command.referrer));
  return core_->Write<Referral>(workspace_, call_,
                                CallFingerprint(call_, "RecordReferral", command),
                                [&](WriteScope& scope) { return RecordIn(scope, command); });
}

absl::StatusOr<Page<Referral>> Desk::ListReferrals(const std::string& contact,
                                                   const ListQuery& query) const {
  SALES_RETURN_IF_ERROR(CheckPageSize(query.page_size));
  const int page_size = PageSizeOf(query.page_size);
  const uint64_t fingerprint = Fingerprint({"referrals", workspace_, contact});
  SALES_ASSIGN_OR_RETURN(const std::string place, store::IdAfter(fingerprint, query.page_token));
  SALES_ASSIGN_OR_RETURN(const Referral after, ReferralAt(place));
  Page<Referral> page;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_RETURN_IF_ERROR(internal::CheckSeesContact(scope, contact));
    SALES_RETURN_IF_ERROR(internal::FindContactById(scope.db, workspace_, contact).status());
    SALES_ASSIGN_OR_RETURN(
        page.items, store::ListReferrals(scope.db, workspace_, contact, after, page_size + 1));
    return absl::OkStatus();
  }));
  if (static_cast<int>(page.items.size()) > page_size) {
    page.items.pop_back();
    page.next_page_token = store::IdPageToken(fingerprint, PlaceOf(page.items.back()));
  }
  return page;
}

}  // namespace sales
