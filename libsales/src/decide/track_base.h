// A track as text: what the events of a lead that were compacted folded into.
#ifndef SALES_SRC_DECIDE_TRACK_BASE_H_
#define SALES_SRC_DECIDE_TRACK_BASE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "src/decide/track.h"

namespace sales {

// JSON, without personal data. Times are kept to the microsecond, as events keep them.
std::string EncodeTrack(const Track& track);
// Errors: STORE_CORRUPT.
absl::StatusOr<Track> DecodeTrack(std::string_view text);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_TRACK_BASE_H_
