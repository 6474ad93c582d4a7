#include "src/decide/markov_chain.h"

#include <cmath>
#include <cstddef>
#include <vector>

namespace sales {
namespace {

// A square matrix, row by row.
class Matrix {
 public:
  explicit Matrix(size_t size) : size_(size), values_(size * size, 0) {}

  double& At(size_t row, size_t column) { return values_[row * size_ + column]; }
  double At(size_t row, size_t column) const { return values_[row * size_ + column]; }
  size_t size() const { return size_; }

  void SwapRows(size_t a, size_t b) {
    if (a == b) return;
    for (size_t column = 0; column < size_; ++column) std::swap(At(a, column), At(b, column));
  }
  void Scale(size_t row, double factor) {
    for (size_t column = 0; column < size_; ++column) At(row, column) *= factor;
  }
  // row += factor * other
  void AddRow(size_t row, double factor, size_t other) {
    for (size_t column = 0; column < size_; ++column) {
      At(row, column) += factor * At(other, column);
    }
  }

 private:
  size_t size_;
  std::vector<double> values_;
};

// By Gauss and Jordan with the largest pivot of the column. Every channel leads to an end by some
// way, so that the matrix has an inverse.
Matrix Inverse(Matrix matrix) {
  const size_t size = matrix.size();
  Matrix inverse(size);
  for (size_t i = 0; i < size; ++i) inverse.At(i, i) = 1;
  for (size_t column = 0; column < size; ++column) {
    size_t pivot = column;
    for (size_t row = column + 1; row < size; ++row) {
      if (std::fabs(matrix.At(row, column)) > std::fabs(matrix.At(pivot, column))) pivot = row;
    }
    matrix.SwapRows(pivot, column);
    inverse.SwapRows(pivot, column);
    const double scale = 1 / matrix.At(column, column);
    matrix.Scale(column, scale);
    inverse.Scale(column, scale);
    for (size_t row = 0; row < size; ++row) {
      const double factor = matrix.At(row, column);
      if (row == column || factor == 0) continue;
      matrix.AddRow(row, -factor, column);
      inverse.AddRow(row, -factor, column);
    }
  }
  return inverse;
}

}  // namespace

std::map<std::string, double> RemovalEffects(const PathSteps& steps) {
  // The start is state 0, the channels follow.
  std::map<std::string, size_t> states = {{kPathStart, 0}};
  std::map<std::string, double> totals;
  for (const auto& [step, count] : steps) {
    if (count <= 0) continue;
    totals[step.first] += static_cast<double>(count);
    for (const std::string& end : {step.first, step.second}) {
      if (end != kPathWon && end != kPathEnd) states.try_emplace(end, states.size());
    }
  }
  Matrix staying(states.size());
  std::vector<double> wins(states.size(), 0);
  for (size_t i = 0; i < states.size(); ++i) staying.At(i, i) = 1;
  for (const auto& [step, count] : steps) {
    if (count <= 0) continue;
    const double chance = static_cast<double>(count) / totals[step.first];
    const size_t from = states[step.first];
    if (step.second == kPathWon) {
      wins[from] = chance;
    } else if (step.second != kPathEnd) {
      staying.At(from, states[step.second]) -= chance;
    }
  }
  // visits.At(i, j): how often j is seen from i on, on average.
  const Matrix visits = Inverse(std::move(staying));
  std::vector<double> win_from(states.size(), 0);
  for (size_t i = 0; i < states.size(); ++i) {
    for (size_t j = 0; j < states.size(); ++j) win_from[i] += visits.At(i, j) * wins[j];
  }
  std::map<std::string, double> effects;
  for (const auto& [name, state] : states) {
    if (name == kPathStart) continue;
    // The chance to come to the channel at all, times that to win from there.
    const double through = visits.At(0, state) / visits.At(state, state) * win_from[state];
    effects[name] = win_from[0] > 0 ? through / win_from[0] : 0;
  }
  return effects;
}

}  // namespace sales
