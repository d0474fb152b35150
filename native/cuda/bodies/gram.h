// gram in the CPU's own order, so with the CPU's bits: lanes within a unit, a fold of the lanes, a tree of the units.
//
// An index of the first body is one lane of one pair of one unit: sixteen neighbouring threads read sixteen
// neighbouring elements, and the threads of a unit's other pairs find the same lines in the cache.
#pragma once

#include <cstdint>

#include "../../kernels/gram_lanes.h"

namespace quench::cuda {

/// How rows are cut into units and units into lanes.
struct GramShape {
  std::uint64_t size;
  std::uint64_t unitsPerRow;
  std::uint64_t basis;
  std::uint64_t pairs;
};

QUENCH_HOST_DEVICE inline GramShape gramShape(std::uint64_t size, std::uint64_t basis) {
  return {size, (size + gramUnit - 1) / gramUnit, basis, basis * (basis + 1) / 2};
}

struct GramPlace {
  std::uint64_t unit;
  std::uint64_t pair;
  std::uint64_t lane;
  /// Elements of the vectors that the unit covers.
  std::uint64_t begin;
  std::uint64_t count;
};

QUENCH_HOST_DEVICE inline GramPlace gramPlace(const GramShape& shape, std::uint64_t index) {
  const std::uint64_t lane = index % gramLanes;
  const std::uint64_t sum = index / gramLanes;
  const std::uint64_t unit = sum / shape.pairs;
  const std::uint64_t row = unit / shape.unitsPerRow;
  const std::uint64_t offset = (unit - row * shape.unitsPerRow) * gramUnit;
  const std::uint64_t left = shape.size - offset;
  return {unit, sum - unit * shape.pairs, lane, row * shape.size + offset, left < gramUnit ? left : gramUnit};
}

/// Sums are laid out [unit][pair][lane]. With Sum = float they are blocked: differences, products and the sums of a
/// block in float32, the sum of the blocks in float64.
template <typename Real, typename Sum, bool differences>
struct GramLanes {
  double* sums;
  BasisElement<Real> basis[maximumBasis];
  GramShape shape;

  QUENCH_HOST_DEVICE static Sum value(const BasisElement<Real>& element, std::uint64_t index) {
    const Sum minuend = static_cast<Sum>(element.minuend[index]);
    if constexpr (differences) {
      return element.subtrahend == nullptr ? minuend : minuend - static_cast<Sum>(element.subtrahend[index]);
    }
    return minuend;
  }

  QUENCH_HOST_DEVICE void operator()(std::uint64_t index) const {
    const GramPlace place = gramPlace(shape, index);
    std::uint64_t first = 0;
    std::uint64_t second = place.pair;
    for (; second >= shape.basis - first; ++first) second -= shape.basis - first;
    const BasisElement<Real> a = basis[first];
    const BasisElement<Real> b = basis[first + second];
    const std::uint64_t blockSize = sizeof(Sum) == sizeof(double) ? gramUnit : gramBlock;
    double total = 0;
    for (std::uint64_t block = 0; block < place.count; block += blockSize) {
      const std::uint64_t end = block + blockSize < place.count ? block + blockSize : place.count;
      Sum sum = 0;
      for (std::uint64_t i = block + place.lane; i < end; i += gramLanes) {
        sum = multiplyAdd<false>(value(a, place.begin + i), value(b, place.begin + i), sum);
      }
      total += static_cast<double>(sum);
    }
    sums[index] = total;
  }
};

/// [unit][pair][lane] to [unit][pair].
struct GramFold {
  double* out;
  const Lanes<double>* sums;

  QUENCH_HOST_DEVICE void operator()(std::uint64_t index) const { out[index] = foldLanes(sums[index]); }
};

/// One level of the tree: unit u of a row takes what unit u + distance holds, for every u divisible by 2 distance.
struct GramTree {
  double* sums;
  std::uint64_t unitsPerRow;
  std::uint64_t pairs;
  std::uint64_t distance;

  /// Units that take another's sums at this level, per row.
  QUENCH_HOST_DEVICE std::uint64_t takers() const {
    return unitsPerRow <= distance ? 0 : (unitsPerRow - distance - 1) / (2 * distance) + 1;
  }

  QUENCH_HOST_DEVICE void operator()(std::uint64_t index) const {
    const std::uint64_t pair = index % pairs;
    const std::uint64_t row = index / pairs / takers();
    const std::uint64_t unit = row * unitsPerRow + (index / pairs - row * takers()) * 2 * distance;
    sums[unit * pairs + pair] += sums[(unit + distance) * pairs + pair];
  }
};

/// The first unit of every row holds its sum in the end.
struct GramCollect {
  double* out;
  const double* sums;
  std::uint64_t unitsPerRow;
  std::uint64_t pairs;

  QUENCH_HOST_DEVICE void operator()(std::uint64_t index) const {
    const std::uint64_t row = index / pairs;
    out[index] = sums[row * unitsPerRow * pairs + (index - row * pairs)];
  }
};

}  // namespace quench::cuda
