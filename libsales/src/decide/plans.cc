#include "src/decide/plans.h"

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/decide/errors.h"

namespace sales {
namespace {

constexpr int kQuartersOfYear = 4;
constexpr int kYearMin = 1970;
constexpr int kYearMax = 2199;
// Hundredths of a percent.
constexpr int kShareMax = 10'000;

template <typename Number>
absl::Status CheckTarget(const char* field, const std::optional<Number>& target, int64_t max) {
  return target.has_value() ? CheckRange(field, *target, 0, max) : absl::OkStatus();
}

bool IsEmpty(const PlanTargets& targets) {
  return !targets.revenue.has_value() && !targets.won.has_value() && !targets.leads.has_value() &&
         !targets.response_within_limit.has_value() && !targets.proposal_within_limit.has_value() &&
         !targets.conversion.has_value();
}

template <typename Number>
std::string TargetText(const std::optional<Number>& target) {
  return target.has_value() ? std::to_string(*target) : std::string();
}
std::string TargetText(const std::optional<Money>& target) {
  return target.has_value() ? std::to_string(target->minor_units) : std::string();
}

template <typename Target>
void Tell(const char* field, const Target& before, const Target& after,
          std::vector<Change>& changes) {
  if (before == after) return;
  changes.push_back({field, TargetText(before), TargetText(after)});
}

}  // namespace

std::optional<int64_t> ParseQuarter(std::string_view text) {
  constexpr size_t kSize = 7;
  if (text.size() != kSize || text[4] != '-' || text[5] != 'Q') return std::nullopt;
  int year = 0;
  for (const char digit : text.substr(0, 4)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    year = year * 10 + (digit - '0');
  }
  const int number = text[6] - '1';
  if (year < kYearMin || year > kYearMax || number < 0 || number >= kQuartersOfYear) {
    return std::nullopt;
  }
  return int64_t{year} * kQuartersOfYear + number;
}

std::string FormatQuarter(int64_t quarter) {
  return std::to_string(quarter / kQuartersOfYear) + "-Q" +
         std::to_string(quarter % kQuartersOfYear + 1);
}

absl::Status CheckPlan(const SetPlan& command, const std::string& currency_code) {
  if (command.quarter.empty()) {
    return FieldError(Reason::kFieldRequired, "quarter", "is needed, in the form 2026-Q1");
  }
  if (!ParseQuarter(command.quarter).has_value()) {
    return FieldError(Reason::kFieldInvalid, "quarter", "is no quarter of the form 2026-Q1");
  }
  SALES_RETURN_IF_ERROR(CheckOptionalId("team", command.team));
  SALES_RETURN_IF_ERROR(CheckOptionalId("seller", command.seller));
  const PlanTargets& targets = command.targets;
  if (IsEmpty(targets)) {
    return FieldError(Reason::kFieldRequired, "targets", "needs at least one target");
  }
  if (targets.revenue.has_value()) {
    SALES_RETURN_IF_ERROR(CheckMoney("targets.revenue", *targets.revenue, currency_code));
  }
  SALES_RETURN_IF_ERROR(CheckTarget("targets.won", targets.won, limits::plan_count_max));
  SALES_RETURN_IF_ERROR(CheckTarget("targets.leads", targets.leads, limits::plan_count_max));
  SALES_RETURN_IF_ERROR(
      CheckTarget("targets.response_within_limit", targets.response_within_limit, kShareMax));
  SALES_RETURN_IF_ERROR(
      CheckTarget("targets.proposal_within_limit", targets.proposal_within_limit, kShareMax));
  return CheckTarget("targets.conversion", targets.conversion, kShareMax);
}

bool ApplyTargetChange(const Change& change, const std::string& currency_code,
                       PlanTargets& targets) {
  int64_t number = 0;
  const bool set = !change.after.empty();
  if (set && !absl::SimpleAtoi(absl::string_view(change.after), &number)) return false;
  const auto share = [&](std::optional<int>& target) {
    target = set ? std::optional<int>(static_cast<int>(number)) : std::nullopt;
    return true;
  };
  const auto count = [&](std::optional<int64_t>& target) {
    target = set ? std::optional<int64_t>(number) : std::nullopt;
    return true;
  };
  if (change.field == "revenue") {
    targets.revenue = set ? std::optional<Money>(Money{currency_code, number}) : std::nullopt;
    return true;
  }
  if (change.field == "won") return count(targets.won);
  if (change.field == "leads") return count(targets.leads);
  if (change.field == "response_within_limit") return share(targets.response_within_limit);
  if (change.field == "proposal_within_limit") return share(targets.proposal_within_limit);
  return change.field == "conversion" && share(targets.conversion);
}

std::vector<Change> TargetChanges(const PlanTargets& before, const PlanTargets& after) {
  std::vector<Change> changes;
  Tell("revenue", before.revenue, after.revenue, changes);
  Tell("won", before.won, after.won, changes);
  Tell("leads", before.leads, after.leads, changes);
  Tell("response_within_limit", before.response_within_limit, after.response_within_limit, changes);
  Tell("proposal_within_limit", before.proposal_within_limit, after.proposal_within_limit, changes);
  Tell("conversion", before.conversion, after.conversion, changes);
  return changes;
}

}  // namespace sales
