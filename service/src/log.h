// The server's log: one JSON object a line, on standard error.
#ifndef SALES_SERVICE_LOG_H_
#define SALES_SERVICE_LOG_H_

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace sales::service {

enum class LogLevel { kDebug = 0, kInfo = 1, kWarning = 2, kError = 3 };

// "debug", "info", "warning" or "error"; false for anything else.
bool ParseLogLevel(const std::string& text, LogLevel* level);

// One line being made. Values never are personal data.
class LogLine {
 public:
  LogLine(LogLevel level, const std::string& message);
  LogLine& Add(const char* key, const std::string& value);
  LogLine& Add(const char* key, const char* value) { return Add(key, std::string(value)); }
  LogLine& Add(const char* key, int64_t value);
  LogLevel level() const { return level_; }
  // The line with its end.
  std::string Text() const { return text_ + "}\n"; }

 private:
  LogLevel level_;
  std::string text_;
};

// Lines are gathered for a moment, so that a call does not wait for a terminal; warnings and errors
// are written at once. Safe to use from any thread.
class Log {
 public:
  // `descriptor` stays open for as long as the log lives.
  explicit Log(LogLevel least, int descriptor = 2);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  bool Wants(LogLevel level) const { return level >= least_; }
  void Write(const LogLine& line);
  void Flush();

 private:
  void FlushNowAndThen();
  void FlushLocked(std::unique_lock<std::mutex>& lock);

  const LogLevel least_;
  const int descriptor_;
  std::mutex mutex_;
  // Keeps the order of lines while a chunk is written without `mutex_`.
  std::mutex writing_;
  std::condition_variable wake_;
  std::string pending_;
  bool stopping_ = false;
  std::thread flusher_;
};

}  // namespace sales::service

#endif  // SALES_SERVICE_LOG_H_
