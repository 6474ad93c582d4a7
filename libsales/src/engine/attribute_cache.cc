#include "src/engine/attribute_cache.h"

#include <utility>

#include "src/decide/errors.h"
#include "src/store/attribute_schema_rows.h"

namespace sales::internal {

absl::StatusOr<std::shared_ptr<const AttributeSchema>> AttributeCache::Get(
    sql::Connection& db, const std::string& workspace, int64_t attribute_revision) {
  using Shared = std::shared_ptr<const AttributeSchema>;
  static const auto* const kNone = new Shared(std::make_shared<AttributeSchema>());
  if (attribute_revision == 0) return *kNone;
  return kept_.Get(workspace, attribute_revision, [&]() -> absl::StatusOr<Shared> {
    SALES_ASSIGN_OR_RETURN(AttributeSchema schema, store::LoadAttributeSchema(db, workspace));
    return std::make_shared<const AttributeSchema>(std::move(schema));
  });
}

}  // namespace sales::internal
