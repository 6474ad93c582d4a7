// Tallies: counts by civil day and dimension that reports read instead of the record.
#ifndef SALES_SRC_DECIDE_TALLY_H_
#define SALES_SRC_DECIDE_TALLY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/decide/track.h"

namespace sales {

// The buckets of the metrics that sum durations: whole seconds and the microseconds over are summed
// apart, since the microseconds of a million leads' months do not fit into 64 bits.
inline constexpr int64_t kSumMicros = 0;
inline constexpr int64_t kSumSeconds = 1;

// What a tally is kept for; hours are those of the week in which a response was asked for, and have
// nothing but the times of responses. Stored: numbers do not change.
enum class Dimension { kAll = 0, kChannel = 1, kCampaign = 2, kSeller = 3, kHour = 4 };

// What is counted. Stored: numbers do not change. Counted on the day the lead was received, except
// for the period metrics, which are counted on the day they happened.
enum class Metric {
  kReceived = 1,
  kNewContacts = 2,
  kState = 3,     // detail: state name
  kFurthest = 4,  // detail: stage; leads that are not won
  kWon = 5,       // leads that are won
  kEntered = 6,   // detail: stage; each lead once
  kQualified = 7,
  kRevenue = 8,           // minor units of won leads
  kFurthestExpected = 9,  // detail: stage; minor units, leads that are not won
  kWonExpected = 10,      // minor units, leads that are won
  kLeft = 11,             // detail: stage + '/' + state name, the last stage of every lead
  kStageTime = 12,        // detail: stage; bucket: of the duration of a finished visit
  kStageTimeSum = 13,     // detail: stage; bucket: kSumMicros or kSumSeconds
  kResponse = 14,         // bucket: of the duration to the first response
  kResponseSum = 15,      // bucket: kSumMicros or kSumSeconds
  kDaysToWin = 16,        // bucket: civil days from receiving to winning, may be negative
  kReturned = 17,
  kReturnedWon = 18,
  kReturnedRevenue = 19,
  // Period metrics.
  kEntries = 30,        // detail: stage; entries that happened on the day
  kClosed = 31,         // detail: state name of the lead's present outcome, on its close day
  kClosedRevenue = 32,  // minor units
  // Runs, counted on the day on which the response or the proposal was asked for.
  kResponseAsked = 50,        // bucket: LimitBucket, kNoLimit or kWithinLimit for a limit
  kResponseDropped = 51,      // the same
  kResponseAskedHour = 52,    // detail: hour of the week; only of Dimension::kAll; else the same
  kResponseDroppedHour = 53,  // the same
  kResponseDone = 54,         // bucket: LimitBucket
  kResponseTime = 55,         // bucket: of the working time that it took
  kResponseTimeSum = 56,      // bucket: kSumMicros or kSumSeconds
  kResponseWithin = 57,       // bucket: the first of kSpeedThresholds that it kept to
  // The same of proposals.
  kProposalAsked = 58,
  kProposalDropped = 59,
  kProposalDone = 60,
  kProposalTime = 61,
  kProposalTimeSum = 62,
  kProposalWithin = 63,
  // Declines, counted on the day of the decline; detail: DeclineGroup and key, bucket:
  // DeclineCount.
  kDecline = 70,
  // Of open leads, on the day of their expected close, and kTotalsDay where they have none.
  kPipelineLeads = 90,   // detail: stage; bucket: expected close, leads that have one
  kPipelineValue = 91,   // detail: stage; bucket: expected close or 0; minor units
  kPipelineValues = 92,  // detail: stage + '>' + expected close or 0; bucket: of a value above 0
  kPipelineValued = 93,  // detail: stage; bucket: expected close or 0; leads with a value above 0
  // Of paths, on the day of the win, or of the last touch where no lead is won; in kAll only.
  // Those through one channel only:
  kLonePaths = 80,    // detail: channel; without conversion
  kLoneWins = 81,     // detail: channel
  kLoneRevenue = 82,  // detail: channel; minor units
  // All others:
  kPathSteps = 83,      // detail: channel or "" + '>' + channel, "+" (won) or "-" (not won)
  kCredit = 84,         // detail: channel; bucket: model; billionths of a conversion
  kCreditRevenue = 85,  // detail: channel; bucket: model; minor units
  // Of campaigns and channels rather than leads; funnel empty.
  kSpend = 40,            // minor units
  kReachedContacts = 41,  // contacts reached for the first time
  // Leads, on the day they were received.
  kArrivals = 100,  // bucket: the hour, see HourMarkOf
  // Of the whole workspace only, without funnel; leads that were won, declined or lost, on the day
  // they were closed.
  kFeatureWon = 101,      // detail: a feature and its value; empty: all that were scored by any
  kFeatureNotWon = 102,   // likewise
  kPromisedWon = 103,     // bucket: permille
  kPromisedNotWon = 104,  // bucket: permille
  kStanceClosed = 105,    // detail: stance + '/' + state name
  kStanceRevenue = 106,   // detail: stance; minor units
  kAdviceClosed = 107,    // detail: advice + '/' + state name
  kAdviceRevenue = 108,   // detail: advice; minor units
  // As kFeatureWon and kFeatureNotWon, but all of them on one day, kTotalsDay: what a score rests
  // on.
  kFeatureWonTotal = 109,
  kFeatureNotWonTotal = 110,
  // Of the whole workspace only, without funnel; leads that were sent, on the day they were
  // received.
  kReferred = 111,         // bucket: generation
  kReferredWon = 112,      // likewise; leads that are won
  kReferredRevenue = 113,  // likewise; minor units of won leads
  // How many contacts sent a lead that was received on the day, and who sent one before last on
  // another day. So those who sent any in a window are those whose last day before is not in it.
  kReferrers = 114,  // bucket: that day, since 1970-01-01, or kNoDay
};

// What is kept together: reports read the sheets that they need. Stored: numbers do not change.
enum class Sheet {
  kCounts = 0,
  kLeadTimes = 1,
  kStageTimes = 2,
  kSpeed = 3,
  kDeclines = 4,
  kAttribution = 5,
  // By months only: reports read all of it.
  kPipeline = 6,
  kScore = 7,
  kScoreTotals = 8,
  // By days only: of a month they are very many, and a lead changes few.
  kPipelineValues = 9,
  kReferrals = 10,
};
Sheet SheetOf(Metric metric);

// The day of the totals.
inline constexpr absl::CivilDay kTotalsDay(1970, 1, 1);
// The bucket that stands for no day, before all others.
inline constexpr int64_t kNoDay = -1'000'000;

// Changes when counts are kept in other places: tallies of an earlier layout are made anew.
inline constexpr int64_t kTalliesLayout = 1;

// How a run kept to its limit. Stored.
enum LimitBucket : int64_t { kNoLimit = 0, kWithinLimit = 1, kLate = 2 };

// What a report tells runs by besides their limits.
inline constexpr absl::Duration kSpeedThresholds[] = {
    absl::Minutes(5), absl::Minutes(15), absl::Hours(1), absl::Hours(4), absl::Hours(24)};

// What declines are grouped by: the detail begins with it.
inline constexpr char kByReason = 'r';
inline constexpr char kByDecider = 'd';
inline constexpr char kByStage = 's';
// What is counted of declines. Stored.
enum DeclineCount : int64_t {
  kDeclined = 0,
  kArguedBetter = 1,
  kArguedPrice = 2,
  kArguedDiffer = 3,
  kArguedFully = 4,
  // Each of those that returned in one of these.
  kReturnedIn90 = 5,
  kReturnedIn180 = 6,
  kReturnedIn365 = 7,
  kReturnedLater = 8,
  kReferredLeads = 9,
  kDescendantsWon = 10,
  kDescendantsRevenue = 11,
};

// The hours of the week, from Monday 00:00 on, as details and keys have them: "0" to "167".
int HourOfWeek(absl::Time time, absl::TimeZone zone);
std::string_view HourName(int hour);
// -1 for none.
int ParseHour(std::string_view name);

// Sums wrap instead of overflowing, so that what is taken away again leaves no trace.
inline int64_t WrappedSum(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}

// The place of one count. The key is empty for kAll, the channel's id, "channel/campaign", or the
// seller's id.
struct Cell {
  Dimension dimension = Dimension::kAll;
  std::string key;
  std::string funnel;
  absl::CivilDay day;
  Metric metric = Metric::kReceived;
  std::string detail;
  int64_t bucket = 0;

  friend bool operator==(const Cell& a, const Cell& b) {
    return a.dimension == b.dimension && a.metric == b.metric && a.bucket == b.bucket &&
           a.day == b.day && a.key == b.key && a.funnel == b.funnel && a.detail == b.detail;
  }
  template <typename H>
  friend H AbslHashValue(H h, const Cell& c) {
    // The numbers in one word: hashing runs for every count of every write.
    const auto numbers =
        static_cast<uint64_t>(((c.day.year() * 12 + c.day.month()) * 31 + c.day.day()) * 1024 +
                              static_cast<int64_t>(c.metric) * 8 +
                              static_cast<int64_t>(c.dimension)) ^
        static_cast<uint64_t>(c.bucket) << 40;
    return H::combine(std::move(h), numbers, c.key, c.detail, c.funnel);
  }
};

using TallyTable = absl::flat_hash_map<Cell, int64_t>;

// One of the counts that differ by their bucket alone.
struct BucketCount {
  int64_t bucket = 0;
  int64_t n = 0;
};

// The key of a campaign's cells.
std::string CampaignKey(const std::string& channel, const std::string& campaign);

// One thing that a track counts, before it is put into its dimensions. `stage` points into the
// track.
struct TrackCount {
  Metric metric = Metric::kReceived;
  std::string_view stage = {};
  LeadState state = LeadState::kUnspecified;
  // Of kPipelineValues.
  int64_t close = 0;
  int64_t bucket = 0;
  absl::CivilDay day = {};
  int64_t n = 1;
  // Of counts that Dimension::kHour has too; -1 for others.
  int hour = -1;
  // Of declines; the stage is the key.
  char group = 0;
};
using TrackCounts = absl::InlinedVector<TrackCount, 24>;

// Everything that a track counts; nothing for Track{}. Durations below 0 count as 0.
TrackCounts CountsOf(const Track& track, absl::TimeZone zone);

// Makes the detail of the count's cell: stage, state name, both with '/' between, or a group and
// its key, in which characters that no id has are escaped.
void SetDetail(const TrackCount& count, std::string& detail);

// Adds what the track `after` counts and takes away what `before` counted; cells whose sum becomes
// 0 are removed. `before` of a new lead is Track{}, which counts nothing.
void AddDifference(const Track& before, const Track& after, absl::TimeZone zone, TallyTable& table);

// The group and the key in the detail of a decline.
std::pair<char, std::string> SplitGroup(std::string_view detail);

// Adds spend of a channel, or of a campaign where it is not empty (then the channel has it too).
void AddSpend(const std::string& channel, const std::string& campaign, absl::CivilDay day,
              int64_t minor_units, TallyTable& table);
void AddReachedContacts(const std::string& channel, const std::string& campaign, absl::CivilDay day,
                        int64_t count, TallyTable& table);

// The days of a contact's leads that follow each other, or come first: adds that he sent the later.
void AddReferrer(std::optional<absl::CivilDay> before, absl::CivilDay day, int64_t n,
                 TallyTable& table);

// Adds to the cell's count; it is removed where the sum becomes 0.
void AddToCell(const Cell& cell, int64_t n, TallyTable& table);

// The bucket of an amount above 0 and the amount that stands for it, at most 1 % from any of its
// bucket; worked out in whole numbers, the same on every machine. Small amounts stand for
// themselves.
int64_t AmountBucket(int64_t amount);
int64_t BucketAmount(int64_t bucket);

// The bucket of a duration and the duration that stands for it: neighbouring buckets grow by a
// fixed factor, so that no duration is further than 1 % from its bucket's. Durations of 0 and less
// are bucket 0, which stands for 0.
int64_t DurationBucket(absl::Duration duration);
absl::Duration BucketDuration(int64_t bucket);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_TALLY_H_
