// An export holds everything, and an import makes of it the same workspace, or nothing.
#include <sqlite3.h>

#include <functional>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "sales/error.h"
#include "src/store/table_copy.h"
#include "tests/care/full_studio.h"
#include "tests/rigs/naive_report.h"

namespace sales::testing {
namespace {

class Exporting : public FullStudio {
 protected:
  Exporting() { Live(); }

  // What an import of `text` is refused with: reason and fault. Leaves nothing.
  std::string Refused(const std::string& text, size_t piece_bytes = 1000) {
    const Engine other = Elsewhere(absl::StrCat("refused", ++stores_, ".db"));
    const auto imported = other.ImportWorkspace("studio", Pieces(text, piece_bytes));
    EXPECT_FALSE(imported.ok());
    EXPECT_EQ(ReasonOf(other.At("studio").GetWorkspace().status()), Reason::kWorkspaceNotFound);
    // The id is free again, and nothing of the export lies under it.
    CreateWorkspace empty;
    empty.id = "studio";
    EXPECT_TRUE(other.CreateWorkspace(empty).ok());
    EXPECT_TRUE(other.At("studio").ListContacts({})->items.empty());
    const auto faults = other.Check();
    EXPECT_TRUE(faults.ok() && faults->empty());
    const ErrorDetail detail = DetailOf(imported.status());
    const auto fault = detail.metadata.find("fault");
    return absl::StrCat(ReasonName(detail.reason),
                        fault == detail.metadata.end() ? "" : " " + fault->second);
  }

  std::string text_ = {};
  int stores_ = 0;
};

TEST_F(Exporting, IsTheSameBytesEachTime) { EXPECT_EQ(ExportOf(desk()), ExportOf(desk())); }

TEST_F(Exporting, MakesTheSameWorkspaceElsewhere) {
  const std::string text = ExportOf(desk());
  const Engine other = Elsewhere();
  for (const size_t piece_bytes : {size_t{100'000'000}, size_t{7}}) {
    const auto imported = other.ImportWorkspace("studio", Pieces(text, piece_bytes));
    ASSERT_TRUE(imported.ok()) << imported.status();
    EXPECT_EQ(imported->etag, desk().GetWorkspace()->etag);
    // Every row of every table, then.
    EXPECT_EQ(ExportOf(other.At("studio")), text);
    const auto faults = other.Check();
    ASSERT_TRUE(faults.ok());
    for (const CheckFault& fault : *faults) ADD_FAILURE() << fault.kind << fault.description;
    ASSERT_TRUE(other.At("studio").DeleteWorkspace({.force = true}).ok());
    while (other.Sweep()->rows_removed > 0) continue;
  }
}

TEST_F(Exporting, KeepsReportsOfThePast) {
  const Engine other = Elsewhere();
  ASSERT_TRUE(other.ImportWorkspace("studio", Pieces(ExportOf(desk()))).ok());
  ReportQuery query;
  for (query.as_of_revision = desk().GetWorkspace()->revision; query.as_of_revision > 1;
       query.as_of_revision /= 2) {
    for (const std::string& line :
         naive::Differences(*desk().ReportFunnel(query), *other.At("studio").ReportFunnel(query))) {
      ADD_FAILURE() << line;
    }
  }
}

TEST_F(Exporting, KeepsAnswersToRequestIds) {
  const Engine other = Elsewhere();
  ASSERT_TRUE(other.ImportWorkspace("studio", Pieces(ExportOf(desk()))).ok());
  const int64_t revision = other.At("studio").GetWorkspace()->revision;
  CaptureLead again = Person("told");
  again.need = "a shop\twith \"quotes\", \\ and\r\n\x01\x1f lines; ещё";
  again.attributes = {{"size", "большой"}};
  again.labels = {"vip", "early"};
  again.seller = "anna";
  again.external_id = "row-1";
  clock_.Turn(-absl::Hours(48));
  const auto answer = other.At("studio", WithRequest("told")).CaptureLead(again);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->lead.id, told_);
  EXPECT_EQ(other.At("studio").GetWorkspace()->revision, revision);
}

TEST_F(Exporting, GoesOnWhereItWas) {
  const Engine other = Elsewhere();
  ASSERT_TRUE(other.ImportWorkspace("studio", Pieces(ExportOf(desk()))).ok());
  const int64_t revision = other.At("studio").GetWorkspace()->revision;
  const auto captured = other.At("studio").CaptureLead(Person("later"));
  ASSERT_TRUE(captured.ok()) << captured.status();
  EXPECT_EQ(other.At("studio").GetWorkspace()->revision, revision + 1);
  EXPECT_TRUE(other.Check()->empty());
}

TEST_F(Exporting, IsRefusedWhereSomethingWasDoneToIt) {
  const std::string text = ExportOf(desk());
  std::vector<std::string> lines = absl::StrSplit(text, '\n');
  lines.pop_back();
  const auto joined = [](const std::vector<std::string>& of) {
    return absl::StrJoin(of, "\n") + "\n";
  };
  const auto without = [&](size_t line) {
    std::vector<std::string> fewer = lines;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(line));
    return joined(fewer);
  };
  size_t event = 0;
  while (lines[event].find("[\"events\"") != 0) ++event;
  std::vector<std::string> swapped = lines;
  std::swap(swapped[event], swapped[event + 1]);
  EXPECT_EQ(Refused(""), "EXPORT_INVALID TRUNCATED");
  EXPECT_EQ(Refused("{}\n"), "EXPORT_INVALID SYNTAX");
  EXPECT_EQ(Refused("[1,\n"), "EXPORT_INVALID SYNTAX");
  EXPECT_EQ(Refused(absl::StrReplaceAll(text, {{"\n", "\r\n"}})), "EXPORT_INVALID CRLF");
  EXPECT_EQ(Refused(text.substr(0, text.size() / 2)), "EXPORT_INVALID TRUNCATED");
  EXPECT_EQ(Refused(text.substr(0, text.size() - 1)), "EXPORT_INVALID TRUNCATED");
  EXPECT_EQ(Refused(joined(swapped)), "EXPORT_INVALID ORDER");
  EXPECT_EQ(Refused(without(event)), "EXPORT_INVALID ORDER");
  EXPECT_EQ(Refused(without(lines.size() - 2)), "EXPORT_INVALID COUNT");
  EXPECT_EQ(Refused(text + "[]\n"), "EXPORT_INVALID SYNTAX");
  EXPECT_EQ(Refused(absl::StrReplaceAll(text, {{"three pages", "seven pages"}})),
            "EXPORT_INVALID DIGEST");
  EXPECT_EQ(Refused(absl::StrReplaceAll(text, {{"three pages", "three \xff pages"}})),
            "EXPORT_INVALID SYNTAX");
}

TEST_F(Exporting, IsRefusedByAnOlderAndByANewerLibrary) {
  const std::string text = ExportOf(desk());
  EXPECT_EQ(Refused(absl::StrReplaceAll(text, {{"\"version\":1", "\"version\":2"}})),
            "EXPORT_NEWER");
  const size_t at = text.find("\"schema\":") + 9;
  const size_t digits = text.find(',', at) - at;
  EXPECT_EQ(Refused(std::string(text).replace(at, digits, "999")), "EXPORT_NEWER");
  EXPECT_EQ(Refused(std::string(text).replace(at, digits, "1")), "EXPORT_OLDER");
}

TEST_F(Exporting, IsOfItsOwnWorkspaceOnly) {
  const Engine other = Elsewhere();
  const std::string text = ExportOf(desk());
  EXPECT_EQ(ReasonOf(other.ImportWorkspace("agency", Pieces(text)).status()), Reason::kNameInvalid);
  ASSERT_TRUE(other.ImportWorkspace("studio", Pieces(text)).ok());
  EXPECT_EQ(ReasonOf(other.ImportWorkspace("studio", Pieces(text)).status()),
            Reason::kWorkspaceExists);
}

TEST_F(Exporting, EndsWhenItsTakerHasEnough) {
  int pieces = 0;
  const absl::Status exported = desk().ExportWorkspace([&pieces](const std::string&) {
    ++pieces;
    return absl::CancelledError("enough");
  });
  EXPECT_TRUE(absl::IsCancelled(exported));
  EXPECT_EQ(pieces, 1);
}

// More rows than one commit takes, so that some lie in the store when the import ends.
class ExportingMuch : public FullStudio {
 protected:
  ExportingMuch() {
    std::vector<CaptureLead> people;
    for (int i = 0; i < 600; ++i) people.push_back(Person("person" + std::to_string(i)));
    EXPECT_TRUE(desk().BatchCaptureLeads(people).ok());
  }
};

TEST_F(ExportingMuch, LeavesNothingWhenItsSourceFails) {
  const std::string text = ExportOf(desk());
  const Engine other = Elsewhere();
  Engine::ReadText pieces = Pieces(text.substr(0, text.size() * 9 / 10));
  const auto imported = other.ImportWorkspace("studio", [&]() -> absl::StatusOr<std::string> {
    absl::StatusOr<std::string> piece = pieces();
    if (!piece->empty()) return piece;
    // While it is being imported nobody sees it, and nobody else takes its id.
    EXPECT_EQ(ReasonOf(other.At("studio").GetWorkspace().status()), Reason::kWorkspaceNotFound);
    CreateWorkspace same;
    same.id = "studio";
    EXPECT_EQ(ReasonOf(other.CreateWorkspace(same).status()), Reason::kWorkspaceUnfinished);
    return absl::UnavailableError("the line broke");
  });
  EXPECT_TRUE(absl::IsUnavailable(imported.status()));
  const auto again = other.ImportWorkspace("studio", Pieces(text));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(ExportOf(other.At("studio")), text);
}

TEST_F(ExportingMuch, IsRemovedBySweepsWhereItsImportIsSilentForTooLong) {
  const std::string text = ExportOf(desk());
  const Engine other = Elsewhere();
  int64_t removed = 0;
  size_t given = 0;
  Engine::ReadText pieces = Pieces(text);
  const auto imported = other.ImportWorkspace("studio", [&]() -> absl::StatusOr<std::string> {
    given += 1000;
    if (removed == 0 && given > text.size() * 9 / 10) {
      clock_.Turn(absl::Hours(1));
      while (const int64_t now = other.Sweep()->rows_removed) removed += now;
    }
    return pieces();
  });
  EXPECT_GE(removed, 2'000);
  EXPECT_EQ(ReasonOf(imported.status()), Reason::kDeadlineExceeded);
  const auto again = other.ImportWorkspace("studio", Pieces(text));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(other.Check()->empty());
}

// What the schema says of a table, as store::CopiedTables does.
std::vector<store::CopiedTable> TablesOf(const std::string& file) {
  sqlite3* db = nullptr;
  EXPECT_EQ(sqlite3_open(file.c_str(), &db), SQLITE_OK);
  const auto each = [db](const std::string& sql, const std::function<void(sqlite3_stmt*)>& row) {
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr), SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) row(statement);
    sqlite3_finalize(statement);
  };
  const auto text = [](sqlite3_stmt* row, int column) {
    return std::string(reinterpret_cast<const char*>(sqlite3_column_text(row, column)));
  };
  std::vector<store::CopiedTable> tables;
  each("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
       [&](sqlite3_stmt* row) {
         tables.push_back({text(row, 0), {}, 0});
       });
  for (store::CopiedTable& table : tables) {
    each("SELECT name, type, \"notnull\", pk FROM pragma_table_info('" + table.name + "')",
         [&](sqlite3_stmt* row) {
           if (text(row, 0) == "workspace") return;
           table.columns.push_back(
               {text(row, 0), text(row, 1) == "INTEGER", sqlite3_column_int(row, 2) == 0});
           if (sqlite3_column_int(row, 3) > 0) ++table.key_columns;
         });
  }
  sqlite3_close(db);
  return tables;
}

std::string Describe(const store::CopiedTable& table) {
  std::string text = absl::StrCat(table.name, " by ", table.key_columns);
  for (const store::CopiedColumn& column : table.columns) {
    absl::StrAppend(&text, " ", column.name, column.is_integer ? "#" : "",
                    column.nullable ? "?" : "");
  }
  return text;
}

TEST_F(Exporting, KnowsEveryTableOfTheSchema) {
  // What is of no workspace; what acts by itself and would act twice; and what differs by store.
  const std::set<std::string> kept_out = {"migrations", "last_backup", "unfinished_workspaces",
                                          "tokens", "webhooks"};
  std::set<std::string> schema;
  for (store::CopiedTable& table : TablesOf(directory_ + "/store.db")) {
    std::erase_if(table.columns, [](const auto& column) { return column.name == "incarnation"; });
    if (kept_out.count(table.name) == 0) schema.insert(Describe(table));
  }
  std::set<std::string> copied;
  for (const store::CopiedTable& table : store::CopiedTables()) copied.insert(Describe(table));
  EXPECT_EQ(copied, schema);
}

}  // namespace
}  // namespace sales::testing
