#include "src/store/erase_rows.h"

#include <string_view>

#include "src/decide/errors.h"
#include "src/store/params.h"

namespace sales::store {

absl::Status EraseBesideContact(sql::Connection& db, const std::string& workspace,
                                const std::string& contact) {
  constexpr std::string_view kStatements[] = {
      "DELETE FROM merge_parts WHERE workspace = $1 AND merged IN "
      "(SELECT merged FROM merges WHERE workspace = $1 AND (merged = $2 OR kept = $2))",
      "DELETE FROM merges WHERE workspace = $1 AND (merged = $2 OR kept = $2)",
      "DELETE FROM dismissed_duplicates WHERE workspace = $1 AND (contact = $2 OR other = $2)",
  };
  for (const std::string_view statement : kStatements) {
    SALES_RETURN_IF_ERROR(
        db.Apply(statement, {std::string_view(workspace), std::string_view(contact)}));
  }
  return absl::OkStatus();
}

absl::Status EraseLead(sql::Connection& db, const std::string& workspace, const std::string& lead,
                       absl::Time now, int64_t revision) {
  SALES_RETURN_IF_ERROR(
      db.Apply("UPDATE leads SET need = CASE need WHEN '' THEN '' ELSE $3 END, "
               "need_folded = CASE need WHEN '' THEN '' ELSE $3 END, external_id = NULL, "
               "import_fingerprint = NULL, attributes = '', update_time = $4, revision = $5 "
               "WHERE workspace = $1 AND lead = $2",
               {std::string_view(workspace), std::string_view(lead), std::string_view(kErasedText),
                ToMicros(now), revision}));
  SALES_RETURN_IF_ERROR(db.Apply("DELETE FROM former_attributes WHERE workspace = $1 AND lead = $2",
                                 {std::string_view(workspace), std::string_view(lead)}));
  constexpr std::string_view kStatements[] = {
      "UPDATE activities SET text = $3 WHERE workspace = $1 AND lead = $2 AND text <> ''",
      "UPDATE planned_activities SET text = $3 WHERE workspace = $1 AND lead = $2 AND text <> ''",
      "UPDATE requirements SET text = $3 WHERE workspace = $1 AND lead = $2 AND text <> ''",
      "UPDATE stances SET reason = $3 WHERE workspace = $1 AND lead = $2",
      "UPDATE proposals SET scope = $3 WHERE workspace = $1 AND lead = $2 AND scope <> ''",
      "UPDATE outcomes SET "
      "argument_better = CASE argument_better WHEN '' THEN '' ELSE $3 END, "
      "argument_price = CASE argument_price WHEN '' THEN '' ELSE $3 END, "
      "argument_differ = CASE argument_differ WHEN '' THEN '' ELSE $3 END, "
      "alternatives = CASE alternatives WHEN '' THEN '' ELSE $3 END, "
      "competitor = CASE competitor WHEN '' THEN '' ELSE $3 END "
      "WHERE workspace = $1 AND lead = $2",
  };
  for (const std::string_view statement : kStatements) {
    SALES_RETURN_IF_ERROR(db.Apply(statement, {std::string_view(workspace), std::string_view(lead),
                                               std::string_view(kErasedText)}));
  }
  return absl::OkStatus();
}

}  // namespace sales::store
