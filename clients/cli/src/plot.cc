#include "clients/cli/src/plot.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace salesctl {
namespace {

constexpr int kEighths = 8;

}  // namespace

std::string Bar(double share, int width) {
  static constexpr const char* kParts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const double shown = std::isnan(share) ? 0 : std::clamp(share, 0.0, 1.0);
  const int eighths = static_cast<int>(std::lround(shown * width * kEighths));
  std::string bar;
  for (int i = 0; i < eighths / kEighths; ++i) bar += "█";
  bar += kParts[eighths % kEighths];
  if (bar.empty() && shown > 0) bar = kParts[1];
  return bar;
}

std::string Sparkline(const std::vector<double>& values) {
  static constexpr const char* kColumns[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  double greatest = 0;
  for (const double value : values) greatest = std::max(greatest, value);
  std::string line;
  for (const double value : values) {
    const double share = greatest > 0 ? std::max(value, 0.0) / greatest : 0;
    line += kColumns[static_cast<size_t>(std::lround(share * (kEighths - 1)))];
  }
  return line;
}

}  // namespace salesctl
