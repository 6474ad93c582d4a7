#ifndef SALES_SRC_STORE_CHANNEL_ROWS_H_
#define SALES_SRC_STORE_CHANNEL_ROWS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sales/channel.h"
#include "src/sql/driver.h"

namespace sales::store {

absl::StatusOr<std::optional<Channel>> LoadChannel(sql::Connection& db,
                                                   const std::string& workspace,
                                                   const std::string& channel);
// Inserts or updates; `revision` becomes the etag.
absl::Status SaveChannel(sql::Connection& db, const std::string& workspace, const Channel& channel,
                         int64_t revision);
// Up to `count` channels with an id after `after`, by id.
absl::StatusOr<std::vector<Channel>> ListChannels(sql::Connection& db, const std::string& workspace,
                                                  const std::string& after, int count);

absl::StatusOr<std::optional<Campaign>> LoadCampaign(sql::Connection& db,
                                                     const std::string& workspace,
                                                     const std::string& channel,
                                                     const std::string& campaign);
absl::Status SaveCampaign(sql::Connection& db, const std::string& workspace,
                          const Campaign& campaign, int64_t revision);
// Up to `count` campaigns after (channel, campaign), of one channel or, if it is empty, of all.
absl::StatusOr<std::vector<Campaign>> ListCampaigns(sql::Connection& db,
                                                    const std::string& workspace,
                                                    const std::string& channel,
                                                    const std::string& after_channel,
                                                    const std::string& after_campaign, int count);

// Records a touch; true if the campaign had not reached the contact before.
absl::StatusOr<bool> InsertTouch(sql::Connection& db, const std::string& workspace,
                                 const std::string& channel, const std::string& campaign,
                                 const std::string& contact, absl::Time occur_time,
                                 int64_t revision);

// What reached a contact, by channel, campaign, time and revision.
struct Touch {
  std::string channel;
  std::string campaign;
  absl::Time occur_time;
  int64_t revision = 0;
};
absl::StatusOr<std::vector<Touch>> TouchesOf(sql::Connection& db, const std::string& workspace,
                                             const std::string& contact);
// Moves a touch to another contact, unless that one has the very same; true if it moved.
absl::StatusOr<bool> MoveTouch(sql::Connection& db, const std::string& workspace,
                               const Touch& touch, const std::string& from, const std::string& to);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_CHANNEL_ROWS_H_
