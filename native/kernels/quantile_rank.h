// Where a quantile lies among order statistics, and what lies between two of them (numpy's and torch's "linear").
#pragma once

#include <cstddef>

#include "target.h"

namespace quench {

struct QuantileRank {
  std::size_t below;
  /// Of the way from the order statistic at `below` to the next.
  double fraction;
};

/// q from 0 to 1, count >= 1.
QUENCH_HOST_DEVICE inline QuantileRank quantileRank(double q, std::size_t count) {
  const double position = q * static_cast<double>(count - 1);
  const std::size_t whole = static_cast<std::size_t>(position);
  const std::size_t below = whole < count - 1 ? whole : count - 1;
  return {below, position - static_cast<double>(below)};
}

/// Equal ones stay as they are, infinite ones too.
QUENCH_HOST_DEVICE inline double between(double low, double high, double fraction) {
  return high == low ? low : low + (high - low) * fraction;
}

}  // namespace quench
