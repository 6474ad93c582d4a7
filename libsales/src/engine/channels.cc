#include "src/engine/channels.h"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/decide/bounds.h"
#include "src/decide/consent.h"
#include "src/decide/page_token.h"
#include "src/decide/tally.h"
#include "src/engine/contacts.h"
#include "src/engine/fingerprint.h"
#include "src/engine/paths.h"
#include "src/store/channel_rows.h"
#include "src/store/list.h"

namespace sales::internal {

absl::Status CheckChannel(WriteScope& scope, const std::string& channel,
                          const std::string& campaign) {
  SALES_ASSIGN_OR_RETURN(const std::optional<Channel> found,
                         store::LoadChannel(scope.db, scope.workspace(), channel));
  if (!found.has_value()) {
    return FieldError(Reason::kChannelNotFound, "channel",
                      "there is no such channel; create it first");
  }
  if (campaign.empty()) return absl::OkStatus();
  SALES_ASSIGN_OR_RETURN(const std::optional<Campaign> found_campaign,
                         store::LoadCampaign(scope.db, scope.workspace(), channel, campaign));
  if (found_campaign.has_value()) return absl::OkStatus();
  return FieldError(Reason::kCampaignNotFound, "campaign",
                    "the channel has no such campaign; create it first");
}

absl::Status CreateBuiltInChannels(WriteScope& scope) {
  constexpr const char* kBuiltIn[][2] = {{kReferralChannel, "Referral"},
                                         {kRepeatRequestChannel, "Repeat request"},
                                         {kUnknownChannel, "Unknown"}};
  for (const auto& [id, display_name] : kBuiltIn) {
    SALES_RETURN_IF_ERROR(store::SaveChannel(scope.db, scope.workspace(),
                                             {id, display_name, scope.now, scope.now, ""},
                                             scope.revision()));
  }
  return absl::OkStatus();
}

}  // namespace sales::internal

namespace sales {
namespace {

using internal::CallFingerprint;
using internal::ReadScope;
using internal::WriteScope;

std::string ChannelSubject(const std::string& channel) { return "channels/" + channel; }
std::string CampaignSubject(const std::string& channel, const std::string& campaign) {
  return campaign.empty() ? ChannelSubject(channel)
                          : ChannelSubject(channel) + "/campaigns/" + campaign;
}

absl::Status RecordAbout(WriteScope& scope, EventType type, std::string subject,
                         std::vector<Change> changes = {}) {
  Event event;
  event.type = type;
  event.subject = std::move(subject);
  event.changes = std::move(changes);
  return scope.Record(std::move(event));
}

absl::StatusOr<Channel> FindChannel(sql::Connection& db, const std::string& workspace,
                                    const std::string& channel) {
  SALES_ASSIGN_OR_RETURN(std::optional<Channel> found, store::LoadChannel(db, workspace, channel));
  if (!found.has_value()) {
    return MakeError(Reason::kChannelNotFound, "There is no such channel.");
  }
  return *std::move(found);
}

absl::StatusOr<Campaign> FindCampaign(sql::Connection& db, const std::string& workspace,
                                      const std::string& channel, const std::string& campaign) {
  SALES_ASSIGN_OR_RETURN(std::optional<Campaign> found,
                         store::LoadCampaign(db, workspace, channel, campaign));
  if (!found.has_value()) {
    return MakeError(Reason::kCampaignNotFound, "There is no such campaign.");
  }
  return *std::move(found);
}

// Keeps a channel or campaign that was just changed, and stamps it.
absl::Status Keep(WriteScope& scope, EventType type, Channel& channel) {
  channel.update_time = scope.now;
  channel.etag = std::to_string(scope.revision());
  SALES_RETURN_IF_ERROR(store::SaveChannel(scope.db, scope.workspace(), channel, scope.revision()));
  return RecordAbout(scope, type, ChannelSubject(channel.id));
}
absl::Status Keep(WriteScope& scope, EventType type, int64_t audience_before, Campaign& campaign) {
  campaign.update_time = scope.now;
  campaign.etag = std::to_string(scope.revision());
  SALES_RETURN_IF_ERROR(
      store::SaveCampaign(scope.db, scope.workspace(), campaign, scope.revision()));
  std::vector<Change> changes;
  if (campaign.audience_size != audience_before) {
    changes.push_back(
        {"audience_size", std::to_string(audience_before), std::to_string(campaign.audience_size)});
  }
  return RecordAbout(scope, type, CampaignSubject(campaign.channel, campaign.id),
                     std::move(changes));
}

absl::Status CheckOutreach(Outreach outreach) {
  if (outreach == Outreach::kUnspecified || outreach == Outreach::kEmail ||
      outreach == Outreach::kCall) {
    return absl::OkStatus();
  }
  return FieldError(Reason::kEnumUnknown, "outreach", "is no way of going to people");
}

// DO_NOT_CONTACT, naming all who refuse, so that the list can be put right in one go.
absl::Status CheckRefusals(WriteScope& scope, const std::string& channel,
                           const std::vector<std::string>& contacts) {
  SALES_ASSIGN_OR_RETURN(const Channel found, FindChannel(scope.db, scope.workspace(), channel));
  if (found.outreach == Outreach::kUnspecified) return absl::OkStatus();
  LogActivity reach;
  reach.kind = found.outreach == Outreach::kEmail ? ActivityKind::kEmail : ActivityKind::kCall;
  reach.direction = Direction::kOut;
  absl::Status refusal;
  std::string refusing;
  for (const std::string& id : contacts) {
    SALES_ASSIGN_OR_RETURN(const Contact contact,
                           internal::FindContactById(scope.db, scope.workspace(), id));
    const absl::Status allowed = CheckReach(contact, reach, scope.occur_time);
    if (allowed.ok()) continue;
    refusal = allowed;
    absl::StrAppend(&refusing, refusing.empty() ? "" : ",", id);
  }
  if (refusal.ok()) return refusal;
  return WithMetadata(refusal, "contacts", refusing);
}

absl::Status CheckDisplayName(const std::string& display_name) {
  return CheckText("display_name", display_name, limits::display_name_bytes_max);
}

}  // namespace

absl::StatusOr<Channel> Desk::CreateChannel(const sales::CreateChannel& command) const {
  SALES_RETURN_IF_ERROR(CheckId("channel_id", command.id));
  SALES_RETURN_IF_ERROR(CheckDisplayName(command.display_name));
  SALES_RETURN_IF_ERROR(CheckOutreach(command.outreach));
  return core_->Write<Channel>(
      workspace_, call_, CallFingerprint(call_, "CreateChannel", command),
      [&](WriteScope& scope) -> absl::StatusOr<Channel> {
        SALES_ASSIGN_OR_RETURN(const std::optional<Channel> taken,
                               store::LoadChannel(scope.db, workspace_, command.id));
        if (taken.has_value()) {
          return FieldError(Reason::kChannelExists, "channel_id", "is taken");
        }
        Channel channel{command.id, command.display_name, scope.now, scope.now,
                        "",         command.outreach};
        if (channel.display_name.empty()) channel.display_name = channel.id;
        SALES_RETURN_IF_ERROR(Keep(scope, EventType::kChannelCreated, channel));
        return channel;
      });
}

absl::StatusOr<Channel> Desk::GetChannel(const std::string& channel) const {
  Channel found;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(found, FindChannel(scope.db, workspace_, channel));
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<Page<Channel>> Desk::ListChannels(const ListQuery& query) const {
  SALES_RETURN_IF_ERROR(CheckPageSize(query.page_size));
  const int page_size = PageSizeOf(query.page_size);
  const uint64_t fingerprint = Fingerprint({"channels", workspace_});
  SALES_ASSIGN_OR_RETURN(const std::string after, store::IdAfter(fingerprint, query.page_token));
  Page<Channel> page;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(page.items,
                           store::ListChannels(scope.db, workspace_, after, page_size + 1));
    return absl::OkStatus();
  }));
  if (static_cast<int>(page.items.size()) > page_size) {
    page.items.pop_back();
    page.next_page_token = store::IdPageToken(fingerprint, page.items.back().id);
  }
  return page;
}

absl::StatusOr<Channel> Desk::UpdateChannel(const std::string& channel,
                                            const sales::UpdateChannel& command) const {
  if (command.display_name.has_value()) {
    SALES_RETURN_IF_ERROR(CheckDisplayName(*command.display_name));
  }
  if (command.outreach.has_value()) SALES_RETURN_IF_ERROR(CheckOutreach(*command.outreach));
  return core_->Write<Channel>(
      workspace_, call_, CallFingerprint(call_, "UpdateChannel", channel, command),
      [&](WriteScope& scope) -> absl::StatusOr<Channel> {
        SALES_ASSIGN_OR_RETURN(Channel found, FindChannel(scope.db, workspace_, channel));
        SALES_RETURN_IF_ERROR(internal::CheckEtag(call_, found.etag));
        if (command.display_name.has_value()) found.display_name = *command.display_name;
        found.outreach = command.outreach.value_or(found.outreach);
        SALES_RETURN_IF_ERROR(Keep(scope, EventType::kChannelUpdated, found));
        return found;
      });
}

absl::StatusOr<Campaign> Desk::CreateCampaign(const sales::CreateCampaign& command) const {
  SALES_RETURN_IF_ERROR(CheckId("campaign_id", command.id));
  SALES_RETURN_IF_ERROR(CheckDisplayName(command.display_name));
  SALES_RETURN_IF_ERROR(
      CheckRange("audience_size", command.audience_size, 0, limits::audience_size_max));
  return core_->Write<Campaign>(
      workspace_, call_, CallFingerprint(call_, "CreateCampaign", command),
      [&](WriteScope& scope) -> absl::StatusOr<Campaign> {
        SALES_RETURN_IF_ERROR(internal::CheckChannel(scope, command.channel, ""));
        SALES_ASSIGN_OR_RETURN(
            const std::optional<Campaign> taken,
            store::LoadCampaign(scope.db, workspace_, command.channel, command.id));
        if (taken.has_value()) {
          return FieldError(Reason::kCampaignExists, "campaign_id", "is taken");
        }
        Campaign campaign{
            command.channel, command.id, command.display_name, command.audience_size, scope.now,
            scope.now,       ""};
        if (campaign.display_name.empty()) campaign.display_name = campaign.id;
        SALES_RETURN_IF_ERROR(Keep(scope, EventType::kCampaignCreated, 0, campaign));
        return campaign;
      });
}

absl::StatusOr<Campaign> Desk::GetCampaign(const std::string& channel,
                                           const std::string& campaign) const {
  Campaign found;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    SALES_ASSIGN_OR_RETURN(found, FindCampaign(scope.db, workspace_, channel, campaign));
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<Page<Campaign>> Desk::ListCampaigns(const std::string& channel,
                                                   const ListQuery& query) const {
  SALES_RETURN_IF_ERROR(CheckPageSize(query.page_size));
  const int page_size = PageSizeOf(query.page_size);
  const uint64_t fingerprint = Fingerprint({"campaigns", workspace_, channel});
  SALES_ASSIGN_OR_RETURN(const std::string after, store::IdAfter(fingerprint, query.page_token));
  // Ids hold no '/', so that it can stand between the channel's and the campaign's.
  const size_t slash = after.find('/');
  const std::string after_channel = after.substr(0, slash);
  const std::string after_campaign = slash == std::string::npos ? "" : after.substr(slash + 1);
  Page<Campaign> page;
  SALES_RETURN_IF_ERROR(core_->Read(workspace_, call_, [&](ReadScope& scope) -> absl::Status {
    if (!channel.empty()) {
      SALES_RETURN_IF_ERROR(FindChannel(scope.db, workspace_, channel).status());
    }
    SALES_ASSIGN_OR_RETURN(page.items,
                           store::ListCampaigns(scope.db, workspace_, channel, after_channel,
                                                after_campaign, page_size + 1));
    return absl::OkStatus();
  }));
  if (static_cast<int>(page.items.size()) > page_size) {
    page.items.pop_back();
    const Campaign& last = page.items.back();
    page.next_page_token = store::IdPageToken(fingerprint, last.channel + "/" + last.id);
  }
  return page;
}

absl::StatusOr<Campaign> Desk::UpdateCampaign(const std::string& channel,
                                              const std::string& campaign,
                                              const sales::UpdateCampaign& command) const {
  if (command.display_name.has_value()) {
    SALES_RETURN_IF_ERROR(CheckDisplayName(*command.display_name));
  }
  SALES_RETURN_IF_ERROR(
      CheckRange("audience_size", command.audience_size.value_or(0), 0, limits::audience_size_max));
  return core_->Write<Campaign>(
      workspace_, call_, CallFingerprint(call_, "UpdateCampaign", channel, campaign, command),
      [&](WriteScope& scope) -> absl::StatusOr<Campaign> {
        SALES_ASSIGN_OR_RETURN(Campaign found,
                               FindCampaign(scope.db, workspace_, channel, campaign));
        SALES_RETURN_IF_ERROR(internal::CheckEtag(call_, found.etag));
        const int64_t audience_before = found.audience_size;
        if (command.display_name.has_value()) found.display_name = *command.display_name;
        if (command.audience_size.has_value()) found.audience_size = *command.audience_size;
        SALES_RETURN_IF_ERROR(Keep(scope, EventType::kCampaignUpdated, audience_before, found));
        return found;
      });
}

absl::StatusOr<int64_t> Desk::RecordSpend(const sales::RecordSpend& command) const {
  SALES_RETURN_IF_ERROR(CheckDay("spend_date", command.spend_date));
  return core_->Write<int64_t>(
      workspace_, call_, CallFingerprint(call_, "RecordSpend", command),
      [&](WriteScope& scope) -> absl::StatusOr<int64_t> {
        SALES_RETURN_IF_ERROR(CheckMoney("amount", command.amount, scope.currency_code()));
        if (command.spend_date > DayOf(scope.now, scope.zone)) {
          return FieldError(Reason::kTimeInFuture, "spend_date", "is after today");
        }
        SALES_RETURN_IF_ERROR(internal::CheckChannel(scope, command.channel, command.campaign));
        AddSpend(command.channel, command.campaign, command.spend_date, command.amount.minor_units,
                 scope.tallies);
        Event event;
        event.type = EventType::kSpendRecorded;
        event.subject = CampaignSubject(command.channel, command.campaign);
        event.changes = {{"amount", "", std::to_string(command.amount.minor_units)},
                         {"spend_date", "", FormatDay(command.spend_date)}};
        SALES_RETURN_IF_ERROR(scope.Record(std::move(event)));
        return scope.revision();
      });
}

absl::StatusOr<TouchResult> Desk::RecordTouches(const sales::RecordTouches& command) const {
  if (command.contacts.empty()) {
    return FieldError(Reason::kFieldRequired, "contacts", "needs at least one contact");
  }
  SALES_RETURN_IF_ERROR(CheckList("contacts", command.contacts.size(), limits::touches_max));
  return core_->Write<TouchResult>(
      workspace_, call_, CallFingerprint(call_, "RecordTouches", command),
      [&](WriteScope& scope) -> absl::StatusOr<TouchResult> {
        SALES_ASSIGN_OR_RETURN(
            const Campaign campaign,
            FindCampaign(scope.db, workspace_, command.channel, command.campaign));
        for (size_t i = 0; i < command.contacts.size(); ++i) {
          SALES_RETURN_IF_ERROR(internal::CheckContactRef(
              scope, "contacts[" + std::to_string(i) + "]", command.contacts[i]));
        }
        SALES_RETURN_IF_ERROR(CheckRefusals(scope, command.channel, command.contacts));
        TouchResult result;
        result.revision = scope.revision();
        std::set<std::string> touched;
        for (const std::string& contact : command.contacts) {
          SALES_ASSIGN_OR_RETURN(
              const bool first,
              store::InsertTouch(scope.db, workspace_, campaign.channel, campaign.id, contact,
                                 scope.occur_time, scope.revision()));
          // Whoever is named twice is touched once.
          if (touched.insert(contact).second) {
            SALES_RETURN_IF_ERROR(internal::NotePathsOfTouch(
                scope, contact,
                {campaign.channel, campaign.id, FromMicros(ToMicros(scope.occur_time)),
                 scope.revision()}));
          }
          Event event;
          event.type = EventType::kContactTouched;
          event.contact = contact;
          event.subject = CampaignSubject(campaign.channel, campaign.id);
          if (first) {
            ++result.newly_reached;
            event.changes.push_back({"reached", "", "true"});
          }
          SALES_RETURN_IF_ERROR(scope.Record(std::move(event)));
        }
        AddReachedContacts(campaign.channel, campaign.id, DayOf(scope.occur_time, scope.zone),
                           result.newly_reached, scope.tallies);
        return result;
      });
}

}  // namespace sales
