#include "src/decide/advice.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace sales {
namespace {

AdviceFacts WithScore(double odds_ratio) {
  AdviceFacts facts;
  LeadScore score;
  score.base_log_odds = -1;
  score.log_odds = -1 + std::log(odds_ratio);
  facts.score = score;
  return facts;
}

std::vector<std::string> Codes(const Advised& advised) {
  std::vector<std::string> codes;
  for (const AdviceReason& reason : advised.reasons) codes.push_back(reason.code);
  return codes;
}
using Words = std::vector<std::string>;

TEST(Advise, PursuesALeadThatIsTwiceAsLikely) {
  const Advised advised = Advise(WithScore(2.01));
  EXPECT_EQ(advised.action, AdviceAction::kPursue);
  EXPECT_EQ(Codes(advised), Words{"score-high"});
}

TEST(Advise, NurturesOneThatIsHalfAsLikely) {
  EXPECT_EQ(Advise(WithScore(0.49)).action, AdviceAction::kNurture);
}

TEST(Advise, DeclinesAtThePeakOfExpectationsWhoWillNotBuy) {
  AdviceFacts facts = WithScore(0.4);
  facts.expectation = 5;
  facts.interest = 90;
  const Advised advised = Advise(facts);
  EXPECT_EQ(advised.action, AdviceAction::kDecline);
  EXPECT_EQ(Codes(advised), (Words{"expectation-peak", "score-low", "interest-high"}));
}

TEST(Advise, DoesNotDeclineAtThePeakWhoMayBuy) {
  AdviceFacts facts = WithScore(1);
  facts.expectation = 5;
  EXPECT_EQ(Advise(facts).action, AdviceAction::kSteady);
}

TEST(Advise, GoesOnSteadilyWhereNothingIsKnown) {
  const Advised advised = Advise({});
  EXPECT_EQ(advised.action, AdviceAction::kSteady);
  EXPECT_EQ(Codes(advised), Words{"score-unknown"});
  EXPECT_EQ(Codes(Advise(WithScore(1))), Words{"score-usual"});
}

TEST(Advise, WeighsValueInterestAndLoad) {
  AdviceFacts facts;
  facts.interest = 80;
  facts.expected_value = 2'000;
  facts.usual_value = 1'000;
  facts.open_work_units = 9;
  facts.capacity = 10;
  const Advised advised = Advise(facts);
  EXPECT_EQ(Codes(advised), (Words{"interest-high", "value-high", "load-high"}));
  EXPECT_EQ(advised.action, AdviceAction::kSteady);
  facts.open_work_units = 5;
  EXPECT_EQ(Advise(facts).action, AdviceAction::kPursue);
}

TEST(Advise, DeclinesWhereEverythingSpeaksAgainst) {
  AdviceFacts facts = WithScore(0.1);
  facts.interest = 10;
  facts.expected_value = 10;
  facts.usual_value = 1'000;
  EXPECT_EQ(Advise(facts).action, AdviceAction::kDecline);
}

TEST(Advise, GivesReasonsInSentences) {
  AdviceFacts facts = WithScore(0.1);
  facts.expectation = 2;
  for (const AdviceReason& reason : Advise(facts).reasons) {
    EXPECT_EQ(reason.description.back(), '.') << reason.code;
  }
}

TEST(AdviceName, IsReadBack) {
  for (const AdviceAction action : {AdviceAction::kPursue, AdviceAction::kSteady,
                                    AdviceAction::kNurture, AdviceAction::kDecline}) {
    EXPECT_EQ(ParseAdvice(AdviceName(action)), action);
  }
  EXPECT_EQ(ParseAdvice("SHRUG"), AdviceAction::kUnspecified);
}

}  // namespace
}  // namespace sales
