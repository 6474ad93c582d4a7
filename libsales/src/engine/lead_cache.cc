#include "src/engine/lead_cache.h"

#include <utility>

#include "sales/limits.h"

namespace sales::internal {
namespace {

// What a part of a lead takes besides its long texts.
constexpr size_t kPartBytes = 512;

size_t BytesOf(const Outcome& outcome) {
  const Arguments& arguments = outcome.arguments;
  return kPartBytes + arguments.better.size() + arguments.price.size() + arguments.differ.size() +
         outcome.alternatives.size();
}

// About what it takes in memory.
size_t BytesOf(const SeenLead& seen) {
  const Lead& lead = seen.record.lead;
  size_t bytes = sizeof(seen) + lead.need.size();
  for (const auto& [key, value] : lead.attributes) bytes += kPartBytes + value.size();
  for (const Requirements& agreed : lead.requirements) bytes += kPartBytes + agreed.text.size();
  for (const Proposal& proposal : lead.proposals) bytes += kPartBytes + proposal.scope.size();
  for (const Outcome& outcome : lead.outcomes) bytes += BytesOf(outcome);
  for (const PlannedActivity& planned : lead.planned_activities) {
    bytes += kPartBytes + planned.text.size();
  }
  return bytes + kPartBytes * (lead.visits.size() + lead.stances.size() + lead.labels.size());
}

}  // namespace

Lead SeenLead::At(absl::Time time) const {
  Lead lead = record.lead;
  lead.clocks = ClocksOf(record, sources.context(), time);
  return lead;
}

LeadCache::Found LeadCache::Find(const std::string& workspace, const std::string& lead) {
  Found found;
  if (!only_writer_) return found;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!committing_) found.commits = commits_;
  const auto leads = workspaces_.find(workspace);
  if (leads == workspaces_.end()) return found;
  const auto kept = leads->second.find(lead);
  if (kept != leads->second.end()) found.lead = kept->second;
  return found;
}

void LeadCache::Keep(const std::string& workspace, const std::string& lead, const Found& found,
                     std::shared_ptr<const SeenLead> seen) {
  if (!found.commits.has_value()) return;
  const size_t bytes = BytesOf(*seen);
  // What is forgotten is freed after the lock, for others wait for it.
  absl::flat_hash_map<std::string, Leads> forgotten;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (committing_ || commits_ != *found.commits) return;
  if (bytes_ + bytes > limits::leads_cached_bytes_max) {
    workspaces_.swap(forgotten);
    bytes_ = 0;
    if (bytes > limits::leads_cached_bytes_max) return;
  }
  const bool is_new = workspaces_[workspace].try_emplace(lead, std::move(seen)).second;
  if (is_new) bytes_ += bytes;
}

void LeadCache::BeginCommit() {
  const std::lock_guard<std::mutex> lock(mutex_);
  committing_ = true;
}

void LeadCache::Forget(const std::string& workspace) {
  Leads forgotten;
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = workspaces_.find(workspace);
  if (found == workspaces_.end()) return;
  for (const auto& [lead, seen] : found->second) bytes_ -= BytesOf(*seen);
  forgotten = std::move(found->second);
  workspaces_.erase(found);
}

void LeadCache::EndCommit() {
  const std::lock_guard<std::mutex> lock(mutex_);
  committing_ = false;
  ++commits_;
}

}  // namespace sales::internal
