#ifndef SALES_SRC_ENGINE_CHANNELS_H_
#define SALES_SRC_ENGINE_CHANNELS_H_

#include <string>

#include "absl/status/status.h"
#include "src/engine/core.h"

namespace sales::internal {

// Errors: CHANNEL_NOT_FOUND, CAMPAIGN_NOT_FOUND. An empty campaign is none.
absl::Status CheckChannel(WriteScope& scope, const std::string& channel,
                          const std::string& campaign);

// Makes the channels that every workspace has.
absl::Status CreateBuiltInChannels(WriteScope& scope);

}  // namespace sales::internal

#endif  // SALES_SRC_ENGINE_CHANNELS_H_
