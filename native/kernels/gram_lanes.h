// The order in which gram adds: sixteen lanes within a unit, the lanes in a fold, the units in a tree.
#pragma once

#include <cstddef>

#include "target.h"

namespace quench {

inline constexpr std::size_t maximumBasis = 6;
inline constexpr std::size_t maximumPairs = maximumBasis * (maximumBasis + 1) / 2;

/// Work is cut at multiples of this many elements of a row, whatever the number of threads; each
/// unit yields one partial sum per pair and the partial sums are added in a fixed tree.
inline constexpr std::size_t gramUnit = 8192;

/// A basis element: a vector, or the difference of two where `subtrahend` is not null.
template <typename Real>
struct BasisElement {
  const Real* minuend;
  const Real* subtrahend;
};

/// Elements whose products a blocked sum adds in float32 before it hands them on to float64.
inline constexpr std::size_t gramBlock = 256;

// Element i of a unit always goes to lane i % gramLanes. Sixteen fill one 512-bit register of float32, two of float64.
inline constexpr std::size_t gramLanes = 16;

template <typename Sum>
struct Lanes {
  Sum at[gramLanes];
};

/// Lane by lane in halves: 0 + 8, 1 + 9, ..., then 0 + 4, ...
QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE double foldLanes(const Lanes<double>& sums) {
  double folded[gramLanes];
  for (std::size_t lane = 0; lane < gramLanes; ++lane) folded[lane] = sums.at[lane];
  for (std::size_t half = gramLanes / 2; half > 0; half /= 2) {
    for (std::size_t lane = 0; lane < half; ++lane) folded[lane] += folded[lane + half];
  }
  return folded[0];
}

/// a b + c. Fused only where the product is exact in any case, so that fusing it cannot change the result: that holds
/// for float64 products of float32 values (48 bits of 53).
template <bool fused, typename Sum>
QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE Sum multiplyAdd(Sum a, Sum b, Sum c) {
#if defined(__GNUC__) || defined(__clang__)
  if constexpr (fused) return __builtin_fma(a, b, c);
#endif
  return a * b + c;
}

}  // namespace quench
