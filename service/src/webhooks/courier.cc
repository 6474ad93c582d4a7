#include "service/src/webhooks/courier.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "service/src/convert/cloud_event.h"
#include "service/src/convert/webhook.h"
#include "service/src/limits.h"
#include "service/src/result.h"
#include "service/src/shift.h"
#include "service/src/trace.h"
#include "service/src/webhooks/secrets.h"

namespace sales::service {
namespace {

constexpr char kActor[] = "webhooks";
constexpr int kPageSize = 100;
// How often a workspace's webhooks are read at most.
constexpr absl::Duration kReloadInterval = absl::Milliseconds(200);
// How often it is noted how far deliveries got.
constexpr absl::Duration kNoteInterval = absl::Milliseconds(500);
// How often all webhooks are looked at, where nobody may have told what was written.
constexpr absl::Duration kLookInterval = absl::Seconds(30);
// How long a webhook waits when the store does not answer.
constexpr absl::Duration kStorePause = absl::Seconds(1);
constexpr absl::Duration kStoreWait = absl::Seconds(10);
// How long calls that are under way at the end may take.
constexpr absl::Duration kEnding = absl::Seconds(2);

// A workspace's id and a webhook's.
using Key = std::pair<std::string, std::string>;

// A webhook that is delivered to.
struct Receiver {
  Webhook webhook;
  WebhookCursor cursor;
  // What is to be sent next, read up to a revision.
  std::deque<Event> events = {};
  int64_t read_revision = 0;
  absl::Time next_time = absl::InfinitePast();
  // A call is under way, perhaps one of before the webhook changed.
  bool busy = false;
  // The cursor moved since it was noted.
  bool moved = false;
};

// A call under way.
struct Delivery {
  Key key;
  std::string etag;
  WebhookCursor cursor;
  absl::Time start_time;
  std::string trace_id;
};

}  // namespace

class Courier::Core {
 public:
  Core(const Engine& engine, WebhookOptions webhooks, HttpOptions http, const std::string& process,
       Metrics* metrics, Log& log)
      : engine_(engine),
        webhooks_(std::move(webhooks)),
        log_(log),
        shift_(engine, "webhooks", process),
        http_(std::move(http)) {
    if (metrics != nullptr) Measure(*metrics);
  }

  ~Core() { Stop(); }

  void Start() {
    thread_ = std::thread([this] { Run(); });
  }

  void Stop() {
    stopping_ = true;
    http_.Wake();
    if (thread_.joinable()) thread_.join();
  }

  void NoteCommit(const std::string& workspace, int64_t revision) {
    bool first = false;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      first = committed_.empty();
      int64_t& noted = committed_[workspace];
      noted = std::max(noted, revision);
    }
    if (first) http_.Wake();
  }

  WebhookCounts counts() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return counts_;
  }

 private:
  void Measure(Metrics& metrics) {
    seconds_ = &metrics.Histogram("sales_webhook_delivery_seconds");
    const auto read = [&](const char* name, const Metrics::Labels& labels,
                          int64_t WebhookCounts::*count) {
      metrics.Read(name, labels, [this, count] { return static_cast<double>(counts().*count); });
    };
    read("sales_webhook_deliveries_total", {{"outcome", "delivered"}}, &WebhookCounts::delivered);
    read("sales_webhook_deliveries_total", {{"outcome", "failed"}}, &WebhookCounts::failed);
    read("sales_webhook_backlog", {}, &WebhookCounts::backlog);
    read("sales_webhooks_enabled", {}, &WebhookCounts::enabled);
    read("sales_webhooks_stopped_total", {}, &WebhookCounts::stopped);
  }

  // What follows is done by the thread alone.

  void Run() {
    bool on_shift = false;
    while (!stopping_) {
      if (!shift_.IsMine()) {
        Rest();
        on_shift = false;
        continue;
      }
      // What another process wrote and nobody told is found now and then.
      if (!on_shift || (engine_.is_shared() && absl::Now() >= next_look_)) LoadWorkspaces();
      on_shift = true;
      TakeCommits();
      Reload();
      BeginAll();
      for (const Http::Ended& ended : http_.Run(Wait())) End(ended);
      if (absl::Now() >= next_note_) NoteAll();
      Count();
    }
    const absl::Time end = absl::Now() + kEnding;
    while (!deliveries_.empty() && absl::Now() < end) {
      for (const Http::Ended& ended : http_.Run(end - absl::Now())) End(ended);
    }
    if (!shift_.IsMine()) return;
    NoteAll();
    shift_.End();
  }

  // While another process delivers. What is known here may be wrong when this one does again.
  void Rest() {
    receivers_.clear();
    revisions_.clear();
    reloaded_.clear();
    to_reload_.clear();
    Count();
    for (const Http::Ended& ended : http_.Run(Shift::kInterval)) End(ended);
    const std::lock_guard<std::mutex> lock(mutex_);
    committed_.clear();
  }

  Desk At(const std::string& workspace) const {
    Call call;
    call.actor = kActor;
    call.deadline = absl::Now() + kStoreWait;
    return engine_.At(workspace, std::move(call));
  }

  void LoadWorkspaces() {
    ListQuery query;
    query.page_size = limits::page_size_max;
    while (!stopping_) {
      const absl::StatusOr<Page<Workspace>> page = engine_.ListWorkspaces(query);
      if (!page.ok()) {
        Warn("webhooks cannot be read", "", page.status());
        absl::SleepFor(kStorePause);
        continue;
      }
      for (const Workspace& workspace : page->items) to_reload_[workspace.id];
      query.page_token = page->next_page_token;
      next_look_ = absl::Now() + kLookInterval;
      if (query.page_token.empty()) return;
    }
  }

  void TakeCommits() {
    std::map<std::string, int64_t> committed;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      committed.swap(committed_);
    }
    for (const auto& [workspace, revision] : committed) {
      revisions_[workspace] = revision;
      to_reload_.try_emplace(workspace, reloaded_[workspace] + kReloadInterval);
    }
  }

  // Reads the webhooks of the workspaces where it is time to: any of them may have changed.
  void Reload() {
    const absl::Time now = absl::Now();
    for (auto it = to_reload_.begin(); it != to_reload_.end();) {
      if (it->second > now) {
        ++it;
        continue;
      }
      const std::string workspace = it->first;
      it = to_reload_.erase(it);
      reloaded_[workspace] = now;
      const absl::StatusOr<WebhookTasks> tasks = At(workspace).ListWebhookTasks();
      if (tasks.ok()) {
        revisions_[workspace] = std::max(revisions_[workspace], tasks->revision);
        Merge(workspace, tasks->tasks);
      } else if (ReasonOf(tasks.status()) == Reason::kWorkspaceNotFound) {
        Merge(workspace, {});
      } else {
        Warn("webhooks cannot be read", workspace, tasks.status());
        to_reload_[workspace] = now + kStorePause;
      }
    }
  }

  void Merge(const std::string& workspace, const std::vector<WebhookTask>& tasks) {
    std::set<std::string> named;
    for (const WebhookTask& task : tasks) {
      named.insert(task.webhook.id);
      Receiver& receiver = receivers_[{workspace, task.webhook.id}];
      // As it was when it was read last: its cursor here is ahead of the store's.
      if (receiver.webhook.etag == task.webhook.etag && receiver.webhook.uid == task.webhook.uid) {
        continue;
      }
      const bool busy = receiver.busy;
      receiver = {task.webhook, task.cursor};
      receiver.busy = busy;
      if (task.webhook.failure.has_value() && task.webhook.failure->next_time.has_value()) {
        receiver.next_time = *task.webhook.failure->next_time;
      }
    }
    auto it = receivers_.lower_bound({workspace, ""});
    while (it != receivers_.end() && it->first.first == workspace) {
      it = named.count(it->first.second) == 0 ? receivers_.erase(it) : std::next(it);
    }
  }

  bool IsBehind(const Key& key, const Receiver& receiver) const {
    const auto found = revisions_.find(key.first);
    return !receiver.events.empty() ||
           (found != revisions_.end() && receiver.cursor.revision <= found->second);
  }

  // Begins a call for each webhook that has something to be told of, and none under way. Goes on
  // where it stopped, so that many busy ones do not keep others waiting.
  void BeginAll() {
    const absl::Time now = absl::Now();
    auto it = receivers_.upper_bound(last_begun_);
    for (size_t i = 0; i < receivers_.size(); ++i, ++it) {
      if (deliveries_.size() >= limits::webhook_calls_max) return;
      if (it == receivers_.end()) it = receivers_.begin();
      Receiver& receiver = it->second;
      if (receiver.busy || receiver.next_time > now || !IsBehind(it->first, receiver)) continue;
      if (receiver.events.empty()) Fill(it->first, receiver);
      if (receiver.events.empty()) continue;
      Begin(it->first, receiver);
      last_begun_ = it->first;
    }
  }

  // Reads the next events; where there are none, the cursor moves behind what was looked at.
  void Fill(const Key& key, Receiver& receiver) {
    EventQuery query;
    query.after_revision = receiver.cursor.revision - 1;
    query.filter = receiver.webhook.filter;
    query.page_size = kPageSize;
    absl::StatusOr<EventPage> page = At(key.first).ListEvents(query);
    if (!page.ok()) {
      Warn("events cannot be read for a webhook", key.first, page.status());
      receiver.next_time = absl::Now() + kStorePause;
      // The workspace may be gone.
      to_reload_[key.first] = receiver.next_time;
      return;
    }
    const bool more = !page->next_page_token.empty();
    receiver.read_revision = more ? page->events.back().revision : page->revision;
    for (Event& event : page->events) {
      if (IsBefore(event, receiver.cursor)) continue;
      receiver.events.push_back(std::move(event));
    }
    if (receiver.events.empty()) MoveTo({receiver.read_revision + 1, 0}, receiver);
  }

  static bool IsBefore(const Event& event, const WebhookCursor& cursor) {
    return event.revision == cursor.revision && event.ordinal < cursor.ordinal;
  }

  static void MoveTo(const WebhookCursor& cursor, Receiver& receiver) {
    receiver.cursor = cursor;
    receiver.moved = true;
  }

  void Begin(const Key& key, Receiver& receiver) {
    const Event& event = receiver.events.front();
    receiver.busy = true;
    const uint64_t id = next_id_++;
    const absl::Time now = absl::Now();
    const TraceContext trace = NewTrace();
    deliveries_[id] = {
        key, receiver.webhook.etag, {event.revision, event.ordinal}, now, trace.trace_id};
    const int64_t timestamp = absl::ToUnixSeconds(now);
    const std::string message_id = CloudEventId(event, key.first);
    HttpPost post;
    post.url = receiver.webhook.url;
    post.body = CloudEventOf(event, key.first);
    post.headers = {"content-type: application/cloudevents+json; charset=UTF-8",
                    "webhook-id: " + message_id, "webhook-timestamp: " + std::to_string(timestamp),
                    std::string(kTraceparentKey) + ": " + trace.Traceparent(),
                    "webhook-signature: " + Signature(SecretsAt(webhooks_, receiver.webhook, now),
                                                      message_id, timestamp, post.body)};
    http_.Begin(id, std::move(post));
  }

  void End(const Http::Ended& ended) {
    const auto found = deliveries_.find(ended.id);
    const Delivery delivery = std::move(found->second);
    deliveries_.erase(found);
    const bool delivered = ended.answer.fault == DeliveryFault::kUnspecified;
    ++(delivered ? delivered_ : failed_);
    if (seconds_ != nullptr) {
      seconds_->Observe(absl::ToDoubleSeconds(absl::Now() - delivery.start_time));
    }
    const auto receiver = receivers_.find(delivery.key);
    if (receiver == receivers_.end()) return;
    receiver->second.busy = false;
    // It was changed or replayed meanwhile, and begins anew.
    if (receiver->second.webhook.etag != delivery.etag) return;
    if (delivered) {
      log_.Write(LineOf(LogLevel::kDebug, "webhook delivered", delivery)
                     .Add("revision", delivery.cursor.revision)
                     .Add("ordinal", delivery.cursor.ordinal));
      Advance(receiver->second);
    } else {
      Fail(delivery, ended.answer, receiver->second);
    }
  }

  void Advance(Receiver& receiver) {
    const Event& event = receiver.events.front();
    const WebhookCursor behind = {event.revision, event.ordinal + 1};
    receiver.events.pop_front();
    MoveTo(receiver.events.empty() ? WebhookCursor{receiver.read_revision + 1, 0} : behind,
           receiver);
  }

  void Fail(const Delivery& delivery, const HttpAnswer& answer, Receiver& receiver) {
    const auto& [workspace, id] = delivery.key;
    const absl::StatusOr<Webhook> webhook = At(workspace).FailDelivery(
        {{id, delivery.etag, delivery.cursor}, answer.fault, answer.status, answer.retry_after});
    if (!webhook.ok()) {
      receiver.next_time = absl::Now() + kStorePause;
      to_reload_[workspace] = absl::Now();
      if (ReasonOf(webhook.status()) != Reason::kEtagMismatch &&
          ReasonOf(webhook.status()) != Reason::kWebhookNotFound) {
        Warn("a failed delivery cannot be noted", workspace, webhook.status());
      }
      return;
    }
    receiver.moved = false;
    receiver.cursor = delivery.cursor;
    const bool goes_on = webhook->state == WebhookState::kEnabled;
    log_.Write(LineOf(goes_on ? LogLevel::kInfo : LogLevel::kWarning,
                      goes_on ? "webhook not delivered" : "webhook stopped", delivery)
                   .Add("fault", FaultName(answer.fault))
                   .Add("http_status", answer.status)
                   .Add("attempts", webhook->failure->attempts));
    if (goes_on) {
      receiver.next_time = *webhook->failure->next_time;
    } else {
      ++stopped_;
      receivers_.erase(delivery.key);
    }
  }

  // Notes how far the webhooks are whose cursors moved.
  void NoteAll() {
    std::map<std::string, std::vector<WebhookProgress>> moved;
    for (const auto& [key, receiver] : receivers_) {
      if (!receiver.moved) continue;
      moved[key.first].push_back({key.second, receiver.webhook.etag, receiver.cursor});
    }
    for (const auto& [workspace, progress] : moved) {
      const absl::Status noted = At(workspace).AdvanceWebhooks(progress);
      if (!noted.ok()) {
        Warn("it cannot be noted how far webhooks are", workspace, noted);
        continue;
      }
      for (const WebhookProgress& step : progress)
        receivers_[{workspace, step.webhook}].moved = false;
    }
    next_note_ = absl::Now() + kNoteInterval;
  }

  // Until something is to be done without anything ending.
  absl::Duration Wait() const {
    absl::Time next = absl::Now() + Shift::kInterval;
    for (const auto& [workspace, time] : to_reload_) next = std::min(next, time);
    const bool full = deliveries_.size() >= limits::webhook_calls_max;
    for (const auto& [key, receiver] : receivers_) {
      if (receiver.moved) next = std::min(next, next_note_);
      if (!full && !receiver.busy && IsBehind(key, receiver)) {
        next = std::min(next, receiver.next_time);
      }
    }
    return std::max(next - absl::Now(), absl::ZeroDuration());
  }

  void Count() {
    WebhookCounts counts{delivered_, failed_, stopped_, static_cast<int64_t>(receivers_.size())};
    for (const auto& [key, receiver] : receivers_) {
      const auto found = revisions_.find(key.first);
      if (found == revisions_.end()) continue;
      counts.backlog += std::max<int64_t>(0, found->second - receiver.cursor.revision + 1);
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    counts_ = counts;
  }

  static LogLine LineOf(LogLevel level, const char* what, const Delivery& delivery) {
    return LogLine(level, what)
        .Add("workspace", delivery.key.first)
        .Add("webhook", delivery.key.second)
        .Add("trace_id", delivery.trace_id);
  }

  void Warn(const char* what, const std::string& workspace, const absl::Status& status) {
    log_.Write(LogLine(LogLevel::kWarning, what)
                   .Add("workspace", workspace)
                   .Add("reason", ReasonName(ReasonOf(status))));
  }

  const Engine& engine_;
  const WebhookOptions webhooks_;
  Log& log_;
  Shift shift_;
  Http http_;
  prometheus::Histogram* seconds_ = nullptr;

  std::map<Key, Receiver> receivers_;
  std::map<uint64_t, Delivery> deliveries_;
  uint64_t next_id_ = 1;
  Key last_begun_;
  // By workspace: its last revision, when its webhooks were read, and when they are to be.
  std::map<std::string, int64_t> revisions_;
  std::map<std::string, absl::Time> reloaded_;
  std::map<std::string, absl::Time> to_reload_;
  absl::Time next_note_ = absl::InfinitePast();
  absl::Time next_look_ = absl::InfinitePast();
  int64_t delivered_ = 0;
  int64_t failed_ = 0;
  int64_t stopped_ = 0;

  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::map<std::string, int64_t> committed_;  // guarded by mutex_
  WebhookCounts counts_;                      // guarded by mutex_
  std::thread thread_;
};

Courier::Courier(const Engine& engine, WebhookOptions webhooks, HttpOptions http,
                 const std::string& process, Metrics* metrics, Log& log)
    : core_(std::make_unique<Core>(engine, std::move(webhooks), std::move(http), process, metrics,
                                   log)) {}
Courier::~Courier() = default;
void Courier::Start() { core_->Start(); }
void Courier::Stop() { core_->Stop(); }

void Courier::NoteCommit(const std::string& workspace, int64_t revision) {
  core_->NoteCommit(workspace, revision);
}

WebhookCounts Courier::counts() const { return core_->counts(); }

}  // namespace sales::service
