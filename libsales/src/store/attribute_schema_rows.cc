#include "src/store/attribute_schema_rows.h"

#include <cstddef>
#include <string_view>
#include <vector>

#include "nlohmann/json.hpp"
#include "src/decide/errors.h"
#include "src/store/params.h"

namespace sales::store {
namespace {

using Json = nlohmann::json;

std::string EncodeChoices(const std::vector<std::string>& choices) {
  return choices.empty() ? std::string() : Json(choices).dump();
}

bool DecodeChoices(std::string_view text, std::vector<std::string>& choices) {
  if (text.empty()) return true;
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_array()) return false;
  for (const Json& entry : json) {
    if (!entry.is_string()) return false;
    choices.push_back(entry.get<std::string>());
  }
  return true;
}

}  // namespace

absl::StatusOr<AttributeSchema> LoadAttributeSchema(sql::Connection& db,
                                                    const std::string& workspace) {
  AttributeSchema schema;
  bool valid = true;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT attribute, display_name, type, choices FROM lead_attributes "
               "WHERE workspace = $1 ORDER BY ordinal",
               {std::string_view(workspace)}, [&](const sql::Row& row) {
                 AttributeDefinition& definition = schema.emplace_back();
                 definition.key = TextOf(row, 0);
                 definition.display_name = TextOf(row, 1);
                 definition.type = static_cast<AttributeType>(row.Int(2));
                 valid = DecodeChoices(row.Text(3), definition.values) && valid;
               }));
  if (valid) return schema;
  return MakeError(Reason::kStoreCorrupt, "An attribute's row cannot be read.");
}

absl::Status SaveAttributeSchema(sql::Connection& db, const std::string& workspace,
                                 const AttributeSchema& schema, int64_t revision) {
  SALES_RETURN_IF_ERROR(db.Apply("DELETE FROM lead_attributes WHERE workspace = $1",
                                 {sql::Param(std::string_view(workspace))}));
  for (size_t i = 0; i < schema.size(); ++i) {
    const AttributeDefinition& definition = schema[i];
    const std::string choices = EncodeChoices(definition.values);
    SALES_RETURN_IF_ERROR(
        db.Apply("INSERT INTO lead_attributes (workspace, ordinal, attribute, display_name, "
                 "type, choices) VALUES ($1, $2, $3, $4, $5, $6)",
                 {std::string_view(workspace), static_cast<int64_t>(i),
                  std::string_view(definition.key), std::string_view(definition.display_name),
                  static_cast<int64_t>(definition.type), std::string_view(choices)}));
  }
  return db.Apply(
      "UPDATE workspaces SET attribute_revision = $2, funnel_revision = $2 "
      "WHERE workspace = $1",
      {std::string_view(workspace), revision});
}

}  // namespace sales::store
