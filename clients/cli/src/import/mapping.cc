#include "clients/cli/src/import/mapping.h"

#include <functional>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "clients/cli/src/policy_file.h"
#include "yaml-cpp/yaml.h"

namespace salesctl {
namespace {

// Reads a document into a mapping and keeps every fault that it meets on the way.
class Reader {
 public:
  explicit Reader(const YAML::Node& root) : root_(root) {}

  Result<Mapping> Read();

 private:
  void Fault(const YAML::Node& node, const std::string& text) {
    const int line = node.Mark().line;
    faults_.push_back((line < 0 ? "" : "line " + std::to_string(line + 1) + ": ") + text);
  }

  // Whether it is a map with no other keys than these.
  bool IsMapOf(const YAML::Node& node, const std::string& what, const std::set<std::string>& keys);
  std::string Word(const YAML::Node& node, const std::string& what);
  // The word of a key, or `otherwise` where there is none.
  std::string Word(const YAML::Node& map, const char* key, const std::string& otherwise);
  char Mark(const YAML::Node& map, const char* key, char otherwise);
  bool Yes(const YAML::Node& map, const char* key);
  TextSource Text(const YAML::Node& node, const std::string& what,
                  std::set<std::string> other_keys = {});
  TimeSource Time(const YAML::Node& node, const std::string& what);
  MoneySource Money(const YAML::Node& node, const std::string& what);
  template <typename Enum>
  Enum EnumValue(const YAML::Node& node, const std::string& what, const std::string& prefix,
                 bool (*parse)(const std::string&, Enum*));
  IdentitySource Identity(const YAML::Node& node);
  void Contact(const YAML::Node& node);
  StepSource Step(const YAML::Node& node);
  void StepParts(const YAML::Node& node, StepSource& step);

  YAML::Node root_;
  Mapping mapping_;
  std::vector<std::string> faults_;
};

// What a step may say besides do, time and when; required words end with '!'.
const std::map<std::string, std::set<std::string>>& StepKeys() {
  static const auto* const keys = new std::map<std::string, std::set<std::string>>{
      {"assign", {"seller!"}},
      {"advance", {"stage!", "reason", "override"}},
      {"log", {"kind!", "direction", "text", "expectation"}},
      {"agree", {"text"}},
      {"request-proposal", {}},
      {"send-proposal", {"amount!", "scope"}},
      {"answer-proposal", {"answer!"}},
      {"decline", {"reason!", "better", "price", "differ", "alternatives"}},
      {"lose", {"reason!", "competitor"}},
      {"disqualify", {"reason!"}},
      {"nurture", {"reason!", "wake!"}},
      {"win", {"amount", "override"}},
      {"reopen", {"reason!", "override"}},
      {"stance", {"stance!", "reason!"}},
  };
  return *keys;
}

bool Reader::IsMapOf(const YAML::Node& node, const std::string& what,
                     const std::set<std::string>& keys) {
  if (!node.IsMap()) {
    Fault(node, what + " is to be a map");
    return false;
  }
  std::set<std::string> seen;
  for (const auto& entry : node) {
    const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "";
    if (keys.count(key) == 0) {
      Fault(entry.first, what + " has no " + (key.empty() ? "such key" : "'" + key + "'") +
                             "; it has " + absl::StrJoin(keys, ", "));
    } else if (!seen.insert(key).second) {
      Fault(entry.first, what + " has '" + key + "' twice");
    }
  }
  return true;
}

std::string Reader::Word(const YAML::Node& node, const std::string& what) {
  if (node.IsScalar()) return node.Scalar();
  Fault(node, what + " is to be a word");
  return "";
}

std::string Reader::Word(const YAML::Node& map, const char* key, const std::string& otherwise) {
  const YAML::Node node = map[key];
  return node ? Word(node, key) : otherwise;
}

char Reader::Mark(const YAML::Node& map, const char* key, char otherwise) {
  const std::string word = Word(map, key, std::string(1, otherwise));
  if (word == "\\t" || word == "tab") return '\t';
  if (word.size() == 1 && word != "\"" && word != "\n") return word[0];
  Fault(map[key], std::string(key) + " is to be one character");
  return otherwise;
}

bool Reader::Yes(const YAML::Node& map, const char* key) {
  const YAML::Node node = map[key];
  bool yes = false;
  if (node && !YAML::convert<bool>::decode(node, yes)) {
    Fault(node, std::string(key) + " is to be true or false");
  }
  return yes;
}

TextSource Reader::Text(const YAML::Node& node, const std::string& what,
                        std::set<std::string> other_keys) {
  TextSource source;
  if (!node) return source;
  if (node.IsScalar()) {
    source.column = node.Scalar();
    return source;
  }
  other_keys.insert({"column", "text", "when_empty", "values"});
  if (!IsMapOf(node, what, other_keys)) return source;
  source.column = Word(node, "column", "");
  source.constant = Word(node, "text", "");
  source.when_empty = Word(node, "when_empty", "");
  if (source.column.empty() == source.constant.empty()) {
    Fault(node, what + " is to have either a column or a text");
  }
  if (const YAML::Node values = node["values"]; values) {
    if (!values.IsMap()) {
      Fault(values, what + ".values is to be a map");
    } else {
      for (const auto& entry : values) {
        source.values[Word(entry.first, "a raw value")] = Word(entry.second, "a value");
      }
    }
  }
  return source;
}

TimeSource Reader::Time(const YAML::Node& node, const std::string& what) {
  TimeSource source;
  if (!node) {
    Fault(root_, what + " is missing");
    return source;
  }
  // What most of the file's times have in common stands once.
  const YAML::Node common = root_["times"];
  if (common && IsMapOf(common, "times", {"format", "zone"})) {
    source.format = Word(common, "format", source.format);
  }
  std::string zone = common && common.IsMap() ? Word(common, "zone", "UTC") : "UTC";
  if (node.IsScalar()) {
    source.column = node.Scalar();
  } else if (IsMapOf(node, what, {"column", "format", "zone"})) {
    source.column = Word(node, "column", "");
    source.format = Word(node, "format", source.format);
    zone = Word(node, "zone", zone);
  }
  if (source.column.empty()) Fault(node, what + " is to name a column");
  if (!absl::LoadTimeZone(zone, &source.zone)) {
    Fault(node, what + ".zone is to be an IANA zone such as Europe/Amsterdam");
  }
  return source;
}

MoneySource Reader::Money(const YAML::Node& node, const std::string& what) {
  MoneySource source;
  if (!IsMapOf(node, what, {"column", "currency", "decimal_mark"})) return source;
  source.column = Word(node, "column", "");
  source.currency_code = Word(node, "currency", "");
  source.decimal_mark = Mark(node, "decimal_mark", '.');
  if (source.column.empty()) Fault(node, what + " is to name a column");
  if (source.currency_code.size() != 3) {
    Fault(node, what + ".currency is to be an ISO 4217 code such as EUR");
  }
  return source;
}

template <typename Enum>
Enum Reader::EnumValue(const YAML::Node& node, const std::string& what, const std::string& prefix,
                       bool (*parse)(const std::string&, Enum*)) {
  Enum value = static_cast<Enum>(0);
  const std::string word = node ? Word(node, what) : "";
  const std::string name = absl::StrReplaceAll(absl::AsciiStrToUpper(word), {{"-", "_"}});
  if (!parse(prefix + name, &value) || static_cast<int>(value) == 0) {
    Fault(node ? node : root_, what + " is not known: '" + word + "'");
  }
  return value;
}

IdentitySource Reader::Identity(const YAML::Node& node) {
  IdentitySource identity;
  if (!IsMapOf(node, "an identity", {"kind", "source", "value"})) return identity;
  identity.kind = EnumValue<sales::v1::Identity::Kind>(node["kind"], "kind", "KIND_",
                                                       sales::v1::Identity::Kind_Parse);
  identity.source = Word(node, "source", "");
  if (!node["value"]) Fault(node, "an identity is to have a value");
  identity.value = Text(node["value"], "value");
  return identity;
}

void Reader::Contact(const YAML::Node& node) {
  if (!node || !IsMapOf(node, "contact", {"display_name", "organization", "identities"})) return;
  mapping_.display_name = Text(node["display_name"], "display_name");
  mapping_.organization = Text(node["organization"], "organization");
  const YAML::Node identities = node["identities"];
  if (!identities) return;
  if (!identities.IsSequence()) {
    Fault(identities, "identities is to be a list");
    return;
  }
  for (const YAML::Node& identity : identities) mapping_.identities.push_back(Identity(identity));
}

void Reader::StepParts(const YAML::Node& node, StepSource& step) {
  const std::set<std::string>& keys = StepKeys().at(step.verb);
  for (std::string key : keys) {
    const bool required = key.back() == '!';
    if (required) key.pop_back();
    const YAML::Node part = node[key];
    if (!part) {
      if (required) Fault(node, step.verb + " is to have '" + key + "'");
      continue;
    }
    if (key == "stage") {
      step.stage = Word(part, key);
    } else if (key == "kind") {
      step.kind =
          EnumValue<sales::v1::Activity::Kind>(part, key, "KIND_", sales::v1::Activity::Kind_Parse);
    } else if (key == "direction") {
      step.direction = EnumValue<sales::v1::Activity::Direction>(
          part, key, "DIRECTION_", sales::v1::Activity::Direction_Parse);
    } else if (key == "answer") {
      step.answer = EnumValue<sales::v1::AnswerProposalRequest::Answer>(
          part, key, "ANSWER_", sales::v1::AnswerProposalRequest::Answer_Parse);
    } else if (key == "stance") {
      step.stance = EnumValue<sales::v1::Stance>(part, key, "STANCE_", sales::v1::Stance_Parse);
    } else if (key == "amount") {
      step.amount = Money(part, key);
    } else {
      step.texts[key] = Text(part, key);
    }
  }
}

StepSource Reader::Step(const YAML::Node& node) {
  StepSource step;
  if (!node.IsMap()) {
    Fault(node, "a step is to be a map");
    return step;
  }
  step.verb = Word(node, "do", "");
  const auto keys = StepKeys().find(step.verb);
  if (keys == StepKeys().end()) {
    std::vector<std::string> verbs;
    for (const auto& [verb, unused] : StepKeys()) verbs.push_back(verb);
    Fault(node, "a step is to do one of " + absl::StrJoin(verbs, ", "));
    return step;
  }
  std::set<std::string> allowed = {"do", "time", "when"};
  for (const std::string& key : keys->second) {
    allowed.insert(key.back() == '!' ? key.substr(0, key.size() - 1) : key);
  }
  IsMapOf(node, "a step that does " + step.verb, allowed);
  if (!node["time"]) Fault(node, step.verb + " is to have a time");
  if (node["time"]) step.time = Time(node["time"], "time");
  StepParts(node, step);
  const YAML::Node when = node["when"];
  if (when && IsMapOf(when, "when", {"column", "is"})) {
    step.when.emplace();
    step.when->column = Word(when, "column", "");
    const YAML::Node is = when["is"];
    if (is && is.IsSequence()) {
      for (const YAML::Node& value : is) step.when->values.push_back(Word(value, "is"));
    } else if (is) {
      step.when->values.push_back(Word(is, "is"));
    }
    if (step.when->column.empty()) Fault(when, "when is to name a column");
  }
  return step;
}

Result<Mapping> Reader::Read() {
  if (IsMapOf(root_, "the mapping",
              {"delimiter", "funnel", "times", "external_id", "join", "contact", "receive_time",
               "channel", "campaign", "create_channels", "seller", "need", "interest", "labels",
               "attributes", "expected_value", "budget", "steps"})) {
    mapping_.delimiter = Mark(root_, "delimiter", ',');
    mapping_.funnel = Word(root_, "funnel", "");
    if (!root_["external_id"]) Fault(root_, "external_id is missing");
    mapping_.external_id = Text(root_["external_id"], "external_id");
    mapping_.receive_time = Time(root_["receive_time"], "receive_time");
    mapping_.channel = Text(root_["channel"], "channel");
    mapping_.campaign = Text(root_["campaign"], "campaign");
    mapping_.create_channels = Yes(root_, "create_channels");
    mapping_.seller = Text(root_["seller"], "seller");
    mapping_.need = Text(root_["need"], "need");
    mapping_.interest = Text(root_["interest"], "interest");
    Contact(root_["contact"]);
    if (const YAML::Node join = root_["join"];
        join && IsMapOf(join, "join", {"file", "on", "key"})) {
      mapping_.join =
          JoinSource{Word(join, "file", ""), Word(join, "on", ""), Word(join, "key", "")};
      if (mapping_.join->file.empty() || mapping_.join->on.empty() || mapping_.join->key.empty()) {
        Fault(join, "join is to have file, on and key");
      }
    }
    if (const YAML::Node labels = root_["labels"]; labels) {
      if (!labels.IsSequence()) Fault(labels, "labels is to be a list");
      for (const YAML::Node& label : labels) mapping_.labels.push_back(Text(label, "a label"));
    }
    if (const YAML::Node attributes = root_["attributes"]; attributes) {
      if (!attributes.IsMap()) {
        Fault(attributes, "attributes is to be a map");
      } else {
        for (const auto& entry : attributes) {
          mapping_.attributes[Word(entry.first, "an attribute")] =
              Text(entry.second, "an attribute");
        }
      }
    }
    if (root_["expected_value"]) {
      mapping_.expected_value = Money(root_["expected_value"], "expected_value");
    }
    if (root_["budget"]) mapping_.budget = Money(root_["budget"], "budget");
    if (const YAML::Node steps = root_["steps"]; steps) {
      if (!steps.IsSequence()) Fault(steps, "steps is to be a list");
      for (const YAML::Node& step : steps) mapping_.steps.push_back(Step(step));
    }
  }
  if (faults_.empty()) return mapping_;
  Failure failure = Refused("MAPPING_INVALID", "the mapping is not valid", "Correct each fault.");
  failure.details = faults_;
  return failure;
}

}  // namespace

std::vector<std::string> Mapping::Columns() const {
  std::set<std::string> columns;
  const auto add = [&columns](const std::string& column) {
    if (!column.empty()) columns.insert(column);
  };
  for (const TextSource* text : {&external_id, &display_name, &organization, &channel, &campaign,
                                 &seller, &need, &interest}) {
    add(text->column);
  }
  for (const IdentitySource& identity : identities) add(identity.value.column);
  for (const auto& [key, text] : attributes) add(text.column);
  for (const TextSource& label : labels) add(label.column);
  for (const auto& money : {expected_value, budget}) add(money.has_value() ? money->column : "");
  add(receive_time.column);
  if (join.has_value()) add(join->on);
  for (const StepSource& step : steps) {
    add(step.time.column);
    if (step.when.has_value()) add(step.when->column);
    if (step.amount.has_value()) add(step.amount->column);
    for (const auto& [key, text] : step.texts) add(text.column);
  }
  return std::vector<std::string>(columns.begin(), columns.end());
}

Result<Mapping> ParseMapping(const std::string& yaml) {
  try {
    return Reader(YAML::Load(yaml)).Read();
  } catch (const YAML::Exception& error) {
    return Refused("MAPPING_INVALID", std::string("the mapping is not valid YAML: ") + error.what(),
                   "Correct it at the place named.");
  }
}

Result<Mapping> ReadMapping(const std::string& file) {
  const Result<std::string> text = ReadFile(file);
  if (!text.ok()) return text.failure();
  Result<Mapping> mapping = ParseMapping(*text);
  if (mapping.ok()) return mapping;
  Failure failure = mapping.failure();
  failure.message = file + ": " + failure.message;
  return failure;
}

}  // namespace salesctl
