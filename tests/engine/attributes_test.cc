// Attributes of leads by the workspace's schema, on every way that writes them.
#include "sales/simulation.h"
#include "tests/engine/studio.h"

namespace sales::testing {
namespace {

class LeadAttributes : public Studio {
 protected:
  static std::vector<AttributeDefinition> Schema() {
    return {{"staff", "People who work there", AttributeType::kNumber, {}},
            {"since", "", AttributeType::kDate, {}},
            {"region", "", AttributeType::kEnum, {"north", "south"}}};
  }
  absl::Status Define(std::vector<AttributeDefinition> schema) const {
    UpdateWorkspace update;
    update.lead_attributes = std::move(schema);
    return desk().UpdateWorkspace(update).status();
  }
  static CaptureLead With(const std::string& name, std::map<std::string, std::string> attributes) {
    CaptureLead lead = Person(name);
    lead.attributes = std::move(attributes);
    return lead;
  }
  static UpdateLead To(std::map<std::string, std::string> attributes) {
    UpdateLead update;
    update.attributes = std::move(attributes);
    return update;
  }
  // Two stages; the second asks for an attribute.
  static FunnelPolicy Asking(std::string key, Comparison comparison, std::string value) {
    FunnelPolicy policy;
    policy.id = "asking";
    Stage first;
    first.key = "asked";
    Stage second;
    second.key = "fits";
    second.qualifying = true;
    second.entry.kind = Condition::Kind::kAttribute;
    second.entry.key = std::move(key);
    second.entry.comparison = comparison;
    second.entry.value = std::move(value);
    policy.stages = {first, second};
    return policy;
  }
  std::string CaptureAsked(const std::string& name, const std::string& staff) const {
    CaptureLead lead = With(name, {{"staff", staff}});
    lead.funnel = "asking";
    const auto captured = desk().CaptureLead(lead);
    EXPECT_TRUE(captured.ok()) << captured.status();
    return captured->lead.id;
  }
};

TEST_F(LeadAttributes, AreAnyTextUntilTheyAreDefined) {
  EXPECT_TRUE(desk().GetWorkspace()->lead_attributes.empty());
  EXPECT_TRUE(desk().CaptureLead(With("anna", {{"staff", "about ten"}})).ok());
}

TEST_F(LeadAttributes, AreDefinedByTheWorkspace) {
  ASSERT_TRUE(Define(Schema()).ok());
  Reopen();
  const auto defined = desk().GetWorkspace()->lead_attributes;
  ASSERT_EQ(defined.size(), 3u);
  EXPECT_EQ(defined[0].key, "staff");
  EXPECT_EQ(defined[0].display_name, "People who work there");
  EXPECT_EQ(defined[0].type, AttributeType::kNumber);
  EXPECT_EQ(defined[2].values, (std::vector<std::string>{"north", "south"}));
  EXPECT_EQ(engine_->ListWorkspaces({})->items.at(0).lead_attributes.size(), 3u);
  UpdateWorkspace rename;
  rename.display_name = "Studio";
  EXPECT_EQ(desk().UpdateWorkspace(rename)->lead_attributes.size(), 3u);
  ASSERT_TRUE(Define({}).ok());
  EXPECT_TRUE(desk().GetWorkspace()->lead_attributes.empty());
  EXPECT_TRUE(desk().CaptureLead(With("anna", {{"size", "any"}})).ok());
  ExpectClean();
}

TEST_F(LeadAttributes, MayBeDefinedWithANewWorkspace) {
  CreateWorkspace create;
  create.id = "other";
  create.lead_attributes = Schema();
  ASSERT_EQ(engine_->CreateWorkspace(create)->lead_attributes.size(), 3u);
  EXPECT_EQ(engine_->At("other").GetWorkspace()->lead_attributes.size(), 3u);
  EXPECT_EQ(ReasonIn(engine_->At("other").CaptureLead(With("anna", {{"staff", "x"}})).status()),
            Reason::kAttributeInvalid);
  create.id = "third";
  create.lead_attributes[0].type = AttributeType::kUnspecified;
  EXPECT_EQ(ReasonIn(engine_->CreateWorkspace(create).status()), Reason::kFieldRequired);
  ExpectClean();
}

TEST_F(LeadAttributes, AreCheckedByACaptureABatchAndAnUpdate) {
  ASSERT_TRUE(Define(Schema()).ok());
  const auto captured = desk().CaptureLead(With("anna", {{"staff", "12.5"}, {"region", "north"}}));
  ASSERT_TRUE(captured.ok()) << captured.status();
  EXPECT_EQ(ReasonIn(desk().CaptureLead(With("boris", {{"staff", "many"}})).status()),
            Reason::kAttributeInvalid);
  const absl::Status batch =
      desk().BatchCaptureLeads({With("clara", {}), With("dora", {{"size", "10"}})}).status();
  EXPECT_EQ(ReasonIn(batch), Reason::kAttributeUnknown);
  EXPECT_EQ(DetailOf(batch).fields.at(0).field, "requests[1].attributes[\"size\"]");
  EXPECT_EQ(DetailOf(batch).metadata["index"], "1");
  const std::string& lead = captured->lead.id;
  EXPECT_EQ(ReasonIn(desk().UpdateLead(lead, To({{"since", "soon"}})).status()),
            Reason::kAttributeInvalid);
  EXPECT_TRUE(desk().UpdateLead(lead, To({{"since", "2024-02-29"}})).ok());
  EXPECT_EQ(desk().ListLeads({})->items.size(), 1u);
}

TEST_F(LeadAttributes, AreCheckedByAnImportRowByRow) {
  ASSERT_TRUE(Define(Schema()).ok());
  ImportLead good;
  good.capture = With("anna", {{"region", "south"}});
  good.capture.external_id = "a";
  ImportLead bad;
  bad.capture = With("boris", {{"region", "west"}});
  bad.capture.external_id = "b";
  const auto results = *desk().ImportLeads({good, bad});
  EXPECT_EQ(results[0].outcome, ImportOutcome::kImported) << results[0].status;
  EXPECT_EQ(ReasonIn(results[1].status), Reason::kAttributeInvalid);
  EXPECT_EQ(DetailOf(results[1].status).fields.at(0).field, "capture.attributes[\"region\"]");
}

TEST_F(LeadAttributes, OfBeforeStayAsTheyAreUntilTheyAreWrittenAgain) {
  const std::string lead = desk().CaptureLead(With("anna", {{"staff", "ten"}}))->lead.id;
  ASSERT_TRUE(Define(Schema()).ok());
  EXPECT_EQ(desk().GetLead(lead)->attributes.at("staff"), "ten");
  UpdateLead need;
  need.need = "a museum";
  EXPECT_TRUE(desk().UpdateLead(lead, need).ok());
  EXPECT_EQ(ReasonIn(desk().UpdateLead(lead, To({{"staff", "ten"}, {"region", "north"}})).status()),
            Reason::kAttributeInvalid);
  EXPECT_TRUE(desk().UpdateLead(lead, To({{"staff", "10"}, {"region", "north"}})).ok());
}

TEST_F(LeadAttributes, AreComparedByTheirTypes) {
  ASSERT_TRUE(Define(Schema()).ok());
  ASSERT_TRUE(desk().ActivateFunnelPolicy({Asking("staff", Comparison::kGreater, "9.5"), {}}).ok());
  const std::string big = CaptureAsked("anna", "10.25");
  const std::string small = CaptureAsked("boris", "9.45");
  EXPECT_TRUE(desk().CheckMove(big)->stages[1].allowed);
  EXPECT_TRUE(desk().AdvanceLead(big, {"fits", "", ""}).ok());
  EXPECT_EQ(ReasonIn(desk().AdvanceLead(small, {"fits", "", ""}).status()), Reason::kGuardUnmet);
  SimulateFunnelPolicy strict;
  strict.policy = Asking("staff", Comparison::kGreater, "10.3");
  const auto simulation = desk().SimulateFunnelPolicy(strict);
  ASSERT_TRUE(simulation.ok()) << simulation.status();
  EXPECT_EQ(simulation->stages[1].refused, 1);
}

TEST_F(LeadAttributes, AreComparedByTheTypeTheyHaveNow) {
  ASSERT_TRUE(desk().ActivateFunnelPolicy({Asking("staff", Comparison::kGreater, "9.5"), {}}).ok());
  // As texts, "10.25" comes before "9.5".
  const std::string lead = CaptureAsked("anna", "10.25");
  EXPECT_FALSE(desk().CheckMove(lead)->stages[1].allowed);
  ASSERT_TRUE(Define(Schema()).ok());
  EXPECT_TRUE(desk().CheckMove(lead)->stages[1].allowed);
  EXPECT_TRUE(desk().AdvanceLead(lead, {"fits", "", ""}).ok());
  ASSERT_TRUE(Define({}).ok());
  EXPECT_FALSE(desk().CheckMove(CaptureAsked("boris", "10.25"))->stages[1].allowed);
}

TEST_F(LeadAttributes, ThatAPolicyCannotCompareAreFaultsWithTheirPaths) {
  ASSERT_TRUE(Define(Schema()).ok());
  const std::string at = "stages[1].entry.attribute";
  const FunnelPolicy unknown = Asking("size", Comparison::kEqual, "10");
  const FunnelPolicy unfit = Asking("region", Comparison::kEqual, "west");
  const absl::Status refused = desk().ActivateFunnelPolicy({unknown, {}}).status();
  EXPECT_EQ(ReasonIn(refused), Reason::kPolicyInvalid);
  EXPECT_EQ(DetailOf(refused).fields.at(0).field, at + ".key");
  EXPECT_EQ(desk().ValidateFunnelPolicy(unfit)->at(0).path, at + ".value");
  EXPECT_TRUE(desk().ValidateFunnelPolicy(Asking("region", Comparison::kEqual, "north"))->empty());
  EXPECT_EQ(desk().ValidateFunnelPolicy({})->at(0).code, "ID_INVALID");
  EXPECT_EQ(ReasonIn(engine_->At("nowhere").ValidateFunnelPolicy(unfit).status()),
            Reason::kWorkspaceNotFound);
  SimulateFunnelPolicy simulate;
  simulate.policy = unfit;
  simulate.funnel = "web-studio";
  EXPECT_EQ(ReasonIn(desk().SimulateFunnelPolicy(simulate).status()), Reason::kPolicyInvalid);
}

TEST_F(LeadAttributes, ThatAPolicyInForceComparesAreNotTakenFromIt) {
  ASSERT_TRUE(
      desk().ActivateFunnelPolicy({Asking("region", Comparison::kEqual, "north"), {}}).ok());
  std::vector<AttributeDefinition> schema = Schema();
  schema[2].values = {"south"};
  const absl::Status refused = Define(schema);
  EXPECT_EQ(ReasonIn(refused), Reason::kAttributeInUse);
  EXPECT_EQ(DetailOf(refused).metadata["funnel"], "asking");
  EXPECT_EQ(DetailOf(refused).metadata["path"], "stages[1].entry.attribute.value");
  schema.pop_back();
  EXPECT_EQ(ReasonIn(Define(schema)), Reason::kAttributeInUse);
  EXPECT_TRUE(desk().GetWorkspace()->lead_attributes.empty());
  EXPECT_TRUE(Define(Schema()).ok());
  EXPECT_TRUE(Define({}).ok());
}

TEST_F(LeadAttributes, OfAContactAreNotDefined) {
  ASSERT_TRUE(Define(Schema()).ok());
  CaptureLead lead = Person("anna");
  lead.contact.attributes = {{"date_of_birth", "1955-11-03"}};
  EXPECT_TRUE(desk().CaptureLead(lead).ok());
}

TEST_F(LeadAttributes, ArePartOfARequestsFingerprint) {
  UpdateWorkspace update;
  update.lead_attributes = Schema();
  ASSERT_TRUE(desk(WithRequest("r")).UpdateWorkspace(update).ok());
  EXPECT_EQ(desk(WithRequest("r")).UpdateWorkspace(update)->lead_attributes.size(), 3u);
  update.lead_attributes->pop_back();
  EXPECT_EQ(ReasonIn(desk(WithRequest("r")).UpdateWorkspace(update).status()),
            Reason::kRequestIdReused);
}

}  // namespace
}  // namespace sales::testing
