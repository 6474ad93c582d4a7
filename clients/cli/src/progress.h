// A line on standard error that says how far long work is.
#ifndef SALES_CLIENTS_CLI_SRC_PROGRESS_H_
#define SALES_CLIENTS_CLI_SRC_PROGRESS_H_

#include <chrono>
#include <string>

namespace salesctl {

class Progress {
 public:
  // Shows itself to people, and where `asked` says so.
  explicit Progress(bool asked);
  ~Progress() { Clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Whether it is time to show anything: some ten times a second.
  bool Due() const;
  // `share` of the work is done, from 0 to 1; `text` says it in words.
  void Show(double share, const std::string& text);
  void Clear();
  double seconds() const;

 private:
  using Clock = std::chrono::steady_clock;

  const bool shown_;
  bool drawn_ = false;
  const Clock::time_point start_ = Clock::now();
  Clock::time_point last_ = start_;
};

}  // namespace salesctl

#endif  // SALES_CLIENTS_CLI_SRC_PROGRESS_H_
