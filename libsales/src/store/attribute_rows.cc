#include "src/store/attribute_rows.h"

#include <string_view>

#include "src/decide/errors.h"
#include "src/store/lead_codec.h"
#include "src/store/params.h"

namespace sales::store {

absl::Status InsertFormerAttributes(sql::Connection& db, const std::string& workspace,
                                    const std::string& lead, int64_t until_revision,
                                    const std::map<std::string, std::string>& attributes) {
  const std::string encoded = EncodeAttributes(attributes);
  return db.Apply(
      "INSERT INTO former_attributes (workspace, lead, until_revision, attributes) "
      "VALUES ($1, $2, $3, $4)",
      {std::string_view(workspace), std::string_view(lead), until_revision,
       std::string_view(encoded)});
}

absl::StatusOr<std::map<std::string, std::string>> AttributesAt(sql::Connection& db,
                                                                const std::string& workspace,
                                                                const std::string& lead,
                                                                int64_t revision) {
  std::string encoded;
  bool found = false;
  const auto on_row = [&](const sql::Row& row) {
    encoded = TextOf(row, 0);
    found = true;
  };
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT attributes FROM former_attributes WHERE workspace = $1 AND lead = $2 AND "
               "until_revision > $3 ORDER BY until_revision LIMIT 1",
               {std::string_view(workspace), std::string_view(lead), revision}, on_row));
  if (!found) {
    SALES_RETURN_IF_ERROR(
        db.Query("SELECT attributes FROM leads WHERE workspace = $1 AND lead = $2",
                 {std::string_view(workspace), std::string_view(lead)}, on_row));
  }
  return DecodeAttributes(encoded);
}

}  // namespace sales::store
