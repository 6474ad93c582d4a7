#include "src/decide/report_referrals.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "sales/limits.h"

namespace sales {
namespace {

struct Yield {
  int64_t leads = 0;
  int64_t won = 0;
  int64_t revenue = 0;

  void Add(const Yield& other) {
    leads += other.leads;
    won += other.won;
    revenue += other.revenue;
  }
};

// Who sent whom: contacts by number.
class Graph {
 public:
  explicit Graph(const std::vector<ReferredLead>& leads) {
    for (const ReferredLead& lead : leads) {
      const int referrer = NumberOf(lead.referrer);
      const int contact = NumberOf(lead.contact);
      const Yield yield = {1, int64_t{lead.won}, lead.revenue};
      direct_[static_cast<size_t>(referrer)].Add(yield);
      edges_[static_cast<size_t>(referrer)][contact].Add(yield);
    }
    seen_by_.resize(names_.size(), -1);
  }

  size_t size() const { return names_.size(); }
  std::string_view name(int contact) const { return names_[static_cast<size_t>(contact)]; }
  const Yield& direct(int contact) const { return direct_[static_cast<size_t>(contact)]; }
  const std::map<int, Yield>& edges(int contact) const {
    return edges_[static_cast<size_t>(contact)];
  }

  // Of everybody below the contact, each lead once however many ways lead to it.
  Yield Below(int contact) {
    Yield sum;
    std::vector<int> open = {contact};
    seen_by_[static_cast<size_t>(contact)] = contact;
    while (!open.empty()) {
      const int next = open.back();
      open.pop_back();
      sum.Add(direct(next));
      for (const auto& [sent, yield] : edges(next)) {
        int& seen_by = seen_by_[static_cast<size_t>(sent)];
        if (seen_by == contact) continue;
        seen_by = contact;
        open.push_back(sent);
      }
    }
    return sum;
  }

 private:
  int NumberOf(std::string_view name) {
    const auto [entry, added] = numbers_.try_emplace(name, static_cast<int>(names_.size()));
    if (added) {
      names_.push_back(name);
      direct_.emplace_back();
      edges_.emplace_back();
    }
    return entry->second;
  }

  absl::flat_hash_map<std::string_view, int> numbers_;
  std::vector<std::string_view> names_;
  std::vector<Yield> direct_;
  std::vector<std::map<int, Yield>> edges_;
  // For whom a contact was counted last.
  std::vector<int> seen_by_;
};

ReferralYield YieldOf(const Yield& yield, const std::string& currency_code) {
  return {yield.leads, yield.won, {currency_code, yield.revenue}};
}

// The contacts who sent somebody, those who sent most first.
std::vector<int> Referrers(const Graph& graph) {
  std::vector<int> referrers;
  for (int i = 0; i < static_cast<int>(graph.size()); ++i) {
    if (graph.direct(i).leads > 0) referrers.push_back(i);
  }
  return referrers;
}

}  // namespace

ReferralReport MakeReferralReport(const ReferralQuery& query, const std::string& currency_code,
                                  int64_t as_of_revision, const std::vector<ReferredLead>& leads) {
  ReferralReport report;
  report.window = query.window;
  report.as_of_revision = as_of_revision;
  Yield total;
  std::map<int64_t, Yield> generations;
  for (const ReferredLead& lead : leads) {
    const Yield yield = {1, int64_t{lead.won}, lead.revenue};
    total.Add(yield);
    generations[lead.generation].Add(yield);
  }
  report.total = YieldOf(total, currency_code);
  for (const auto& [generation, yield] : generations) {
    report.generations.push_back({static_cast<int>(generation), YieldOf(yield, currency_code)});
  }
  Graph graph(leads);
  std::vector<int> referrers = Referrers(graph);
  report.contacts_count = static_cast<int64_t>(referrers.size());
  const auto listed = std::min(referrers.size(), static_cast<size_t>(query.contacts_max));
  const auto more = [&graph](int a, int b) {
    if (graph.direct(a).leads != graph.direct(b).leads) {
      return graph.direct(a).leads > graph.direct(b).leads;
    }
    return graph.name(a) < graph.name(b);
  };
  std::partial_sort(referrers.begin(), referrers.begin() + static_cast<std::ptrdiff_t>(listed),
                    referrers.end(), more);
  for (size_t i = 0; i < listed; ++i) {
    const int contact = referrers[i];
    const std::string name(graph.name(contact));
    report.contacts.push_back({name, YieldOf(graph.direct(contact), currency_code),
                               YieldOf(graph.Below(contact), currency_code)});
    std::vector<ReferralEdge> edges;
    for (const auto& [sent, yield] : graph.edges(contact)) {
      edges.push_back({name, std::string(graph.name(sent)), yield.leads});
    }
    std::sort(edges.begin(), edges.end(),
              [](const ReferralEdge& a, const ReferralEdge& b) { return a.contact < b.contact; });
    report.edges.insert(report.edges.end(), edges.begin(), edges.end());
  }
  return report;
}

}  // namespace sales
