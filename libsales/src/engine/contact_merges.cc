#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "sales/engine.h"
#include "src/decide/bounds.h"
#include "src/decide/civil.h"
#include "src/engine/contacts.h"
#include "src/engine/fingerprint.h"
#include "src/engine/leads.h"
#include "src/engine/paths.h"
#include "src/engine/referral_counts.h"
#include "src/store/channel_rows.h"
#include "src/store/contact_rows.h"
#include "src/store/duplicate_rows.h"
#include "src/store/lead_rows.h"
#include "src/store/merge_rows.h"
#include "src/store/referral_rows.h"

namespace sales {
namespace {

using internal::CallFingerprint;
using internal::WriteScope;
using store::Merge;
using store::MergePart;
using store::MergePartKind;

absl::Status TooMany(const char* what, int limit) {
  ErrorDetail detail;
  detail.reason = Reason::kLimitReached;
  detail.metadata["limit"] = std::to_string(limit);
  return MakeError(std::move(detail), absl::StrCat("The two have more ", what, " than one may."));
}

absl::Status Unreadable() { return MakeError(Reason::kStoreCorrupt, "A merge cannot be read."); }

// Whose a lead is, as a merge changes it.
struct Place {
  std::string contact;
  std::string referrer;
  bool new_contact = false;
};

// Ids hold no '/', so that it can stand between them.
std::string TextOf(const Place& place) {
  return absl::StrCat(place.contact, "/", place.referrer, "/", place.new_contact ? 1 : 0);
}

absl::StatusOr<Place> PlaceOf(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, '/');
  if (parts.size() != 3) return Unreadable();
  return Place{parts[0], parts[1], parts[2] == "1"};
}

Place PlaceOf(const LeadRecord& record) {
  return {record.lead.contact, record.lead.referrer, record.new_contact};
}

// Moves a lead, with its event and what it counts for. The lead itself did not change: its etag
// stays, so that nobody's edit is refused for this.
absl::Status MoveLead(WriteScope& scope, const LeadRecord& before, const Place& to) {
  if (TextOf(PlaceOf(before)) == TextOf(to)) return absl::OkStatus();
  LeadRecord after = before;
  after.lead.contact = to.contact;
  after.lead.referrer = to.referrer;
  after.new_contact = to.new_contact;
  SALES_RETURN_IF_ERROR(store::SetLeadContact(scope.db, scope.workspace(), after));
  SALES_RETURN_IF_ERROR(internal::NoteReferrer(scope, before, after));
  const Track track_before = TrackOf(before);
  const Track track_after = TrackOf(after);
  AddDifference(track_before, track_after, scope.zone, scope.tallies);
  Effect effect;
  effect.type = EventType::kLeadContactChanged;
  return scope.Record(internal::LeadEvent(after.lead, track_before, track_after, effect));
}

absl::StatusOr<LeadRecord> Load(WriteScope& scope, const std::string& lead) {
  return internal::FindLead(scope.db, scope.workspace(), lead, scope.currency_code());
}

// Of a contact's leads, one is its first: the first captured of those that were one's first, or of
// all where none was.
absl::Status LeaveOneFirst(WriteScope& scope, const std::string& contact) {
  SALES_ASSIGN_OR_RETURN(const std::vector<store::ContactLead> leads,
                         store::LeadsOfContact(scope.db, scope.workspace(), contact));
  if (leads.empty()) return absl::OkStatus();
  const auto flagged = std::find_if(
      leads.begin(), leads.end(), [](const store::ContactLead& lead) { return lead.new_contact; });
  const std::string& first = flagged == leads.end() ? leads.front().lead : flagged->lead;
  for (const store::ContactLead& lead : leads) {
    if (lead.new_contact == (lead.lead == first)) continue;
    SALES_ASSIGN_OR_RETURN(const LeadRecord before, Load(scope, lead.lead));
    Place place = PlaceOf(before);
    place.new_contact = !place.new_contact;
    SALES_RETURN_IF_ERROR(MoveLead(scope, before, place));
  }
  return absl::OkStatus();
}

bool SameIdentity(const Identity& a, const Identity& b) {
  return a.kind == b.kind && a.source == b.source && a.value == b.value &&
         a.normal_value == b.normal_value;
}

bool SameConsent(const Consent& a, const Consent& b) {
  return a.refused == b.refused && a.source == b.source && a.time == b.time;
}

// One merge under way.
class Merger {
 public:
  Merger(WriteScope& scope, Contact kept, Contact merged)
      : scope_(scope), kept_(std::move(kept)), merged_(std::move(merged)) {
    merge_.merged = merged_.id;
    merge_.kept = kept_.id;
    merge_.revision = scope.revision();
    merge_.merge_time = scope.now;
    merge_.kept_before = kept_;
    merge_.merged_before = merged_;
  }

  absl::StatusOr<Contact> Run() {
    SALES_RETURN_IF_ERROR(CheckRoom());
    internal::PathsOfContacts paths(scope_);
    SALES_RETURN_IF_ERROR(paths.Take(kept_.id));
    SALES_RETURN_IF_ERROR(paths.Take(merged_.id));
    Event event;
    event.type = EventType::kContactsMerged;
    event.contact = kept_.id;
    event.subject = "contacts/" + merged_.id;
    SALES_RETURN_IF_ERROR(scope_.Record(std::move(event)));
    // Referrals first: who sent whom is asked of the record as it was.
    SALES_RETURN_IF_ERROR(PlanLeads());
    SALES_RETURN_IF_ERROR(MoveReferrals());
    for (const auto& [lead, place] : places_) {
      SALES_ASSIGN_OR_RETURN(const LeadRecord before, Load(scope_, lead));
      SALES_RETURN_IF_ERROR(MoveLead(scope_, before, place));
      parts_.push_back({MergePartKind::kLead, lead, TextOf(PlaceOf(before)), TextOf(place)});
    }
    SALES_RETURN_IF_ERROR(MoveTouches());
    // Touches that both had stay with the merged one, and count once.
    SALES_RETURN_IF_ERROR(paths.Count({kept_.id}));
    SALES_RETURN_IF_ERROR(JoinContacts());
    SALES_RETURN_IF_ERROR(store::InsertMerge(scope_.db, scope_.workspace(), merge_, parts_));
    return kept_;
  }

 private:
  absl::Status CheckRoom() const {
    if (kept_.identities.size() + merged_.identities.size() > limits::identities_max) {
      return TooMany("identities", limits::identities_max);
    }
    if (kept_.lead_count + merged_.lead_count > limits::merge_leads_max) {
      return TooMany("leads", limits::merge_leads_max);
    }
    return absl::OkStatus();
  }

  // A referral of one of the two would close a circle if the other stands before its referrer: it
  // rests while they are one.
  absl::StatusOr<bool> Rests(const std::string& referrer, const std::string& contact) {
    if (referrer.empty()) return false;
    const std::string& other = contact == kept_.id ? merged_.id : kept_.id;
    const auto known = rests_.find({referrer, other});
    if (known != rests_.end()) return known->second;
    SALES_ASSIGN_OR_RETURN(const bool rests,
                           internal::SentBy(scope_.db, scope_.workspace(), referrer, other));
    rests_[{referrer, other}] = rests;
    return rests;
  }

  absl::Status PlanLeads() {
    std::vector<store::ContactLead> firsts;
    for (const std::string& contact : {kept_.id, merged_.id}) {
      SALES_ASSIGN_OR_RETURN(const std::vector<store::ContactLead> leads,
                             store::LeadsOfContact(scope_.db, scope_.workspace(), contact));
      for (const store::ContactLead& lead : leads) {
        SALES_ASSIGN_OR_RETURN(const bool rests, Rests(lead.referrer, contact));
        const bool touched = contact == merged_.id || rests;
        if (lead.new_contact) firsts.push_back(lead);
        if (!touched) continue;
        places_[lead.lead] = {kept_.id, rests ? std::string() : lead.referrer, lead.new_contact};
      }
    }
    SALES_RETURN_IF_ERROR(PlanReferred());
    return PlanFirst(firsts);
  }

  // Leads of others that the merged one sent.
  absl::Status PlanReferred() {
    SALES_ASSIGN_OR_RETURN(const std::vector<std::string> referred,
                           store::LeadsReferredBy(scope_.db, scope_.workspace(), merged_.id));
    for (const std::string& lead : referred) {
      if (places_.count(lead) > 0) continue;
      SALES_ASSIGN_OR_RETURN(const LeadRecord record, Load(scope_, lead));
      Place place = PlaceOf(record);
      place.referrer = kept_.id;
      places_[lead] = place;
    }
    return absl::OkStatus();
  }

  absl::Status PlanFirst(const std::vector<store::ContactLead>& firsts) {
    if (firsts.size() < 2) return absl::OkStatus();
    std::vector<std::pair<absl::Time, std::string>> order;
    for (const store::ContactLead& lead : firsts) {
      SALES_ASSIGN_OR_RETURN(const LeadRecord record, Load(scope_, lead.lead));
      order.emplace_back(record.lead.create_time, lead.lead);
      if (places_.count(lead.lead) == 0) places_[lead.lead] = PlaceOf(record);
    }
    std::sort(order.begin(), order.end());
    for (size_t i = 1; i < order.size(); ++i) places_[order[i].second].new_contact = false;
    return absl::OkStatus();
  }

  absl::Status MoveReferrals() {
    SALES_ASSIGN_OR_RETURN(std::vector<Referral> referrals,
                           store::ReferralsByHand(scope_.db, scope_.workspace(), merged_.id));
    SALES_ASSIGN_OR_RETURN(const std::vector<Referral> of_kept,
                           store::ReferralsByHand(scope_.db, scope_.workspace(), kept_.id));
    for (const Referral& referral : of_kept) {
      if (referral.contact != kept_.id || referral.referrer == merged_.id) continue;
      SALES_ASSIGN_OR_RETURN(const bool rests, Rests(referral.referrer, kept_.id));
      if (rests) referrals.push_back(referral);
    }
    // All are judged before any is moved.
    std::vector<bool> resting;
    for (const Referral& referral : referrals) {
      bool rests = false;
      if (referral.contact == merged_.id || referral.contact == kept_.id) {
        SALES_ASSIGN_OR_RETURN(rests, Rests(referral.referrer, referral.contact));
      }
      resting.push_back(rests);
    }
    for (size_t i = 0; i < referrals.size(); ++i) {
      SALES_RETURN_IF_ERROR(MoveReferral(referrals[i], resting[i]));
    }
    return absl::OkStatus();
  }

  absl::Status MoveReferral(const Referral& before, bool rests) {
    Referral after = before;
    if (after.contact == merged_.id) after.contact = kept_.id;
    if (after.referrer == merged_.id) after.referrer = kept_.id;
    SALES_RETURN_IF_ERROR(store::DeleteReferral(scope_.db, scope_.workspace(), before));
    bool moves = !rests && after.contact != after.referrer;
    if (moves) {
      SALES_ASSIGN_OR_RETURN(const bool known,
                             store::ReferralExists(scope_.db, scope_.workspace(), after));
      moves = !known;
    }
    if (moves) SALES_RETURN_IF_ERROR(store::InsertReferral(scope_.db, scope_.workspace(), after));
    parts_.push_back({MergePartKind::kReferral, absl::StrCat(before.contact, "/", before.referrer),
                      std::to_string(ToMicros(before.occur_time)),
                      moves ? absl::StrCat(after.contact, "/", after.referrer) : std::string()});
    return absl::OkStatus();
  }

  absl::Status MoveTouches() {
    SALES_ASSIGN_OR_RETURN(const std::vector<store::Touch> touches,
                           store::TouchesOf(scope_.db, scope_.workspace(), merged_.id));
    for (const store::Touch& touch : touches) {
      SALES_ASSIGN_OR_RETURN(const bool moved, store::MoveTouch(scope_.db, scope_.workspace(),
                                                                touch, merged_.id, kept_.id));
      if (!moved) continue;
      parts_.push_back({MergePartKind::kTouch,
                        absl::StrCat(touch.channel, "/", touch.campaign, "/",
                                     ToMicros(touch.occur_time), "/", touch.revision),
                        "", ""});
    }
    return absl::OkStatus();
  }

  // What the kept one does not have, it gets from the other; a refusal of either stands.
  absl::Status JoinContacts() {
    if (kept_.display_name.empty()) kept_.display_name = merged_.display_name;
    if (kept_.organization.empty()) kept_.organization = merged_.organization;
    for (const auto& [key, value] : merged_.attributes) {
      if (kept_.attributes.size() < limits::attributes_max)
        kept_.attributes.try_emplace(key, value);
    }
    const auto join = [](const Consent& other, Consent& own) {
      if ((other.refused && !own.refused) || !own.time.has_value()) own = other;
    };
    join(merged_.do_not_email, kept_.do_not_email);
    join(merged_.do_not_call, kept_.do_not_call);
    for (const Identity& identity : merged_.identities) {
      kept_.identities.push_back(identity);
      if (!identity.usable) continue;
      SALES_RETURN_IF_ERROR(
          store::MoveIdentityKey(scope_.db, scope_.workspace(), identity, kept_.id));
    }
    merged_.identities.clear();
    merged_.merged_into = kept_.id;
    merged_.lead_count = 0;
    SALES_ASSIGN_OR_RETURN(kept_.lead_count,
                           store::CountLeads(scope_.db, scope_.workspace(), kept_.id));
    internal::StampContact(scope_, kept_);
    internal::StampContact(scope_, merged_);
    merge_.kept_after = kept_;
    SALES_RETURN_IF_ERROR(store::UpdateContact(scope_.db, scope_.workspace(), merged_));
    return store::UpdateContact(scope_.db, scope_.workspace(), kept_);
  }

  WriteScope& scope_;
  Contact kept_;
  Contact merged_;
  Merge merge_;
  std::vector<MergePart> parts_;
  // Where leads go, those that stay left out.
  std::map<std::string, Place> places_;
  std::map<std::pair<std::string, std::string>, bool> rests_;
};

// One merge that is undone: what the merge changed and nobody since goes back to what it was.
class Unmerger {
 public:
  Unmerger(WriteScope& scope, Merge merge, Contact kept)
      : scope_(scope), merge_(std::move(merge)), kept_(std::move(kept)) {}

  absl::StatusOr<Contact> Run() {
    internal::PathsOfContacts paths(scope_);
    SALES_RETURN_IF_ERROR(paths.Take(merge_.kept));
    Event event;
    event.type = EventType::kContactUnmerged;
    event.contact = merge_.merged;
    event.subject = "contacts/" + merge_.kept;
    SALES_RETURN_IF_ERROR(scope_.Record(std::move(event)));
    SALES_ASSIGN_OR_RETURN(const std::vector<MergePart> parts,
                           store::LoadMergeParts(scope_.db, scope_.workspace(), merge_.merged));
    for (const MergePart& part : parts) SALES_RETURN_IF_ERROR(GiveBack(part));
    SALES_RETURN_IF_ERROR(paths.Count({merge_.kept, merge_.merged}));
    SALES_RETURN_IF_ERROR(LeaveOneFirst(scope_, merge_.kept));
    SALES_RETURN_IF_ERROR(LeaveOneFirst(scope_, merge_.merged));
    SALES_RETURN_IF_ERROR(PartContacts());
    SALES_RETURN_IF_ERROR(store::DeleteMerge(scope_.db, scope_.workspace(), merge_.merged));
    // Somebody who knows them says that they are two.
    SALES_RETURN_IF_ERROR(store::DismissDuplicate(scope_.db, scope_.workspace(),
                                                  store::InOrder(merge_.kept, merge_.merged),
                                                  scope_.now, scope_.call.actor));
    return merged_;
  }

 private:
  absl::Status GiveBack(const MergePart& part) {
    switch (part.kind) {
      case MergePartKind::kLead:
        return GiveBackLead(part);
      case MergePartKind::kTouch:
        return GiveBackTouch(part);
      case MergePartKind::kReferral:
        return GiveBackReferral(part);
    }
    return Unreadable();
  }

  absl::Status GiveBackLead(const MergePart& part) {
    SALES_ASSIGN_OR_RETURN(const Place before, PlaceOf(part.before));
    SALES_ASSIGN_OR_RETURN(const Place after, PlaceOf(part.after));
    SALES_ASSIGN_OR_RETURN(const LeadRecord record, Load(scope_, part.item));
    Place place = PlaceOf(record);
    if (place.contact == after.contact) place.contact = before.contact;
    if (place.referrer == after.referrer) place.referrer = before.referrer;
    if (before.new_contact) place.new_contact = true;
    return MoveLead(scope_, record, place);
  }

  absl::Status GiveBackTouch(const MergePart& part) {
    const std::vector<std::string> parts = absl::StrSplit(part.item, '/');
    store::Touch touch;
    int64_t micros = 0;
    if (parts.size() != 4 || !absl::SimpleAtoi(parts[2], &micros) ||
        !absl::SimpleAtoi(parts[3], &touch.revision)) {
      return Unreadable();
    }
    touch.channel = parts[0];
    touch.campaign = parts[1];
    touch.occur_time = FromMicros(micros);
    return store::MoveTouch(scope_.db, scope_.workspace(), touch, merge_.kept, merge_.merged)
        .status();
  }

  absl::Status GiveBackReferral(const MergePart& part) {
    const std::vector<std::string> item = absl::StrSplit(part.item, '/');
    int64_t micros = 0;
    if (item.size() != 2 || !absl::SimpleAtoi(part.before, &micros)) return Unreadable();
    Referral referral{item[1], item[0], "", FromMicros(micros)};
    if (!part.after.empty()) {
      const std::vector<std::string> moved = absl::StrSplit(part.after, '/');
      if (moved.size() != 2) return Unreadable();
      SALES_RETURN_IF_ERROR(store::DeleteReferral(scope_.db, scope_.workspace(),
                                                  {moved[1], moved[0], "", absl::Time()}));
    }
    SALES_ASSIGN_OR_RETURN(const bool known,
                           store::ReferralExists(scope_.db, scope_.workspace(), referral));
    if (known) return absl::OkStatus();
    return store::InsertReferral(scope_.db, scope_.workspace(), referral);
  }

  absl::Status PartContacts() {
    merged_ = merge_.merged_before;
    const bool kept_changed = kept_.revision != merge_.kept_after.revision;
    const bool all_back = GiveBackIdentities();
    GiveBackFields();
    for (const Identity& identity : merged_.identities) {
      if (!identity.usable) continue;
      SALES_RETURN_IF_ERROR(
          store::MoveIdentityKey(scope_.db, scope_.workspace(), identity, merge_.merged));
    }
    // What is as it was before has the etag of before.
    if (kept_changed) {
      internal::StampContact(scope_, kept_);
    } else {
      kept_ = merge_.kept_before;
    }
    if (!all_back) internal::StampContact(scope_, merged_);
    SALES_ASSIGN_OR_RETURN(kept_.lead_count,
                           store::CountLeads(scope_.db, scope_.workspace(), kept_.id));
    SALES_ASSIGN_OR_RETURN(merged_.lead_count,
                           store::CountLeads(scope_.db, scope_.workspace(), merged_.id));
    SALES_RETURN_IF_ERROR(store::UpdateContact(scope_.db, scope_.workspace(), kept_));
    return store::UpdateContact(scope_.db, scope_.workspace(), merged_);
  }

  // The merged one's identities that the kept one still has; true if it has all.
  bool GiveBackIdentities() {
    std::vector<Identity> back;
    for (const Identity& identity : merge_.merged_before.identities) {
      const auto found =
          std::find_if(kept_.identities.rbegin(), kept_.identities.rend(),
                       [&](const Identity& other) { return SameIdentity(identity, other); });
      if (found == kept_.identities.rend()) continue;
      kept_.identities.erase(std::next(found).base());
      back.push_back(identity);
    }
    const bool all = back.size() == merge_.merged_before.identities.size();
    merged_.identities = std::move(back);
    return all;
  }

  void GiveBackFields() {
    const Contact& before = merge_.kept_before;
    const Contact& after = merge_.kept_after;
    if (kept_.display_name == after.display_name) kept_.display_name = before.display_name;
    if (kept_.organization == after.organization) kept_.organization = before.organization;
    if (SameConsent(kept_.do_not_email, after.do_not_email)) {
      kept_.do_not_email = before.do_not_email;
    }
    if (SameConsent(kept_.do_not_call, after.do_not_call)) kept_.do_not_call = before.do_not_call;
    for (const auto& [key, value] : after.attributes) {
      if (before.attributes.count(key) > 0) continue;
      const auto now = kept_.attributes.find(key);
      if (now != kept_.attributes.end() && now->second == value) kept_.attributes.erase(now);
    }
  }

  WriteScope& scope_;
  const Merge merge_;
  Contact kept_;
  Contact merged_;
};

absl::Status UndoFirst(const std::string& contact) {
  ErrorDetail detail;
  detail.reason = Reason::kContactMerged;
  detail.metadata["contact"] = contact;
  return MakeError(std::move(detail),
                   "A later merge moved what this one had moved; unmerge the contact in the "
                   "metadata first.");
}

// What a later merge moved further, or whose end it merged, goes back after that one: so each finds
// things as it left them.
absl::Status CheckLastOfParts(WriteScope& scope, const Merge& merge) {
  SALES_ASSIGN_OR_RETURN(const std::string later,
                         store::LaterMergeOfParts(scope.db, scope.workspace(), merge));
  if (!later.empty()) return UndoFirst(later);
  SALES_ASSIGN_OR_RETURN(const std::vector<MergePart> parts,
                         store::LoadMergeParts(scope.db, scope.workspace(), merge.merged));
  std::set<std::string> ends;
  for (const MergePart& part : parts) {
    if (part.kind == MergePartKind::kTouch) continue;
    const std::string& text = part.kind == MergePartKind::kLead ? part.before : part.item;
    const std::vector<std::string> ids = absl::StrSplit(text, '/');
    if (ids.size() < 2) return Unreadable();
    ends.insert(ids[0]);
    if (!ids[1].empty()) ends.insert(ids[1]);
  }
  ends.erase(merge.merged);
  for (const std::string& end : ends) {
    SALES_ASSIGN_OR_RETURN(const Contact contact,
                           internal::FindContactById(scope.db, scope.workspace(), end));
    const bool merged = !contact.merged_into.empty() && !contact.erase_time.has_value();
    if (merged) return UndoFirst(end);
  }
  return absl::OkStatus();
}

absl::StatusOr<Contact> UnmergeIn(WriteScope& scope, const std::string& merged) {
  SALES_ASSIGN_OR_RETURN(const Contact contact,
                         internal::FindContactById(scope.db, scope.workspace(), merged));
  if (contact.erase_time.has_value()) return internal::CheckLiving(contact);
  SALES_ASSIGN_OR_RETURN(std::optional<Merge> merge,
                         store::LoadMerge(scope.db, scope.workspace(), merged));
  if (!merge.has_value()) {
    return MakeError(Reason::kContactNotMerged,
                     "The contact is merged into none; name the one that was merged.");
  }
  // Where the kept one was merged further, that goes back first.
  SALES_ASSIGN_OR_RETURN(Contact kept,
                         internal::FindLivingContact(scope.db, scope.workspace(), merge->kept));
  SALES_RETURN_IF_ERROR(CheckLastOfParts(scope, *merge));
  return Unmerger(scope, *std::move(merge), std::move(kept)).Run();
}

}  // namespace

absl::StatusOr<Contact> Desk::MergeContacts(const std::string& contact,
                                            const std::string& merged) const {
  if (contact == merged) {
    return FieldError(Reason::kMergeWithItself, "merged", "is the contact that is kept");
  }
  return core_->Write<Contact>(
      workspace_, call_, CallFingerprint(call_, "MergeContacts", contact, merged),
      [&](WriteScope& scope) -> absl::StatusOr<Contact> {
        SALES_ASSIGN_OR_RETURN(Contact kept,
                               internal::FindLivingContact(scope.db, workspace_, contact));
        SALES_RETURN_IF_ERROR(internal::CheckContactRef(scope, "merged", merged));
        SALES_ASSIGN_OR_RETURN(Contact other,
                               internal::FindContactById(scope.db, workspace_, merged));
        SALES_RETURN_IF_ERROR(internal::CheckEtag(call_, kept.etag));
        return Merger(scope, std::move(kept), std::move(other)).Run();
      });
}

absl::StatusOr<Contact> Desk::UnmergeContact(const std::string& merged) const {
  return core_->Write<Contact>(workspace_, call_, CallFingerprint(call_, "UnmergeContact", merged),
                               [&](WriteScope& scope) { return UnmergeIn(scope, merged); });
}

}  // namespace sales
