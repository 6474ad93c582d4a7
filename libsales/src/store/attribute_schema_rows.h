// The attributes that a workspace's leads may have.
#ifndef SALES_SRC_STORE_ATTRIBUTE_SCHEMA_ROWS_H_
#define SALES_SRC_STORE_ATTRIBUTE_SCHEMA_ROWS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "src/decide/attribute_schema.h"
#include "src/sql/driver.h"

namespace sales::store {

// Empty if the workspace defines none.
absl::StatusOr<AttributeSchema> LoadAttributeSchema(sql::Connection& db,
                                                    const std::string& workspace);

// Replaces the schema. The workspace's policies count as changed too: how they compare may be.
absl::Status SaveAttributeSchema(sql::Connection& db, const std::string& workspace,
                                 const AttributeSchema& schema, int64_t revision);

}  // namespace sales::store

#endif  // SALES_SRC_STORE_ATTRIBUTE_SCHEMA_ROWS_H_
