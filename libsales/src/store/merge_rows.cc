#include "src/store/merge_rows.h"

#include <cstdint>
#include <string_view>

#include "src/decide/errors.h"
#include "src/store/answers.h"
#include "src/store/params.h"

namespace sales::store {

absl::Status InsertMerge(sql::Connection& db, const std::string& workspace, const Merge& merge,
                         const std::vector<MergePart>& parts) {
  const std::string kept_before = EncodeAnswer(merge.kept_before);
  const std::string kept_after = EncodeAnswer(merge.kept_after);
  const std::string merged_before = EncodeAnswer(merge.merged_before);
  SALES_RETURN_IF_ERROR(db.Apply(
      "INSERT INTO merges (workspace, merged, kept, merge_time, kept_before, "
      "kept_after, merged_before, revision) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      {std::string_view(workspace), std::string_view(merge.merged), std::string_view(merge.kept),
       ToMicros(merge.merge_time), std::string_view(kept_before), std::string_view(kept_after),
       std::string_view(merged_before), merge.revision}));
  for (const MergePart& part : parts) {
    SALES_RETURN_IF_ERROR(
        db.Apply("INSERT INTO merge_parts (workspace, merged, kind, item, before, after) "
                 "VALUES ($1, $2, $3, $4, $5, $6)",
                 {std::string_view(workspace), std::string_view(merge.merged),
                  static_cast<int64_t>(part.kind), std::string_view(part.item),
                  std::string_view(part.before), std::string_view(part.after)}));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Merge>> LoadMerge(sql::Connection& db, const std::string& workspace,
                                               const std::string& merged) {
  std::optional<Merge> found;
  absl::Status read;
  SALES_RETURN_IF_ERROR(db.Query(
      "SELECT kept, merge_time, kept_before, kept_after, merged_before, revision FROM merges "
      "WHERE workspace = $1 AND merged = $2",
      {std::string_view(workspace), std::string_view(merged)}, [&](const sql::Row& row) {
        Merge& merge = found.emplace();
        merge.merged = merged;
        merge.kept = TextOf(row, 0);
        merge.merge_time = TimeOf(row, 1);
        merge.revision = row.Int(5);
        read.Update(DecodeAnswer(row.Text(2), &merge.kept_before));
        read.Update(DecodeAnswer(row.Text(3), &merge.kept_after));
        read.Update(DecodeAnswer(row.Text(4), &merge.merged_before));
      }));
  SALES_RETURN_IF_ERROR(read);
  return found;
}

absl::StatusOr<std::vector<MergePart>> LoadMergeParts(sql::Connection& db,
                                                      const std::string& workspace,
                                                      const std::string& merged) {
  std::vector<MergePart> parts;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT kind, item, before, after FROM merge_parts WHERE workspace = $1 AND "
               "merged = $2 ORDER BY kind, item",
               {std::string_view(workspace), std::string_view(merged)}, [&](const sql::Row& row) {
                 parts.push_back({static_cast<MergePartKind>(row.Int(0)), TextOf(row, 1),
                                  TextOf(row, 2), TextOf(row, 3)});
               }));
  return parts;
}

absl::StatusOr<std::string> LaterMergeOfParts(sql::Connection& db, const std::string& workspace,
                                              const Merge& merge) {
  std::string later;
  SALES_RETURN_IF_ERROR(
      db.Query("SELECT merges.merged FROM merge_parts AS own JOIN merge_parts AS part ON "
               "part.workspace = own.workspace AND part.kind = own.kind AND "
               "part.item IN (own.item, own.after) JOIN merges ON "
               "merges.workspace = part.workspace AND merges.merged = part.merged "
               "WHERE own.workspace = $1 AND own.merged = $2 AND merges.revision > $3 "
               "ORDER BY merges.revision DESC LIMIT 1",
               {std::string_view(workspace), std::string_view(merge.merged), merge.revision},
               [&](const sql::Row& row) { later = TextOf(row, 0); }));
  return later;
}

absl::Status DeleteMerge(sql::Connection& db, const std::string& workspace,
                         const std::string& merged) {
  SALES_RETURN_IF_ERROR(db.Apply("DELETE FROM merge_parts WHERE workspace = $1 AND merged = $2",
                                 {std::string_view(workspace), std::string_view(merged)}));
  return db.Apply("DELETE FROM merges WHERE workspace = $1 AND merged = $2",
                  {std::string_view(workspace), std::string_view(merged)});
}

}  // namespace sales::store
