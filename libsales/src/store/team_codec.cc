#include "src/store/team_codec.h"

#include <cstdint>
#include <optional>
#include <type_traits>
#include <vector>

#include "nlohmann/json.hpp"
#include "src/decide/errors.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

using Json = nlohmann::json;

// Writes what is not empty; an archive like those of answers.cc, of the types of sales/team.h.
class ToJson {
 public:
  template <typename T>
  using Field = const T&;

  void operator()(const char* name, const std::string& text) {
    if (!text.empty()) json_[name] = text;
  }
  void operator()(const char* name, absl::Time time) {
    if (time != absl::Time()) json_[name] = ToMicros(time);
  }
  void operator()(const char* name, absl::CivilDay day) { json_[name] = DayNumber(day); }
  template <typename T>
  std::enable_if_t<std::is_integral_v<T> || std::is_enum_v<T>> operator()(const char* name,
                                                                          T value) {
    if (value != T{}) json_[name] = static_cast<int64_t>(value);
  }
  template <typename T>
  void operator()(const char* name, const std::optional<T>& value) {
    if (value.has_value()) json_[name] = Of(*value);
  }
  template <typename T>
  void operator()(const char* name, const std::vector<T>& values) {
    if (values.empty()) return;
    Json list = Json::array();
    for (const T& value : values) list.push_back(Of(value));
    json_[name] = std::move(list);
  }
  template <typename T>
  std::enable_if_t<std::is_class_v<T>> operator()(const char* name, const T& value) {
    json_[name] = Of(value);
  }

  static Json Of(const std::string& text) { return text; }
  template <typename T>
  static Json Of(const T& value) {
    if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
      return static_cast<int64_t>(value);
    } else {
      ToJson archive;
      Fields(archive, value);
      return std::move(archive.json_);
    }
  }

 private:
  Json json_ = Json::object();
};

class FromJson {
 public:
  template <typename T>
  using Field = T&;

  explicit FromJson(const Json& json) : json_(json), failed_(!json.is_object()) {}

  template <typename T>
  void operator()(const char* name, T& value) {
    if (failed_) return;
    const auto found = json_.find(name);
    if (found != json_.end()) Get(*found, value);
  }
  bool failed() const { return failed_; }

 private:
  void Get(const Json& json, std::string& text) {
    failed_ |= !json.is_string();
    if (!failed_) text = json.get<std::string>();
  }
  void Get(const Json& json, absl::Time& time) { time = FromMicros(Number(json)); }
  void Get(const Json& json, absl::CivilDay& day) { day = DayFromNumber(Number(json)); }
  template <typename T>
  void Get(const Json& json, std::optional<T>& value) {
    Get(json, value.emplace());
  }
  template <typename T>
  void Get(const Json& json, std::vector<T>& values) {
    failed_ |= !json.is_array();
    if (failed_) return;
    for (const Json& element : json) Get(element, values.emplace_back());
  }
  template <typename T>
  void Get(const Json& json, T& value) {
    if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
      value = static_cast<T>(Number(json));
    } else {
      FromJson archive(json);
      Fields(archive, value);
      failed_ |= archive.failed();
    }
  }
  int64_t Number(const Json& json) {
    failed_ |= !json.is_number_integer();
    return failed_ ? 0 : json.get<int64_t>();
  }

  const Json& json_;
  bool failed_;
};

template <typename Archive>
void Fields(Archive& archive, typename Archive::template Field<Money> money) {
  archive("currency", money.currency_code);
  archive("minor_units", money.minor_units);
}

template <typename Archive>
void Fields(Archive& archive, typename Archive::template Field<Team> team) {
  archive("id", team.id);
  archive("display_name", team.display_name);
  archive("create_time", team.create_time);
  archive("update_time", team.update_time);
  archive("etag", team.etag);
}

template <typename Archive>
void Fields(Archive& archive, typename Archive::template Field<Intake> intake) {
  archive("leads", intake.leads);
  archive("periods", intake.periods);
  archive("unit", intake.unit);
}

template <typename Archive>
void Fields(Archive& archive, typename Archive::template Field<Absence> absence) {
  archive("first_day", absence.first_day);
  archive("last_day", absence.last_day);
}

template <typename Archive>
void Fields(Archive& archive, typename Archive::template Field<Seller> seller) {
  archive("id", seller.id);
  archive("display_name", seller.display_name);
  archive("team", seller.team);
  archive("role", seller.role);
  archive("skills", seller.skills);
  archive("calendar", seller.calendar);
  archive("capacity", seller.capacity);
  archive("intake", seller.intake);
  archive("weight", seller.weight);
  archive("inactive", seller.inactive);
  archive("absences", seller.absences);
  archive("create_time", seller.create_time);
  archive("update_time", seller.update_time);
  archive("etag", seller.etag);
}

template <typename Archive>
void Fields(Archive& archive, typename Archive::template Field<CampaignOfChannel> campaign) {
  archive("channel", campaign.channel);
  archive("campaign", campaign.campaign);
}

template <typename Archive>
void Fields(Archive& archive, typename Archive::template Field<AttributeTest> test) {
  archive("key", test.key);
  archive("comparison", test.comparison);
  archive("value", test.value);
}

template <typename Archive>
void Fields(Archive& archive, typename Archive::template Field<AssignmentRule> rule) {
  archive("channels", rule.channels);
  archive("campaigns", rule.campaigns);
  archive("funnels", rule.funnels);
  archive("expected_value_at_least", rule.expected_value_at_least);
  archive("expected_value_below", rule.expected_value_below);
  archive("attributes", rule.attributes);
  archive("team", rule.team);
  archive("skills", rule.skills);
}

template <typename Archive>
void Fields(Archive& archive, typename Archive::template Field<AssignmentPolicy> policy) {
  archive("rules", policy.rules);
  archive("default_team", policy.default_team);
  archive("method", policy.method);
  archive("previous_seller", policy.previous_seller);
  archive("assign_on_capture", policy.assign_on_capture);
  archive("version", policy.version);
  archive("set_time", policy.set_time);
  archive("etag", policy.etag);
}

template <typename Archive>
void Fields(Archive& archive, typename Archive::template Field<AssignmentCandidate> candidate) {
  archive("seller", candidate.seller);
  archive("team", candidate.team);
  archive("skills", candidate.skills);
  archive("inactive", candidate.inactive);
  archive("absent", candidate.absent);
  archive("working", candidate.working);
  archive("capacity", candidate.capacity);
  archive("open_work_units", candidate.open_work_units);
  archive("intake_allowed", candidate.intake_allowed);
  archive("intake_used", candidate.intake_used);
  archive("weight", candidate.weight);
  archive("turn", candidate.turn);
  archive("pass_start", candidate.pass_start);
  archive("pass", candidate.pass);
}

template <typename Archive>
void Fields(Archive& archive, typename Archive::template Field<AssignmentInputs> inputs) {
  archive("funnel", inputs.funnel);
  archive("channel", inputs.channel);
  archive("campaign", inputs.campaign);
  archive("expected_value", inputs.expected_value);
  archive("attributes_hold", inputs.attributes_hold);
  archive("work_units", inputs.work_units);
  archive("previous_seller", inputs.previous_seller);
  archive("candidates", inputs.candidates);
}

template <typename Archive>
void Fields(Archive& archive, typename Archive::template Field<AssignmentDecision> decision) {
  // 0 is left out, and means the first rule; none is -1.
  archive("rule", decision.rule);
  archive("team", decision.team);
  archive("exclusions", decision.exclusions);
  archive("seller", decision.seller);
  archive("by_previous_seller", decision.by_previous_seller);
  archive("turn", decision.turn);
  archive("pass_start", decision.pass_start);
  archive("pass", decision.pass);
}

template <typename Archive>
void Fields(Archive& archive, typename Archive::template Field<AssignmentRecord> record) {
  archive("lead", record.lead);
  archive("cause", record.cause);
  archive("decide_time", record.decide_time);
  archive("actor", record.actor);
  archive("revision", record.revision);
  archive("policy_version", record.policy_version);
  archive("method", record.method);
  archive("inputs", record.inputs);
  archive("decision", record.decision);
}

// What a text leaves out, because it is nothing, is nothing again: not what the type begins with.
void Empty(Team&) {}
void Empty(Seller& seller) { seller.weight = 0; }
void Empty(AssignmentPolicy&) {}
void Empty(AssignmentRecord& record) { record.decision.rule = 0; }

template <typename T>
std::string Encode(const T& value) {
  return ToJson::Of(value).dump();
}

template <typename T>
absl::Status Decode(std::string_view text, T* value) {
  *value = T{};
  Empty(*value);
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  FromJson archive(json);
  if (!archive.failed()) Fields(archive, *value);
  if (!archive.failed()) return absl::OkStatus();
  return MakeError(Reason::kStoreCorrupt, "a kept record of the team cannot be read");
}

}  // namespace

template <>
std::string EncodeAnswer(const Team& team) {
  return Encode(team);
}
template <>
absl::Status DecodeAnswer(std::string_view text, Team* team) {
  return Decode(text, team);
}
template <>
std::string EncodeAnswer(const Seller& seller) {
  return Encode(seller);
}
template <>
absl::Status DecodeAnswer(std::string_view text, Seller* seller) {
  return Decode(text, seller);
}
template <>
std::string EncodeAnswer(const AssignmentPolicy& policy) {
  return Encode(policy);
}
template <>
absl::Status DecodeAnswer(std::string_view text, AssignmentPolicy* policy) {
  return Decode(text, policy);
}
template <>
std::string EncodeAnswer(const AssignmentRecord& record) {
  return Encode(record);
}
template <>
absl::Status DecodeAnswer(std::string_view text, AssignmentRecord* record) {
  return Decode(text, record);
}

}  // namespace sales::store
