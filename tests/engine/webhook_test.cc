// Webhooks: whom the workspace tells of its events, and how far each of them is.
#include <algorithm>

#include "tests/engine/studio.h"

namespace sales::testing {
namespace {

class Webhooks : public Studio {
 protected:
  Webhooks() { Reopen(Secrets()); }

  WebhookOptions Secrets() const {
    WebhookOptions webhooks;
    webhooks.secret = [](const std::string& uid, int generation) {
      return "whsec_" + uid + "_" + std::to_string(generation);
    };
    return webhooks;
  }

  void Reopen(const WebhookOptions& webhooks) {
    engine_.reset();
    EngineOptions options = Options();
    options.webhooks = webhooks;
    absl::StatusOr<Engine> engine = Engine::Open(std::move(options));
    ASSERT_TRUE(engine.ok()) << engine.status();
    engine_ = std::make_unique<Engine>(*std::move(engine));
  }

  static CreateWebhook To(const std::string& id) {
    CreateWebhook webhook;
    webhook.id = id;
    webhook.url = "https://example.com/" + id;
    return webhook;
  }
  Webhook Create(const std::string& id) const { return *desk().CreateWebhook(To(id)); }

  WebhookTask Task(const std::string& id) const {
    const auto tasks = desk().ListWebhookTasks();
    for (const WebhookTask& task : tasks->tasks) {
      if (task.webhook.id == id) return task;
    }
    return {};
  }

  // An attempt at the event at a cursor that failed with a status.
  absl::StatusOr<Webhook> Fail(const std::string& id, int http_status, WebhookCursor cursor) const {
    FailedDelivery failed;
    failed.progress = {id, desk().GetWebhook(id)->etag, cursor};
    failed.fault = DeliveryFault::kStatus;
    failed.http_status = http_status;
    return desk().FailDelivery(failed);
  }

  void Advance(const std::string& id, WebhookCursor cursor) const {
    EXPECT_TRUE(desk().AdvanceWebhooks({{id, desk().GetWebhook(id)->etag, cursor}}).ok());
  }

  int64_t Revision() const { return desk().GetWorkspace()->revision; }

  std::vector<EventType> TypesSince(int64_t revision) const {
    std::vector<EventType> types;
    for (const Event& event : Events()) {
      if (event.revision > revision) types.push_back(event.type);
    }
    return types;
  }
};

TEST_F(Webhooks, BeginBehindTheirCreation) {
  Capture("ivan");
  const Webhook webhook = Create("crm");
  EXPECT_EQ(webhook.state, WebhookState::kEnabled);
  EXPECT_EQ(webhook.display_name, "crm");
  EXPECT_EQ(webhook.delivered_revision, Revision());
  EXPECT_EQ(Task("crm").cursor.revision, Revision() + 1);
  EXPECT_EQ(Events().back().subject, "webhooks/crm");
  EXPECT_EQ(Events().back().type, EventType::kWebhookCreated);
}

TEST_F(Webhooks, ShowTheirSecretOnceAndKeepNone) {
  const Webhook created = Create("crm");
  EXPECT_EQ(created.secret, "whsec_" + created.uid + "_1");
  EXPECT_EQ(desk().GetWebhook("crm")->secret, "");
  EXPECT_EQ(desk().ListWebhooks({})->items[0].secret, "");
  EXPECT_EQ(desk().UpdateWebhook("crm", {.display_name = "Ours"})->secret, "");
}

TEST_F(Webhooks, ShowTheSameSecretToARepeatedRequest) {
  const auto first = desk(WithRequest("r")).CreateWebhook(To("crm"));
  const auto again = desk(WithRequest("r")).CreateWebhook(To("crm"));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->secret, first->secret);
  EXPECT_EQ(again->uid, first->uid);
  EXPECT_EQ(ReasonIn(desk(WithRequest("r")).CreateWebhook(To("other")).status()),
            Reason::kRequestIdReused);
}

TEST_F(Webhooks, HaveOtherSecretsWhenTheyAreMadeAnew) {
  const Webhook first = Create("crm");
  ASSERT_TRUE(desk().DeleteWebhook("crm").ok());
  EXPECT_NE(Create("crm").secret, first.secret);
}

TEST_F(Webhooks, NeedAKeyForTheirSecrets) {
  Create("crm");
  Reopen(WebhookOptions());
  EXPECT_EQ(ReasonIn(desk().CreateWebhook(To("other")).status()), Reason::kWebhooksOff);
  EXPECT_EQ(ReasonIn(desk().RotateWebhookSecret("crm", {}).status()), Reason::kWebhooksOff);
  EXPECT_TRUE(desk().DeleteWebhook("crm").ok());
}

TEST_F(Webhooks, AreRefusedWithAClearReason) {
  Create("crm");
  EXPECT_EQ(ReasonIn(desk().CreateWebhook(To("crm")).status()), Reason::kWebhookExists);
  EXPECT_EQ(ReasonIn(desk().CreateWebhook(To("Not An Id")).status()), Reason::kIdInvalid);
  EXPECT_EQ(ReasonIn(desk().GetWebhook("none").status()), Reason::kWebhookNotFound);
  EXPECT_EQ(ReasonIn(desk().DeleteWebhook("none").status()), Reason::kWebhookNotFound);
  CreateWebhook http = To("http");
  http.url = "http://example.com/";
  EXPECT_EQ(DetailOf(desk().CreateWebhook(http).status()).fields[0].field, "url");
  CreateWebhook failed = To("failed");
  failed.state = WebhookState::kFailed;
  EXPECT_EQ(DetailOf(desk().CreateWebhook(failed).status()).fields[0].field, "state");
  CreateWebhook types = To("types");
  types.filter.types.resize(limits::event_types_max + 1, EventType::kLeadWon);
  EXPECT_EQ(ReasonIn(desk().CreateWebhook(types).status()), Reason::kListTooLong);
  EXPECT_EQ(ReasonIn(desk(WithEtag("1")).DeleteWebhook("crm").status()), Reason::kEtagMismatch);
}

TEST_F(Webhooks, AreFewInAWorkspace) {
  for (int i = 0; i < limits::webhooks_max; ++i) Create("w" + std::to_string(i));
  EXPECT_EQ(ReasonIn(desk().CreateWebhook(To("more")).status()), Reason::kLimitReached);
  EXPECT_EQ(desk().ListWebhooks({})->items.size(), 50u);
}

TEST_F(Webhooks, AreListedByIdPageByPage) {
  for (const char* id : {"c", "a", "b"}) Create(id);
  ListQuery query;
  query.page_size = 2;
  const auto first = desk().ListWebhooks(query);
  ASSERT_EQ(first->items.size(), 2u);
  EXPECT_EQ(first->items[0].id, "a");
  query.page_token = first->next_page_token;
  const auto second = desk().ListWebhooks(query);
  ASSERT_EQ(second->items.size(), 1u);
  EXPECT_EQ(second->items[0].id, "c");
  EXPECT_EQ(second->next_page_token, "");
}

TEST_F(Webhooks, KeepTheirFilter) {
  CreateWebhook command = To("crm");
  command.filter = {{EventType::kLeadWon, EventType::kLeadDeclined}, "lead-1"};
  ASSERT_TRUE(desk().CreateWebhook(command).ok());
  const auto webhook = desk().GetWebhook("crm");
  EXPECT_EQ(webhook->filter.types, command.filter.types);
  EXPECT_EQ(webhook->filter.lead, "lead-1");
  const auto cleared = desk().UpdateWebhook("crm", {.filter = EventFilter()});
  EXPECT_TRUE(cleared->filter.types.empty());
  EXPECT_EQ(cleared->filter.lead, "");
}

TEST_F(Webhooks, SayInEventsNeitherUrlNorSecret) {
  CreateWebhook command = To("crm");
  command.url = "https://example.com/canary-token";
  const std::string secret = desk().CreateWebhook(command)->secret;
  ASSERT_TRUE(desk().UpdateWebhook("crm", {.url = "https://example.com/canary-other"}).ok());
  ASSERT_TRUE(desk().RotateWebhookSecret("crm", {}).ok());
  for (const Event& event : Events()) {
    std::string text = event.subject;
    for (const Change& change : event.changes) text += change.field + change.before + change.after;
    EXPECT_EQ(text.find("canary"), std::string::npos) << text;
    EXPECT_EQ(text.find(secret), std::string::npos) << text;
    EXPECT_EQ(text.find("whsec"), std::string::npos) << text;
  }
}

TEST_F(Webhooks, MoveOnWithoutTakingARevision) {
  Create("crm");
  Capture("ivan");
  const int64_t revision = Revision();
  const std::string etag = desk().GetWebhook("crm")->etag;
  Advance("crm", {revision + 1, 0});
  EXPECT_EQ(desk().GetWebhook("crm")->delivered_revision, revision);
  EXPECT_EQ(desk().GetWebhook("crm")->etag, etag);
  EXPECT_EQ(Revision(), revision);
}

TEST_F(Webhooks, AreWhereTheyWereAfterAReopening) {
  Create("crm");
  Capture("ivan");
  Advance("crm", {Revision(), 1});
  ASSERT_TRUE(Fail("crm", 503, {Revision(), 2}).ok());
  const WebhookFailure before = *desk().GetWebhook("crm")->failure;
  Reopen(Secrets());
  const WebhookTask task = Task("crm");
  EXPECT_EQ(task.cursor.revision, Revision());
  EXPECT_EQ(task.cursor.ordinal, 2);
  ASSERT_TRUE(task.webhook.failure.has_value());
  EXPECT_EQ(task.webhook.failure->attempts, 1);
  EXPECT_EQ(task.webhook.failure->next_time, before.next_time);
  EXPECT_EQ(task.webhook.failure->http_status, 503);
}

TEST_F(Webhooks, ThatChangedMeanwhileAreNotMovedByAnOldDelivery) {
  Capture("ivan");
  const Webhook seen = Create("crm");
  ASSERT_TRUE(desk().ReplayWebhook("crm", {0}).ok());
  ASSERT_TRUE(desk().AdvanceWebhooks({{"crm", seen.etag, {Revision() + 1, 0}}}).ok());
  EXPECT_EQ(desk().GetWebhook("crm")->delivered_revision, 0);
  FailedDelivery failed;
  failed.progress = {"crm", seen.etag, {1, 0}};
  failed.fault = DeliveryFault::kTimeout;
  EXPECT_EQ(ReasonIn(desk().FailDelivery(failed).status()), Reason::kEtagMismatch);
  EXPECT_FALSE(desk().GetWebhook("crm")->failure.has_value());
}

TEST_F(Webhooks, CountFailuresInARowUntilADeliverySucceeds) {
  Create("crm");
  Capture("ivan");
  const int64_t revision = Revision();
  for (int i = 1; i <= 3; ++i) {
    const auto failed = Fail("crm", 500, {revision, 0});
    ASSERT_TRUE(failed.ok()) << failed.status();
    EXPECT_EQ(failed->failure->attempts, i);
    EXPECT_GE(*failed->failure->next_time - clock_.Now(), absl::Milliseconds(2500));
  }
  EXPECT_EQ(Revision(), revision);
  Advance("crm", {revision, 1});
  EXPECT_FALSE(desk().GetWebhook("crm")->failure.has_value());
}

TEST_F(Webhooks, BeginANewRowOfFailuresAtAnotherEvent) {
  Create("crm");
  Capture("ivan");
  const int64_t revision = Revision();
  ASSERT_TRUE(Fail("crm", 500, {revision, 0}).ok());
  // The first event was delivered, which was not noted before the second failed.
  EXPECT_EQ(Fail("crm", 500, {revision, 1})->failure->attempts, 1);
}

TEST_F(Webhooks, ThatFailForThreeDaysAreMarkedAndLoseNothing) {
  Create("crm");
  Capture("ivan");
  const int64_t revision = Revision();
  absl::StatusOr<Webhook> webhook = Fail("crm", 500, {revision, 0});
  while (webhook.ok() && webhook->state == WebhookState::kEnabled) {
    clock_.Turn(*webhook->failure->next_time - clock_.Now());
    webhook = Fail("crm", 500, {revision, 0});
  }
  ASSERT_TRUE(webhook.ok()) << webhook.status();
  EXPECT_EQ(webhook->state, WebhookState::kFailed);
  EXPECT_GE(webhook->failure->last_time - webhook->failure->first_time, absl::Hours(72));
  EXPECT_EQ(webhook->delivered_revision, revision - 1);
  EXPECT_EQ(TypesSince(revision), std::vector<EventType>{EventType::kWebhookFailed});
  EXPECT_TRUE(desk().ListWebhookTasks()->tasks.empty());
  const auto enabled = desk().UpdateWebhook("crm", {.state = WebhookState::kEnabled});
  EXPECT_FALSE(enabled->failure.has_value());
  EXPECT_EQ(Task("crm").cursor.revision, revision);
  ExpectClean();
}

TEST_F(Webhooks, WhoseReceiverIsGoneAreDisabled) {
  Create("crm");
  Capture("ivan");
  const int64_t revision = Revision();
  EXPECT_EQ(Fail("crm", 410, {revision, 0})->state, WebhookState::kDisabled);
  EXPECT_EQ(TypesSince(revision), std::vector<EventType>{EventType::kWebhookDisabled});
  EXPECT_EQ(Events().back().changes.back().after, "410");
  EXPECT_EQ(desk().GetWebhook("crm")->failure->http_status, 410);
}

TEST_F(Webhooks, AreReplayedFromAnyRevision) {
  Capture("ivan");
  Create("crm");
  ASSERT_TRUE(Fail("crm", 410, {Revision(), 0}).ok());
  const auto replayed = desk().ReplayWebhook("crm", {1});
  ASSERT_TRUE(replayed.ok()) << replayed.status();
  EXPECT_EQ(replayed->state, WebhookState::kEnabled);
  EXPECT_EQ(replayed->delivered_revision, 1);
  EXPECT_FALSE(replayed->failure.has_value());
  EXPECT_EQ(Task("crm").cursor.revision, 2);
  EXPECT_EQ(ReasonIn(desk().ReplayWebhook("crm", {-1}).status()), Reason::kRevisionInvalid);
  EXPECT_EQ(ReasonIn(desk().ReplayWebhook("crm", {Revision() + 1}).status()),
            Reason::kRevisionInvalid);
}

TEST_F(Webhooks, SignWithTwoSecretsWhileOneGoesOver) {
  const Webhook created = Create("crm");
  const auto rotated = desk().RotateWebhookSecret("crm", {absl::Hours(2)});
  ASSERT_TRUE(rotated.ok()) << rotated.status();
  EXPECT_EQ(rotated->secret, "whsec_" + created.uid + "_2");
  EXPECT_EQ(*rotated->previous_secret_expire_time - clock_.Now(), absl::Hours(2));
  EXPECT_EQ(desk().GetWebhook("crm")->secret_generation, 2);
  EXPECT_EQ(ReasonIn(desk().RotateWebhookSecret("crm", {absl::Hours(721)}).status()),
            Reason::kFieldInvalid);
  EXPECT_EQ(ReasonIn(desk().RotateWebhookSecret("crm", {-absl::Seconds(1)}).status()),
            Reason::kFieldInvalid);
}

TEST_F(Webhooks, ThatAreDisabledAreNoTasks) {
  CreateWebhook later = To("later");
  later.state = WebhookState::kDisabled;
  ASSERT_TRUE(desk().CreateWebhook(later).ok());
  Create("now");
  const auto tasks = desk().ListWebhookTasks();
  ASSERT_EQ(tasks->tasks.size(), 1u);
  EXPECT_EQ(tasks->tasks[0].webhook.id, "now");
  EXPECT_EQ(tasks->revision, Revision());
}

TEST_F(Webhooks, KeepEventsFromBeingCompactedUntilTheyAreTold) {
  UpdateWorkspace keep;
  keep.event_retention_days = 30;
  ASSERT_TRUE(desk().UpdateWorkspace(keep).ok());
  Create("crm");
  const int64_t told = Revision();
  ASSERT_TRUE(desk().DeclineLead(Capture("ivan").lead.id, Refusal()).ok());
  clock_.Turn(absl::Hours(24 * 60));
  Capture("maria");
  const auto oldest_after_a_sweep = [this] {
    const auto swept = engine_->Sweep();
    EXPECT_TRUE(swept.ok()) << swept.status();
    return desk().GetWorkspace()->oldest_revision;
  };
  EXPECT_EQ(oldest_after_a_sweep(), told + 1);
  Advance("crm", {Revision() + 1, 0});
  EXPECT_GT(oldest_after_a_sweep(), told + 1);
  const absl::Status compacted = desk().ReplayWebhook("crm", {0}).status();
  EXPECT_EQ(ReasonIn(compacted), Reason::kRevisionCompacted);
  const int64_t oldest = desk().GetWorkspace()->oldest_revision;
  EXPECT_EQ(DetailOf(compacted).metadata.at("oldest_revision"), std::to_string(oldest));
  EXPECT_TRUE(desk().ReplayWebhook("crm", {oldest - 1}).ok());
  ExpectClean();
}

TEST_F(Webhooks, BeginAnewWithAnotherUrlAndNotWithAnotherName) {
  Create("crm");
  ASSERT_TRUE(Fail("crm", 500, {Revision() + 1, 0}).ok());
  EXPECT_TRUE(desk().UpdateWebhook("crm", {.display_name = "Ours"})->failure.has_value());
  EXPECT_FALSE(desk().UpdateWebhook("crm", {.url = "https://example.com/2"})->failure.has_value());
}

}  // namespace
}  // namespace sales::testing
