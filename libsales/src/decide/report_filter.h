// Which leads a report is of, and where in the tallies they are counted.
#ifndef SALES_SRC_DECIDE_REPORT_FILTER_H_
#define SALES_SRC_DECIDE_REPORT_FILTER_H_

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "sales/report.h"
#include "src/decide/tally.h"
#include "src/decide/track.h"

namespace sales {

// A filter with what it takes to apply it.
struct Selection {
  // Empty: every funnel.
  std::string funnel;
  ReportFilter filter;
  // The sellers in filter.team, as of the report's revision.
  std::set<std::string, std::less<>> team;

  bool LetsThrough(const Track& track) const;
};

// Where in the tallies the counts of a selection are.
struct TallyPlace {
  Dimension dimension = Dimension::kAll;
  std::set<std::string, std::less<>> keys = {""};
};

// nullopt where tallies are not kept for the selection (a seller's leads of one channel, leads with
// a label): then the report is made of a fold.
std::optional<TallyPlace> PlaceOf(const Selection& selection);

// Whether one of the labels, as a track has them, is this one.
bool HasLabel(std::string_view labels, std::string_view label);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_REPORT_FILTER_H_
