// The text columns of a lead that hold more than one value.
#ifndef SALES_SRC_STORE_LEAD_CODEC_H_
#define SALES_SRC_STORE_LEAD_CODEC_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "sales/lead.h"
#include "src/decide/record.h"

namespace sales::store {

// "stage enter leave;…", times in microseconds, the leave time absent while the lead is there.
std::string EncodeVisits(const std::vector<Visit>& visits);
absl::StatusOr<std::vector<Visit>> DecodeVisits(std::string_view text);

// "kind direction count;…".
std::string EncodeActivityCounts(const ActivityCounts& counts);
absl::StatusOr<ActivityCounts> DecodeActivityCounts(std::string_view text);

// A space between two.
std::string EncodeRuns(const std::vector<Run>& runs);
absl::StatusOr<std::vector<Run>> DecodeRuns(std::string_view text);

// Each after its length, for an actor may be any text: "bytes decline…".
std::string EncodeDeclines(const std::vector<Decline>& declines);
absl::StatusOr<std::vector<Decline>> DecodeDeclines(std::string_view text);

// The inverse of JoinLabels.
std::vector<std::string> SplitLabels(std::string_view text);

// A JSON object; empty for none.
std::string EncodeAttributes(const std::map<std::string, std::string>& attributes);
absl::StatusOr<std::map<std::string, std::string>> DecodeAttributes(std::string_view text);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_LEAD_CODEC_H_
