// A funnel policy, written in C++:
//
//   absl::StatusOr<FunnelPolicy> policy =
//       FunnelBuilder("web-shop")
//           .AddStage("new", "New").RespondWithin(InWorkingTime(absl::Minutes(15)))
//           .AddStage("work", "Start of work").Qualifying()
//               .Entry(when::AllOf({when::Is(Fact::kRequirementsAgreed),
//                                   when::Is(Fact::kPriceOffered)}))
//           .AlternativesRequired()
//           .Build();
#ifndef SALES_FUNNEL_BUILDER_H_
#define SALES_FUNNEL_BUILDER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sales/funnel.h"

namespace sales {

// Conditions.
namespace when {

Condition AllOf(std::vector<Condition> conditions);
Condition AnyOf(std::vector<Condition> conditions);
Condition Not(Condition condition);
Condition Is(Fact fact);
Condition InterestAtLeast(int64_t number);
Condition ExpectedValueAtLeast(Money amount);
// `comparison` is of the attribute with the value, as whole numbers where both are, else as text.
Condition Attribute(std::string key, Comparison comparison, std::string value);
Condition AttributeSet(std::string key);
// Unspecified: of any kind or direction.
Condition Activities(int64_t at_least, ActivityKind kind = ActivityKind::kUnspecified,
                     Direction direction = Direction::kUnspecified);
Condition DaysInStageAtLeast(int64_t days);

}  // namespace when

Limit InWorkingTime(absl::Duration within);
Limit InCalendarTime(absl::Duration within);

// Each method gives the builder, for the next one.
class FunnelBuilder {
 public:
  // The id of the funnel that the policy is for.
  explicit FunnelBuilder(std::string funnel);

  FunnelBuilder& Title(std::string display_name);
  // What a refusal must carry besides one argument.
  FunnelBuilder& AllArguments();
  FunnelBuilder& AlternativesRequired();
  // Of the handoff that a win opens.
  FunnelBuilder& IntroductionWithin(Limit limit);
  FunnelBuilder& AcceptWithin(Limit limit);

  // In funnel order. What follows is said of this stage, up to the next.
  FunnelBuilder& AddStage(std::string key, std::string display_name = "");
  FunnelBuilder& Qualifying();
  FunnelBuilder& Entry(Condition condition);
  FunnelBuilder& MovesTo(std::vector<std::string> stages);
  FunnelBuilder& RespondWithin(Limit limit);
  FunnelBuilder& StageWithin(Limit limit);
  FunnelBuilder& ProposalWithin(Limit limit);
  FunnelBuilder& ProbabilityPercent(int percent);
  FunnelBuilder& WorkUnits(int units);
  FunnelBuilder& RotAfter(absl::Duration duration);

  // The policy as it stands, right or wrong.
  const FunnelPolicy& policy() const { return policy_; }
  // Errors: POLICY_INVALID with each fault; so too if something was said of a stage before the
  // first.
  absl::StatusOr<FunnelPolicy> Build() const;

 private:
  Stage& Last();

  FunnelPolicy policy_;
  // What was said of a stage before the first.
  Stage before_first_;
  bool said_too_early_ = false;
};

}  // namespace sales

#endif  // SALES_FUNNEL_BUILDER_H_
