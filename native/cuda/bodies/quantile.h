// Quantiles of magnitudes: as integers, magnitudes sort like the numbers they are, and NaN comes last.
#pragma once

#include <bit>
#include <cstdint>

#include "../../kernels/finite_element.h"
#include "../../kernels/quantile_rank.h"

namespace quench::cuda {

template <typename Real>
struct MagnitudeBits {
  BitsOf<Real>* out;
  const Real* values;

  QUENCH_HOST_DEVICE void operator()(std::uint64_t index) const {
    constexpr BitsOf<Real> sign = BitsOf<Real>{1} << (8 * sizeof(Real) - 1);
    out[index] = std::bit_cast<BitsOf<Real>>(values[index]) & ~sign;
  }
};

/// An index is a row, sorted.
template <typename Real>
struct SortedQuantile {
  double* out;
  const BitsOf<Real>* sorted;
  QuantileRank rank;
  std::uint64_t size;

  QUENCH_HOST_DEVICE double at(std::uint64_t row, std::uint64_t place) const {
    return static_cast<double>(std::bit_cast<Real>(sorted[row * size + place]));
  }

  QUENCH_HOST_DEVICE void operator()(std::uint64_t row) const {
    const bool notANumber = sorted[row * size + size - 1] > exponentBits<Real>;
    const double low = at(row, rank.below);
    if (notANumber) {
      out[row] = std::bit_cast<double>(std::uint64_t{0x7FF8000000000000});
    } else if (rank.fraction == 0.0 || rank.below + 1 == size) {
      out[row] = low;
    } else {
      out[row] = between(low, at(row, rank.below + 1), rank.fraction);
    }
  }
};

}  // namespace quench::cuda
