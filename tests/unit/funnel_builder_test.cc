#include "sales/funnel_builder.h"

#include <string>
#include <utility>
#include <vector>

#include "tests/unit/lead_fixture.h"
#include "tests/unit/random_policies.h"

namespace sales {
namespace {

TEST(FunnelBuilder, MakesWhatIsSaid) {
  const absl::StatusOr<FunnelPolicy> policy =
      FunnelBuilder("web-shop")
          .Title("Web shop")
          .AddStage("new", "New")
          .RespondWithin(InWorkingTime(absl::Minutes(15)))
          .AddStage("work")
          .Qualifying()
          .Entry(when::AllOf({when::Is(Fact::kRequirementsAgreed), when::Is(Fact::kPriceOffered)}))
          .AlternativesRequired()
          .Build();
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ(FunnelPolicyToYaml(*policy), R"(funnel: web-shop
title: Web shop
stages:
  - key: new
    title: New
    respond_within: {working: 15m}
  - key: work
    qualifying: true
    entry: {all_of: [requirements_agreed, price_offered]}
decline: {arguments: any, alternatives: required}
)");
}

TEST(FunnelBuilder, RefusesWhatCannotBePutInForce) {
  const absl::Status status =
      FunnelBuilder("f").AddStage("a").AddStage("a").Qualifying().Build().status();
  EXPECT_REFUSED(status, "POLICY_INVALID");
  EXPECT_EQ(FieldOf(status), "stages[1].key");
}

TEST(FunnelBuilder, RefusesWhatIsSaidOfAStageBeforeTheFirst) {
  const absl::Status status =
      FunnelBuilder("f").WorkUnits(3).AddStage("a").Qualifying().Build().status();
  EXPECT_REFUSED(status, "POLICY_INVALID");
  EXPECT_EQ(FieldOf(status), "stages");
}

}  // namespace
}  // namespace sales
