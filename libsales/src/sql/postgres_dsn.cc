#include "src/sql/postgres_dsn.h"

#include <libpq-fe.h>

#include <fstream>
#include <iterator>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "src/decide/errors.h"

namespace sales::sql {
namespace {

// Longer than any connection string: the wrong file was named.
constexpr size_t kDsnBytesMax = 65'536;

absl::StatusOr<std::string> ReadFile(const std::string& path, const char* field) {
  std::ifstream file(path, std::ios::binary);
  const std::string content((std::istreambuf_iterator<char>(file)),
                            std::istreambuf_iterator<char>());
  if (!file.is_open() || file.bad()) {
    return FieldError(Reason::kSettingInvalid, field,
                      "names a file that cannot be read; it holds the connection string");
  }
  std::string dsn(absl::StripAsciiWhitespace(content));
  if (dsn.empty() || dsn.size() > kDsnBytesMax) {
    return FieldError(Reason::kSettingInvalid, field,
                      "names a file that holds no connection string of PostgreSQL");
  }
  return dsn;
}

}  // namespace

absl::StatusOr<std::string> ReadDsn(const std::string& place, const char* field) {
  const bool in_file = !place.empty() && place[0] == '@';
  std::string dsn = place;
  if (in_file) {
    SALES_ASSIGN_OR_RETURN(dsn, ReadFile(place.substr(1), field));
  }
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(dsn.c_str(), nullptr), &PQconninfoFree);
  if (options == nullptr || dsn.empty()) {
    // libpq's message would quote from it.
    return FieldError(Reason::kSettingInvalid, field,
                      "is no connection string of PostgreSQL: host=… dbname=… user=…, or "
                      "postgresql://…");
  }
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    const absl::string_view keyword = option->keyword;
    const bool secret = keyword == "password" || keyword == "sslpassword";
    if (secret && option->val != nullptr && !in_file) {
      return FieldError(Reason::kSettingInvalid, field,
                        "holds a password, which others can see; put the connection string into "
                        "a file and name it: postgres:@FILE");
    }
  }
  return dsn;
}

}  // namespace sales::sql
