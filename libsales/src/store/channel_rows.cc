#include "src/store/channel_rows.h"

#include <string_view>
#include <utility>

#include "src/decide/errors.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

#define CHANNEL_COLUMNS "channel, display_name, create_time, update_time, revision, outreach"
#define CAMPAIGN_COLUMNS \
  "channel, campaign, display_name, audience_size, create_time, update_time, revision"

Channel ReadChannel(const sql::Row& row) {
  Channel channel;
  channel.id = TextOf(row, 0);
  channel.display_name = TextOf(row, 1);
  channel.create_time = TimeOf(row, 2);
  channel.update_time = TimeOf(row, 3);
  channel.etag = std::to_string(row.Int(4));
  channel.outreach = static_cast<Outreach>(row.Int(5));
  return channel;
}

Campaign ReadCampaign(const sql::Row& row) {
  Campaign campaign;
  campaign.channel = TextOf(row, 0);
  campaign.id = TextOf(row, 1);
  campaign.display_name = TextOf(row, 2);
  campaign.audience_size = row.Int(3);
  campaign.create_time = TimeOf(row, 4);
  campaign.update_time = TimeOf(row, 5);
  campaign.etag = std::to_string(row.Int(6));
  return campaign;
}

}  // namespace

absl::StatusOr<std::optional<Channel>> LoadChannel(sql::Connection& db,
                                                   const std::string& workspace,
                                                   const std::string& channel) {
  std::optional<Channel> found;
  SALES_RETURN_IF_ERROR(db.Query("SELECT " CHANNEL_COLUMNS
                                 " FROM channels WHERE workspace = $1 AND channel = $2",
                                 {std::string_view(workspace), std::string_view(channel)},
                                 [&](const sql::Row& row) { found = ReadChannel(row); }));
  return found;
}

absl::Status SaveChannel(sql::Connection& db, const std::string& workspace, const Channel& channel,
                         int64_t revision) {
  return db.Apply(
      "INSERT INTO channels (workspace, " CHANNEL_COLUMNS
      ") VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (workspace, channel) DO UPDATE "
      "SET display_name = excluded.display_name, update_time = excluded.update_time, "
      "revision = excluded.revision, outreach = excluded.outreach",
      {std::string_view(workspace), std::string_view(channel.id),
       std::string_view(channel.display_name), ToMicros(channel.create_time),
       ToMicros(channel.update_time), revision, static_cast<int64_t>(channel.outreach)});
}

absl::StatusOr<std::vector<Channel>> ListChannels(sql::Connection& db, const std::string& workspace,
                                                  const std::string& after, int count) {
  std::vector<Channel> channels;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT " CHANNEL_COLUMNS
               " FROM channels WHERE workspace = $1 AND channel > $2 ORDER BY channel LIMIT $3",
               {std::string_view(workspace), std::string_view(after), int64_t{count}},
               [&](const sql::Row& row) { channels.push_back(ReadChannel(row)); }));
  return channels;
}

absl::StatusOr<std::optional<Campaign>> LoadCampaign(sql::Connection& db,
                                                     const std::string& workspace,
                                                     const std::string& channel,
                                                     const std::string& campaign) {
  std::optional<Campaign> found;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT " CAMPAIGN_COLUMNS
               " FROM campaigns WHERE workspace = $1 AND channel = $2 AND campaign = $3",
               {std::string_view(workspace), std::string_view(channel), std::string_view(campaign)},
               [&](const sql::Row& row) { found = ReadCampaign(row); }));
  return found;
}

absl::Status SaveCampaign(sql::Connection& db, const std::string& workspace,
                          const Campaign& campaign, int64_t revision) {
  return db.Apply("INSERT INTO campaigns (workspace, " CAMPAIGN_COLUMNS
                  ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (workspace, channel, "
                  "campaign) DO UPDATE SET display_name = excluded.display_name, "
                  "audience_size = excluded.audience_size, update_time = excluded.update_time, "
                  "revision = excluded.revision",
                  {std::string_view(workspace), std::string_view(campaign.channel),
                   std::string_view(campaign.id), std::string_view(campaign.display_name),
                   campaign.audience_size, ToMicros(campaign.create_time),
                   ToMicros(campaign.update_time), revision});
}

absl::StatusOr<std::vector<Campaign>> ListCampaigns(sql::Connection& db,
                                                    const std::string& workspace,
                                                    const std::string& channel,
                                                    const std::string& after_channel,
                                                    const std::string& after_campaign, int count) {
  std::vector<Campaign> campaigns;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT " CAMPAIGN_COLUMNS
               " FROM campaigns WHERE workspace = $1 AND ($2 = '' OR channel = $2) AND "
               "(channel, campaign) > ($3, $4) ORDER BY channel, campaign LIMIT $5",
               {std::string_view(workspace), std::string_view(channel),
                std::string_view(after_channel), std::string_view(after_campaign), int64_t{count}},
               [&](const sql::Row& row) { campaigns.push_back(ReadCampaign(row)); }));
  return campaigns;
}

absl::StatusOr<bool> InsertTouch(sql::Connection& db, const std::string& workspace,
                                 const std::string& channel, const std::string& campaign,
                                 const std::string& contact, absl::Time occur_time,
                                 int64_t revision) {
  bool reached = false;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT 1 FROM touches WHERE workspace = $1 AND channel = $2 AND campaign = $3 AND "
               "contact = $4 LIMIT 1",
               {std::string_view(workspace), std::string_view(channel), std::string_view(campaign),
                std::string_view(contact)},
               [&](const sql::Row&) { reached = true; }));
  SALES_RETURN_IF_ERROR(
      db.Apply("INSERT INTO touches (workspace, channel, campaign, contact, occur_time, "
               "revision) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
               {std::string_view(workspace), std::string_view(channel), std::string_view(campaign),
                std::string_view(contact), ToMicros(occur_time), revision}));
  return !reached;
}

absl::StatusOr<std::vector<Touch>> TouchesOf(sql::Connection& db, const std::string& workspace,
                                             const std::string& contact) {
  std::vector<Touch> touches;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT channel, campaign, occur_time, revision FROM touches WHERE workspace = $1 "
               "AND contact = $2 ORDER BY channel, campaign, occur_time, revision",
               {std::string_view(workspace), std::string_view(contact)}, [&](const sql::Row& row) {
                 touches.push_back({TextOf(row, 0), TextOf(row, 1), TimeOf(row, 2), row.Int(3)});
               }));
  return touches;
}

absl::StatusOr<bool> MoveTouch(sql::Connection& db, const std::string& workspace,
                               const Touch& touch, const std::string& from, const std::string& to) {
  SALES_ASSIGN_OR_RETURN(
      const int64_t moved,
      db.Execute("UPDATE touches SET contact = $7 WHERE workspace = $1 AND channel = $2 AND "
                 "campaign = $3 AND contact = $4 AND occur_time = $5 AND revision = $6 AND "
                 "NOT EXISTS (SELECT 1 FROM touches AS same WHERE same.workspace = $1 AND "
                 "same.channel = $2 AND same.campaign = $3 AND same.contact = $7 AND "
                 "same.occur_time = $5 AND same.revision = $6)",
                 {std::string_view(workspace), std::string_view(touch.channel),
                  std::string_view(touch.campaign), std::string_view(from),
                  ToMicros(touch.occur_time), touch.revision, std::string_view(to)}));
  return moved > 0;
}

}  // namespace sales::store
