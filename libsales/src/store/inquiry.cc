#include "src/store/inquiry.h"

#include <utility>

#include "src/decide/errors.h"

namespace sales::store {

void Inquiry::Add(std::string_view sql, std::vector<sql::Param> params, Take take) {
  entries_.push_back({sql, std::move(params), std::move(take)});
}

absl::Status Inquiry::Ask(sql::Connection& db) const {
  absl::Status taken;
  std::vector<std::function<void(const sql::Row&)>> takers;
  std::vector<sql::Question> questions;
  takers.reserve(entries_.size());
  questions.reserve(entries_.size());
  for (const Entry& entry : entries_) {
    const auto& taker = takers.emplace_back(
        [&taken, &entry](const sql::Row& row) { taken.Update(entry.take(row)); });
    questions.push_back({entry.sql, entry.params, taker});
  }
  SALES_RETURN_IF_ERROR(db.QueryAll(questions));
  return taken;
}

}  // namespace sales::store
