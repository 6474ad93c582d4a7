#include "tests/unit/random_history.h"

#include <cstdlib>
#include <utility>

#include "absl/time/civil_time.h"

namespace sales::testing {
namespace {

constexpr int kStageCount = 5;

int IndexOf(const FunnelPolicy& policy, const std::string& stage) {
  for (size_t i = 0; i < policy.stages.size(); ++i) {
    if (policy.stages[i].key == stage) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace

FunnelPolicy FiveStages() {
  FunnelPolicy policy;
  policy.id = "five";
  for (const char* key : {"asked", "answered", "agreed", "offered", "contract"}) {
    Stage stage;
    stage.key = key;
    stage.display_name = std::string("Stage ") + key;
    stage.qualifying = stage.key == "agreed";
    policy.stages.push_back(std::move(stage));
  }
  return policy;
}

void RandomHistory::Step() {
  now_ += absl::Minutes(Below(120)) + absl::Microseconds(Below(60'000'000));
  const int64_t dice = Below(100);
  if (dice < 20 || tracks_.empty()) {
    Capture();
  } else if (dice < 24) {
    Spend();
  } else if (dice < 29) {
    Touch();
  } else if (dice < 30) {
    ChangeTeam();
  } else {
    ChangeLead();
  }
}

void RandomHistory::Capture() {
  Track track;
  track.contact = "contact-" + std::to_string(Below(500));
  track.funnel = Below(8) == 0 ? "other" : policy_.id;
  track.channel = OneOf({"ads", "calls", "referral"});
  if (Below(2) == 0) track.campaign = OneOf({"spring", "autumn"});
  if (Below(3) != 0) track.seller = OneOf({"anna", "boris"});
  track.state = LeadState::kOpen;
  Enter(policy_.stages[0].key, track);
  track.new_contact = Below(2) == 0;
  if (Below(2) == 0) track.expected_value = Below(1'000'000);
  Record("lead-" + std::to_string(tracks_.size()), EventType::kLeadCaptured, std::move(track));
}

void RandomHistory::Spend() {
  Event event = NewEvent(EventType::kSpendRecorded);
  event.subject = "channels/" + OneOf({"ads", "calls"});
  if (Below(2) == 0) event.subject += "/campaigns/" + OneOf({"spring", "unused"});
  const absl::CivilDay day = absl::ToCivilDay(now_, absl::UTCTimeZone()) - Below(5);
  event.changes = {{"amount", "", std::to_string(1 + Below(100'000))},
                   {"spend_date", "", absl::FormatCivilTime(day)}};
  events_.push_back(std::move(event));
}

void RandomHistory::Touch() {
  Event event = NewEvent(EventType::kContactTouched);
  event.contact = "contact-" + std::to_string(Below(500));
  event.subject = "channels/ads/campaigns/" + OneOf({"spring", "autumn"});
  if (Below(3) != 0) event.changes = {{"reached", "", "true"}};
  events_.push_back(std::move(event));
}

void RandomHistory::ChangeTeam() {
  Event event = NewEvent(EventType::kSellerUpdated);
  event.subject = "sellers/" + OneOf({"anna", "boris"});
  event.changes = {{"team", "", OneOf({"", "north", "south"})}};
  events_.push_back(std::move(event));
}

void RandomHistory::ChangeLead() {
  const std::string lead = "lead-" + std::to_string(Below(tracks_.size()));
  Track track = tracks_.at(lead);
  EventType type = EventType::kLeadUpdated;
  switch (Below(12)) {
    case 0:
      track.channel = OneOf({"ads", "calls", "referral"});
      track.campaign = OneOf({"", "spring", "autumn"});
      break;
    case 1:
      track.expected_value = Below(1'000'000);
      break;
    case 2:
      type = EventType::kLeadAssigned;
      track.seller = OneOf({"", "anna", "boris"});
      track.labels = OneOf({"", "vip", "slow vip"});
      break;
    case 3:
    case 4:
      type = EventType::kActivityLogged;
      if (!track.first_response_time.has_value()) track.first_response_time = now_;
      ChangeRuns(track);
      break;
    case 5:
      type = EventType::kDeclineCredited;
      if (track.state != LeadState::kDeclined) break;
      ++track.returned;
      track.declines.back().return_time = now_;
      track.declines.back().referrals += Below(2);
      if (Below(2) == 0) {
        ++track.returned_won;
        track.returned_revenue += Below(50'000);
        track.declines[0].won = track.returned_won;
        track.declines[0].revenue = track.returned_revenue;
      }
      break;
    case 6:
    case 7:
      Close(track, type);
      break;
    default:
      Move(track, type);
  }
  Record(lead, type, std::move(track));
}

// A run more, or another end of the last one.
void RandomHistory::ChangeRuns(Track& track) {
  if (!track.runs.empty() && Below(3) != 0) {
    Run& last = track.runs.back();
    last.stop = last.start + absl::Microseconds(Below(40'000'000'000));
    last.dropped = Below(4) == 0;
    last.elapsed = last.dropped ? absl::ZeroDuration() : (*last.stop - last.start) / 2;
    last.elapsed = absl::Microseconds(absl::ToInt64Microseconds(last.elapsed));
    return;
  }
  Run run;
  run.kind = Below(2) == 0 ? RunKind::kResponse : RunKind::kProposal;
  run.start = now_;
  if (Below(3) != 0) run.due = now_ + absl::Microseconds(Below(30'000'000'000));
  track.runs.push_back(run);
}

void RandomHistory::Move(Track& track, EventType& type) {
  type = EventType::kLeadMoved;
  if (track.state != LeadState::kOpen) {
    type = EventType::kLeadReopened;
    track.state = LeadState::kOpen;
    track.close_time.reset();
    track.won_value = 0;
    track.reason.clear();
    return;
  }
  Enter(policy_.stages[Below(kStageCount)].key, track);
}

void RandomHistory::Close(Track& track, EventType& type) {
  static constexpr std::pair<LeadState, EventType> kOutcomes[] = {
      {LeadState::kWon, EventType::kLeadWon},
      {LeadState::kDeclined, EventType::kLeadDeclined},
      {LeadState::kLost, EventType::kLeadLost},
      {LeadState::kDisqualified, EventType::kLeadDisqualified},
      {LeadState::kNurtured, EventType::kLeadNurtured},
  };
  if (track.state != LeadState::kOpen) return;
  const auto& [state, event_type] = kOutcomes[Below(5)];
  type = event_type;
  track.state = state;
  track.close_time = now_;
  track.reason = OneOf({"price", "timing"});
  if (state == LeadState::kDeclined) {
    Decline decline;
    decline.time = absl::FromUnixMicros(absl::ToUnixMicros(now_));
    decline.reason = track.reason;
    decline.stage = track.stage;
    decline.actor = OneOf({"", "anna", "100 %: all; of it = mine"});
    decline.price = Below(2) == 0;
    decline.differ = true;
    track.declines.push_back(std::move(decline));
  }
  if (state != LeadState::kWon) return;
  track.qualified = true;
  track.won_value = Below(2'000'000);
}

void RandomHistory::Enter(const std::string& stage, Track& track) {
  track.stage = stage;
  const int index = IndexOf(policy_, stage);
  if (index > IndexOf(policy_, track.furthest)) track.furthest = stage;
  for (int passed = 0; passed <= index; ++passed) {
    if (policy_.stages[passed].qualifying) track.qualified = true;
  }
}

Event RandomHistory::NewEvent(EventType type) {
  Event event;
  event.revision = static_cast<int64_t>(events_.size()) + 1;
  event.type = type;
  event.occur_time = now_;
  event.record_time = now_;
  return event;
}

void RandomHistory::Record(const std::string& lead, EventType type, Track after) {
  Track& track = tracks_[lead];
  Event event = NewEvent(type);
  event.lead = lead;
  event.changes = TrackChanges(track, after);
  const Track before = track;
  if (!ApplyEvent(event, track).ok()) std::abort();
  events_.push_back(std::move(event));
  if (on_track) on_track(before, track);
}

}  // namespace sales::testing
