#include "service/src/log.h"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "service/src/limits.h"

namespace sales::service {
namespace {

constexpr std::chrono::milliseconds kFlushInterval(100);
constexpr const char* kLevelNames[] = {"debug", "info", "warning", "error"};

void AppendQuoted(const std::string& text, std::string& out) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", c);
      out += escaped;
    } else {
      out += c;
    }
  }
  out += '"';
}

void WriteAll(int descriptor, const std::string& text) {
  size_t written = 0;
  while (written < text.size()) {
    const ssize_t count = write(descriptor, text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    // Nobody can be told that the log itself is gone.
    if (count <= 0) return;
    written += static_cast<size_t>(count);
  }
}

}  // namespace

bool ParseLogLevel(const std::string& text, LogLevel* level) {
  for (int i = 0; i < 4; ++i) {
    if (text != kLevelNames[i]) continue;
    *level = static_cast<LogLevel>(i);
    return true;
  }
  return false;
}

LogLine::LogLine(LogLevel level, const std::string& message) : level_(level) {
  text_ = "{\"time\":\"" +
          absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", absl::Now(), absl::UTCTimeZone()) +
          "\",\"level\":\"" + kLevelNames[static_cast<int>(level)] + "\",\"message\":";
  AppendQuoted(message, text_);
}

LogLine& LogLine::Add(const char* key, const std::string& value) {
  text_ += ",\"";
  text_ += key;
  text_ += "\":";
  AppendQuoted(value, text_);
  return *this;
}

LogLine& LogLine::Add(const char* key, int64_t value) {
  text_ += ",\"";
  text_ += key;
  text_ += "\":" + std::to_string(value);
  return *this;
}

Log::Log(LogLevel least, int descriptor)
    : least_(least), descriptor_(descriptor), flusher_([this] { FlushNowAndThen(); }) {}

Log::~Log() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  flusher_.join();
  Flush();
}

void Log::Write(const LogLine& line) {
  if (!Wants(line.level())) return;
  std::unique_lock<std::mutex> lock(mutex_);
  pending_ += line.Text();
  if (line.level() >= LogLevel::kWarning || pending_.size() > limits::log_bytes_waiting_max)
    FlushLocked(lock);
}

void Log::Flush() {
  std::unique_lock<std::mutex> lock(mutex_);
  FlushLocked(lock);
}

void Log::FlushLocked(std::unique_lock<std::mutex>& lock) {
  lock.unlock();
  {
    const std::lock_guard<std::mutex> writing(writing_);
    std::string chunk;
    lock.lock();
    chunk.swap(pending_);
    lock.unlock();
    WriteAll(descriptor_, chunk);
  }
  lock.lock();
}

void Log::FlushNowAndThen() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    wake_.wait_for(lock, kFlushInterval, [this] { return stopping_; });
    if (!pending_.empty()) FlushLocked(lock);
  }
}

}  // namespace sales::service
