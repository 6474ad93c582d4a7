#include "src/decide/report_forecast.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/decide/errors.h"
#include "src/decide/forecast_simulation.h"
#include "src/decide/track.h"

namespace sales {
namespace {

constexpr int kWhole = 100;
// A simulation's sums of all rounds: of each month, of each stage and of all.
constexpr int64_t kSumsMax = 10'000'000;

// amount * part / whole, rounded half away from zero; none of them below 0.
int64_t Share(int64_t amount, int64_t part, int64_t whole) {
  const absl::int128 product = absl::int128(amount) * part;
  return static_cast<int64_t>((product + whole / 2) / whole);
}

using Month = std::optional<absl::CivilMonth>;
struct LaterMonth {
  // Without a month last.
  bool operator()(const Month& a, const Month& b) const {
    if (a.has_value() && b.has_value()) return *a < *b;
    return a.has_value() && !b.has_value();
  }
};

struct StagePlace {
  std::string funnel;
  std::string stage;
  int percent = 0;
};

// What is added up before it is written into figures.
struct Sums {
  int64_t leads = 0;
  int64_t valued = 0;
  int64_t value = 0;
  int64_t weighted = 0;
  // Leads times percent.
  int64_t chances = 0;

  void Add(const Sums& other) {
    leads += other.leads;
    valued += other.valued;
    value += other.value;
    weighted += other.weighted;
    chances += other.chances;
  }
};

// The leads of one stage that are expected to close on one day; or on none.
struct Cell {
  int64_t leads = 0;
  int64_t valued = 0;
  int64_t value = 0;
  // By bucket of the value; only for a simulation.
  std::vector<std::pair<int64_t, int64_t>> values;
};

// A stage's cells by expected close.
using StageCells = std::map<int64_t, Cell>;

// The open leads of a funnel by stage and expected close, whatever the window.
std::map<std::string, StageCells> CellsOf(const TallySum& open) {
  std::map<std::string, StageCells> stages;
  const std::string open_suffix = std::string("/") + LeadStateName(LeadState::kOpen);
  for (const std::string& detail : open.Details(Metric::kLeft)) {
    const size_t slash = detail.rfind('/');
    if (slash == std::string::npos || detail.substr(slash) != open_suffix) continue;
    stages[detail.substr(0, slash)][0].leads = open.Get(Metric::kLeft, detail);
  }
  for (const std::string& stage : open.Details(Metric::kPipelineLeads)) {
    StageCells& cells = stages[stage];
    for (const auto& [close, n] : open.Buckets(Metric::kPipelineLeads, stage)) {
      cells[close].leads += n;
      cells[0].leads -= n;
    }
  }
  for (const std::string& stage : open.Details(Metric::kPipelineValue)) {
    for (const auto& [close, value] : open.Buckets(Metric::kPipelineValue, stage)) {
      stages[stage][close].value = value;
    }
  }
  for (const std::string& stage : open.Details(Metric::kPipelineValued)) {
    for (const auto& [close, n] : open.Buckets(Metric::kPipelineValued, stage)) {
      stages[stage][close].valued = n;
    }
  }
  for (const std::string& detail : open.Details(Metric::kPipelineValues)) {
    const size_t mark = detail.rfind('>');
    int64_t close = 0;
    if (mark == std::string::npos ||
        !absl::SimpleAtoi(absl::string_view(detail).substr(mark + 1), &close)) {
      continue;
    }
    stages[detail.substr(0, mark)][close].values = open.Buckets(Metric::kPipelineValues, detail);
  }
  return stages;
}

// Collects the rows of a report.
class Forecaster {
 public:
  Forecaster(const ForecastQuery& query, const std::string& currency_code)
      : query_(query), currency_code_(currency_code) {}

  void AddFunnel(const FunnelPipeline& funnel) {
    std::map<std::string, StageCells> cells = CellsOf(funnel.open);
    for (const Stage& stage : funnel.policy->stages) {
      const auto found = cells.find(stage.key);
      if (found == cells.end()) continue;
      AddStage({funnel.policy->id, stage.key, stage.probability_percent}, found->second);
      cells.erase(found);
    }
    // No policy in force knows them: nothing is promised of them.
    for (const auto& [stage, left] : cells) AddStage({funnel.policy->id, stage, 0}, left);
  }

  absl::Status CheckRounds() const {
    int64_t leads = 0;
    for (const ForecastGroup& group : groups_) leads += group.leads;
    const auto rows = static_cast<int64_t>(stages_.size() + months_.size() + 1);
    const int64_t most =
        std::min({int64_t{limits::forecast_rounds_max},
                  limits::forecast_draws_max / std::max<int64_t>(1, leads), kSumsMax / rows});
    return CheckRange("simulation_rounds", query_.simulation_rounds, 0, most);
  }

  void Fill(ForecastReport& report) {
    ForecastDraws draws;
    if (query_.simulation_rounds > 0) {
      for (ForecastGroup& group : groups_)
        group.month = IndexOf(months_of_groups_[&group - groups_.data()]);
      draws = DrawForecast(groups_, stages_.size(), months_.size(), query_.simulation_rounds,
                           query_.simulation_seed);
    }
    Sums total;
    size_t i = 0;
    for (const auto& [month, sums] : months_) {
      total.Add(sums);
      report.months.push_back({month, FiguresOf(sums)});
      if (!draws.total.empty()) AddQuantiles(draws.months[i], report.months.back().figures);
      ++i;
    }
    for (i = 0; i < stages_.size(); ++i) {
      const auto& [place, sums] = stages_[i];
      report.stages.push_back({place.funnel, place.stage,
                               static_cast<double>(place.percent) / kWhole, FiguresOf(sums)});
      if (!draws.total.empty()) AddQuantiles(draws.stages[i], report.stages.back().figures);
    }
    report.total = FiguresOf(total);
    if (!draws.total.empty()) AddQuantiles(draws.total, report.total);
  }

 private:
  bool IsShown(int64_t close) const {
    return close == 0 || InWindow(query_.window, *CloseDay(close));
  }

  void AddStage(const StagePlace& place, const StageCells& cells) {
    std::map<Month, Sums, LaterMonth> months;
    for (const auto& [close, cell] : cells) {
      if (cell.leads == 0 || !IsShown(close)) continue;
      const Month month = close == 0 ? Month() : Month(absl::CivilMonth(*CloseDay(close)));
      Sums& sums = months[month];
      sums.leads += cell.leads;
      sums.valued += cell.valued;
      sums.value += cell.value;
      sums.chances += cell.leads * place.percent;
      AddGroups(place, month, cell);
    }
    if (months.empty()) return;
    Sums all;
    for (auto& [month, sums] : months) {
      sums.weighted = Share(sums.value, place.percent, kWhole);
      months_[month].Add(sums);
      all.Add(sums);
    }
    stages_.emplace_back(place, all);
  }

  void AddGroups(const StagePlace& place, const Month& month, const Cell& cell) {
    int64_t known = 0;
    for (const auto& [bucket, n] : cell.values) known += n * BucketAmount(bucket);
    for (const auto& [bucket, n] : cell.values) {
      groups_.push_back(
          {stages_.size(), 0, place.percent, Share(BucketAmount(bucket), cell.value, known), n});
      months_of_groups_.push_back(month);
    }
  }

  size_t IndexOf(const Month& month) const {
    return static_cast<size_t>(std::distance(months_.begin(), months_.find(month)));
  }

  ForecastFigures FiguresOf(const Sums& sums) const {
    ForecastFigures figures;
    figures.leads = sums.leads;
    figures.leads_without_value = sums.leads - sums.valued;
    figures.expected_value = {currency_code_, sums.value};
    figures.weighted = {currency_code_, sums.weighted};
    figures.expected_wins = static_cast<double>(sums.chances) / kWhole;
    return figures;
  }

  void AddQuantiles(const std::vector<int64_t>& sums, ForecastFigures& figures) const {
    constexpr int kP10 = 1;
    constexpr int kP50 = 5;
    constexpr int kP90 = 9;
    figures.p10 = Money{currency_code_, QuantileOf(sums, kP10)};
    figures.p50 = Money{currency_code_, QuantileOf(sums, kP50)};
    figures.p90 = Money{currency_code_, QuantileOf(sums, kP90)};
  }

  const ForecastQuery& query_;
  const std::string& currency_code_;
  std::map<Month, Sums, LaterMonth> months_;
  std::vector<std::pair<StagePlace, Sums>> stages_;
  std::vector<ForecastGroup> groups_;
  std::vector<Month> months_of_groups_;
};

void AddClosed(const TallySum& closed, ForecastReport& report) {
  const auto count = [&](LeadState state) {
    return closed.Get(Metric::kClosed, LeadStateName(state));
  };
  report.won += count(LeadState::kWon);
  report.declined += count(LeadState::kDeclined);
  report.lost += count(LeadState::kLost);
  report.nurtured += count(LeadState::kNurtured);
  report.revenue.minor_units += closed.Get(Metric::kClosedRevenue);
}

}  // namespace

absl::StatusOr<ForecastReport> MakeForecastReport(const ForecastQuery& query,
                                                  const std::string& currency_code,
                                                  int64_t revision,
                                                  const std::vector<FunnelPipeline>& funnels) {
  ForecastReport report;
  report.window = query.window;
  report.as_of_revision = revision;
  report.revenue.currency_code = currency_code;
  Forecaster forecaster(query, currency_code);
  for (const FunnelPipeline& funnel : funnels) {
    forecaster.AddFunnel(funnel);
    AddClosed(funnel.closed, report);
  }
  SALES_RETURN_IF_ERROR(forecaster.CheckRounds());
  forecaster.Fill(report);
  return report;
}

}  // namespace sales
