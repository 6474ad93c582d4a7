#ifndef SALES_DECLINES_H_
#define SALES_DECLINES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sales/money.h"
#include "sales/report.h"

namespace sales {

// Of declines, each by itself also where a lead was declined twice.
struct DeclineFigures {
  // A reason code, an actor or a stage; empty in the total.
  std::string key;
  int64_t declined = 0;
  // Of the declines, those argued by what we do better, why it costs more, how we differ, and by
  // all three.
  Rate argued_better;
  Rate argued_price;
  Rate argued_differ;
  Rate argued_fully;
  // Declines after which the contact came again, with a later lead or by reopening this one,
  // within so many days of 24 hours; and whenever.
  Rate returned_within_90_days;
  Rate returned_within_180_days;
  Rate returned_within_365_days;
  Rate returned;
  // Leads of people whom the contact sent after the decline, directly or through others.
  int64_t referrals = 0;
  // Of leads that came back or were sent.
  int64_t won = 0;
  Money revenue;
  // revenue / declined, rounded half away from zero; unset without declines.
  std::optional<Money> yield;
};

struct DeclineReport {
  // Of the days on which leads were declined.
  Window window;
  int64_t as_of_revision = 0;
  DeclineFigures total;
  // Each by key.
  std::vector<DeclineFigures> reasons;
  std::vector<DeclineFigures> deciders;
  std::vector<DeclineFigures> stages;
};

}  // namespace sales

#endif  // SALES_DECLINES_H_
