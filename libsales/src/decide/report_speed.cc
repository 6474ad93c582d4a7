#include "src/decide/report_speed.h"

#include <cstddef>
#include <iterator>

#include "src/decide/hours.h"
#include "src/decide/statistics.h"

namespace sales {
namespace {

// Where the figures of a kind of run are.
struct Places {
  Metric asked;
  Metric dropped;
  Metric done;
  Metric time;
  Metric time_sum;
  Metric within;
};
constexpr Places kResponses = {Metric::kResponseAsked,   Metric::kResponseDropped,
                               Metric::kResponseDone,    Metric::kResponseTime,
                               Metric::kResponseTimeSum, Metric::kResponseWithin};
constexpr Places kProposals = {Metric::kProposalAsked,   Metric::kProposalDropped,
                               Metric::kProposalDone,    Metric::kProposalTime,
                               Metric::kProposalTimeSum, Metric::kProposalWithin};

// How many were asked for or dropped, without and with a limit.
struct Limited {
  int64_t free = 0;
  int64_t limited = 0;
};

Limited Count(const TallySum& sums, Metric metric, std::string_view detail = {}) {
  return {sums.Get(metric, detail, kNoLimit), sums.Get(metric, detail, kWithinLimit)};
}

SpeedFigures Figures(const Limited& asked, const Limited& dropped, const TallySum& sums,
                     const Places& places, int64_t not_due) {
  const int64_t within = sums.Get(places.done, "", kWithinLimit);
  const int64_t late = sums.Get(places.done, "", kLate);
  SpeedFigures figures;
  figures.asked = asked.free + asked.limited;
  figures.dropped = dropped.free + dropped.limited;
  figures.done = sums.Get(places.done, "", kNoLimit) + within + late;
  figures.open = figures.asked - figures.dropped - figures.done;
  figures.overdue = asked.limited - dropped.limited - within - late - not_due;
  figures.within_limit = MakeRate(within, within + late + figures.overdue);
  figures.time = sums.Durations(places.time, places.time_sum, "");
  int64_t so_far = 0;
  for (size_t i = 0; i < std::size(kSpeedThresholds); ++i) {
    so_far += sums.Get(places.within, "", static_cast<int64_t>(i));
    figures.within.push_back({kSpeedThresholds[i], so_far});
  }
  return figures;
}

bool IsOfAllOnly(Metric metric) {
  return metric == Metric::kResponseAskedHour || metric == Metric::kResponseDroppedHour;
}

// Looked up without a copy of the key: it is there for all cells but the first.
TallySum& SumOf(std::string_view key, std::map<std::string, SpeedSums, std::less<>>& rows) {
  const auto found = rows.find(key);
  return (found != rows.end() ? found->second : rows[std::string(key)]).sums;
}

std::vector<SpeedRow> RowsOf(const std::map<std::string, SpeedSums, std::less<>>& rows) {
  std::vector<SpeedRow> out;
  for (const auto& [id, sums] : rows) {
    SpeedRow row;
    row.id = id;
    row.response = SpeedFiguresOf(sums.sums, RunKind::kResponse, sums.waiting.responses);
    row.proposal = SpeedFiguresOf(sums.sums, RunKind::kProposal, sums.waiting.proposals);
    if (row.response.asked + row.proposal.asked > 0) out.push_back(std::move(row));
  }
  return out;
}

bool InWindowOf(const Run& run, const Window& window, absl::TimeZone zone) {
  return InWindow(window, absl::CivilDay(zone.At(run.start).cs));
}

}  // namespace

bool IsOfSpeed(Metric metric) {
  return metric >= Metric::kResponseAsked && metric <= Metric::kProposalWithin;
}

SpeedFigures SpeedFiguresOf(const TallySum& sums, RunKind kind, int64_t not_due) {
  const Places& places = kind == RunKind::kResponse ? kResponses : kProposals;
  return Figures(Count(sums, places.asked), Count(sums, places.dropped), sums, places, not_due);
}

void SpeedParts::AddCells(Dimension dimension, std::string_view key, Metric metric,
                          std::string_view detail, absl::Span<const BucketCount> counts) {
  switch (dimension) {
    case Dimension::kAll:
      total.sums.Add(metric, detail, counts);
      // What is left of it when every seller's is taken away is nobody's.
      if (!IsOfAllOnly(metric)) SumOf("", sellers).Add(metric, detail, counts);
      return;
    case Dimension::kSeller:
      SumOf(key, sellers).Add(metric, detail, counts);
      SumOf("", sellers).Add(metric, detail, counts, -1);
      return;
    case Dimension::kChannel:
      SumOf(key, channels).Add(metric, detail, counts);
      return;
    case Dimension::kHour:
      hours[ParseHour(key)].sums.Add(metric, detail, counts);
      return;
    case Dimension::kCampaign:
      return;
  }
}

void SpeedParts::AddWaiting(const Run& run, const std::string& seller, const std::string& channel,
                            const Window& window, absl::TimeZone zone) {
  if (!InWindowOf(run, window, zone)) return;
  ++total.waiting.Of(run.kind);
  ++sellers[seller].waiting.Of(run.kind);
  ++channels[channel].waiting.Of(run.kind);
  if (run.kind == RunKind::kResponse) ++hours[HourOfWeek(run.start, zone)].waiting.responses;
}

SpeedParts SpeedPartsOf(const Fold& fold, const Selection& selection, const Window& window,
                        absl::Time now, absl::TimeZone zone) {
  SpeedParts parts;
  fold.ForEachCount(selection, window,
                    [&](const Track& track, const TrackCount& count, const std::string& detail) {
                      if (!IsOfSpeed(count.metric)) return;
                      const auto add = [&](TallySum& sums) {
                        sums.Add(count.metric, detail, count.bucket, count.n);
                      };
                      add(parts.total.sums);
                      if (!IsOfAllOnly(count.metric)) {
                        add(parts.sellers[track.seller].sums);
                        add(parts.channels[track.channel].sums);
                      }
                      if (count.hour >= 0) add(parts.hours[count.hour].sums);
                    });
  fold.ForEach([&](const std::string&, const Track& track) {
    if (!selection.LetsThrough(track)) return;
    for (const Run& run : track.runs) {
      if (!run.open() || !run.due.has_value() || *run.due < now) continue;
      parts.AddWaiting(run, track.seller, track.channel, window, zone);
    }
  });
  return parts;
}

SpeedReport MakeSpeedReport(const ReportQuery& query, int64_t as_of_revision,
                            const SpeedParts& parts) {
  SpeedReport report;
  report.window = query.window;
  report.as_of_revision = as_of_revision;
  const auto& [sums, waiting] = parts.total;
  report.response = SpeedFiguresOf(sums, RunKind::kResponse, waiting.responses);
  report.proposal = SpeedFiguresOf(sums, RunKind::kProposal, waiting.proposals);
  report.sellers = RowsOf(parts.sellers);
  report.channels = RowsOf(parts.channels);
  if (!query.include_hours) return report;
  static const SpeedSums* const kNothing = new SpeedSums();
  for (int hour = 0; hour < kHoursOfWeek; ++hour) {
    const Limited asked = Count(sums, Metric::kResponseAskedHour, HourName(hour));
    if (asked.free + asked.limited == 0) continue;
    const Limited dropped = Count(sums, Metric::kResponseDroppedHour, HourName(hour));
    const auto found = parts.hours.find(hour);
    const SpeedSums& own = found == parts.hours.end() ? *kNothing : found->second;
    report.hours.push_back(
        {hour, Figures(asked, dropped, own.sums, kResponses, own.waiting.responses)});
  }
  return report;
}

}  // namespace sales
