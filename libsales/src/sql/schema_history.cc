#include "src/sql/schema_history.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "src/decide/errors.h"

namespace sales::sql {
namespace {

absl::Status VersionError(Reason reason, int64_t version, int64_t known, std::string message) {
  ErrorDetail detail;
  detail.reason = reason;
  detail.metadata["store_schema"] = absl::StrCat(version);
  detail.metadata["known_schema"] = absl::StrCat(known);
  return MakeError(std::move(detail), std::move(message));
}

}  // namespace

// FNV-1a: nobody is kept from forging one.
std::string ChecksumOf(const Migration& migration) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char* c = migration.ddl; *c != '\0'; ++c) {
    hash = (hash ^ static_cast<unsigned char>(*c)) * 0x100000001b3;
  }
  return absl::StrCat(absl::Hex(hash, absl::kZeroPad16));
}

absl::Status CheckNumbers(absl::Span<const Migration> migrations) {
  for (size_t i = 1; i < migrations.size(); ++i) {
    if (migrations[i].number != migrations[i - 1].number + 1) {
      return MakeError(Reason::kInternal, "migrations are numbered without gaps");
    }
  }
  return absl::OkStatus();
}

int64_t LastNumber(absl::Span<const Migration> migrations) {
  return migrations.empty() ? 0 : migrations.back().number;
}

absl::Status ForeignError(std::string message) {
  return MakeError(Reason::kStoreForeign, std::move(message));
}

absl::Status CheckKnown(int64_t version, absl::Span<const Migration> migrations) {
  const int64_t known = LastNumber(migrations);
  if (version <= known) return absl::OkStatus();
  return VersionError(Reason::kStoreNewer, version, known,
                      absl::StrCat("the store has schema ", version, ", this libsales knows up to ",
                                   known, "; use a newer libsales"));
}

absl::Status CheckApplied(const std::vector<std::string>& applied, int64_t version,
                          absl::Span<const Migration> migrations) {
  size_t expected = 0;
  for (const Migration& migration : migrations) expected += migration.number <= version ? 1 : 0;
  if (applied.size() != expected) {
    return ForeignError("the store's record of its migrations differs from its version");
  }
  for (size_t i = 0; i < applied.size(); ++i) {
    if (applied[i] != ChecksumOf(migrations[i])) {
      return ForeignError(absl::StrCat("migration ", migrations[i].number,
                                       " of the store is not that of this libsales; a changed "
                                       "version of libsales made the store"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckCurrent(int64_t version, absl::Span<const Migration> migrations) {
  const int64_t known = LastNumber(migrations);
  if (version == known) return absl::OkStatus();
  return VersionError(
      Reason::kStoreNotMigrated, version, known,
      absl::StrCat("the store has schema ", version, " and needs ", known, "; migrate it first"));
}

}  // namespace sales::sql
