#include "src/decide/report_referrals.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <numeric>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "sales/limits.h"

namespace sales {
namespace {

void Add(const ReferralSum& other, ReferralSum& sum) {
  sum.leads += other.leads;
  sum.won += other.won;
  sum.revenue += other.revenue;
}

ReferralSum SumOf(const ReferredLead& lead) { return {1, int64_t{lead.won}, lead.revenue}; }

// Whom a contact sent, and what it brought.
struct Sent {
  int referrer = 0;
  int contact = 0;
  ReferralSum yield;
};

// Who sent whom: contacts by number.
class Graph {
 public:
  explicit Graph(const std::vector<ReferredLead>& leads) {
    numbers_.reserve(leads.size());
    names_.reserve(leads.size());
    std::vector<Sent> all;
    all.reserve(leads.size());
    for (const ReferredLead& lead : leads) {
      const int referrer = NumberOf(lead.referrer);
      all.push_back({referrer, NumberOf(lead.contact), SumOf(lead)});
    }
    Group(all);
    seen_by_.resize(names_.size(), -1);
  }

  size_t size() const { return names_.size(); }
  std::string_view name(int contact) const { return names_[static_cast<size_t>(contact)]; }
  // -1 for nobody of these.
  int Find(std::string_view name) const {
    const auto found = numbers_.find(name);
    return found == numbers_.end() ? -1 : found->second;
  }
  const ReferralSum& direct(int contact) const { return direct_[static_cast<size_t>(contact)]; }
  // Those whom the contact sent, in any order; somebody sent twice is there twice.
  absl::Span<const Sent> sent(int contact) const {
    const auto place = static_cast<size_t>(contact);
    return absl::MakeSpan(sent_).subspan(begins_[place], begins_[place + 1] - begins_[place]);
  }

  // Of everybody below the contact, each lead once however many ways lead to it.
  ReferralSum Below(int contact) {
    ReferralSum sum;
    std::vector<int> open = {contact};
    seen_by_[static_cast<size_t>(contact)] = contact;
    while (!open.empty()) {
      const int next = open.back();
      open.pop_back();
      Add(direct(next), sum);
      for (const Sent& one : sent(next)) {
        int& seen_by = seen_by_[static_cast<size_t>(one.contact)];
        if (seen_by == contact) continue;
        seen_by = contact;
        open.push_back(one.contact);
      }
    }
    return sum;
  }

 private:
  int NumberOf(std::string_view name) {
    const auto [entry, added] = numbers_.try_emplace(name, static_cast<int>(names_.size()));
    if (added) names_.push_back(name);
    return entry->second;
  }

  // Brings together what each contact sent.
  void Group(const std::vector<Sent>& all) {
    direct_.resize(names_.size());
    begins_.resize(names_.size() + 1);
    for (const Sent& one : all) {
      Add(one.yield, direct_[static_cast<size_t>(one.referrer)]);
      ++begins_[static_cast<size_t>(one.referrer) + 1];
    }
    std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
    sent_.resize(all.size());
    std::vector<size_t> next = begins_;
    for (const Sent& one : all) sent_[next[static_cast<size_t>(one.referrer)]++] = one;
  }

  absl::flat_hash_map<std::string_view, int> numbers_;
  std::vector<std::string_view> names_;
  std::vector<ReferralSum> direct_;
  // By referrer; those of a contact from its place in `begins_` to the next.
  std::vector<Sent> sent_;
  std::vector<size_t> begins_;
  // For whom a contact was counted last.
  std::vector<int> seen_by_;
};

ReferralYield YieldOf(const ReferralSum& sum, const std::string& currency_code) {
  return {sum.leads, sum.won, {currency_code, sum.revenue}};
}

// The contacts who sent somebody.
std::vector<int> Referrers(const Graph& graph) {
  std::vector<int> referrers;
  for (int i = 0; i < static_cast<int>(graph.size()); ++i) {
    if (graph.direct(i).leads > 0) referrers.push_back(i);
  }
  return referrers;
}

ReferralTotals TotalsOf(const Graph& graph, const std::vector<ReferredLead>& leads,
                        int contacts_max) {
  ReferralTotals totals;
  for (const ReferredLead& lead : leads) Add(SumOf(lead), totals.generations[lead.generation]);
  std::vector<int> referrers = Referrers(graph);
  totals.contacts_count = static_cast<int64_t>(referrers.size());
  const auto listed = std::min(referrers.size(), static_cast<size_t>(contacts_max));
  std::partial_sort(referrers.begin(), referrers.begin() + static_cast<std::ptrdiff_t>(listed),
                    referrers.end(), [&graph](int a, int b) {
                      return SentMore(graph.direct(a).leads, graph.name(a), graph.direct(b).leads,
                                      graph.name(b));
                    });
  for (size_t i = 0; i < listed; ++i) totals.contacts.emplace_back(graph.name(referrers[i]));
  return totals;
}

void AddContact(const std::string& name, const std::string& currency_code, Graph& graph,
                ReferralReport& report) {
  const int contact = graph.Find(name);
  if (contact < 0) return;
  report.contacts.push_back({name, YieldOf(graph.direct(contact), currency_code),
                             YieldOf(graph.Below(contact), currency_code)});
  std::map<std::string_view, int64_t> leads_of;
  for (const Sent& one : graph.sent(contact)) leads_of[graph.name(one.contact)] += one.yield.leads;
  for (const auto& [sent, count] : leads_of) {
    report.edges.push_back({name, std::string(sent), count});
  }
}

ReferralReport MakeReport(const ReferralQuery& query, const std::string& currency_code,
                          int64_t as_of_revision, const ReferralTotals& totals, Graph& graph) {
  ReferralReport report;
  report.window = query.window;
  report.as_of_revision = as_of_revision;
  ReferralSum total;
  for (const auto& [generation, sum] : totals.generations) {
    Add(sum, total);
    report.generations.push_back({static_cast<int>(generation), YieldOf(sum, currency_code)});
  }
  report.total = YieldOf(total, currency_code);
  report.contacts_count = totals.contacts_count;
  for (const std::string& contact : totals.contacts) {
    AddContact(contact, currency_code, graph, report);
  }
  return report;
}

}  // namespace

bool SentMore(int64_t leads, std::string_view contact, int64_t other_leads,
              std::string_view other) {
  return leads != other_leads ? leads > other_leads : contact < other;
}

ReferralReport MakeReferralReport(const ReferralQuery& query, const std::string& currency_code,
                                  int64_t as_of_revision, const std::vector<ReferredLead>& leads) {
  Graph graph(leads);
  return MakeReport(query, currency_code, as_of_revision,
                    TotalsOf(graph, leads, query.contacts_max), graph);
}

ReferralReport MakeReferralReport(const ReferralQuery& query, const std::string& currency_code,
                                  int64_t as_of_revision, const ReferralTotals& totals,
                                  const std::vector<ReferredLead>& leads) {
  Graph graph(leads);
  return MakeReport(query, currency_code, as_of_revision, totals, graph);
}

}  // namespace sales
