#include "src/decide/policy_document.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

// Of yaml-cpp, after its main header.
#include <yaml-cpp/eventhandler.h>

#include "sales/limits.h"
#include "src/decide/bounds.h"
#include "src/decide/policy.h"

namespace sales {
namespace {

absl::Status Malformed(std::string place, const char* code, std::string description) {
  return PolicyError({{std::move(place), code, std::move(description)}});
}

constexpr char kTooDeep[] = "is nested too deeply";
constexpr char kDuplicateKey[] = "a key is there twice";
constexpr char kKeyNoScalar[] = "a key is no plain text";

// Makes the tree out of the beginnings and ends that a parser reports. Every method says what is
// wrong, or null.
class TreeBuilder {
 public:
  const char* Scalar(std::string text) {
    if (ExpectsKey()) return Key(std::move(text));
    DocumentNode node;
    node.kind = DocumentNode::Kind::kScalar;
    node.text = std::move(text);
    return Place(std::move(node));
  }

  const char* Null() { return ExpectsKey() ? kKeyNoScalar : Place(DocumentNode()); }

  const char* Key(std::string key) {
    Level& level = levels_.back();
    std::vector<std::string>& keys = level.node.keys;
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) return kDuplicateKey;
    // A map of many keys is none that any policy has; looking for twins must not take long.
    if (keys.size() >= kKeysMax) return "a map has too many keys";
    keys.push_back(std::move(key));
    level.has_key = true;
    return nullptr;
  }

  const char* Begin(DocumentNode::Kind kind) {
    if (ExpectsKey()) return kKeyNoScalar;
    if (levels_.size() >= static_cast<size_t>(limits::policy_depth_max)) return kTooDeep;
    levels_.emplace_back();
    levels_.back().node.kind = kind;
    return nullptr;
  }

  const char* End() {
    DocumentNode node = std::move(levels_.back().node);
    levels_.pop_back();
    return Place(std::move(node));
  }

  DocumentNode TakeRoot() { return std::move(root_); }

 private:
  static constexpr size_t kKeysMax = 1'000;

  struct Level {
    DocumentNode node;
    // Of a map: whether the next node is the value of the last key.
    bool has_key = false;
  };

  bool ExpectsKey() const {
    return !levels_.empty() && levels_.back().node.kind == DocumentNode::Kind::kMap &&
           !levels_.back().has_key;
  }

  const char* Place(DocumentNode node) {
    if (levels_.empty()) {
      root_ = std::move(node);
      return nullptr;
    }
    levels_.back().node.items.push_back(std::move(node));
    levels_.back().has_key = false;
    return nullptr;
  }

  std::vector<Level> levels_;
  DocumentNode root_;
};

// Stops yaml-cpp by the only means it has: an exception, caught in ReadYaml.
class YamlEvents : public YAML::EventHandler {
 public:
  explicit YamlEvents(TreeBuilder& builder) : builder_(builder) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) Stop(mark, "a second document begins");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { Check(mark, builder_.Null()); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    Stop(mark, "aliases are not read");
  }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                const std::string& value) override {
    Check(mark, builder_.Scalar(value));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    Check(mark, builder_.Begin(DocumentNode::Kind::kList));
  }
  void OnSequenceEnd() override { builder_.End(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    Check(mark, builder_.Begin(DocumentNode::Kind::kMap));
  }
  void OnMapEnd() override { builder_.End(); }

 private:
  [[noreturn]] static void Stop(const YAML::Mark& mark, const char* fault) {
    throw YAML::ParserException(mark, fault);
  }
  static void Check(const YAML::Mark& mark, const char* fault) {
    if (fault != nullptr) Stop(mark, fault);
  }

  TreeBuilder& builder_;
  int documents_ = 0;
};

absl::StatusOr<DocumentNode> ReadYaml(const std::string& text) {
  TreeBuilder builder;
  YamlEvents events(builder);
  try {
    std::istringstream input(text);
    YAML::Parser parser(input);
    while (parser.HandleNextDocument(events)) {
    }
  } catch (const YAML::Exception& exception) {
    const std::string place = "line " + std::to_string(exception.mark.line + 1) + ", column " +
                              std::to_string(exception.mark.column + 1);
    // What yaml-cpp says may repeat a part of the text.
    constexpr size_t kMessageBytesMax = 100;
    const bool fit = exception.msg.size() <= kMessageBytesMax && IsUtf8(exception.msg);
    return Malformed(place, "SYNTAX_INVALID", fit ? exception.msg : "is no YAML");
  } catch (const std::exception&) {
    return Malformed("", "SYNTAX_INVALID", "is no YAML");
  }
  return builder.TakeRoot();
}

// What nlohmann's parser reports; `false` stops it.
class JsonEvents : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit JsonEvents(TreeBuilder& builder) : builder_(builder) {}

  // Null while nothing but the syntax is wrong.
  const char* fault() const { return fault_; }

  bool null() override { return Check(builder_.Null()); }
  bool boolean(bool value) override { return Check(builder_.Scalar(value ? "true" : "false")); }
  bool number_integer(int64_t value) override {
    return Check(builder_.Scalar(std::to_string(value)));
  }
  bool number_unsigned(uint64_t value) override {
    return Check(builder_.Scalar(std::to_string(value)));
  }
  bool number_float(double, const std::string& text) override {
    return Check(builder_.Scalar(text));
  }
  bool string(std::string& value) override { return Check(builder_.Scalar(std::move(value))); }
  bool binary(nlohmann::json::binary_t&) override { return false; }
  bool start_object(size_t) override { return Check(builder_.Begin(DocumentNode::Kind::kMap)); }
  bool key(std::string& value) override { return Check(builder_.Key(std::move(value))); }
  bool end_object() override { return Check(builder_.End()); }
  bool start_array(size_t) override { return Check(builder_.Begin(DocumentNode::Kind::kList)); }
  bool end_array() override { return Check(builder_.End()); }
  bool parse_error(size_t, const std::string&, const nlohmann::json::exception&) override {
    return false;
  }

 private:
  bool Check(const char* fault) {
    fault_ = fault;
    return fault == nullptr;
  }

  TreeBuilder& builder_;
  const char* fault_ = nullptr;
};

bool LooksLikeJson(const std::string& text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string::npos && text[first] == '{';
}

}  // namespace

absl::StatusOr<DocumentNode> ReadDocument(const std::string& yaml_or_json) {
  if (yaml_or_json.size() > static_cast<size_t>(limits::policy_text_bytes_max)) {
    return Malformed("", "TEXT_TOO_LONG",
                     "has more than " + std::to_string(limits::policy_text_bytes_max) + " bytes");
  }
  if (!CheckText("", yaml_or_json, limits::policy_text_bytes_max).ok()) {
    return Malformed("", "TEXT_INVALID", "is not UTF-8 without NUL");
  }
  if (LooksLikeJson(yaml_or_json)) {
    TreeBuilder builder;
    JsonEvents events(builder);
    if (nlohmann::json::sax_parse(yaml_or_json, &events)) return builder.TakeRoot();
    if (events.fault() != nullptr) return Malformed("", "SYNTAX_INVALID", events.fault());
    // What begins like JSON may still be YAML in flow style.
  }
  return ReadYaml(yaml_or_json);
}

}  // namespace sales
