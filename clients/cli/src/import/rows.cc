#include "clients/cli/src/import/rows.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "clients/cli/src/values.h"
#include "sales/client_values.h"

namespace salesctl {

using sales::v1::ImportStep;

struct RowMaker::Cells {
  const RowMaker& maker;
  const CsvRow& row;
  // Null: the row has no part in the join.
  const std::vector<std::string>* joined = nullptr;

  const std::string& At(const std::string& column) const {
    static const std::string* const empty = new std::string();
    const auto found = maker.places_.find(column);
    if (found == maker.places_.end()) return *empty;
    if (!found->second.joined) return row.fields[found->second.index];
    return joined == nullptr ? *empty : (*joined)[found->second.index];
  }

  Reject RejectAt(const std::string& column, std::string reason, std::string message) const {
    return {row.line, column, std::move(reason), std::move(message)};
  }
};

namespace {

// The places of a header's columns; COLUMN_TWICE if a name stands in it twice.
Result<std::unordered_map<std::string, size_t>> PlacesOf(const std::vector<std::string>& header) {
  std::unordered_map<std::string, size_t> places;
  for (size_t i = 0; i < header.size(); ++i) {
    if (!places.emplace(header[i], i).second) {
      return Refused("COLUMN_TWICE", "the header names the column '" + header[i] + "' twice",
                     "Give every column a name of its own.");
    }
  }
  return places;
}

}  // namespace

Result<JoinTable> ReadJoin(const std::string& file, const std::string& key, char delimiter) {
  Result<std::unique_ptr<CsvReader>> reader = CsvReader::Open(file, delimiter);
  if (!reader.ok()) return reader.failure();
  JoinTable table;
  CsvRow row;
  if (!(*reader)->Next(row)) return Refused("FILE_EMPTY", file + " has no header");
  table.header = row.fields;
  const Result<std::unordered_map<std::string, size_t>> places = PlacesOf(table.header);
  if (!places.ok()) return places.failure();
  const auto place = places->find(key);
  if (place == places->end()) {
    return Refused("COLUMN_MISSING", file + " has no column '" + key + "'",
                   "Correct the header, or join.key in the mapping.");
  }
  while ((*reader)->Next(row)) {
    const std::string at = file + ", line " + std::to_string(row.line) + ": ";
    if (!row.reason.empty()) return Refused(row.reason, at + row.message);
    if (row.fields.size() != table.header.size()) {
      return Refused("COLUMN_COUNT", at + "has " + std::to_string(row.fields.size()) +
                                         " columns, the header " +
                                         std::to_string(table.header.size()));
    }
    for (const std::string& field : row.fields) {
      if (!IsUtf8(field)) {
        return Refused("ENCODING_INVALID", at + "is not valid UTF-8", "Save the file in UTF-8.");
      }
    }
    std::string id = row.fields[place->second];
    if (id.empty()) continue;
    if (!table.rows.emplace(std::move(id), std::move(row.fields)).second) {
      return Refused("JOIN_KEY_TWICE", at + "its id stands in the column " + key + " twice",
                     "Which of the two rows counts? Leave one.");
    }
  }
  return table;
}

Result<RowMaker> RowMaker::Make(const Mapping& mapping, const std::string& workspace,
                                std::vector<std::string> header, JoinTable join) {
  RowMaker maker(mapping, workspace);
  const auto own = PlacesOf(header);
  if (!own.ok()) return own.failure();
  const auto joined = PlacesOf(join.header);
  if (!joined.ok()) return joined.failure();
  std::vector<std::string> missing;
  for (const std::string& column : mapping.Columns()) {
    if (const auto found = own->find(column); found != own->end()) {
      maker.places_[column] = {false, found->second};
    } else if (const auto other = joined->find(column); other != joined->end()) {
      maker.places_[column] = {true, other->second};
    } else {
      missing.push_back(column);
    }
  }
  if (!missing.empty()) {
    return Refused("COLUMN_MISSING",
                   "the file has no column " + absl::StrJoin(missing, ", ") + "; its header has " +
                       absl::StrJoin(header, ", "),
                   "Correct the header or the mapping; check the mapping's delimiter.");
  }
  maker.header_ = std::move(header);
  maker.join_ = std::move(join);
  return maker;
}

std::optional<Reject> RowMaker::CheckRow(const CsvRow& row) const {
  if (!row.reason.empty()) {
    return Reject{row.line, std::to_string(row.column), row.reason, row.message};
  }
  for (size_t i = 0; i < row.fields.size(); ++i) {
    if (!IsUtf8(row.fields[i])) {
      return Reject{row.line, i < header_.size() ? header_[i] : std::to_string(i + 1),
                    "ENCODING_INVALID", "the value is not valid UTF-8"};
    }
  }
  if (row.fields.size() != header_.size()) {
    return Reject{row.line, "", "COLUMN_COUNT",
                  "the row has " + std::to_string(row.fields.size()) + " columns, the header " +
                      std::to_string(header_.size())};
  }
  return std::nullopt;
}

std::string RowMaker::Text(const TextSource& source, const Cells& cells) const {
  if (source.column.empty()) return source.constant;
  const std::string& raw = cells.At(source.column);
  const auto found = source.values.find(raw);
  const std::string& text = found == source.values.end() ? raw : found->second;
  return text.empty() ? source.when_empty : text;
}

std::optional<Reject> RowMaker::Time(const TimeSource& source, const Cells& cells,
                                     std::optional<absl::Time>& time) const {
  const std::string& raw = cells.At(source.column);
  if (raw.empty()) return std::nullopt;
  time = ParseTime(raw, source.format, source.zone);
  if (time.has_value()) return std::nullopt;
  return cells.RejectAt(source.column, "TIME_INVALID",
                        "the value is no time of the form " + source.format);
}

std::optional<Reject> RowMaker::Money(const MoneySource& source, const Cells& cells,
                                      std::optional<sales::v1::Money>& money) const {
  const std::string& raw = cells.At(source.column);
  if (raw.empty()) return std::nullopt;
  const std::optional<int64_t> units =
      ParseDecimal(raw, MinorDigits(source.currency_code), source.decimal_mark);
  if (!units.has_value()) {
    return cells.RejectAt(source.column, "MONEY_INVALID",
                          "the value is no amount of " + source.currency_code);
  }
  money.emplace();
  money->set_currency_code(source.currency_code);
  money->set_minor_units(*units);
  return std::nullopt;
}

std::string RowMaker::SellerName(const std::string& text) const {
  return text.empty() ? "" : parent_ + "/sellers/" + Slug(text);
}

void RowMaker::FillContact(const Cells& cells, sales::v1::Contact& contact) const {
  contact.set_display_name(Text(mapping_.display_name, cells));
  contact.set_organization(Text(mapping_.organization, cells));
  for (const IdentitySource& source : mapping_.identities) {
    const std::string value = Text(source.value, cells);
    if (value.empty()) continue;
    sales::v1::Identity* identity = contact.add_identities();
    identity->set_kind(source.kind);
    identity->set_source(source.source);
    identity->set_value(value);
  }
}

void RowMaker::FillChannel(const Cells& cells, sales::v1::Lead& lead, NeededChannel& needed) const {
  needed = {};
  needed.channel_title = Text(mapping_.channel, cells);
  if (needed.channel_title.empty()) return;
  needed.channel = Slug(needed.channel_title);
  lead.set_channel(parent_ + "/channels/" + needed.channel);
  needed.campaign_title = Text(mapping_.campaign, cells);
  if (needed.campaign_title.empty()) return;
  needed.campaign = Slug(needed.campaign_title);
  lead.set_campaign(lead.channel() + "/campaigns/" + needed.campaign);
}

std::optional<Reject> RowMaker::FillLead(const Cells& cells, sales::v1::Lead& lead) const {
  if (!mapping_.funnel.empty()) lead.set_funnel(parent_ + "/funnelPolicies/" + mapping_.funnel);
  lead.set_need(Text(mapping_.need, cells));
  lead.set_seller(SellerName(Text(mapping_.seller, cells)));
  if (const std::string interest = Text(mapping_.interest, cells); !interest.empty()) {
    int32_t number = 0;
    if (!absl::SimpleAtoi(interest, &number)) {
      return cells.RejectAt(mapping_.interest.column, "NUMBER_INVALID",
                            "the value is no whole number");
    }
    lead.set_interest(number);
  }
  for (const TextSource& source : mapping_.labels) {
    const std::string label = Text(source, cells);
    if (!label.empty()) lead.add_labels(Slug(label));
  }
  for (const auto& [key, source] : mapping_.attributes) {
    std::string value = Text(source, cells);
    if (!value.empty()) (*lead.mutable_attributes())[key] = std::move(value);
  }
  std::optional<sales::v1::Money> money;
  if (mapping_.expected_value.has_value()) {
    if (auto reject = Money(*mapping_.expected_value, cells, money)) return reject;
    if (money.has_value()) *lead.mutable_expected_value() = *money;
  }
  money.reset();
  if (mapping_.budget.has_value()) {
    if (auto reject = Money(*mapping_.budget, cells, money)) return reject;
    if (money.has_value()) *lead.mutable_budget() = *money;
  }
  return std::nullopt;
}

bool RowMaker::Takes(const StepSource& source, const Cells& cells) const {
  if (!source.when.has_value()) return true;
  const std::string& value = cells.At(source.when->column);
  const std::vector<std::string>& values = source.when->values;
  if (values.empty()) return !value.empty();
  return std::find(values.begin(), values.end(), value) != values.end();
}

std::optional<Reject> RowMaker::FillStep(const StepSource& source, const Cells& cells,
                                         ImportStep& step) const {
  const auto text = [&](const char* key) {
    const auto found = source.texts.find(key);
    return found == source.texts.end() ? std::string() : Text(found->second, cells);
  };
  std::optional<sales::v1::Money> money;
  if (source.amount.has_value()) {
    if (auto reject = Money(*source.amount, cells, money)) return reject;
  }
  const std::string& verb = source.verb;
  if (verb == "assign") {
    step.mutable_assign()->set_seller(SellerName(text("seller")));
  } else if (verb == "advance") {
    step.mutable_advance()->set_stage(source.stage);
    step.mutable_advance()->set_reason(text("reason"));
    step.mutable_advance()->set_override_reason(text("override"));
  } else if (verb == "log") {
    sales::v1::Activity& activity = *step.mutable_log_activity()->mutable_activity();
    activity.set_kind(source.kind);
    activity.set_direction(source.direction);
    activity.set_text(text("text"));
    if (const std::string expectation = text("expectation"); !expectation.empty()) {
      int32_t number = 0;
      if (!absl::SimpleAtoi(expectation, &number)) {
        return cells.RejectAt(source.texts.at("expectation").column, "NUMBER_INVALID",
                              "the value is no whole number");
      }
      activity.set_expectation(number);
    }
  } else if (verb == "agree") {
    step.mutable_agree_requirements()->set_text(text("text"));
  } else if (verb == "request-proposal") {
    step.mutable_request_proposal();
  } else if (verb == "send-proposal") {
    step.mutable_send_proposal()->set_scope(text("scope"));
    if (money.has_value()) *step.mutable_send_proposal()->mutable_price() = *money;
  } else if (verb == "answer-proposal") {
    step.mutable_answer_proposal()->set_answer(source.answer);
  } else if (verb == "decline") {
    step.mutable_decline()->set_reason(text("reason"));
    step.mutable_decline()->set_alternatives(text("alternatives"));
    step.mutable_decline()->mutable_arguments()->set_better(text("better"));
    step.mutable_decline()->mutable_arguments()->set_price(text("price"));
    step.mutable_decline()->mutable_arguments()->set_differ(text("differ"));
  } else if (verb == "lose") {
    step.mutable_lose()->set_reason(text("reason"));
    step.mutable_lose()->set_competitor(text("competitor"));
  } else if (verb == "disqualify") {
    step.mutable_disqualify()->set_reason(text("reason"));
  } else if (verb == "nurture") {
    step.mutable_nurture()->set_reason(text("reason"));
    step.mutable_nurture()->set_wake_date(text("wake"));
  } else if (verb == "win") {
    step.mutable_win()->set_override_reason(text("override"));
    if (money.has_value()) *step.mutable_win()->mutable_value() = *money;
  } else if (verb == "reopen") {
    step.mutable_reopen()->set_reason(text("reason"));
    step.mutable_reopen()->set_override_reason(text("override"));
  } else if (verb == "stance") {
    step.mutable_set_stance()->set_stance(source.stance);
    step.mutable_set_stance()->set_reason(text("reason"));
  }
  return std::nullopt;
}

std::optional<Reject> RowMaker::FillSteps(const Cells& cells,
                                          sales::v1::ImportLeadsRequest& request) const {
  std::vector<std::pair<absl::Time, ImportStep>> steps;
  for (const StepSource& source : mapping_.steps) {
    std::optional<absl::Time> time;
    if (!Takes(source, cells)) continue;
    if (auto reject = Time(source.time, cells, time)) return reject;
    if (!time.has_value()) continue;
    ImportStep step;
    *step.mutable_occur_time() = sales::client::ToTimestamp(*time);
    if (auto reject = FillStep(source, cells, step)) return reject;
    steps.emplace_back(*time, std::move(step));
  }
  // What happened at one moment stays in the mapping's order.
  std::stable_sort(steps.begin(), steps.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [time, step] : steps) *request.add_steps() = std::move(step);
  return std::nullopt;
}

std::optional<Reject> RowMaker::Fill(const CsvRow& row, sales::v1::ImportLeadsRequest& request,
                                     NeededChannel& needed) {
  request.Clear();
  if (auto reject = CheckRow(row)) return reject;
  Cells cells{*this, row};
  const std::string external_id = Text(mapping_.external_id, cells);
  if (external_id.empty()) {
    return cells.RejectAt(mapping_.external_id.column, "FIELD_REQUIRED",
                          "a row without an id cannot be told from another");
  }
  const auto [first, is_new] = seen_.emplace(external_id, row.line);
  if (!is_new) {
    return cells.RejectAt(mapping_.external_id.column, "EXTERNAL_ID_TWICE",
                          "line " + std::to_string(first->second) + " has the same id");
  }
  if (mapping_.join.has_value()) {
    const auto found = join_.rows.find(cells.At(mapping_.join->on));
    if (found != join_.rows.end()) cells.joined = &found->second;
  }
  request.set_row(row.line);
  sales::v1::CaptureLeadRequest& capture = *request.mutable_capture();
  sales::v1::Lead& lead = *capture.mutable_lead();
  lead.set_external_id(external_id);
  std::optional<absl::Time> received;
  if (auto reject = Time(mapping_.receive_time, cells, received)) return reject;
  if (!received.has_value()) {
    return cells.RejectAt(mapping_.receive_time.column, "FIELD_REQUIRED",
                          "it is not said when the lead was received");
  }
  *capture.mutable_receive_time() = sales::client::ToTimestamp(*received);
  FillContact(cells, *capture.mutable_contact());
  FillChannel(cells, lead, needed);
  if (auto reject = FillLead(cells, lead)) return reject;
  return FillSteps(cells, request);
}

}  // namespace salesctl
