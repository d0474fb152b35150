#include "gram.h"

#include <algorithm>

namespace quench {
namespace {

// Element i of a unit always goes to lane i % lanes: sixteen lanes fill two 512-bit registers of
// float64 and hide the latency of the additions.
constexpr std::size_t lanes = 16;

// Elements staged at a time: six vectors of float64 take 24 KiB and stay in the first-level cache.
constexpr std::size_t chunk = 512;

// Elements summed in float32 before they are added to the float64 lanes.
constexpr std::size_t block = 256;

template <typename Sum>
struct Lanes {
  Sum at[lanes];
};

QUENCH_ALWAYS_INLINE double foldLanes(const Lanes<double>& sums) {
  double folded[lanes];
  for (std::size_t lane = 0; lane < lanes; ++lane) folded[lane] = sums.at[lane];
  for (std::size_t half = lanes / 2; half > 0; half /= 2) {
    for (std::size_t lane = 0; lane < half; ++lane) folded[lane] += folded[lane + half];
  }
  return folded[0];
}

/// Adds the products of the first vector with itself and with the `width - 1` that follow it. One
/// "fan" at a time keeps the sums in registers for every basis size and instruction set.
template <std::size_t width, typename Sum>
QUENCH_ALWAYS_INLINE void addFan(Lanes<Sum>* sums, const Sum* const* vectors, std::size_t count) {
  Lanes<Sum> local[width];
  const Sum* v[width];
  for (std::size_t j = 0; j < width; ++j) {
    local[j] = sums[j];
    v[j] = vectors[j];
  }
  const std::size_t whole = count - count % lanes;
  for (std::size_t i = 0; i < whole; i += lanes) {
    for (std::size_t j = 0; j < width; ++j) {
      for (std::size_t lane = 0; lane < lanes; ++lane) local[j].at[lane] += v[0][i + lane] * v[j][i + lane];
    }
  }
  for (std::size_t j = 0; j < width; ++j) {
    for (std::size_t i = whole; i < count; ++i) local[j].at[i - whole] += v[0][i] * v[j][i];
    sums[j] = local[j];
  }
}

template <typename Sum>
QUENCH_ALWAYS_INLINE void addTriangle(Lanes<Sum>* sums, const Sum* const* vectors, std::size_t size,
                                      std::size_t count) {
  for (std::size_t first = 0; first < size; ++first) {
    const std::size_t width = size - first;
    switch (width) {
      case 6: addFan<6>(sums, vectors + first, count); break;
      case 5: addFan<5>(sums, vectors + first, count); break;
      case 4: addFan<4>(sums, vectors + first, count); break;
      case 3: addFan<3>(sums, vectors + first, count); break;
      case 2: addFan<2>(sums, vectors + first, count); break;
      default: addFan<1>(sums, vectors + first, count); break;
    }
    sums += width;
  }
}

/// The chunk as vectors of `Sum`: used where it lies if it has that type already, else formed in `staging`.
template <typename Sum, typename Real>
QUENCH_ALWAYS_INLINE const Sum* stage(Sum* staging, const BasisElement<Real>& element, std::size_t begin,
                                      std::size_t count) {
  const Real* minuend = element.minuend + begin;
  if (element.subtrahend != nullptr) {
    const Real* subtrahend = element.subtrahend + begin;
    for (std::size_t i = 0; i < count; ++i) staging[i] = static_cast<Sum>(minuend[i]) - static_cast<Sum>(subtrahend[i]);
    return staging;
  }
  if constexpr (std::is_same_v<Sum, Real>) {
    return minuend;
  } else {
    for (std::size_t i = 0; i < count; ++i) staging[i] = static_cast<Sum>(minuend[i]);
    return staging;
  }
}

template <typename Real, typename Sum, std::size_t step>
struct Unit {
  QUENCH_ALWAYS_INLINE static void run(double* sums, const BasisElement<Real>* basis, std::size_t basisSize,
                                       std::size_t begin, std::size_t count) {
    alignas(64) Sum staging[maximumBasis][step];
    alignas(64) Lanes<double> total[maximumPairs] = {};
    const std::size_t pairs = basisSize * (basisSize + 1) / 2;
    for (std::size_t from = 0; from < count; from += step) {
      const std::size_t length = std::min(step, count - from);
      const Sum* vectors[maximumBasis];
      for (std::size_t k = 0; k < basisSize; ++k) vectors[k] = stage(staging[k], basis[k], begin + from, length);
      if constexpr (std::is_same_v<Sum, double>) {
        addTriangle(total, vectors, basisSize, length);
      } else {
        alignas(64) Lanes<Sum> partial[maximumPairs] = {};
        addTriangle(partial, vectors, basisSize, length);
        for (std::size_t pair = 0; pair < pairs; ++pair) {
          for (std::size_t lane = 0; lane < lanes; ++lane) total[pair].at[lane] += static_cast<double>(partial[pair].at[lane]);
        }
      }
    }
    for (std::size_t pair = 0; pair < pairs; ++pair) sums[pair] = foldLanes(total[pair]);
  }
};

}  // namespace

template <>
GramUnit<float> gramKernel<float>(InstructionSet set, Accumulate accumulate) {
  if (accumulate == Accumulate::blocked) return select<Unit<float, float, block>>(set);
  return select<Unit<float, double, chunk>>(set);
}

template <>
GramUnit<double> gramKernel<double>(InstructionSet set, Accumulate) {
  return select<Unit<double, double, chunk>>(set);
}

void addGramUnits(double* out, double* sums, std::size_t units, std::size_t pairs) {
  for (std::size_t stride = 1; stride < units; stride *= 2) {
    for (std::size_t unit = 0; unit + stride < units; unit += 2 * stride) {
      for (std::size_t pair = 0; pair < pairs; ++pair) {
        sums[unit * pairs + pair] += sums[(unit + stride) * pairs + pair];
      }
    }
  }
  std::copy_n(sums, pairs, out);
}

}  // namespace quench
