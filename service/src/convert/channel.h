#ifndef SALES_SERVICE_CONVERT_CHANNEL_H_
#define SALES_SERVICE_CONVERT_CHANNEL_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sales/channel.h"
#include "sales/v1/channel.pb.h"

namespace sales::service {

v1::Channel ToProto(const Channel& channel, const std::string& workspace);
v1::Campaign ToProto(const Campaign& campaign, const std::string& workspace);
absl::StatusOr<CreateChannel> FromProto(const v1::CreateChannelRequest& request);
absl::StatusOr<UpdateChannel> FromProto(const v1::UpdateChannelRequest& request);
absl::StatusOr<CreateCampaign> FromProto(const v1::CreateCampaignRequest& request);
absl::StatusOr<UpdateCampaign> FromProto(const v1::UpdateCampaignRequest& request);
absl::StatusOr<RecordSpend> FromProto(const v1::RecordSpendRequest& request);
absl::StatusOr<RecordTouches> FromProto(const v1::RecordTouchesRequest& request);

// The engine's errors about these commands, with the request's field paths.
absl::Status SpellCreateChannel(const absl::Status& status);
absl::Status SpellUpdateChannel(const absl::Status& status);
absl::Status SpellCreateCampaign(const absl::Status& status);
absl::Status SpellUpdateCampaign(const absl::Status& status);

}  // namespace sales::service

#endif  // SALES_SERVICE_CONVERT_CHANNEL_H_
