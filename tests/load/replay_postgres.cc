#include <libpq-fe.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "tests/load/replay.h"

namespace sales::load {
namespace {

void Demand(bool holds, const PGconn* connection) {
  if (holds) return;
  std::fprintf(stderr, "replay: %s\n", PQerrorMessage(connection));
  std::abort();
}

void Run(PGconn* connection, const char* sql) {
  PGresult* const result = PQexec(connection, sql);
  Demand(PQresultStatus(result) == PGRES_COMMAND_OK, connection);
  PQclear(result);
}

// As the engine prepares it: with the types of the first values.
void Prepare(PGconn* connection, const std::string& name, const std::string& sql,
             const std::vector<Literal>& values) {
  std::vector<Oid> types;
  for (const Literal& value : values) {
    const bool is_null = std::holds_alternative<std::nullptr_t>(value);
    types.push_back(is_null ? 0 : std::holds_alternative<int64_t>(value) ? 20 : 25);
  }
  PGresult* const result = PQprepare(connection, name.c_str(), sql.c_str(),
                                     static_cast<int>(types.size()), types.data());
  Demand(PQresultStatus(result) == PGRES_COMMAND_OK, connection);
  PQclear(result);
}

void Send(PGconn* connection, const std::string& name, const std::vector<Literal>& values) {
  std::vector<std::string> numbers(values.size());
  std::vector<const char*> texts(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    if (const auto* number = std::get_if<int64_t>(&values[i])) {
      numbers[i] = std::to_string(*number);
      texts[i] = numbers[i].c_str();
    } else if (const auto* text = std::get_if<std::string>(&values[i])) {
      texts[i] = text->c_str();
    }
  }
  Demand(PQsendQueryPrepared(connection, name.c_str(), static_cast<int>(texts.size()), texts.data(),
                             nullptr, nullptr, 0) == 1,
         connection);
}

void SendPlain(PGconn* connection, const char* sql) {
  Demand(PQsendQueryParams(connection, sql, 0, nullptr, nullptr, nullptr, nullptr, 0) == 1,
         connection);
}

// Ends the transaction and reads the answers to all that it sent.
void Commit(PGconn* connection) {
  SendPlain(connection, "COMMIT");
  Demand(PQpipelineSync(connection) == 1, connection);
  while (true) {
    PGresult* const result = PQgetResult(connection);
    if (result == nullptr) continue;
    const ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    if (status == PGRES_PIPELINE_SYNC) return;
    Demand(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK, connection);
  }
}

}  // namespace

double ReplayOnPostgres(const Recording& recording, const std::string& store_before) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(store_before.c_str()),
                                                                PQfinish);
  PGconn* const db = connection.get();
  Demand(PQstatus(db) == CONNECTION_OK, db);
  Run(db, "SET synchronous_commit = on");
  std::vector<bool> prepared(recording.sql.size());
  for (const Statement& statement : recording.statements) {
    if (statement.sql < 0 || prepared[static_cast<size_t>(statement.sql)]) continue;
    prepared[static_cast<size_t>(statement.sql)] = true;
    Prepare(db, "s" + std::to_string(statement.sql),
            recording.sql[static_cast<size_t>(statement.sql)], statement.values);
  }
  Demand(PQenterPipelineMode(db) == 1, db);
  const auto start = std::chrono::steady_clock::now();
  bool open = false;
  for (const Statement& statement : recording.statements) {
    if (statement.sql < 0) {
      if (open) Commit(db);
      open = false;
      continue;
    }
    if (!open) SendPlain(db, "BEGIN");
    open = true;
    Send(db, "s" + std::to_string(statement.sql), statement.values);
  }
  if (open) Commit(db);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  return took.count();
}

}  // namespace sales::load
