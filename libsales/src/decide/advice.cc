#include "src/decide/advice.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace sales {
namespace {

constexpr int kInterestHigh = 75;
constexpr int kInterestLow = 24;
constexpr int kExpectationPeak = 5;
constexpr int kExpectationLow = 2;
constexpr int kDeclinePoints = -4;
constexpr int kNurturePoints = -2;
constexpr int kPursuePoints = 2;

struct Point {
  const char* code;
  const char* description;
  int points;
};

constexpr Point kScoreHigh = {"score-high", "A win is at least twice as likely as usual.", 2};
constexpr Point kScoreLow = {"score-low", "A win is at most half as likely as usual.", -2};
constexpr Point kInterestingMuch = {"interest-high", "We want the project very much.", 1};
constexpr Point kInterestingLittle = {"interest-low", "We want the project little.", -1};
constexpr Point kValueHigh = {"value-high", "It is worth at least twice a usual sale.", 1};
constexpr Point kValueLow = {"value-low", "It is worth at most half of a usual sale.", -1};
constexpr Point kAtPeak = {"expectation-peak", "The client expects the utmost of us.", 1};
constexpr Point kExpectsLittle = {"expectation-low", "The client expects little of us.", -1};
constexpr Point kLoadLow = {"load-low", "The seller has time for it.", 1};
constexpr Point kLoadHigh = {"load-high", "The seller has no time to spare.", -1};
constexpr Point kDeclineAtPeak = {
    "expectation-peak",
    "The client expects the utmost of us and will hardly buy: he will never think better of us "
    "than now.",
    -3};
constexpr Point kScoreUsual = {"score-usual", "A win is as likely as usual.", 0};
constexpr Point kScoreUnknown = {"score-unknown", "Too little is known to say how likely a win is.",
                                 0};

struct Name {
  AdviceAction action;
  const char* name;
};
constexpr Name kNames[] = {{AdviceAction::kPursue, "PURSUE"},
                           {AdviceAction::kSteady, "STEADY"},
                           {AdviceAction::kNurture, "NURTURE"},
                           {AdviceAction::kDecline, "DECLINE"}};

std::vector<Point> PointsOf(const AdviceFacts& facts) {
  std::vector<Point> points;
  const auto add = [&points](bool high, const Point& if_high, bool low, const Point& if_low) {
    if (high) points.push_back(if_high);
    if (!high && low) points.push_back(if_low);
  };
  if (facts.score.has_value()) {
    const double above = facts.score->log_odds - facts.score->base_log_odds;
    add(above >= std::log(2.0), kScoreHigh, above <= -std::log(2.0), kScoreLow);
  }
  add(facts.interest >= kInterestHigh, kInterestingMuch,
      facts.interest > 0 && facts.interest <= kInterestLow, kInterestingLittle);
  if (facts.expected_value.has_value() && facts.usual_value.has_value()) {
    add(*facts.expected_value >= 2 * *facts.usual_value && *facts.expected_value > 0, kValueHigh,
        2 * *facts.expected_value <= *facts.usual_value, kValueLow);
  }
  add(facts.expectation >= kExpectationPeak, kAtPeak,
      facts.expectation > 0 && facts.expectation <= kExpectationLow, kExpectsLittle);
  if (facts.open_work_units.has_value() && facts.capacity > 0) {
    add(2 * *facts.open_work_units <= facts.capacity, kLoadLow,
        10 * *facts.open_work_units >= 9 * facts.capacity, kLoadHigh);
  }
  return points;
}

bool Has(const std::vector<Point>& points, const Point& wanted) {
  return std::any_of(points.begin(), points.end(), [&](const Point& point) {
    return std::string_view(point.code) == wanted.code;
  });
}

AdviceAction ActionOf(int points) {
  if (points <= kDeclinePoints) return AdviceAction::kDecline;
  if (points <= kNurturePoints) return AdviceAction::kNurture;
  return points >= kPursuePoints ? AdviceAction::kPursue : AdviceAction::kSteady;
}

}  // namespace

Advised Advise(const AdviceFacts& facts) {
  std::vector<Point> points = PointsOf(facts);
  int sum = 0;
  for (const Point& point : points) sum += point.points;
  Advised advised;
  advised.action = ActionOf(sum);
  if (Has(points, kAtPeak) && Has(points, kScoreLow)) {
    advised.action = AdviceAction::kDecline;
    std::replace_if(
        points.begin(), points.end(),
        [](const Point& point) { return std::string_view(point.code) == kAtPeak.code; },
        kDeclineAtPeak);
  }
  if (points.empty()) points.push_back(facts.score.has_value() ? kScoreUsual : kScoreUnknown);
  std::stable_sort(points.begin(), points.end(), [](const Point& a, const Point& b) {
    return std::abs(a.points) > std::abs(b.points);
  });
  for (const Point& point : points) advised.reasons.push_back({point.code, point.description});
  return advised;
}

const char* AdviceName(AdviceAction action) {
  for (const Name& entry : kNames) {
    if (entry.action == action) return entry.name;
  }
  return "";
}

AdviceAction ParseAdvice(std::string_view name) {
  for (const Name& entry : kNames) {
    if (name == entry.name) return entry.action;
  }
  return AdviceAction::kUnspecified;
}

}  // namespace sales
