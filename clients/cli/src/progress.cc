#include "clients/cli/src/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace salesctl {
namespace {

constexpr std::chrono::milliseconds kInterval(100);
constexpr int kWidth = 30;

}  // namespace

Progress::Progress(bool asked) : shown_(asked || isatty(STDERR_FILENO) != 0) {}

bool Progress::Due() const { return shown_ && Clock::now() - last_ >= kInterval; }

void Progress::Show(double share, const std::string& text) {
  if (!Due()) return;
  last_ = Clock::now();
  const double done = std::clamp(share, 0.0, 1.0);
  std::string bar;
  for (int i = 0; i < kWidth; ++i) bar += i < static_cast<int>(done * kWidth) ? "█" : "░";
  std::fprintf(stderr, "\r%s %3d %%  %s\x1b[K", bar.c_str(), static_cast<int>(done * 100),
               text.c_str());
  std::fflush(stderr);
  drawn_ = true;
}

void Progress::Clear() {
  if (drawn_) std::fputs("\r\x1b[K", stderr);
  drawn_ = false;
}

double Progress::seconds() const {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

}  // namespace salesctl
