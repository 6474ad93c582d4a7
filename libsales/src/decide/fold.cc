#include "src/decide/fold.h"

#include <string_view>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "src/decide/errors.h"

namespace sales {
namespace {

constexpr char kAmount[] = "amount";
constexpr char kSpendDate[] = "spend_date";
constexpr char kReached[] = "reached";

// What a change of the field led to; empty where the event has none.
std::string_view After(const Event& event, std::string_view field) {
  for (const Change& change : event.changes) {
    if (change.field == field) return change.after;
  }
  return {};
}

absl::Status Corrupt(const char* what) {
  return MakeError(Reason::kStoreCorrupt, std::string("The record has an event ") + what + ".");
}

// Reads "channels/ads" and "channels/ads/campaigns/spring".
bool ParseSubject(const std::string& subject, CampaignId& id) {
  const std::vector<std::string> parts = absl::StrSplit(subject, '/');
  if ((parts.size() != 2 && parts.size() != 4) || parts[0] != "channels") return false;
  id.first = parts[1];
  if (parts.size() == 2) return true;
  id.second = parts[3];
  return parts[2] == "campaigns";
}

}  // namespace

absl::Status Fold::Add(const Event& event) {
  if (event.type == EventType::kSpendRecorded) return AddSpendEvent(event);
  if (event.type == EventType::kContactTouched) return AddTouchEvent(event);
  if (event.lead.empty()) return absl::OkStatus();
  return AddLeadEvent(event);
}

absl::Status Fold::AddSpendEvent(const Event& event) {
  CampaignId id;
  int64_t amount = 0;
  absl::CivilDay day;
  const std::string_view amount_text = After(event, kAmount);
  const std::string_view day_text = After(event, kSpendDate);
  if (!ParseSubject(event.subject, id) ||
      !absl::SimpleAtoi(absl::string_view(amount_text.data(), amount_text.size()), &amount) ||
      !absl::ParseCivilTime(absl::string_view(day_text.data(), day_text.size()), &day)) {
    return Corrupt("of spend without its channel, amount or day");
  }
  AddSpend(id.first, id.second, day, amount, campaign_tallies_);
  return absl::OkStatus();
}

absl::Status Fold::AddTouchEvent(const Event& event) {
  if (After(event, kReached) != "true") return absl::OkStatus();
  CampaignId id;
  if (!ParseSubject(event.subject, id)) return Corrupt("of a touch without its campaign");
  AddReachedContacts(id.first, id.second, absl::CivilDay(zone_.At(event.occur_time).cs), 1,
                     campaign_tallies_);
  return absl::OkStatus();
}

absl::Status Fold::AddLeadEvent(const Event& event) {
  Track track;
  const bool known = tracks_.Find(event.lead, track);
  if (known == (event.type == EventType::kLeadCaptured)) {
    return Corrupt(known ? "that captures a lead again" : "of a lead that was never captured");
  }
  SALES_RETURN_IF_ERROR(ApplyEvent(event, track));
  tracks_.Set(event.lead, track);
  return absl::OkStatus();
}

std::optional<Track> Fold::Find(const std::string& lead) const {
  Track track;
  if (!tracks_.Find(lead, track)) return std::nullopt;
  return track;
}

void Fold::ForEach(const std::function<void(const std::string&, const Track&)>& visit) const {
  tracks_.ForEach(visit);
}

TallyTable Fold::Tallies() const {
  TallyTable table = campaign_tallies_;
  ForEach(
      [&](const std::string&, const Track& track) { AddDifference(Track{}, track, zone_, table); });
  return table;
}

void Fold::ForEachCount(
    const Selection& selection, const Window& window,
    const std::function<void(const Track&, const TrackCount&, const std::string&)>& visit) const {
  std::string detail;
  ForEach([&](const std::string&, const Track& track) {
    if (!selection.LetsThrough(track)) return;
    for (const TrackCount& count : CountsOf(track, zone_)) {
      if (!InWindow(window, count.day)) continue;
      SetDetail(count, detail);
      visit(track, count, detail);
    }
  });
}

TallySum Fold::Sum(const Selection& selection, const Window& window) const {
  TallySum sum;
  ForEachCount(selection, window,
               [&](const Track&, const TrackCount& count, const std::string& detail) {
                 sum.Add(count.metric, detail, count.bucket, count.n);
               });
  return sum;
}

ChannelSums Fold::SumChannels(const Selection& selection, const Window& window) const {
  ChannelSums sums;
  ForEachCount(selection, window,
               [&](const Track& track, const TrackCount& count, const std::string& detail) {
                 const auto add = [&](TallySum& sum) {
                   sum.Add(count.metric, detail, count.bucket, count.n);
                 };
                 add(sums.total);
                 add(sums.channels[track.channel]);
                 if (!track.campaign.empty()) add(sums.campaigns[{track.channel, track.campaign}]);
               });
  for (const auto& [cell, n] : campaign_tallies_) {
    if (!InWindow(window, cell.day)) continue;
    AddCell(selection.filter, cell.dimension, cell.key, cell.metric, cell.detail, cell.bucket, n,
            sums);
  }
  return sums;
}

}  // namespace sales
