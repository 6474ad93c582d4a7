#include "sales/v1/channel.pb.h"
#include "service/src/call.h"
#include "service/src/convert/channel.h"

namespace sales::service {
namespace {

absl::StatusOr<v1::Channel> HandleCreateChannel(Caller& caller,
                                                const v1::CreateChannelRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const CreateChannel command, FromProto(request));
  const auto channel = caller.At(workspace).CreateChannel(command);
  if (!channel.ok()) return SpellCreateChannel(channel.status());
  return ToProto(*channel, workspace);
}

absl::StatusOr<v1::Channel> HandleGetChannel(Caller& caller, const v1::GetChannelRequest& request) {
  ASSIGN_OR_RETURN(const ChannelName name, ParseChannel(request.name(), "name"));
  ASSIGN_OR_RETURN(const Channel channel, caller.At(name.workspace).GetChannel(name.channel));
  return ToProto(channel, name.workspace);
}

absl::StatusOr<v1::ListChannelsResponse> HandleListChannels(
    Caller& caller, const v1::ListChannelsRequest& request) {
  ASSIGN_OR_RETURN(const std::string workspace, ParseWorkspace(request.parent(), "parent"));
  const ListQuery query = QueryFrom(request);
  ASSIGN_OR_RETURN(const Page<Channel> page, caller.At(workspace).ListChannels(query));
  v1::ListChannelsResponse response;
  for (const Channel& item : page.items) *response.add_channels() = ToProto(item, workspace);
  response.set_next_page_token(page.next_page_token);
  return response;
}

absl::StatusOr<v1::Channel> HandleUpdateChannel(Caller& caller,
                                                const v1::UpdateChannelRequest& request) {
  ASSIGN_OR_RETURN(const ChannelName name, ParseChannel(request.channel().name(), "channel.name"));
  ASSIGN_OR_RETURN(const UpdateChannel command, FromProto(request));
  const auto channel = caller.At(name.workspace).UpdateChannel(name.channel, command);
  if (!channel.ok()) return SpellUpdateChannel(channel.status());
  return ToProto(*channel, name.workspace);
}

absl::StatusOr<v1::Campaign> HandleCreateCampaign(Caller& caller,
                                                  const v1::CreateCampaignRequest& request) {
  ASSIGN_OR_RETURN(const ChannelName parent, ParseChannel(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const CreateCampaign command, FromProto(request));
  const auto campaign = caller.At(parent.workspace).CreateCampaign(command);
  if (!campaign.ok()) return SpellCreateCampaign(campaign.status());
  return ToProto(*campaign, parent.workspace);
}

absl::StatusOr<v1::Campaign> HandleGetCampaign(Caller& caller,
                                               const v1::GetCampaignRequest& request) {
  ASSIGN_OR_RETURN(const CampaignName name, ParseCampaign(request.name(), "name"));
  ASSIGN_OR_RETURN(const Campaign campaign,
                   caller.At(name.workspace).GetCampaign(name.channel, name.campaign));
  return ToProto(campaign, name.workspace);
}

absl::StatusOr<v1::ListCampaignsResponse> HandleListCampaigns(
    Caller& caller, const v1::ListCampaignsRequest& request) {
  ASSIGN_OR_RETURN(const ChannelName parent, ParseChannelOrAny(request.parent(), "parent"));
  const ListQuery query = QueryFrom(request);
  ASSIGN_OR_RETURN(const Page<Campaign> page,
                   caller.At(parent.workspace).ListCampaigns(parent.channel, query));
  v1::ListCampaignsResponse response;
  for (const Campaign& item : page.items) {
    *response.add_campaigns() = ToProto(item, parent.workspace);
  }
  response.set_next_page_token(page.next_page_token);
  return response;
}

absl::StatusOr<v1::Campaign> HandleUpdateCampaign(Caller& caller,
                                                  const v1::UpdateCampaignRequest& request) {
  ASSIGN_OR_RETURN(const CampaignName name,
                   ParseCampaign(request.campaign().name(), "campaign.name"));
  ASSIGN_OR_RETURN(const UpdateCampaign command, FromProto(request));
  const auto campaign =
      caller.At(name.workspace).UpdateCampaign(name.channel, name.campaign, command);
  if (!campaign.ok()) return SpellUpdateCampaign(campaign.status());
  return ToProto(*campaign, name.workspace);
}

absl::StatusOr<v1::RecordSpendResponse> HandleRecordSpend(Caller& caller,
                                                          const v1::RecordSpendRequest& request) {
  ASSIGN_OR_RETURN(const CampaignName name, ParseChannelOrCampaign(request.name(), "name"));
  ASSIGN_OR_RETURN(const RecordSpend command, FromProto(request));
  ASSIGN_OR_RETURN(const int64_t revision, caller.At(name.workspace).RecordSpend(command));
  v1::RecordSpendResponse response;
  response.set_revision(revision);
  return response;
}

absl::StatusOr<v1::RecordTouchesResponse> HandleRecordTouches(
    Caller& caller, const v1::RecordTouchesRequest& request) {
  ASSIGN_OR_RETURN(const CampaignName name, ParseCampaign(request.campaign(), "campaign"));
  ASSIGN_OR_RETURN(const RecordTouches command, FromProto(request));
  ASSIGN_OR_RETURN(const TouchResult result, caller.At(name.workspace).RecordTouches(command));
  v1::RecordTouchesResponse response;
  response.set_newly_reached(result.newly_reached);
  response.set_revision(result.revision);
  return response;
}

}  // namespace

void AddChannelMethods(std::vector<Method>& methods) {
  const auto add = [&methods](const char* name, Work work, auto handler) {
    methods.push_back(Unary(std::string("ChannelService/") + name, work, handler));
  };
  add("CreateChannel", Work::kWrite, HandleCreateChannel);
  add("GetChannel", Work::kQuick, HandleGetChannel);
  add("ListChannels", Work::kScan, HandleListChannels);
  add("UpdateChannel", Work::kWrite, HandleUpdateChannel);
  add("CreateCampaign", Work::kWrite, HandleCreateCampaign);
  add("GetCampaign", Work::kQuick, HandleGetCampaign);
  add("ListCampaigns", Work::kScan, HandleListCampaigns);
  add("UpdateCampaign", Work::kWrite, HandleUpdateCampaign);
  add("RecordSpend", Work::kWrite, HandleRecordSpend);
  add("RecordTouches", Work::kWrite, HandleRecordTouches);
}

}  // namespace sales::service
