// What salesctl says when something cannot be done, and how it carries that to the end.
#ifndef SALES_CLIENTS_CLI_SRC_FAILURE_H_
#define SALES_CLIENTS_CLI_SRC_FAILURE_H_

#include <ostream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"

namespace salesctl {

// What the process ends with; scripts tell the cases apart by it.
enum ExitCode {
  kExitOk = 0,
  // The server, the record or the input says no: asking again will not help.
  kExitRefused = 1,
  // The command line is wrong.
  kExitUsage = 2,
  // Nobody answered in time: asking again may help.
  kExitUnavailable = 3,
};

struct Failure {
  ExitCode exit_code = kExitRefused;
  // "GUARD_UNMET"; empty where the cause has no name.
  std::string reason;
  std::string message;
  // Each field or missing condition, a line each.
  std::vector<std::string> details;
  // What to do about it; empty: the message says it.
  std::string remedy;
};

inline Failure Refused(std::string reason, std::string message, std::string remedy = "") {
  return {kExitRefused, std::move(reason), std::move(message), {}, std::move(remedy)};
}

// An error of a store that is used without a server.
Failure RefusedByStore(const absl::Status& status);
inline Failure WrongUsage(std::string message) {
  return {kExitUsage, "USAGE", std::move(message), {}, "Run it with --help."};
}

// Writes the failure for people.
void PrintFailure(const Failure& failure, std::ostream& out);

// A value, or why there is none.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}  // NOLINT: converts as absl::StatusOr does
  Result(Failure failure) : state_(std::move(failure)) {}  // NOLINT
  bool ok() const { return std::holds_alternative<T>(state_); }
  const Failure& failure() const { return std::get<Failure>(state_); }
  const T& operator*() const& { return std::get<T>(state_); }
  T& operator*() & { return std::get<T>(state_); }
  T&& operator*() && { return std::get<T>(std::move(state_)); }
  const T* operator->() const { return &std::get<T>(state_); }
  T* operator->() { return &std::get<T>(state_); }

 private:
  std::variant<T, Failure> state_;
};

// The result of what is only done.
struct Unit {};
using Done = Result<Unit>;

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_FAILURE_H_
