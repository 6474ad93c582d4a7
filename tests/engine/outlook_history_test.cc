// Forecast, plan facts and attribution against a plain computation, on random histories.
#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include "sales/attribution.h"
#include "sales/forecast.h"
#include "sales/plan.h"
#include "sales/team.h"
#include "tests/engine/studio.h"

namespace sales::testing {
namespace {

using Figures = std::map<std::string, double>;

struct PlainLead {
  std::map<std::string, std::string> fields;
  absl::Time receive_time;
  absl::Time create_time;

  int64_t Number(const std::string& field) const {
    const auto found = fields.find(field);
    return found == fields.end() || found->second.empty() ? 0 : std::stoll(found->second);
  }
  std::string Text(const std::string& field) const {
    const auto found = fields.find(field);
    return found == fields.end() ? "" : found->second;
  }
};

struct PlainTouch {
  std::string contact;
  std::string channel;
  absl::Time time;
};

// The channels of a contact's touches, in order.
using Path = std::vector<std::string>;

// The chance of a conversion from the start of a chain of order 1 that these paths make, in which
// whoever comes to `removed` is lost.
double ChanceWithout(const std::string& removed, const std::vector<std::pair<Path, bool>>& paths) {
  const std::string kStart = "(start)";
  const std::string kWon = "(won)";
  std::map<std::string, std::map<std::string, double>> steps;
  for (const auto& [path, won] : paths) {
    std::string from = kStart;
    for (const std::string& channel : path) {
      if (channel != from) ++steps[from][channel];
      from = channel;
    }
    ++steps[from][won ? kWon : "(lost)"];
  }
  std::map<std::string, double> chance = {{kWon, 1.0}};
  // Comes as near as numbers can: each round loses a share of what is left.
  for (int round = 0; round < 20'000; ++round) {
    for (const auto& [from, next] : steps) {
      double sum = 0;
      double all = 0;
      for (const auto& [to, n] : next) {
        all += n;
        if (to != removed && chance.count(to) > 0) sum += n * chance[to];
      }
      chance[from] = sum / all;
    }
  }
  return chance[kStart];
}

class OutlookHistories : public Studio, public ::testing::WithParamInterface<uint32_t> {
 protected:
  OutlookHistories() : random_(GetParam()) {
    EXPECT_TRUE(absl::LoadTimeZone("Europe/Amsterdam", &zone_));
    for (const char* const channel : {"ads", "mail"}) {
      EXPECT_TRUE(desk().CreateChannel({channel, ""}).ok());
      EXPECT_TRUE(desk().CreateCampaign({channel, "spring", "", 0}).ok());
    }
    SetPlan plan;
    plan.quarter = "2026-Q2";
    plan.targets.won = 10;
    for (const char* const team : {"north", "south"}) {
      EXPECT_TRUE(desk().CreateTeam({team, ""}).ok());
      plan.team = team;
      EXPECT_TRUE(desk().SetPlan(plan).ok());
    }
    plan.team.clear();
    for (const char* const seller : {"anna", "boris", "olga"}) {
      CreateSeller hired;
      hired.id = seller;
      EXPECT_TRUE(desk().CreateSeller(hired).ok());
      plan.seller = seller;
      EXPECT_TRUE(desk().SetPlan(plan).ok());
    }
  }

  int64_t Below(int64_t end) {
    return static_cast<int64_t>(random_() % static_cast<uint64_t>(end));
  }
  const std::string& OneOf(const std::vector<std::string>& all) {
    return all[static_cast<size_t>(Below(static_cast<int64_t>(all.size())))];
  }
  std::string Seller() { return OneOf({"anna", "boris", "olga"}); }
  std::string Channel() { return Below(2) == 0 ? "ads" : "mail"; }

  void Step() {
    clock_.Turn(absl::Minutes(1 + Below(1'500)));
    if (leads_.empty() || Below(4) == 0) return CaptureSomebody();
    const std::string lead = OneOf(leads_);
    const char* const stages[] = {"new", "contacted", "requirements", "proposal", "contract"};
    switch (Below(11)) {
      case 0:
      case 1:
        return Touch();
      case 2:
        (void)desk().AdvanceLead(lead, {stages[Below(5)], "changed", "so"});
        return;
      case 3:
        (void)desk().WinLead(lead, {Money{"EUR", Below(90'000)}, "signed"});
        return;
      case 4:
        (void)desk().LoseLead(lead, {"silence", ""});
        return;
      case 5:
        (void)desk().ReopenLead(lead, {"called again", "known"});
        return;
      case 6:
      case 7:
        return Update(lead);
      case 8:
        (void)desk().AssignLead(lead, {Seller()});
        return;
      case 9:
        return ChangeTeam();
      default:
        return ChangeContacts();
    }
  }

  void CaptureSomebody() {
    CaptureLead lead = Person("person" + std::to_string(Below(20)));
    if (Below(2) == 0) lead.channel = Channel();
    if (Below(2) == 0) lead.expected_value = Money{"EUR", Below(100'000)};
    const auto captured = desk().CaptureLead(lead);
    if (!captured.ok()) return;
    leads_.push_back(captured->lead.id);
    contacts_.push_back(captured->contact.id);
  }
  void Touch() {
    const PlainTouch touch = {OneOf(contacts_), Channel(),
                              clock_.Now() - absl::Minutes(Below(30'000))};
    Call call;
    call.occur_time = touch.time;
    if (desk(call).RecordTouches({touch.channel, "spring", {touch.contact}}).ok()) {
      touches_.push_back(touch);
    }
  }
  void Update(const std::string& lead) {
    UpdateLead update;
    update.expected_value = Money{"EUR", Below(100'000)};
    if (Below(3) == 0) {
      update.clear_expected_close = true;
    } else {
      update.expected_close = absl::CivilDay(2026, 4, 1) + Below(200);
    }
    (void)desk().UpdateLead(lead, update);
  }
  void ChangeTeam() {
    const std::string seller = Seller();
    UpdateSeller update;
    update.team = OneOf({"north", "south", ""});
    if (desk().UpdateSeller(seller, update).ok()) teams_[seller] = *update.team;
  }
  void ChangeContacts() {
    const std::string kept = OneOf(contacts_);
    const std::string other = OneOf(contacts_);
    const int64_t what = Below(8);
    if (what == 0) {
      (void)desk().EraseContact(other);
    } else if (what < 4) {
      if (desk().UnmergeContact(other).ok()) merged_into_.erase(other);
    } else if (desk().MergeContacts(kept, other).ok()) {
      merged_into_[other] = kept;
    }
  }

  std::map<std::string, PlainLead> Leads() const {
    std::map<std::string, PlainLead> leads;
    for (const Event& event : Events()) {
      if (event.lead.empty()) continue;
      PlainLead& lead = leads[event.lead];
      if (event.type == EventType::kLeadCaptured) {
        lead.receive_time = event.occur_time;
        lead.create_time = event.record_time;
      }
      for (const Change& change : event.changes) lead.fields[change.field] = change.after;
    }
    return leads;
  }
  std::string RootOf(std::string contact) const {
    while (merged_into_.count(contact) > 0) contact = merged_into_.at(contact);
    return contact;
  }

  // Whose plans a lead counts for.
  std::vector<std::string> PlansOf(const PlainLead& lead) const {
    std::vector<std::string> plans = {"studio"};
    const std::string seller = lead.Text("seller");
    if (seller.empty()) return plans;
    plans.push_back(seller);
    if (const auto team = teams_.find(seller); team != teams_.end() && !team->second.empty()) {
      plans.push_back(team->second);
    }
    return plans;
  }

  // What touched a contact before that time.
  std::vector<std::pair<absl::Time, std::string>> TouchesOf(
      const std::string& contact, absl::Time end,
      const std::map<std::string, PlainLead>& leads) const {
    using Item = std::tuple<absl::Time, int, absl::Time, std::string, std::string>;
    std::vector<Item> items;
    for (const PlainTouch& touch : touches_) {
      if (RootOf(touch.contact) == contact && touch.time <= end) {
        items.emplace_back(touch.time, 0, absl::Time(), "", touch.channel);
      }
    }
    for (const auto& [id, lead] : leads) {
      if (lead.Text("contact") == contact && lead.receive_time <= end) {
        items.emplace_back(lead.receive_time, 1, lead.create_time, id, lead.Text("channel"));
      }
    }
    std::sort(items.begin(), items.end());
    std::vector<std::pair<absl::Time, std::string>> touches;
    for (const Item& item : items) touches.emplace_back(std::get<0>(item), std::get<4>(item));
    return touches;
  }

  static void Credit(const std::vector<std::pair<absl::Time, std::string>>& touches,
                     Figures& figures) {
    figures["first " + touches.front().second] += 1;
    figures["last " + touches.back().second] += 1;
    const size_t n = touches.size();
    double decayed = 0;
    std::vector<double> weights;
    for (const auto& [time, channel] : touches) {
      const double weeks = absl::FDivDuration(touches.back().first - time, absl::Hours(7 * 24));
      weights.push_back(std::pow(0.5, weeks));
      decayed += weights.back();
    }
    for (size_t i = 0; i < n; ++i) {
      const std::string& channel = touches[i].second;
      figures["linear " + channel] += 1.0 / static_cast<double>(n);
      figures["decay " + channel] += weights[i] / decayed;
      double share = 1.0 / static_cast<double>(n);
      if (n > 2) share = i == 0 || i == n - 1 ? 0.4 : 0.2 / static_cast<double>(n - 2);
      figures["position " + channel] += share;
    }
  }

  static void AddPath(const std::vector<std::pair<absl::Time, std::string>>& touches, bool won,
                      std::vector<std::pair<Path, bool>>& paths) {
    paths.emplace_back(Path(), won);
    for (const auto& [time, channel] : touches) paths.back().first.push_back(channel);
  }

  static void CreditRemoval(const std::vector<std::pair<Path, bool>>& paths, Figures& figures) {
    double won = 0;
    std::set<std::string> channels;
    for (const auto& [path, converts] : paths) {
      if (converts) won += 1;
      channels.insert(path.begin(), path.end());
    }
    if (won == 0) return;
    std::map<std::string, double> effects;
    double sum = 0;
    const double whole = ChanceWithout("", paths);
    for (const std::string& channel : channels) {
      effects[channel] = 1 - ChanceWithout(channel, paths) / whole;
      sum += effects[channel];
    }
    for (const auto& [channel, effect] : effects) {
      figures["markov " + channel] = won * effect / sum;
    }
  }

  Figures Plain() const {
    Figures figures;
    const absl::CivilDay first(2026, 4, 1);
    const absl::CivilDay end(2026, 7, 1);
    const auto leads = Leads();
    const auto in_quarter = [&](absl::Time time) {
      const absl::CivilDay day = absl::ToCivilDay(time, zone_);
      return first <= day && day < end;
    };
    std::vector<std::pair<Path, bool>> paths;
    // Contacts of whom no lead is won.
    std::set<std::string> unwon;
    for (const auto& [id, lead] : leads) unwon.insert(lead.Text("contact"));
    for (const auto& [id, lead] : leads) {
      const auto value = static_cast<double>(lead.Number("expected_value"));
      const bool won = lead.Text("state") == "WON";
      for (const std::string& plan : PlansOf(lead)) {
        if (!in_quarter(lead.receive_time)) break;
        ++figures[plan + " leads"];
        if (won) ++figures[plan + " conversion"];
      }
      if (lead.Text("state") == "OPEN") {
        const int64_t close = lead.Number("expected_close");
        const std::string month =
            close == 0
                ? "none"
                : absl::FormatCivilTime(absl::CivilMonth(absl::CivilDay(1969, 12, 31) + close));
        figures["stage leads " + lead.Text("stage")] += 1;
        figures["stage value " + lead.Text("stage")] += value;
        figures["month leads " + month] += 1;
        figures["month value " + month] += value;
        if (value == 0) ++figures["stage unvalued " + lead.Text("stage")];
        if (value == 0) ++figures["month unvalued " + month];
      }
      if (!won) continue;
      const absl::Time win = absl::FromUnixMicros(lead.Number("close_time"));
      const auto revenue = static_cast<double>(lead.Number("won_value"));
      for (const std::string& plan : PlansOf(lead)) {
        if (!in_quarter(win)) break;
        ++figures[plan + " won"];
        figures[plan + " revenue"] += revenue;
      }
      const auto touches = TouchesOf(lead.Text("contact"), win, leads);
      Credit(touches, figures);
      AddPath(touches, true, paths);
      unwon.erase(lead.Text("contact"));
    }
    for (const std::string& contact : unwon) {
      AddPath(TouchesOf(contact, absl::InfiniteFuture(), leads), false, paths);
    }
    CreditRemoval(paths, figures);
    return figures;
  }

  Figures Reported(int64_t revision) const {
    Figures figures;
    ForecastQuery forecast_query;
    forecast_query.as_of_revision = revision;
    const auto forecast = desk().ReportForecast(forecast_query);
    PlanQuery plan_query;
    plan_query.quarter = "2026-Q2";
    plan_query.as_of_revision = revision;
    const auto plan = desk().ReportPlan(plan_query);
    AttributionQuery attribution_query;
    attribution_query.as_of_revision = revision;
    const auto attribution = desk().ReportAttribution(attribution_query);
    EXPECT_TRUE(forecast.ok() && plan.ok() && attribution.ok());
    if (!forecast.ok() || !plan.ok() || !attribution.ok()) return figures;
    const auto add = [&](const std::string& what, const std::string& key,
                         const ForecastFigures& row) {
      figures[what + " leads " + key] = static_cast<double>(row.leads);
      figures[what + " value " + key] = static_cast<double>(row.expected_value.minor_units);
      figures[what + " unvalued " + key] = static_cast<double>(row.leads_without_value);
    };
    for (const ForecastStage& row : forecast->stages) add("stage", row.stage, row.figures);
    for (const ForecastMonth& row : forecast->months) {
      add("month", row.month ? absl::FormatCivilTime(*row.month) : "none", row.figures);
    }
    for (const PlanProgress& row : plan->rows) {
      const std::string whose = row.team + row.seller;
      const std::string key = whose.empty() ? "studio" : whose;
      figures[key + " leads"] = static_cast<double>(row.leads.fact);
      figures[key + " won"] = static_cast<double>(row.won.fact);
      figures[key + " revenue"] = static_cast<double>(row.revenue.fact.minor_units);
      figures[key + " conversion"] = static_cast<double>(row.conversion.fact.numerator);
    }
    for (const ChannelAttribution& row : attribution->rows) {
      figures["first " + row.channel] = row.first.conversions;
      figures["last " + row.channel] = row.last.conversions;
      figures["linear " + row.channel] = row.linear.conversions;
      figures["position " + row.channel] = row.position.conversions;
      figures["decay " + row.channel] = row.time_decay.conversions;
      figures["markov " + row.channel] = row.markov.conversions;
    }
    return figures;
  }

  static void ExpectEqual(Figures actual, Figures expected) {
    for (const auto& [key, value] : actual) expected.emplace(key, 0);
    for (const auto& [key, value] : expected) EXPECT_NEAR(actual[key], value, 1e-6) << key;
  }

  std::mt19937 random_;
  absl::TimeZone zone_;
  std::vector<std::string> leads_;
  std::vector<std::string> contacts_;
  std::vector<PlainTouch> touches_;
  std::map<std::string, std::string> merged_into_;
  // Of the sellers who are in one.
  std::map<std::string, std::string> teams_;
};

TEST_P(OutlookHistories, GiveWhatAPlainComputationGivesNowAndLater) {
  std::map<int64_t, Figures> reported;
  for (int round = 0; round < 6; ++round) {
    for (int i = 0; i < 30; ++i) Step();
    const Figures now = Reported(0);
    ExpectEqual(now, Plain());
    reported[desk().GetWorkspace()->revision] = now;
  }
  for (const auto& [revision, figures] : reported) ExpectEqual(Reported(revision), figures);
  ExpectClean();
  if (HasFailure()) ADD_FAILURE() << "seed " << GetParam();
}

INSTANTIATE_TEST_SUITE_P(Seeds, OutlookHistories, ::testing::Range(0u, 8u));

}  // namespace
}  // namespace sales::testing
