#include "src/engine/capture_draft.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/decide/attribute_schema.h"
#include "src/decide/bounds.h"
#include "src/decide/identity.h"
#include "src/engine/channels.h"
#include "src/engine/contacts.h"
#include "src/engine/descent.h"
#include "src/engine/due.h"
#include "src/engine/leads.h"
#include "src/engine/paths.h"
#include "src/engine/referral_counts.h"
#include "src/engine/sight.h"
#include "src/store/contact_rows.h"
#include "src/store/lead_rows.h"

namespace sales::internal {
namespace {

// The order in which identities decide whose a lead is.
int RankOf(IdentityKind kind) {
  switch (kind) {
    case IdentityKind::kExternal:
      return 0;
    case IdentityKind::kEmail:
      return 1;
    case IdentityKind::kPhone:
      return 2;
    default:
      return 3;
  }
}

bool SameKey(const Identity& a, const Identity& b) {
  return a.kind == b.kind && a.source == b.source && a.normal_value == b.normal_value;
}

bool HasKey(const std::vector<Identity>& identities, const Identity& identity) {
  return std::any_of(identities.begin(), identities.end(),
                     [&](const Identity& other) { return SameKey(other, identity); });
}

// Finds the contact by the identities, and the other contacts that they point at. Identities that
// are nobody's yet become new ones.
absl::Status FindByIdentities(WriteScope& scope, const std::vector<Identity>& identities,
                              std::string& contact, CaptureDraft& draft) {
  std::vector<const Identity*> ranked;
  for (const Identity& identity : identities) {
    if (identity.usable) ranked.push_back(&identity);
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const Identity* a, const Identity* b) {
    return RankOf(a->kind) < RankOf(b->kind);
  });
  SALES_ASSIGN_OR_RETURN(const std::vector<std::string>& owners,
                         store::ContactsOfIdentities(scope.db, scope.workspace(), ranked));
  for (size_t i = 0; i < ranked.size(); ++i) {
    const Identity& identity = *ranked[i];
    const std::string& owner = owners[i];
    if (owner.empty()) {
      if (!HasKey(draft.new_identities, identity)) draft.new_identities.push_back(identity);
    } else if (contact.empty()) {
      contact = owner;
    } else if (owner != contact &&
               std::find(draft.possible_duplicates.begin(), draft.possible_duplicates.end(),
                         owner) == draft.possible_duplicates.end()) {
      draft.possible_duplicates.push_back(owner);
    }
  }
  return absl::OkStatus();
}

absl::Status FindContact(WriteScope& scope, const CaptureLead& command,
                         const NormalIdentities& normal, CaptureDraft& draft) {
  const ContactInput& input = command.contact;
  if (input.id.empty() && input.display_name.empty() && input.organization.empty() &&
      input.identities.empty() && input.attributes.empty()) {
    return FieldError(Reason::kFieldRequired, "contact",
                      "needs a name, an organization, an identity or a known contact's id");
  }
  std::string id = input.id;
  // Who knows an identity knows the person; an id may be anybody's.
  if (!id.empty() && !CheckSeesContact(scope, id).ok()) {
    return FieldError(Reason::kContactNotFound, "contact", "there is no such contact");
  }
  SALES_RETURN_IF_ERROR(FindByIdentities(scope, normal.identities, id, draft));
  if (id.empty()) {
    draft.contact_created = true;
    draft.contact.id = scope.core.MakeId();
    draft.contact.create_time = scope.now;
    return absl::OkStatus();
  }
  SALES_ASSIGN_OR_RETURN(std::optional<Contact> found,
                         store::LoadContact(scope.db, scope.workspace(), id));
  if (!found.has_value()) {
    return FieldError(Reason::kContactNotFound, "contact", "there is no such contact");
  }
  draft.contact = *std::move(found);
  return CheckLiving(draft.contact);
}

// Fills in what the capture says of the contact and the record does not have; what is known is
// never overwritten by a capture.
void Enrich(const ContactInput& input, const NormalIdentities& normal, CaptureDraft& draft) {
  Contact& contact = draft.contact;
  const auto fill = [&draft](const std::string& given, std::string& kept) {
    if (!kept.empty() || given.empty()) return;
    kept = given;
    draft.contact_changed = true;
  };
  fill(input.display_name, contact.display_name);
  fill(input.organization, contact.organization);
  for (const auto& [key, value] : input.attributes) {
    if (contact.attributes.size() < limits::attributes_max) {
      draft.contact_changed |= contact.attributes.try_emplace(key, value).second;
    }
  }
  const size_t room =
      limits::identities_max - std::min<size_t>(contact.identities.size(), limits::identities_max);
  if (draft.new_identities.size() > room) draft.new_identities.resize(room);
  for (const Identity& identity : draft.new_identities) contact.identities.push_back(identity);
  draft.contact_changed |= draft.contact_created || !draft.new_identities.empty();
  if (!draft.contact_created) return;
  for (const Identity& identity : normal.identities) {
    // Kept as typed, though nobody is found by it.
    if (!identity.usable) contact.identities.push_back(identity);
  }
}

// The channel by SPEC: the one named, else by how the contact came.
absl::Status ResolveChannel(WriteScope& scope, const CaptureLead& command, bool repeated,
                            Lead& lead) {
  lead.campaign = command.campaign;
  if (!command.channel.empty()) {
    lead.channel = command.channel;
    return CheckChannel(scope, lead.channel, lead.campaign);
  }
  lead.channel = !command.referrer.empty() ? kReferralChannel
                 : repeated                ? kRepeatRequestChannel
                                           : kUnknownChannel;
  return absl::OkStatus();
}

absl::Status CheckReferrer(WriteScope& scope, const CaptureLead& command,
                           const CaptureDraft& draft) {
  if (command.referrer.empty()) return absl::OkStatus();
  if (command.referrer == draft.contact.id) {
    return FieldError(Reason::kFieldInvalid, "referrer", "is the contact; name somebody else");
  }
  SALES_RETURN_IF_ERROR(CheckContactRef(scope, "referrer", command.referrer));
  // Somebody new has sent nobody yet.
  if (draft.contact_created) return absl::OkStatus();
  return CheckReferral(scope.db, scope.workspace(), command.referrer, draft.contact.id);
}

absl::Status ResolveId(WriteScope& scope, const CaptureLead& command, Lead& lead) {
  if (!command.external_id.empty()) {
    SALES_ASSIGN_OR_RETURN(
        const std::optional<store::ExternalLead> taken,
        store::LeadOfExternalId(scope.db, scope.workspace(), command.external_id));
    if (taken.has_value()) {
      return WithMetadata(
          FieldError(Reason::kExternalIdTaken, "external_id", "belongs to another lead already"),
          "lead", taken->lead);
    }
  }
  lead.id = command.id;
  if (lead.id.empty()) {
    lead.id = scope.core.MakeId();
    return absl::OkStatus();
  }
  SALES_RETURN_IF_ERROR(CheckId("id", lead.id));
  SALES_ASSIGN_OR_RETURN(const bool exists,
                         store::LeadExists(scope.db, scope.workspace(), lead.id));
  if (!exists) return absl::OkStatus();
  return FieldError(Reason::kLeadExists, "id", "belongs to another lead already");
}

absl::Status KeepContact(WriteScope& scope, CaptureDraft& draft) {
  Contact& contact = draft.contact;
  contact.update_time = scope.now;
  contact.revision = scope.revision();
  contact.etag = std::to_string(contact.revision);
  Event event;
  event.contact = contact.id;
  event.changes.push_back({"identities", "", std::to_string(contact.identities.size())});
  if (draft.contact_created) {
    SALES_RETURN_IF_ERROR(store::InsertContact(scope.db, scope.workspace(), contact));
    event.type = EventType::kContactCreated;
  } else {
    SALES_RETURN_IF_ERROR(store::UpdateContact(scope.db, scope.workspace(), contact));
    event.type = EventType::kContactUpdated;
  }
  for (const Identity& identity : draft.new_identities) {
    SALES_RETURN_IF_ERROR(
        store::InsertIdentityKey(scope.db, scope.workspace(), contact.id, identity));
  }
  return scope.Record(std::move(event));
}

}  // namespace

NormalIdentities Normalize(const std::vector<Identity>& identities, const std::string& region) {
  NormalIdentities normal;
  normal.region = region;
  normal.identities.reserve(identities.size());
  for (const Identity& identity : identities) {
    normal.identities.push_back(NormalizeIdentity(identity, region));
  }
  return normal;
}

absl::StatusOr<CaptureDraft> DraftCapture(WriteScope& scope, const CaptureLead& command,
                                          const NormalIdentities& early) {
  SALES_RETURN_IF_ERROR(CheckCapture(command, scope.currency_code(), scope.now));
  SALES_ASSIGN_OR_RETURN(const std::shared_ptr<const AttributeSchema> schema, scope.Attributes());
  SALES_RETURN_IF_ERROR(CheckAttributeValues("attributes", command.attributes, *schema));
  const std::string& region = scope.row.workspace.default_region;
  const NormalIdentities normal =
      early.region == region ? early : Normalize(command.contact.identities, region);
  CaptureDraft draft;
  Lead& lead = draft.record.lead;
  lead.funnel = command.funnel.empty() ? scope.row.workspace.default_funnel : command.funnel;
  SALES_ASSIGN_OR_RETURN(const std::shared_ptr<const FunnelPolicy> policy,
                         scope.Policy(lead.funnel));
  SALES_RETURN_IF_ERROR(FindContact(scope, command, normal, draft));
  const bool repeated = draft.contact.lead_count > 0;
  draft.record.new_contact = !repeated;
  lead.contact = draft.contact.id;
  SALES_RETURN_IF_ERROR(ResolveId(scope, command, lead));
  SALES_RETURN_IF_ERROR(CheckReferrer(scope, command, draft));
  SALES_RETURN_IF_ERROR(ResolveChannel(scope, command, repeated, lead));
  SALES_RETURN_IF_ERROR(ResolveDescent(scope, command.referrer,
                                       command.receive_time.value_or(scope.occur_time), repeated,
                                       draft.record));
  SALES_ASSIGN_OR_RETURN(
      draft.effect,
      DecideCapture(command, ContextOf(scope, *policy, scope.occur_time), draft.record));
  lead.create_time = scope.now;
  SALES_ASSIGN_OR_RETURN(const ClockSources sources, ClockSourcesOf(scope, lead));
  KeepRuns(sources.context(), LeadRecord{}, draft.record);
  Enrich(command.contact, normal, draft);
  return draft;
}

absl::Status KeepCapture(WriteScope& scope, CaptureDraft& draft, std::vector<DraftEvent> steps,
                         std::optional<int64_t> import_fingerprint) {
  Lead& lead = draft.record.lead;
  lead.update_time = scope.now;
  lead.revision = scope.revision();
  lead.etag = std::to_string(lead.revision);
  ++draft.contact.lead_count;
  if (draft.contact_changed) {
    SALES_RETURN_IF_ERROR(KeepContact(scope, draft));
  } else {
    SALES_RETURN_IF_ERROR(store::AddToLeadCount(scope.db, scope.workspace(), lead.contact));
  }
  SALES_RETURN_IF_ERROR(RefreshDueTime(scope, draft.record));
  SALES_RETURN_IF_ERROR(
      store::InsertLead(scope.db, scope.workspace(), draft.record, import_fingerprint));
  if (!import_fingerprint.has_value()) {
    SALES_RETURN_IF_ERROR(NoteGiven(scope, "", lead.seller));
  }
  for (DraftEvent& step : steps) {
    if (step.activity.has_value()) {
      step.activity->id = scope.core.MakeId();
      step.activity->lead = lead.id;
      step.activity->record_time = scope.now;
      SALES_RETURN_IF_ERROR(store::InsertActivity(scope.db, scope.workspace(), *step.activity));
    }
    SALES_RETURN_IF_ERROR(scope.Record(std::move(step.event)));
  }
  const Track track = TrackOf(draft.record);
  AddDifference(Track{}, track, scope.zone, scope.tallies);
  SALES_RETURN_IF_ERROR(NoteReferrer(scope, LeadRecord{}, draft.record));
  SALES_RETURN_IF_ERROR(
      NotePathsOfCapture(scope, draft.record.lead.id, track, draft.contact_created));
  return CreditCapture(scope, draft.record);
}

}  // namespace sales::internal
