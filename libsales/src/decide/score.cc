#include "src/decide/score.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/decide/errors.h"
#include "src/decide/statistics.h"

namespace sales {
namespace {

constexpr std::string_view kAttributePrefix = "attribute:";
// How many leads draw a value's rate towards the base.
constexpr double kPriorLeads = 2;
constexpr int kPermille = 1'000;
constexpr int kBins = 10;

const char* FlagValue(bool flag) { return flag ? "true" : "false"; }

std::string InterestBin(int interest) {
  if (interest <= 0) return "0";
  if (interest < 25) return "1-24";
  if (interest < 50) return "25-49";
  return interest < 75 ? "50-74" : "75-100";
}

std::string ValueBin(const std::optional<Money>& value) {
  if (!value.has_value()) return "";
  if (value->minor_units <= 0) return "0";
  int64_t power = 1;
  while (value->minor_units / 10 >= power) power *= 10;
  return std::to_string(value->minor_units >= 3 * power ? 3 * power : power);
}

std::string ExpectationValue(int expectation) {
  return expectation == 0 ? std::string() : std::to_string(expectation);
}

struct Feature {
  std::string_view name;
  std::string (*value)(const LeadRecord&);
};

constexpr Feature kFeatures[] = {
    {"channel", [](const LeadRecord& r) { return r.lead.channel; }},
    {"campaign", [](const LeadRecord& r) { return r.lead.campaign; }},
    {"seller", [](const LeadRecord& r) { return r.lead.seller; }},
    {"referred",
     [](const LeadRecord& r) -> std::string { return FlagValue(!r.lead.referrer.empty()); }},
    {"repeat", [](const LeadRecord& r) -> std::string { return FlagValue(!r.new_contact); }},
    {"interest", [](const LeadRecord& r) { return InterestBin(r.lead.interest); }},
    {"expected_value", [](const LeadRecord& r) { return ValueBin(r.lead.expected_value); }},
    {"budget_known",
     [](const LeadRecord& r) -> std::string { return FlagValue(r.lead.budget.has_value()); }},
    {"decision_maker_known",
     [](const LeadRecord& r) -> std::string { return FlagValue(r.lead.decision_maker_known); }},
    {"expectation", [](const LeadRecord& r) { return ExpectationValue(r.expectation); }},
};

const Feature* FindFeature(std::string_view name) {
  for (const Feature& feature : kFeatures) {
    if (feature.name == name) return &feature;
  }
  return nullptr;
}

bool IsAttribute(std::string_view feature) {
  return feature.substr(0, kAttributePrefix.size()) == kAttributePrefix;
}

absl::Status CheckAttributeFeature(const std::string& field, std::string_view key,
                                   const AttributeSchema& schema) {
  for (const AttributeDefinition& definition : schema) {
    if (definition.key != key) continue;
    if (definition.type == AttributeType::kEnum || definition.type == AttributeType::kBoolean) {
      return absl::OkStatus();
    }
    return FieldError(Reason::kFieldInvalid, field,
                      "is an attribute of another type than ENUM and BOOLEAN");
  }
  return FieldError(Reason::kAttributeUnknown, field, "is no attribute that the workspace defines");
}

// Spaces part features, '=' parts a feature from its value, and ';' sheets of tallies.
bool NeedsEncoding(char c) {
  return static_cast<unsigned char>(c) <= ' ' || c == '=' || c == ';' || c == '%' || c == '"' ||
         c == '\\' || c == 0x7f;
}

void AppendEncoded(std::string_view text, std::string& out) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (const char c : text) {
    if (!NeedsEncoding(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
}

int DigitOf(char c) { return c <= '9' ? c - '0' : c - 'A' + 10; }

std::string Decoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(DigitOf(text[i + 1]) * 16 + DigitOf(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool Allows(const AttributeDefinition& definition, const std::string& value) {
  if (definition.type == AttributeType::kBoolean) return value == "true" || value == "false";
  return definition.type == AttributeType::kEnum &&
         std::find(definition.values.begin(), definition.values.end(), value) !=
             definition.values.end();
}

std::string AttributeValue(const Lead& lead, const std::string& key,
                           const AttributeSchema& schema) {
  const auto found = lead.attributes.find(key);
  if (found == lead.attributes.end()) return "";
  for (const AttributeDefinition& definition : schema) {
    if (definition.key == key && Allows(definition, found->second)) return found->second;
  }
  return "";
}

double Logit(double won, double not_won) { return std::log(won) - std::log(not_won); }

}  // namespace

absl::Status CheckScoreFeatures(const std::vector<std::string>& features,
                                const AttributeSchema& schema) {
  SALES_RETURN_IF_ERROR(CheckList("score_features", features.size(), limits::score_features_max));
  std::set<std::string_view> seen;
  for (size_t i = 0; i < features.size(); ++i) {
    const std::string& feature = features[i];
    const std::string field = "score_features[" + std::to_string(i) + "]";
    if (!seen.insert(feature).second) {
      return FieldError(Reason::kFieldInvalid, field, "is there twice");
    }
    if (IsAttribute(feature)) {
      SALES_RETURN_IF_ERROR(CheckAttributeFeature(
          field, std::string_view(feature).substr(kAttributePrefix.size()), schema));
    } else if (FindFeature(feature) == nullptr) {
      return FieldError(Reason::kFieldInvalid, field, "is no feature that leads are scored by");
    }
  }
  return absl::OkStatus();
}

std::vector<FeatureValue> FeaturesOf(const LeadRecord& record,
                                     const std::vector<std::string>& features,
                                     const AttributeSchema& schema) {
  std::vector<FeatureValue> values;
  values.reserve(features.size());
  for (const std::string& name : features) {
    std::string value;
    if (const Feature* feature = FindFeature(name); feature != nullptr) {
      value = feature->value(record);
    } else {
      value = AttributeValue(record.lead, name.substr(kAttributePrefix.size()), schema);
    }
    values.emplace_back(name, std::move(value));
  }
  return values;
}

std::string EncodeFeatures(const std::vector<FeatureValue>& values) {
  std::string text;
  for (const auto& [feature, value] : values) {
    if (!text.empty()) text += ' ';
    AppendEncoded(feature, text);
    text += '=';
    AppendEncoded(value, text);
  }
  return text;
}

FeatureValue DecodeFeature(std::string_view word) {
  const size_t equals = word.find('=');
  if (equals == std::string_view::npos) return {Decoded(word), ""};
  return {Decoded(word.substr(0, equals)), Decoded(word.substr(equals + 1))};
}

int BinOf(double value, const std::vector<double>& bounds) {
  return static_cast<int>(std::upper_bound(bounds.begin(), bounds.end(), value) - bounds.begin());
}

std::vector<double> QuantileBounds(std::vector<double> values, int bins) {
  std::vector<double> bounds;
  if (values.empty()) return bounds;
  std::sort(values.begin(), values.end());
  for (int i = 1; i < bins; ++i) {
    const double bound = values[values.size() * static_cast<size_t>(i) / static_cast<size_t>(bins)];
    const bool parts = bound > values.front() && (bounds.empty() || bound > bounds.back());
    if (parts) bounds.push_back(bound);
  }
  return bounds;
}

void ScoreModel::AddOutcome(ScoreCounts counts) {
  all_.won += counts.won;
  all_.not_won += counts.not_won;
}

void ScoreModel::AddFeature(const FeatureValue& value, ScoreCounts counts) {
  for (ScoreCounts* sum : {&features_[value.first], &values_[value]}) {
    sum->won += counts.won;
    sum->not_won += counts.not_won;
  }
}

double ScoreModel::LogOddsOf(const FeatureValue& value) const {
  const auto found = values_.find(value);
  if (found == values_.end()) return 0;
  const ScoreCounts& of_feature = features_.find(value.first)->second;
  const auto won = static_cast<double>(of_feature.won) + 1;
  const auto not_won = static_cast<double>(of_feature.not_won) + 1;
  const double base = won / (won + not_won);
  return Logit(static_cast<double>(found->second.won) + kPriorLeads * base,
               static_cast<double>(found->second.not_won) + kPriorLeads * (1 - base)) -
         Logit(won, not_won);
}

LeadScore ScoreModel::Score(const std::vector<FeatureValue>& values) const {
  LeadScore score;
  score.won = all_.won;
  score.not_won = all_.not_won;
  score.base_log_odds =
      Logit(static_cast<double>(all_.won) + 1, static_cast<double>(all_.not_won) + 1);
  score.log_odds = score.base_log_odds;
  for (const FeatureValue& value : values) {
    const double log_odds = LogOddsOf(value);
    score.contributions.push_back({value.first, value.second, log_odds});
    score.log_odds += log_odds;
  }
  score.probability = 1 / (1 + std::exp(-score.log_odds));
  return score;
}

int PermilleOf(double probability) {
  return static_cast<int>(std::lround(probability * kPermille));
}

std::optional<double> AreaUnderCurve(const Promises& promises) {
  // Twice the pairs that are in order, ties once.
  double twice_ordered = 0;
  double not_won_below = 0;
  double won = 0;
  for (const auto& [permille, counts] : promises.leads) {
    const auto here = static_cast<double>(counts.not_won);
    twice_ordered += static_cast<double>(counts.won) * (2 * not_won_below + here);
    not_won_below += here;
    won += static_cast<double>(counts.won);
  }
  if (won == 0 || not_won_below == 0) return std::nullopt;
  return twice_ordered / (2 * won * not_won_below);
}

std::vector<CalibrationBin> Calibrate(const Promises& promises) {
  std::vector<CalibrationBin> bins(kBins);
  std::vector<ScoreCounts> counts(kBins);
  std::vector<int64_t> promised(kBins, 0);
  for (const auto& [permille, leads] : promises.leads) {
    const int bin = std::clamp(permille * kBins / kPermille, 0, kBins - 1);
    counts[bin].won += leads.won;
    counts[bin].not_won += leads.not_won;
    promised[bin] += permille * (leads.won + leads.not_won);
  }
  for (int i = 0; i < kBins; ++i) {
    const int64_t leads = counts[i].won + counts[i].not_won;
    bins[i].low = static_cast<double>(i) / kBins;
    bins[i].high = static_cast<double>(i + 1) / kBins;
    bins[i].won = MakeRate(counts[i].won, leads);
    if (leads == 0) continue;
    bins[i].mean_probability =
        static_cast<double>(promised[i]) / static_cast<double>(leads * kPermille);
  }
  return bins;
}

std::optional<double> CalibrationError(const std::vector<CalibrationBin>& bins) {
  double sum = 0;
  int64_t leads = 0;
  for (const CalibrationBin& bin : bins) {
    leads += bin.won.denominator;
    sum +=
        static_cast<double>(bin.won.denominator) * std::abs(bin.mean_probability - bin.won.value);
  }
  if (leads == 0) return std::nullopt;
  return sum / static_cast<double>(leads);
}

std::optional<double> BrierScore(const Promises& promises) {
  double sum = 0;
  int64_t leads = 0;
  for (const auto& [permille, counts] : promises.leads) {
    const double probability = static_cast<double>(permille) / kPermille;
    leads += counts.won + counts.not_won;
    sum += static_cast<double>(counts.won) * (1 - probability) * (1 - probability) +
           static_cast<double>(counts.not_won) * probability * probability;
  }
  if (leads == 0) return std::nullopt;
  return sum / static_cast<double>(leads);
}

}  // namespace sales
