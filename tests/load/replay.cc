#include "tests/load/replay.h"

#include <sqlite3.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string_view>
#include <utility>

namespace sales::load {
namespace {

struct State {
  std::mutex mutex;
  bool recording = false;
  std::map<std::string, int> known;
  Recording out;
};

State& Shared() {
  static State* const state = new State();
  return *state;
}

void Demand(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "replay: %s\n", what);
  std::abort();
}

// Reads one SQL literal off the front of `text`.
Literal TakeLiteral(std::string_view& text) {
  if (text.substr(0, 4) == "NULL") {
    text.remove_prefix(4);
    return nullptr;
  }
  if (text[0] != '\'') {
    int64_t number = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), number).ptr;
    Demand(end != text.data(), "unknown literal");
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    return number;
  }
  std::string value;
  size_t at = 1;
  while (true) {
    const size_t quote = text.find('\'', at);
    value += text.substr(at, quote - at);
    if (quote + 1 >= text.size() || text[quote + 1] != '\'') {
      text.remove_prefix(quote + 1);
      return value;
    }
    value += '\'';
    at = quote + 2;
  }
}

// The values of the placeholders, by number, found where the expanded text differs from the
// template.
std::vector<Literal> ValuesOf(std::string_view sql, std::string_view expanded) {
  std::vector<Literal> values;
  while (!sql.empty()) {
    if (sql[0] != '$') {
      Demand(sql[0] == expanded[0], "text and template part");
      sql.remove_prefix(1);
      expanded.remove_prefix(1);
      continue;
    }
    size_t number = 0;
    const auto end = std::from_chars(sql.data() + 1, sql.data() + sql.size(), number).ptr;
    sql.remove_prefix(static_cast<size_t>(end - sql.data()));
    if (values.size() < number) values.resize(number);
    values[number - 1] = TakeLiteral(expanded);
  }
  return values;
}

bool Changes(std::string_view sql) {
  return sql.substr(0, 6) == "INSERT" || sql.substr(0, 6) == "UPDATE" ||
         sql.substr(0, 6) == "DELETE";
}

void Record(sqlite3_stmt* statement) {
  const std::string_view sql = sqlite3_sql(statement);
  const bool commit = sql.substr(0, 6) == "COMMIT";
  if (!commit && !Changes(sql)) return;
  State& state = Shared();
  const std::lock_guard<std::mutex> lock(state.mutex);
  if (!state.recording) return;
  Statement recorded;
  if (commit) {
    // A read ends with COMMIT too, but changed nothing before it.
    if (state.out.statements.empty() || state.out.statements.back().sql < 0) return;
    ++state.out.commits;
  } else {
    const auto [found, added] =
        state.known.emplace(std::string(sql), static_cast<int>(state.out.sql.size()));
    if (added) state.out.sql.emplace_back(sql);
    recorded.sql = found->second;
    char* const expanded = sqlite3_expanded_sql(statement);
    Demand(expanded != nullptr, "no expanded text");
    recorded.values = ValuesOf(sql, expanded);
    sqlite3_free(expanded);
  }
  state.out.statements.push_back(std::move(recorded));
}

int OnTrace(unsigned, void*, void* statement, void* text) {
  // Statements run by triggers and foreign keys come as comments.
  const char* const comment = static_cast<const char*>(text);
  if (comment == nullptr || std::strncmp(comment, "--", 2) != 0) {
    Record(static_cast<sqlite3_stmt*>(statement));
  }
  return 0;
}

int OnOpen(sqlite3* db, const char**, const void*) {
  return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, OnTrace, nullptr);
}

void Run(sqlite3* db, const char* sql) {
  Demand(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sql);
}

void Bind(sqlite3_stmt* statement, const std::vector<Literal>& values) {
  for (size_t i = 0; i < values.size(); ++i) {
    char name[16];
    std::snprintf(name, sizeof(name), "$%zu", i + 1);
    const int index = sqlite3_bind_parameter_index(statement, name);
    if (index == 0) continue;
    if (const auto* number = std::get_if<int64_t>(&values[i])) {
      sqlite3_bind_int64(statement, index, *number);
    } else if (const auto* text = std::get_if<std::string>(&values[i])) {
      sqlite3_bind_text(statement, index, text->data(), static_cast<int>(text->size()),
                        SQLITE_STATIC);
    } else {
      sqlite3_bind_null(statement, index);
    }
  }
}

}  // namespace

void Recorder::Watch() {
  Demand(sqlite3_auto_extension(reinterpret_cast<void (*)()>(OnOpen)) == SQLITE_OK,
         "connections cannot be watched");
}

void Recorder::Start() {
  State& state = Shared();
  const std::lock_guard<std::mutex> lock(state.mutex);
  state.recording = true;
}

Recording Recorder::Stop() {
  sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(OnOpen));
  State& state = Shared();
  const std::lock_guard<std::mutex> lock(state.mutex);
  state.recording = false;
  state.known.clear();
  return std::exchange(state.out, {});
}

double Replay(const Recording& recording, const std::string& store_before) {
  sqlite3* db = nullptr;
  Demand(sqlite3_open(store_before.c_str(), &db) == SQLITE_OK, "the copy does not open");
  Run(db, "PRAGMA journal_mode = WAL");
  Run(db, "PRAGMA synchronous = FULL");
  Run(db, "PRAGMA foreign_keys = ON");
  Run(db, "PRAGMA cache_size = -65536");
  std::vector<sqlite3_stmt*> prepared;
  for (const std::string& sql : recording.sql) {
    prepared.push_back(nullptr);
    Demand(sqlite3_prepare_v3(db, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &prepared.back(),
                              nullptr) == SQLITE_OK,
           sqlite3_errmsg(db));
  }
  const auto start = std::chrono::steady_clock::now();
  bool open = false;
  for (const Statement& statement : recording.statements) {
    if (statement.sql < 0) {
      if (open) Run(db, "COMMIT");
      open = false;
      continue;
    }
    if (!open) Run(db, "BEGIN IMMEDIATE");
    open = true;
    sqlite3_stmt* const run = prepared[static_cast<size_t>(statement.sql)];
    Bind(run, statement.values);
    int result = SQLITE_ROW;
    while (result == SQLITE_ROW) result = sqlite3_step(run);
    Demand(result == SQLITE_DONE, sqlite3_errmsg(db));
    sqlite3_reset(run);
  }
  if (open) Run(db, "COMMIT");
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  for (sqlite3_stmt* statement : prepared) sqlite3_finalize(statement);
  sqlite3_close(db);
  return took.count();
}

}  // namespace sales::load
