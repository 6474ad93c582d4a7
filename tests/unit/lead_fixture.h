// A lead under a policy, to which tests do things one after another.
#ifndef SALES_TESTS_UNIT_LEAD_FIXTURE_H_
#define SALES_TESTS_UNIT_LEAD_FIXTURE_H_

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "sales/error.h"
#include "sales/funnel.h"
#include "src/decide/record.h"

namespace sales {

// The start of Monday 2 March 2026, UTC, and a time so many hours later.
inline absl::Time Hour(int hours) {
  return absl::FromCivil(absl::CivilDay(2026, 3, 2), absl::UTCTimeZone()) + absl::Hours(hours);
}

inline Condition FactIs(Fact fact) {
  Condition condition;
  condition.kind = Condition::Kind::kFact;
  condition.fact = fact;
  return condition;
}

inline Stage StageNamed(std::string key) {
  Stage stage;
  stage.key = std::move(key);
  return stage;
}

// Three stages without conditions, the second qualifying.
inline FunnelPolicy PlainPolicy() {
  FunnelPolicy policy;
  policy.id = "plain";
  policy.stages = {StageNamed("a"), StageNamed("b"), StageNamed("c")};
  policy.stages[1].qualifying = true;
  return policy;
}

inline Money Euros(int64_t minor_units) { return {"EUR", minor_units}; }

class LeadFixture {
 public:
  explicit LeadFixture(FunnelPolicy given = PlainPolicy()) : policy(std::move(given)) {}

  DecideContext Context() const {
    return {policy, currency_code, absl::UTCTimeZone(), "anna", Hour(10'000), at};
  }

  absl::Status Capture(const CaptureLead& command = {}) {
    LeadRecord changed = record;
    changed.lead.contact = "c1";
    changed.lead.funnel = policy.id;
    changed.lead.channel = "unknown";
    absl::StatusOr<Effect> result = DecideCapture(command, Context(), changed);
    return Keep(result, changed);
  }

  absl::Status Do(const LeadCommand& command) {
    LeadRecord changed = record;
    absl::StatusOr<Effect> result = Decide(command, Context(), changed);
    return Keep(result, changed);
  }

  absl::Status Update(const UpdateLead& command) {
    LeadRecord changed = record;
    absl::StatusOr<Effect> result = DecideUpdate(command, Context(), changed);
    return Keep(result, changed);
  }

  // What the last command's event says of a field; "-" if nothing.
  std::string Told(const std::string& field) const {
    for (const std::vector<Change>* changes : {&effect.changes, &track_changes}) {
      for (const Change& change : *changes) {
        if (change.field == field) return change.before + ">" + change.after;
      }
    }
    return "-";
  }

  const Lead& lead() const { return record.lead; }

  FunnelPolicy policy;
  std::string currency_code = "EUR";
  // When things happen; tests move it on.
  absl::Time at = Hour(0);
  LeadRecord record;
  // Of the last command that was done.
  Effect effect;
  std::vector<Change> track_changes;

 private:
  absl::Status Keep(absl::StatusOr<Effect>& result, LeadRecord& changed) {
    if (!result.ok()) return result.status();
    effect = *std::move(result);
    track_changes = TrackChanges(TrackOf(record), TrackOf(changed));
    record = std::move(changed);
    return absl::OkStatus();
  }
};

// A fixture with a lead captured at hour 0.
inline LeadFixture Captured(FunnelPolicy policy = PlainPolicy()) {
  LeadFixture fixture(std::move(policy));
  EXPECT_TRUE(fixture.Capture().ok());
  return fixture;
}

inline std::vector<std::string> MissingIn(const absl::Status& status) {
  std::vector<std::string> conditions;
  for (const MissingCondition& missing : DetailOf(status).missing) {
    conditions.push_back(missing.condition);
  }
  return conditions;
}

inline std::string FieldOf(const absl::Status& status) {
  const ErrorDetail detail = DetailOf(status);
  return detail.fields.empty() ? "" : detail.fields[0].field;
}

inline std::string MetadataOf(const absl::Status& status, const std::string& key) {
  const ErrorDetail detail = DetailOf(status);
  const auto found = detail.metadata.find(key);
  return found == detail.metadata.end() ? "-" : found->second;
}

#define EXPECT_REFUSED(expression, reason) \
  EXPECT_EQ(ReasonName(ReasonOf(expression)), std::string(reason))
#define EXPECT_DONE(expression)                    \
  do {                                             \
    const absl::Status done_status = (expression); \
    EXPECT_TRUE(done_status.ok()) << done_status;  \
  } while (false)

inline AdvanceLead To(std::string stage, std::string reason = "",
                      std::string override_reason = "") {
  return {std::move(stage), std::move(reason), std::move(override_reason)};
}

inline LogActivity Logged(ActivityKind kind, Direction direction) {
  LogActivity command;
  command.kind = kind;
  command.direction = direction;
  return command;
}

inline DeclineLead Refusal() {
  DeclineLead command;
  command.reason = "price";
  command.arguments.differ = "We build to last.";
  command.alternatives = "A smaller shop.";
  return command;
}

}  // namespace sales

#endif  // SALES_TESTS_UNIT_LEAD_FIXTURE_H_
