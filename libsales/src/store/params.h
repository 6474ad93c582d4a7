// Small helpers for binding values and reading rows.
#ifndef SALES_SRC_STORE_PARAMS_H_
#define SALES_SRC_STORE_PARAMS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "sales/money.h"
#include "src/decide/civil.h"
#include "src/sql/driver.h"

namespace sales::store {

// Days since 1970-01-01.
inline int64_t DayNumber(absl::CivilDay day) { return day - absl::CivilDay(1970, 1, 1); }
inline absl::CivilDay DayFromNumber(int64_t number) { return absl::CivilDay(1970, 1, 1) + number; }

inline sql::Param Nullable(std::optional<int64_t> value) {
  return value.has_value() ? sql::Param(*value) : sql::Param(nullptr);
}
inline sql::Param Nullable(const std::optional<absl::Time>& time) {
  return time.has_value() ? sql::Param(ToMicros(*time)) : sql::Param(nullptr);
}
inline sql::Param Nullable(const std::optional<Money>& money) {
  return money.has_value() ? sql::Param(money->minor_units) : sql::Param(nullptr);
}
inline sql::Param Nullable(const std::optional<absl::CivilDay>& day) {
  return day.has_value() ? sql::Param(DayNumber(*day)) : sql::Param(nullptr);
}
inline sql::Param Flag(bool flag) { return sql::Param(int64_t{flag ? 1 : 0}); }

// "a, b" as "table.a, table.b": for statements in which another table has such columns too.
inline std::string ColumnsOf(std::string_view table, std::string_view columns) {
  const std::string name = absl::StrCat(absl::string_view(table.data(), table.size()), ".");
  return name + absl::StrReplaceAll(absl::string_view(columns.data(), columns.size()),
                                    {{", ", absl::StrCat(", ", name)}});
}

inline std::string TextOf(const sql::Row& row, int column) { return std::string(row.Text(column)); }
inline absl::Time TimeOf(const sql::Row& row, int column) { return FromMicros(row.Int(column)); }
inline std::optional<absl::Time> OptionalTimeOf(const sql::Row& row, int column) {
  if (row.IsNull(column)) return std::nullopt;
  return FromMicros(row.Int(column));
}
inline std::optional<absl::CivilDay> OptionalDayOf(const sql::Row& row, int column) {
  if (row.IsNull(column)) return std::nullopt;
  return DayFromNumber(row.Int(column));
}
inline std::optional<Money> OptionalMoneyOf(const sql::Row& row, int column,
                                            const std::string& currency_code) {
  if (row.IsNull(column)) return std::nullopt;
  return Money{currency_code, row.Int(column)};
}

}  // namespace sales::store

#endif  // SALES_SRC_STORE_PARAMS_H_
