// What the formulas of reduced entropy make of a ratio of inner products.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace quench::reduced_entropy {

/// A ratio of inner products; 1 where the denominator vanishes, as for identical predictions.
inline double ratioOrOne(double numerator, double denominator) {
  return denominator == 0 ? 1 : numerator / denominator;
}

/// Between -2 and 2. NaN stays NaN.
inline double clip(double value) { return std::clamp(value, -2.0, 2.0); }

/// e^x to one unit in the last place, in plain arithmetic: the same bits on every machine, which a library's are not.
inline double exponential(double x) {
  if (x > 709.79) return std::numeric_limits<double>::infinity();
  if (x < -745.2) return 0;
  // x = k ln 2 + r, |r| <= ln 2 / 2; ln 2 in two parts, of which k times the first is exact.
  const double k = std::floor(x * 1.4426950408889634 + 0.5);
  const double r = (x - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10;
  // Taylor's series up to r^13: the first term left out is below 5e-18.
  constexpr double overFactorials[]{
      1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040,
      1.0 / 720,        1.0 / 120,       1.0 / 24,       1.0 / 6,       1.0 / 2,      1,           1};
  double sum = 0;
  for (const double each : overFactorials) sum = sum * r + each;
  return std::ldexp(sum, static_cast<int>(k));
}

inline double logistic(double value) { return 1 / (1 + exponential(-value)); }

}  // namespace quench::reduced_entropy
