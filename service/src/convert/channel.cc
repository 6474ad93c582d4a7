#include "service/src/convert/channel.h"

#include <optional>
#include <set>
#include <utility>

#include "sales/limits.h"
#include "service/src/convert/fields.h"
#include "service/src/convert/names.h"

namespace sales::service {

v1::Channel ToProto(const Channel& channel, const std::string& workspace) {
  v1::Channel out;
  out.set_name(ChannelNameOf(workspace, channel.id));
  out.set_display_name(channel.display_name);
  out.set_outreach(static_cast<v1::Channel::Outreach>(channel.outreach));
  SetTime(channel.create_time, out.mutable_create_time());
  SetTime(channel.update_time, out.mutable_update_time());
  out.set_etag(channel.etag);
  return out;
}

v1::Campaign ToProto(const Campaign& campaign, const std::string& workspace) {
  v1::Campaign out;
  out.set_name(CampaignNameOf(workspace, campaign.channel, campaign.id));
  out.set_display_name(campaign.display_name);
  out.set_audience_size(campaign.audience_size);
  SetTime(campaign.create_time, out.mutable_create_time());
  SetTime(campaign.update_time, out.mutable_update_time());
  out.set_etag(campaign.etag);
  return out;
}

absl::StatusOr<CreateChannel> FromProto(const v1::CreateChannelRequest& request) {
  if (request.channel_id().empty()) {
    return Refuse(Reason::kFieldRequired, "channel_id", "is needed");
  }
  return CreateChannel{request.channel_id(), request.channel().display_name(),
                       static_cast<Outreach>(request.channel().outreach())};
}

absl::StatusOr<UpdateChannel> FromProto(const v1::UpdateChannelRequest& request) {
  ASSIGN_OR_RETURN(
      const std::set<std::string> fields,
      ChangedFields(request.update_mask(), request.channel(), {"display_name", "outreach"}));
  UpdateChannel command;
  if (fields.count("display_name") > 0) command.display_name = request.channel().display_name();
  if (fields.count("outreach") > 0) {
    command.outreach = static_cast<Outreach>(request.channel().outreach());
  }
  return command;
}

absl::StatusOr<CreateCampaign> FromProto(const v1::CreateCampaignRequest& request) {
  ASSIGN_OR_RETURN(ChannelName parent, ParseChannel(request.parent(), "parent"));
  if (request.campaign_id().empty()) {
    return Refuse(Reason::kFieldRequired, "campaign_id", "is needed");
  }
  return CreateCampaign{std::move(parent.channel), request.campaign_id(),
                        request.campaign().display_name(), request.campaign().audience_size()};
}

absl::StatusOr<UpdateCampaign> FromProto(const v1::UpdateCampaignRequest& request) {
  ASSIGN_OR_RETURN(
      const std::set<std::string> fields,
      ChangedFields(request.update_mask(), request.campaign(), {"display_name", "audience_size"}));
  UpdateCampaign command;
  if (fields.count("display_name") > 0) command.display_name = request.campaign().display_name();
  if (fields.count("audience_size") > 0) {
    command.audience_size = request.campaign().audience_size();
  }
  return command;
}

absl::StatusOr<RecordSpend> FromProto(const v1::RecordSpendRequest& request) {
  ASSIGN_OR_RETURN(CampaignName name, ParseChannelOrCampaign(request.name(), "name"));
  if (!request.has_amount()) return Refuse(Reason::kFieldRequired, "amount", "is needed");
  ASSIGN_OR_RETURN(std::optional<absl::CivilDay> day, DayFrom(request.spend_date(), "spend_date"));
  if (!day.has_value()) return Refuse(Reason::kFieldRequired, "spend_date", "is needed");
  return RecordSpend{std::move(name.channel), std::move(name.campaign), MoneyFrom(request.amount()),
                     *day};
}

absl::StatusOr<RecordTouches> FromProto(const v1::RecordTouchesRequest& request) {
  ASSIGN_OR_RETURN(CampaignName name, ParseCampaign(request.campaign(), "campaign"));
  RecordTouches command{std::move(name.channel), std::move(name.campaign), {}};
  if (request.contacts_size() > limits::touches_max) {
    return WithMetadata(Refuse(Reason::kListTooLong, "contacts", "has too many entries"), "limit",
                        std::to_string(limits::touches_max));
  }
  command.contacts.reserve(request.contacts_size());
  for (int i = 0; i < request.contacts_size(); ++i) {
    ASSIGN_OR_RETURN(ContactName contact,
                     ParseContact(request.contacts(i), "contacts[" + std::to_string(i) + "]"));
    if (contact.workspace != name.workspace) {
      return Refuse(Reason::kNameInvalid, "contacts[" + std::to_string(i) + "]",
                    "names a contact of another workspace");
    }
    command.contacts.push_back(std::move(contact.contact));
  }
  return command;
}

absl::Status SpellCreateChannel(const absl::Status& status) {
  return Respell(status, {{{"id", "channel_id"},
                           {"channel_id", "channel_id"},
                           {"channel", "channel"},
                           {"request_id", "request_id"},
                           {"", "channel."}}});
}

absl::Status SpellUpdateChannel(const absl::Status& status) {
  return Respell(status,
                 {{{"channel", "channel"}, {"request_id", "request_id"}, {"", "channel."}}});
}

absl::Status SpellCreateCampaign(const absl::Status& status) {
  return Respell(status, {{{"id", "campaign_id"},
                           {"campaign_id", "campaign_id"},
                           {"channel", "parent"},
                           {"campaign", "campaign"},
                           {"request_id", "request_id"},
                           {"", "campaign."}}});
}

absl::Status SpellUpdateCampaign(const absl::Status& status) {
  return Respell(status,
                 {{{"campaign", "campaign"}, {"request_id", "request_id"}, {"", "campaign."}}});
}

}  // namespace sales::service
