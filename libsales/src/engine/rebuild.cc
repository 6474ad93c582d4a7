#include <cstdint>
#include <optional>

#include "sales/engine.h"
#include "src/decide/bounds.h"
#include "src/decide/fold.h"
#include "src/engine/core.h"
#include "src/engine/record_scan.h"
#include "src/engine/retention.h"
#include "src/store/event_rows.h"
#include "src/store/referral_rows.h"
#include "src/store/tally_rows.h"
#include "src/store/workspace_rows.h"

namespace sales {
namespace {

using internal::ReadScope;

// How many events are folded before somebody is told.
constexpr int64_t kProgressEvents = 10'000;

// The fold of a workspace's events, as far as it has got.
class Folding {
 public:
  Folding(absl::TimeZone zone, const Desk::RebuildProgress& on_progress)
      : fold_(zone), on_progress_(on_progress) {}

  // Folds what was recorded since, up to the scope's revision.
  absl::Status GoOn(ReadScope& scope) {
    const int64_t last = scope.row.workspace.revision;
    const auto add = [&](const Event& event) -> absl::Status {
      if (++events_ % kProgressEvents == 0) SALES_RETURN_IF_ERROR(Tell(event.revision, last));
      return fold_.Add(event);
    };
    if (revision_ == 0) {
      SALES_RETURN_IF_ERROR(internal::ScanRecord(scope.db, scope.workspace(), last, fold_, add));
    } else {
      // What was compacted since was folded before.
      SALES_RETURN_IF_ERROR(internal::CheckKept(scope.row.workspace, revision_ + 1));
      SALES_RETURN_IF_ERROR(store::ScanEvents(scope.db, scope.workspace(), revision_, last, add));
    }
    revision_ = last;
    return Tell(last, last);
  }

  int64_t revision() const { return revision_; }
  TallyTable Tallies() const { return fold_.Tallies(); }

 private:
  absl::Status Tell(int64_t revision, int64_t last) const {
    if (on_progress_ == nullptr || on_progress_(revision, last)) return absl::OkStatus();
    return MakeError(Reason::kRebuildStopped, "The rebuilding of the tallies was stopped.");
  }

  Fold fold_;
  const Desk::RebuildProgress& on_progress_;
  int64_t events_ = 0;
  int64_t revision_ = 0;
};

}  // namespace

absl::StatusOr<Desk::RebuildResult> Desk::RebuildTallies(const RebuildProgress& on_progress) const {
  std::optional<Folding> folding;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(const absl::TimeZone zone,
                           LoadZone("time_zone", scope.row.workspace.time_zone));
    folding.emplace(zone, on_progress);
    return folding->GoOn(scope);
  }));
  RebuildResult result;
  SALES_RETURN_IF_ERROR(core_->Maintain(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_RETURN_IF_ERROR(folding->GoOn(scope));
    TallyTable tallies = folding->Tallies();
    // What writes that share this commit count is added when it is made.
    if (const TallyTable* pending = core_->PendingTallies(workspace_); pending != nullptr) {
      for (const auto& [cell, n] : *pending) {
        int64_t& kept = tallies[cell];
        kept = WrappedSum(kept, -n);
      }
    }
    SALES_ASSIGN_OR_RETURN(result.counts_mended,
                           store::CountTallyFaults(scope.db, workspace_, tallies));
    SALES_ASSIGN_OR_RETURN(const int64_t referrers,
                           store::CountReferrerFaults(scope.db, workspace_));
    result.counts_mended += referrers;
    if (referrers > 0) SALES_RETURN_IF_ERROR(store::ReplaceReferrers(scope.db, workspace_));
    result.revision = folding->revision();
    SALES_RETURN_IF_ERROR(store::ReplaceTallies(scope.db, workspace_, tallies));
    return store::SetTalliesLayout(scope.db, workspace_, kTalliesLayout);
  }));
  return result;
}

}  // namespace sales
