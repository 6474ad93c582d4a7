// Capturing: how a request becomes a lead of a contact.
#ifndef SALES_SRC_ENGINE_CAPTURE_DRAFT_H_
#define SALES_SRC_ENGINE_CAPTURE_DRAFT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "src/decide/record.h"
#include "src/engine/core.h"

namespace sales::internal {

// Identities in their normal form, made before the writer's turn where the region is known.
struct NormalIdentities {
  std::vector<Identity> identities;
  std::string region;
};
NormalIdentities Normalize(const std::vector<Identity>& identities, const std::string& region);

// A lead that is decided on but not kept yet.
struct CaptureDraft {
  LeadRecord record;
  Effect effect;
  Contact contact;
  bool contact_created = false;
  bool contact_changed = false;
  // Usable identities that the contact did not have.
  std::vector<Identity> new_identities;
  std::vector<std::string> possible_duplicates;
};

absl::StatusOr<CaptureDraft> DraftCapture(WriteScope& scope, const CaptureLead& command,
                                          const NormalIdentities& early);

// A further event of the lead, as LeadEvent makes it.
struct DraftEvent {
  Event event;
  std::optional<Activity> activity;
};

// Keeps the lead with the contact and the events; `steps` are what happened to it since.
absl::Status KeepCapture(WriteScope& scope, CaptureDraft& draft, std::vector<DraftEvent> steps,
                         std::optional<int64_t> import_fingerprint);

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_CAPTURE_DRAFT_H_
