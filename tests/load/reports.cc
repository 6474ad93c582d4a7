// How long each report takes over a year of 1 000 leads and ten times as many again and again.
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "sales/attribution.h"
#include "sales/declines.h"
#include "sales/forecast.h"
#include "sales/load.h"
#include "sales/plan.h"
#include "sales/referrals.h"
#include "sales/report.h"
#include "sales/score.h"
#include "sales/speed.h"
#include "tests/load/bench.h"

namespace sales::load {
namespace {

constexpr char kWorkspace[] = "bench";
constexpr int64_t kBatch = 500;
constexpr int kChannels = 10;
constexpr int kCampaigns = 3;
constexpr int kSellers = 10;
// One of so many leads is looked up again: its contact is touched, and sends somebody.
constexpr int64_t kKnownEvery = 20;

std::string ChannelId(uint64_t number) { return "channel-" + std::to_string(number % kChannels); }
std::string CampaignId(uint64_t number) {
  return "campaign-" + std::to_string(number % kCampaigns);
}

// Numbers that look like chance, and are the same on every machine.
class Chance {
 public:
  explicit Chance(int64_t seed) : state_(static_cast<uint64_t>(seed) * 0x9E3779B97F4A7C15ull + 1) {}
  uint64_t Next() {
    state_ = (state_ ^ (state_ >> 30)) * 0xBF58476D1CE4E5B9ull;
    state_ = (state_ ^ (state_ >> 27)) * 0x94D049BB133111EBull;
    return state_ ^= state_ >> 31;
  }
  bool Of(int percent) { return static_cast<int>(Next() % 100) < percent; }

 private:
  uint64_t state_;
};

// How a lead ends: some are declined or lost early, some get a proposal, a third of these are won.
void AddSteps(Chance& chance, ImportLead& row) {
  absl::Time time = *row.capture.receive_time;
  const auto then = [&](LeadCommand command) {
    time += absl::Minutes(5 + static_cast<int64_t>(chance.Next() % 2'000));
    row.steps.push_back({time, std::move(command)});
  };
  if (chance.Of(8)) return;
  then(LogActivity{ActivityKind::kCall, Direction::kOut, absl::Minutes(5), "called"});
  then(AdvanceLead{"contacted", "", ""});
  if (chance.Of(15)) {
    DeclineLead decline;
    decline.reason = chance.Of(50) ? "price" : "scope";
    decline.arguments = {"we test what we ship", "it is made to last",
                         chance.Of(50) ? "one team" : ""};
    decline.alternatives = "a smaller start";
    return then(decline);
  }
  if (chance.Of(20)) return then(LoseLead{"competitor", ""});
  then(AdvanceLead{"requirements", "", ""});
  then(AgreeRequirements{"a list"});
  then(AdvanceLead{"proposal", "", ""});
  if (chance.Of(10)) return;
  SendProposal proposal;
  proposal.scope = "all of it";
  proposal.price = *row.capture.expected_value;
  then(proposal);
  then(AdvanceLead{"start_of_work", "", ""});
  if (chance.Of(40)) return then(LoseLead{"price", ""});
  if (chance.Of(30)) return;
  then(AnswerProposal{0, ProposalState::kAccepted});
  then(AdvanceLead{"contract", "", ""});
  then(WinLead{proposal.price, ""});
}

class Studio {
 public:
  explicit Studio(Desk desk) : desk_(std::move(desk)) {}

  void Open() {
    for (int channel = 0; channel < kChannels; ++channel) {
      const std::string id = ChannelId(static_cast<uint64_t>(channel));
      Require(desk_.CreateChannel({id, ""}).status());
      for (int campaign = 0; campaign < kCampaigns; ++campaign) {
        const std::string name = CampaignId(static_cast<uint64_t>(campaign));
        Require(desk_.CreateCampaign({id, name, "", 0}).status());
        Require(desk_.RecordSpend({id, name, Money{"EUR", 10'000}, absl::CivilDay(2025, 3, 1)})
                    .status());
      }
    }
    UpdateWorkspace features;
    features.score_features = {"channel", "interest", "expected_value"};
    Require(desk_.UpdateWorkspace(features).status());
    SetPlan plan;
    plan.quarter = "2025-Q3";
    plan.targets.revenue = Money{"EUR", 100'000'000};
    plan.targets.won = 1'000;
    Require(desk_.SetPlan(plan).status());
  }

  // Goes on with a studio that has so many leads.
  void GoOnAt(int64_t size) {
    for (; leads_ < size; leads_ += kKnownEvery) {
      const auto contact = desk_.FindContact(NewPerson(leads_).contact.identities[0]);
      Require(contact.status());
      known_.push_back(contact->id);
    }
  }

  // Leads up to the number `size`.
  void GrowTo(int64_t size) {
    for (; leads_ < size; leads_ += kBatch) {
      std::vector<ImportLead> rows;
      for (int64_t number = leads_; number < leads_ + kBatch; ++number) rows.push_back(Row(number));
      const auto results = desk_.ImportLeads(rows);
      Require(results.status());
      for (const ImportResult& result : *results) Require(result.status);
      TouchSome(*results);
    }
  }

 private:
  ImportLead Row(int64_t number) {
    Chance chance(number);
    ImportLead row;
    row.capture = NewPerson(number);
    row.capture.external_id = "row-" + std::to_string(number);
    row.capture.channel = ChannelId(chance.Next());
    row.capture.campaign = CampaignId(chance.Next());
    row.capture.seller = "seller-" + std::to_string(chance.Next() % kSellers);
    row.capture.need = "a shop";
    row.capture.interest = static_cast<int>(chance.Next() % 101);
    row.capture.expected_value =
        Money{"EUR", 10'000 + static_cast<int64_t>(chance.Next() % 1'000'000)};
    row.capture.expected_close = absl::CivilDay(2025, 7, 1) + static_cast<int>(chance.Next() % 365);
    row.capture.receive_time = absl::FromCivil(absl::CivilDay(2025, 1, 1), absl::UTCTimeZone()) +
                               absl::Seconds(static_cast<int64_t>(chance.Next() % (365 * 86'400)));
    if (!known_.empty() && chance.Of(5)) {
      row.capture.referrer = known_[chance.Next() % known_.size()];
    }
    AddSteps(chance, row);
    return row;
  }

  void TouchSome(const std::vector<ImportResult>& results) {
    RecordTouches touches;
    const auto batch = static_cast<uint64_t>(leads_ / kBatch);
    touches.channel = ChannelId(batch);
    touches.campaign = CampaignId(batch);
    for (size_t i = 0; i < results.size(); i += kKnownEvery) {
      const absl::StatusOr<Lead> lead = desk_.GetLead(results[i].lead);
      Require(lead.status());
      known_.push_back(lead->contact);
      touches.contacts.push_back(lead->contact);
    }
    Call call;
    call.occur_time = absl::FromCivil(absl::CivilDay(2025, 2, 1), absl::UTCTimeZone());
    Require(desk_.With(call).RecordTouches(touches).status());
  }

  const Desk desk_;
  int64_t leads_ = 0;
  std::vector<std::string> known_;
};

Engine OpenRelaxed(const std::string& file) {
  EngineOptions relaxed;
  relaxed.store = "sqlite:" + file;
  relaxed.durability = EngineOptions::Durability::kRelaxed;
  absl::StatusOr<Engine> engine = Engine::Open(std::move(relaxed));
  Require(engine.status());
  return *std::move(engine);
}

std::string StoreOf(const Options& options, int64_t size) {
  return options.kept() + "/reports-" + std::to_string(size) + ".db";
}

// A store of so many leads: the one that an earlier run kept, or that of `smaller` and what it
// lacks.
std::string FilledStore(const Options& options, int64_t smaller, int64_t size) {
  std::string file = StoreOf(options, size);
  if (std::filesystem::exists(file)) return file;
  // A run that is broken off leaves no half of a store.
  const std::string filling = options.directory + "/filling.db";
  if (smaller > 0) std::filesystem::copy_file(StoreOf(options, smaller), filling);
  {
    const Engine engine = OpenRelaxed(filling);
    Studio studio(engine.At(kWorkspace));
    if (smaller > 0) {
      studio.GoOnAt(smaller);
    } else {
      CreateWorkspace workspace;
      workspace.id = kWorkspace;
      Require(engine.CreateWorkspace(workspace).status());
      studio.Open();
    }
    studio.GrowTo(size);
  }
  std::filesystem::copy_file(filling, file);
  std::filesystem::remove(filling);
  return file;
}

using Reports = std::vector<std::pair<std::string, std::function<absl::Status()>>>;

Reports ReportsOf(const Desk& desk) {
  const Window window = {absl::CivilDay(2025, 1, 10), absl::CivilDay(2026, 1, 10)};
  ReportQuery year;
  year.window = window;
  ReportQuery by_hour = year;
  by_hour.include_hours = true;
  AttributionQuery touches;
  touches.window = window;
  ReferralQuery referrals;
  referrals.window = window;
  ScoreQuery score;
  score.window = window;
  PlanQuery quarter;
  quarter.quarter = "2025-Q3";
  StaffingQuery staffing;
  staffing.window = window;
  staffing.handling_time = absl::Minutes(10);
  staffing.wait_limit = absl::Minutes(15);
  staffing.goal = 0.9;
  return {
      {"ReportFunnel", [=] { return desk.ReportFunnel(year).status(); }},
      {"ReportChannels", [=] { return desk.ReportChannels(year).status(); }},
      {"ReportAttribution", [=] { return desk.ReportAttribution(touches).status(); }},
      {"ReportSpeed", [=] { return desk.ReportSpeed(year).status(); }},
      {"ReportSpeed by hour", [=] { return desk.ReportSpeed(by_hour).status(); }},
      {"ReportDeclines", [=] { return desk.ReportDeclines(year).status(); }},
      {"ReportReferrals", [=] { return desk.ReportReferrals(referrals).status(); }},
      {"ReportPlan", [=] { return desk.ReportPlan(quarter).status(); }},
      {"ReportForecast", [=] { return desk.ReportForecast({}).status(); }},
      {"ReportLoad", [=] { return desk.ReportLoad(year).status(); }},
      {"PlanStaffing", [=] { return desk.PlanStaffing(staffing).status(); }},
      {"ReportScore", [=] { return desk.ReportScore(score).status(); }},
  };
}

double WallSeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Of this thread, which does all that a report from a file asks for: the clock's time would tell of
// whoever else uses the machine.
double CpuSeconds() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double MedianSeconds(double (*clock)(), const std::function<absl::Status()>& report) {
  constexpr int kCalls = 21;
  std::vector<double> seconds;
  for (int i = 0; i < kCalls; ++i) {
    const double start = clock();
    Require(report());
    seconds.push_back(clock() - start);
  }
  return Median(seconds);
}

// The same of a copy on the server, against SQLite and against a tenth of the leads.
void OnPostgres(const Options& options, const std::string& file, int64_t size,
                const std::map<std::string, double>& on_sqlite,
                std::map<std::string, double>& before, Lines& lines) {
  const std::string store = CopyToPostgres(options, file, "bench_reports");
  EngineOptions copy;
  copy.store = store;
  const absl::StatusOr<Engine> engine = Engine::Open(std::move(copy));
  Require(engine.status());
  for (const auto& [name, report] : ReportsOf(engine->At(kWorkspace))) {
    const double seconds = MedianSeconds(WallSeconds, report);
    const double growth = before.count(name) > 0 ? seconds / before[name] : 0;
    lines.push_back({absl::StrFormat("d  %s on PostgreSQL, %d leads", name, size),
                     growth > 0 ? absl::StrFormat("%.2f ms, %.2f of a tenth", seconds * 1e3, growth)
                                : absl::StrFormat("%.2f ms", seconds * 1e3),
                     seconds / on_sqlite.at(name), "< 2 of SQLite, < 2 of a tenth"});
    before[name] = seconds;
  }
  BenchReportsOverGrpc("sqlite:" + file, store, size, lines);
}

void OnSqlite(const std::string& file, int64_t size, std::map<std::string, double>& before,
              Lines& lines) {
  const Engine engine = OpenRelaxed(file);
  for (const auto& [name, report] : ReportsOf(engine.At(kWorkspace))) {
    const double seconds = MedianSeconds(CpuSeconds, report);
    const bool last = size >= 100'000;
    lines.push_back({absl::StrFormat("d  %s over a year, %d leads", name, size),
                     absl::StrFormat("%.2f ms", seconds * 1e3), last ? seconds / before[name] : 0,
                     last ? "< 2 of a tenth, < 20 ms" : ""});
    before[name] = seconds;
  }
}

}  // namespace

void BenchReports(const Options& options, Lines& lines) {
  std::map<std::string, double> before;
  std::map<std::string, double> on_postgres;
  int64_t smaller = 0;
  for (const int64_t size : {1'000, 10'000, 100'000, options.quick ? 0 : 1'000'000}) {
    if (size == 0) continue;
    const std::string file = FilledStore(options, smaller, size);
    OnSqlite(file, size, before, lines);
    if (!options.postgres.empty() && !options.quick && size >= 100'000) {
      OnPostgres(options, file, size, before, on_postgres, lines);
    }
    smaller = size;
  }
}

}  // namespace sales::load
