#include "src/store/list.h"

#include <charconv>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/decide/bounds.h"
#include "src/decide/errors.h"
#include "src/decide/page_token.h"

namespace sales::store {

absl::StatusOr<ListPlan> PlanList(const ListSchema& schema, const std::string& workspace,
                                  const ListQuery& query) {
  ListPlan plan;
  plan.schema = &schema;
  plan.fingerprint = Fingerprint({schema.list, workspace, query.filter, query.order_by});
  SALES_RETURN_IF_ERROR(CheckPageSize(query.page_size));
  plan.page_size = PageSizeOf(query.page_size);
  SALES_ASSIGN_OR_RETURN(const FilterNode filter,
                         ParseFilter(query.filter, schema.filter, workspace));
  plan.condition = FilterToSql(filter, 2);
  SALES_ASSIGN_OR_RETURN(plan.order, ParseOrderBy(query.order_by, schema.orders, schema.order));
  if (query.page_token.empty()) return plan;

  SALES_ASSIGN_OR_RETURN(PageToken token, DecodePageToken(query.page_token, plan.fingerprint));
  ListPlan::Key key;
  if (token.keys.size() != 2) {
    return MakeError(Reason::kPageTokenInvalid, "The page token is not of this list.");
  }
  const std::string& order = token.keys[0];
  const auto [end, error] = std::from_chars(order.data(), order.data() + order.size(), key.order);
  if (error != std::errc() || end != order.data() + order.size()) {
    return MakeError(Reason::kPageTokenInvalid, "The page token is not of this list.");
  }
  key.id = std::move(token.keys[1]);
  plan.after = std::move(key);
  return plan;
}

namespace {

// `before` and `after` go around the placeholders of the sellers.
void Keep(const std::string& before, const std::vector<std::string>& sellers,
          const std::string& after, ListPlan& plan) {
  SqlCondition& condition = plan.condition;
  const size_t first = 2 + condition.values.size();
  condition.values.insert(condition.values.end(), sellers.begin(), sellers.end());
  condition.text = absl::StrCat("(", condition.text, " AND ", before,
                                Placeholders(first, sellers.size()), after, ")");
}

}  // namespace

std::string Placeholders(size_t first, size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    absl::StrAppend(&text, text.empty() ? "($" : ", $", first + i);
  }
  return text + ")";
}

void KeepOfSellers(const std::vector<std::string>& sellers, ListPlan& plan) {
  // That one has a seller follows from who it is, but not for the index of those who have one.
  Keep("seller <> '' AND seller IN ", sellers, "", plan);
}

// As the list of contacts names its table.
void KeepContactsOfSellers(const std::vector<std::string>& sellers, ListPlan& plan) {
  Keep(
      "EXISTS (SELECT 1 FROM leads WHERE leads.workspace = living.workspace AND "
      "leads.contact = living.contact AND leads.seller IN ",
      sellers, ")", plan);
}

absl::Status RunList(sql::Connection& db, std::string_view select, const std::string& workspace,
                     const ListPlan& plan, sql::OnRow on_row) {
  std::vector<sql::Param> params = {std::string_view(workspace)};
  plan.condition.AppendTo(params);
  const char* const direction = plan.order.descending ? " DESC" : "";
  std::string sql =
      absl::StrCat(std::string(select), " WHERE workspace = $1 AND ", plan.condition.text);
  if (plan.after.has_value()) {
    const size_t next = params.size() + 1;
    absl::StrAppend(&sql, " AND (", plan.order.column, ", ", plan.schema->id_column,
                    plan.order.descending ? ") < ($" : ") > ($", next, ", $", next + 1, ")");
    params.push_back(plan.after->order);
    params.push_back(std::string_view(plan.after->id));
  }
  absl::StrAppend(&sql, " ORDER BY ", plan.order.column, direction, ", ", plan.schema->id_column,
                  direction, " LIMIT $", params.size() + 1);
  params.push_back(int64_t{plan.page_size} + 1);
  return db.Query(sql, params, on_row);
}

std::string NextPageToken(const ListPlan& plan, int64_t order, const std::string& id) {
  return EncodePageToken({plan.fingerprint, {std::to_string(order), id}});
}

std::string IdPageToken(uint64_t fingerprint, const std::string& id) {
  return EncodePageToken({fingerprint, {id}});
}

absl::StatusOr<std::string> IdAfter(uint64_t fingerprint, const std::string& page_token) {
  if (page_token.empty()) return std::string();
  SALES_ASSIGN_OR_RETURN(PageToken token, DecodePageToken(page_token, fingerprint));
  if (token.keys.size() != 1) {
    return MakeError(Reason::kPageTokenInvalid, "The page token is not of this list.");
  }
  return std::move(token.keys[0]);
}

}  // namespace sales::store
