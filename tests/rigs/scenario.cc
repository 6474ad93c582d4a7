#include "tests/rigs/scenario.h"

#include <map>
#include <sstream>

namespace sales::rigs {
namespace {

using nlohmann::json;
using Variables = std::map<std::string, std::string>;

std::string Fill(std::string text, const Variables& variables) {
  for (const auto& [name, value] : variables) {
    const std::string reference = "${" + name + "}";
    for (size_t at = text.find(reference); at != std::string::npos; at = text.find(reference, at)) {
      text.replace(at, reference.size(), value);
      at += value.size();
    }
  }
  return text;
}

json Fill(const json& value, const Variables& variables) {
  if (value.is_string()) return Fill(value.get<std::string>(), variables);
  if (!value.is_structured()) return value;
  json filled = value.is_array() ? json::array() : json::object();
  for (const auto& [key, member] : value.items()) {
    if (value.is_array()) {
      filled.push_back(Fill(member, variables));
    } else {
      filled[Fill(key, variables)] = Fill(member, variables);
    }
  }
  return filled;
}

// The member at "lead.visits.0.stage"; null if there is none.
json At(const json& value, const std::string& path) {
  json found = value;
  std::istringstream parts(path);
  for (std::string part; std::getline(parts, part, '.');) {
    if (found.is_array() && part.find_first_not_of("0123456789") == std::string::npos &&
        std::stoul(part) < found.size()) {
      found = json(found[std::stoul(part)]);
    } else if (found.is_object() && found.contains(part)) {
      found = json(found[part]);
    } else {
      return json();
    }
  }
  return found;
}

std::string DescribeError(const Answer& answer) {
  return answer.code + " " + answer.reason + ": " + answer.message;
}

std::string ErrorDeviation(const json& expected, const Answer& answer) {
  if (answer.ok) return "it succeeded, but was expected to fail with " + expected.dump();
  json actual = {{"code", answer.code},         {"reason", answer.reason},
                 {"metadata", answer.metadata}, {"missing", answer.missing},
                 {"fields", answer.fields},     {"message", answer.message}};
  return Deviation(expected, actual, "error");
}

std::string StepDeviation(const json& step, const Answer& answer) {
  if (step.contains("error")) return ErrorDeviation(step["error"], answer);
  if (!answer.ok) return "it failed with " + DescribeError(answer);
  if (step.contains("expect")) return Deviation(step["expect"], answer.response, "response");
  return "";
}

}  // namespace

std::string Deviation(const json& expected, const json& actual, const std::string& path) {
  if (expected.is_object()) {
    if (!actual.is_object()) return path + " is " + actual.dump() + ", not an object";
    for (const auto& [key, member] : expected.items()) {
      if (!actual.contains(key)) return path + "." + key + " is missing in " + actual.dump();
      std::string found = Deviation(member, actual[key], path + "." + key);
      if (!found.empty()) return found;
    }
    return "";
  }
  if (expected.is_array()) {
    if (!actual.is_array() || actual.size() != expected.size()) {
      return path + " is " + actual.dump() + ", not a list of " + std::to_string(expected.size());
    }
    for (size_t i = 0; i < expected.size(); ++i) {
      std::string found = Deviation(expected[i], actual[i], path + "[" + std::to_string(i) + "]");
      if (!found.empty()) return found;
    }
    return "";
  }
  if (expected == actual) return "";
  return path + " is " + actual.dump() + ", not " + expected.dump();
}

std::vector<std::string> WalkScenario(const json& scenario, const std::string& unique, Rig& rig) {
  std::vector<std::string> deviations;
  Variables variables = {{"unique", unique}};
  int number = 0;
  for (const json& unfilled : scenario.at("steps")) {
    ++number;
    const json step = Fill(unfilled, variables);
    const std::string call = step.at("call");
    const Answer answer =
        rig.Call(call, step.value("request", json::object()), step.value("actor", ""));
    const std::string deviation = StepDeviation(step, answer);
    if (!deviation.empty()) {
      deviations.push_back("step " + std::to_string(number) + " (" + call + "): " + deviation);
      // Later steps build on this one.
      return deviations;
    }
    const json saves = step.value("save", json::object());
    for (const auto& [name, path] : saves.items()) {
      const json saved = At(answer.response, path);
      if (!saved.is_string()) {
        deviations.push_back("step " + std::to_string(number) + " (" + call + "): nothing at " +
                             path.get<std::string>() + " to save in " + answer.response.dump());
        return deviations;
      }
      variables[name] = saved;
    }
  }
  return deviations;
}

}  // namespace sales::rigs
