// How likely a lead is to be won: naive Bayes over features that the workspace chose.
//
// Each feature adds to the log-odds what its value says by itself, so a score explains itself:
//
//   log-odds = base + sum of contributions
//   base = ln((W + 1) / (N + 1))
//   contribution of value v = ln((w + m p) / (n + m (1 - p))) - ln(p / (1 - p))
//
// W, N: closed leads that were won and that were not (declined, lost). w, n: those of them that had
// the value v; p = (w' + 1) / (w' + n' + 2), where w' and n' are the sums of w and n over the
// feature's values: the feature's own base, for one that was added later saw fewer outcomes. m = 2.
// So a value that no outcome has adds nothing, and one that few have adds little: its rate is drawn
// towards the base by m leads. With p = 1/2 that is Laplace's law of succession. Source: B.
// Cestnik, "Estimating probabilities: a crucial task in machine learning", ECAI 1990.
//
// What a lead lacks is a value of its own, the empty one: that a client tells no budget says
// something of him too. Where it says nothing, it has the base's rate and adds next to nothing.
#ifndef SALES_SRC_DECIDE_SCORE_H_
#define SALES_SRC_DECIDE_SCORE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "sales/score.h"
#include "src/decide/attribute_schema.h"
#include "src/decide/record.h"

namespace sales {

// LIST_TOO_LONG, FIELD_INVALID (no such feature, twice the same, or an attribute that is no ENUM or
// BOOLEAN), ATTRIBUTE_UNKNOWN; at "score_features[i]".
absl::Status CheckScoreFeatures(const std::vector<std::string>& features,
                                const AttributeSchema& schema);

// A feature and the value that a lead has of it.
using FeatureValue = std::pair<std::string, std::string>;

// The values of the features, in their order. Numbers are binned: "interest" by quartile ("0", for
// not told, "1-24", "25-49", "50-74", "75-100"), "expected_value" by half orders of magnitude (the
// least minor units of its bin: "0", "1", "3", "10", "30" …; empty where unset), "expectation" is 1
// to 5 or empty. "referred", "repeat", "budget_known" and "decision_maker_known" are "true" or
// "false". An attribute's value is one that the schema allows; another, of before it was defined
// so, may be anything that somebody wrote and counts as none.
std::vector<FeatureValue> FeaturesOf(const LeadRecord& record,
                                     const std::vector<std::string>& features,
                                     const AttributeSchema& schema);

// One text, as events tell it: "channel=ads interest=25-49", what would part it percent-encoded.
std::string EncodeFeatures(const std::vector<FeatureValue>& values);
// The inverse of one of its words.
FeatureValue DecodeFeature(std::string_view word);

// The bin of a number among ascending bounds: how many of them are not above it.
int BinOf(double value, const std::vector<double>& bounds);
// Bounds that part the values into at most `bins` bins of like size, none empty.
std::vector<double> QuantileBounds(std::vector<double> values, int bins);

struct ScoreCounts {
  int64_t won = 0;
  int64_t not_won = 0;
};

// The outcomes that a score rests on.
class ScoreModel {
 public:
  // Of a lead that was scored by any features.
  void AddOutcome(ScoreCounts counts);
  void AddFeature(const FeatureValue& value, ScoreCounts counts);

  // Whether leads of both ends are known.
  bool ready() const { return all_.won > 0 && all_.not_won > 0; }
  LeadScore Score(const std::vector<FeatureValue>& values) const;
  // What a value adds.
  double LogOddsOf(const FeatureValue& value) const;
  // Every value that an outcome had, by feature and value.
  const std::map<FeatureValue, ScoreCounts>& values() const { return values_; }

 private:
  ScoreCounts all_;
  std::map<std::string, ScoreCounts, std::less<>> features_;
  std::map<FeatureValue, ScoreCounts> values_;
};

// A probability in whole permille.
int PermilleOf(double probability);

// How well probabilities foretold: leads by what was promised them, in permille.
struct Promises {
  std::map<int, ScoreCounts> leads;
};
// The chance that a lead that was won had been promised more than one that was not, a tie as half:
// by ranks. Unset where one kind is missing.
std::optional<double> AreaUnderCurve(const Promises& promises);
// Ten bins of a tenth each, the last with 1; empty ones too.
std::vector<CalibrationBin> Calibrate(const Promises& promises);
// Unset without leads.
std::optional<double> CalibrationError(const std::vector<CalibrationBin>& bins);
std::optional<double> BrierScore(const Promises& promises);

}  // namespace sales

#endif  // SALES_SRC_DECIDE_SCORE_H_
