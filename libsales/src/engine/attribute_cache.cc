#include "src/engine/attribute_cache.h"

#include <utility>

#include "sales/limits.h"
#include "src/decide/errors.h"
#include "src/store/attribute_schema_rows.h"

namespace sales::internal {

absl::StatusOr<std::shared_ptr<const AttributeSchema>> AttributeCache::Get(
    sql::Connection& db, const std::string& workspace, int64_t attribute_revision) {
  static const auto* const kNone =
      new std::shared_ptr<const AttributeSchema>(std::make_shared<AttributeSchema>());
  if (attribute_revision == 0) return *kNone;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = entries_.find(workspace);
    if (found != entries_.end() && found->second.attribute_revision == attribute_revision) {
      return found->second.schema;
    }
  }
  SALES_ASSIGN_OR_RETURN(AttributeSchema schema, store::LoadAttributeSchema(db, workspace));
  auto shared = std::make_shared<const AttributeSchema>(std::move(schema));
  const std::lock_guard<std::mutex> lock(mutex_);
  if (entries_.size() >= limits::attribute_schemas_cached_max) entries_.clear();
  entries_[workspace] = {attribute_revision, shared};
  return shared;
}

void AttributeCache::Clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  entries_.clear();
}

}  // namespace sales::internal
