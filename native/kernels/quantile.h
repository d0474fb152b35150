// The quantile of the magnitudes of one row, by linear interpolation between order statistics.
#pragma once

#include <cstddef>

namespace quench {

/// The q-quantile of |values|, 0 <= q <= 1, count >= 1: with position p = q (count - 1), the order statistics
/// at floor(p) and ceil(p) are interpolated in float64 (numpy's and torch's "linear"). NaN if any value
/// is NaN. `scratch` holds `count` values and is overwritten.
template <typename Real>
double absoluteQuantile(const Real* values, std::size_t count, double q, Real* scratch);

}  // namespace quench
