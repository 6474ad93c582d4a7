// What policies ask of a lead that no report does: told in the lead's events without personal data,
// so that the past can be judged by another policy.
#ifndef SALES_SRC_DECIDE_FACTS_H_
#define SALES_SRC_DECIDE_FACTS_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "sales/event.h"
#include "sales/lead.h"
#include "src/decide/record.h"

namespace sales {

// The changes of need_known, budget_known, decision_maker_known and expected_value_known (flags),
// interest, and attributes (how many there are). A new lead, whose `before` is null, always tells
// its interest: by that a reader sees that the other facts are told as well.
void AddFactChanges(const Lead* before, const Lead& after, std::vector<Change>& changes);

// Whether a text says anything.
bool IsBlank(const std::string& text);

// A lead's facts, folded out of its events. Values of attributes are not in events.
class FactFold {
 public:
  // The currency is the workspace's.
  explicit FactFold(std::string currency_code) : currency_code_(std::move(currency_code)) {}

  // Events of one lead in their order. Errors: STORE_CORRUPT.
  absl::Status Add(const Event& event);

  // What conditions and clocks are judged on. Texts and amounts that only matter by being there are
  // made up.
  LeadRecord& record() { return record_; }
  const LeadRecord& record() const { return record_; }
  const Track& track() const { return track_; }

  // Whether need, budget, decision maker and interest are told: not so in events of a store of
  // before they were.
  bool facts_told() const { return facts_told_; }
  // How many attributes the lead has, if that is told.
  size_t attribute_count() const { return attribute_count_; }

 private:
  bool ApplyFact(const Change& change);
  bool Apply(const Change& change, absl::Time at);
  void ApplyState(absl::Time at);

  const std::string currency_code_;
  Track track_;
  LeadRecord record_;
  bool facts_told_ = false;
  bool value_told_ = false;
  // By the last event.
  bool interest_told_ = false;
  size_t attribute_count_ = 0;
};

}  // namespace sales

#endif  // SALES_SRC_DECIDE_FACTS_H_
