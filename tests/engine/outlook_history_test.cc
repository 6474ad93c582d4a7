// Forecast, plan facts and attribution against a plain computation, on random histories.
#include <algorithm>
#include <map>
#include <random>
#include <tuple>

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

class OutlookHistories : public Studio, public ::testing::WithParamInterface<uint32_t> {
 protected:
  OutlookHistories() : random_(GetParam()) {
    EXPECT_TRUE(absl::LoadTimeZone("Europe/Amsterdam", &zone_));
    for (const char* const channel : {"ads", "mail"}) {
      EXPECT_TRUE(desk().CreateChannel({channel, ""}).ok());
      EXPECT_TRUE(desk().CreateCampaign({channel, "spring", "", 0}).ok());
    }
  }

  int64_t Below(int64_t end) {
    return static_cast<int64_t>(random_() % static_cast<uint64_t>(end));
  }
  const std::string& OneOf(const std::vector<std::string>& all) {
    return all[static_cast<size_t>(Below(static_cast<int64_t>(all.size())))];
  }
  std::string Channel() { return Below(2) == 0 ? "ads" : "mail"; }

  void Step() {
    clock_.Turn(absl::Minutes(1 + Below(1'500)));
    if (leads_.empty() || Below(4) == 0) return CaptureSomebody();
    const std::string lead = OneOf(leads_);
    const char* const stages[] = {"new", "contacted", "requirements", "proposal", "contract"};
    switch (Below(9)) {
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

  Figures Plain() const {
    Figures figures;
    const absl::CivilDay first(2026, 4, 1);
    const absl::CivilDay end(2026, 7, 1);
    const auto leads = Leads();
    const auto in_quarter = [&](absl::Time time) {
      const absl::CivilDay day = absl::ToCivilDay(time, zone_);
      return first <= day && day < end;
    };
    for (const auto& [id, lead] : leads) {
      const auto value = static_cast<double>(lead.Number("expected_value"));
      const bool won = lead.Text("state") == "WON";
      if (in_quarter(lead.receive_time)) ++figures["plan leads"];
      if (in_quarter(lead.receive_time) && won) ++figures["plan conversion"];
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
      }
      if (!won) continue;
      const absl::Time win = absl::FromUnixMicros(lead.Number("close_time"));
      const auto revenue = static_cast<double>(lead.Number("won_value"));
      if (in_quarter(win)) ++figures["plan won"];
      if (in_quarter(win)) figures["plan revenue"] += revenue;
      using Item = std::tuple<absl::Time, int, absl::Time, std::string, std::string>;
      std::vector<Item> items;
      for (const PlainTouch& touch : touches_) {
        if (RootOf(touch.contact) == lead.Text("contact") && touch.time <= win) {
          items.emplace_back(touch.time, 0, absl::Time(), "", touch.channel);
        }
      }
      for (const auto& [other_id, other] : leads) {
        if (other.Text("contact") == lead.Text("contact") && other.receive_time <= win) {
          items.emplace_back(other.receive_time, 1, other.create_time, other_id,
                             other.Text("channel"));
        }
      }
      std::sort(items.begin(), items.end());
      figures["first " + std::get<4>(items.front())] += 1;
      figures["last " + std::get<4>(items.back())] += 1;
      for (const Item& item : items) {
        figures["linear " + std::get<4>(item)] += 1.0 / static_cast<double>(items.size());
      }
    }
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
    };
    for (const ForecastStage& row : forecast->stages) add("stage", row.stage, row.figures);
    for (const ForecastMonth& row : forecast->months) {
      add("month", row.month ? absl::FormatCivilTime(*row.month) : "none", row.figures);
    }
    figures["plan leads"] = static_cast<double>(plan->rows[0].leads.fact);
    figures["plan won"] = static_cast<double>(plan->rows[0].won.fact);
    figures["plan revenue"] = static_cast<double>(plan->rows[0].revenue.fact.minor_units);
    figures["plan conversion"] = static_cast<double>(plan->rows[0].conversion.fact.numerator);
    for (const ChannelAttribution& row : attribution->rows) {
      figures["first " + row.channel] = row.first.conversions;
      figures["last " + row.channel] = row.last.conversions;
      figures["linear " + row.channel] = row.linear.conversions;
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
