#ifndef SALES_SPEED_H_
#define SALES_SPEED_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "sales/report.h"

namespace sales {

// How many were done within a time.
struct SpeedWithin {
  absl::Duration within;
  int64_t done = 0;
};

// How long clients wait for answers and proposals, in working time. What counts as the limit is
// what it was when the wait began.
struct SpeedFigures {
  int64_t asked = 0;
  int64_t done = 0;
  // Still to be done; `overdue` of these are past their limit.
  int64_t open = 0;
  int64_t overdue = 0;
  // The lead was closed or put to nurture before.
  int64_t dropped = 0;
  // Done within their limit / done or overdue, so far as they had a limit.
  Rate within_limit;
  // Of those done, in working time.
  DurationFigures time;
  // Of those done, in working time, within 5 and 15 minutes and 1, 4 and 24 hours; exact.
  std::vector<SpeedWithin> within;
};

struct SpeedRow {
  // A seller's or channel's id; empty: of no seller.
  std::string id;
  SpeedFigures response;
  SpeedFigures proposal;
};

struct SpeedHour {
  // 0 is Monday 00:00 to 01:00 in the workspace's time zone, 167 the last of Sunday.
  int hour_of_week = 0;
  SpeedFigures response;
};

struct SpeedReport {
  // Of the days on which answers or proposals were asked for.
  Window window;
  int64_t as_of_revision = 0;
  SpeedFigures response;
  SpeedFigures proposal;
  // By id.
  std::vector<SpeedRow> sellers;
  std::vector<SpeedRow> channels;
  // The hours of the week in which something was asked for.
  std::vector<SpeedHour> hours;
};

}  // namespace sales

#endif  // SALES_SPEED_H_
