// The loops of gram over a block of elements.
//
// The form of the loops decides the speed here. What holds the running sums in registers with GCC 12 and clang 14 is:
// plain arrays of sixteen lanes, the loop over pairs innermost and unrolled, each element's values in locals first.
// With the loops over pairs and lanes exchanged the sums go through memory and everything is 4 to 6 times slower.
#pragma once

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include "gram.h"

namespace quench {

constexpr std::size_t pairsInRows(std::size_t size, std::size_t firstRow, std::size_t lastRow) {
  std::size_t pairs = 0;
  for (std::size_t row = firstRow; row < lastRow; ++row) pairs += size - row;
  return pairs;
}

template <typename RealType, typename SumType, std::size_t basisSize, bool hasDifferences, bool hasFused>
struct Form {
  using Real = RealType;
  using Sum = SumType;
  static constexpr std::size_t size = basisSize;
  static constexpr bool differences = hasDifferences;
  static constexpr bool fused = hasFused;
  /// Elements per pass over the pairs; float32 sums are handed on to float64 after each.
  static constexpr std::size_t block = std::is_same_v<Sum, float> ? gramBlock : 512;
};

/// Adds the products at one element to one lane, for the basis elements `firstRow` ... `lastRow - 1` with themselves
/// and those after them.
template <typename Form, std::size_t firstRow, std::size_t lastRow, typename Sum = typename Form::Sum>
QUENCH_ALWAYS_INLINE void addElement(Lanes<Sum>* sums, const typename Form::Real* const* minuends,
                                     const typename Form::Real* const* subtrahends, std::size_t element,
                                     std::size_t lane) {
  Sum value[Form::size];
  QUENCH_UNROLL
  for (std::size_t k = firstRow; k < Form::size; ++k) {
    value[k] = static_cast<Sum>(minuends[k][element]);
    if constexpr (Form::differences) value[k] -= static_cast<Sum>(subtrahends[k][element]);
  }
  std::size_t pair = 0;
  QUENCH_UNROLL
  for (std::size_t a = firstRow; a < lastRow; ++a) {
    QUENCH_UNROLL
    for (std::size_t b = a; b < Form::size; ++b, ++pair) {
      sums[pair].at[lane] = multiplyAdd<Form::fused>(value[a], value[b], sums[pair].at[lane]);
    }
  }
}

/// One pass over a block for some rows of the triangle; the block's sums are added to `total`.
template <typename Form, std::size_t firstRow, std::size_t lastRow, typename Sum = typename Form::Sum>
QUENCH_ALWAYS_INLINE void addRows(Lanes<double>* total, const typename Form::Real* const* minuends,
                                  const typename Form::Real* const* subtrahends) {
  constexpr std::size_t pairs = pairsInRows(Form::size, firstRow, lastRow);
  constexpr bool handsOn = !std::is_same_v<Sum, double>;
  // Copies that nothing else can point to, which is what allows them to stay in registers.
  Lanes<Sum> local[pairs];
  const typename Form::Real* x[Form::size];
  const typename Form::Real* y[Form::size];
  for (std::size_t pair = 0; pair < pairs; ++pair) {
    for (std::size_t lane = 0; lane < gramLanes; ++lane) {
      if constexpr (handsOn) {
        local[pair].at[lane] = Sum{0};
      } else {
        local[pair].at[lane] = total[pair].at[lane];
      }
    }
  }
  for (std::size_t k = 0; k < Form::size; ++k) {
    x[k] = minuends[k];
    y[k] = subtrahends[k];
  }
  for (std::size_t i = 0; i < Form::block; i += gramLanes) {
    for (std::size_t lane = 0; lane < gramLanes; ++lane)
      addElement<Form, firstRow, lastRow>(local, x, y, i + lane, lane);
  }
  for (std::size_t pair = 0; pair < pairs; ++pair) {
    for (std::size_t lane = 0; lane < gramLanes; ++lane) {
      if constexpr (handsOn) {
        total[pair].at[lane] += static_cast<double>(local[pair].at[lane]);
      } else {
        total[pair].at[lane] = local[pair].at[lane];
      }
    }
  }
}

template <typename Form>
QUENCH_ALWAYS_INLINE void addBlock(Lanes<double>* total, const typename Form::Real* const* minuends,
                                   const typename Form::Real* const* subtrahends) {
  // Float64 sums of more than fifteen pairs exceed the 32 registers: two passes over a block in the cache are faster.
  constexpr std::size_t split = std::is_same_v<typename Form::Sum, double> && Form::size == 6 ? 2 : Form::size;
  addRows<Form, 0, split>(total, minuends, subtrahends);
  if constexpr (split < Form::size) {
    addRows<Form, split, Form::size>(total + pairsInRows(Form::size, 0, split), minuends, subtrahends);
  }
}

/// What is subtracted from an element that is a plain vector while others are differences: x - 0 is x, and one block of
/// zeros stays in the cache.
template <typename Real>
alignas(64) inline constexpr Real zeros[512] = {};

template <std::size_t block, typename Real>
QUENCH_ALWAYS_INLINE const Real* fillUp(Real* padded, const Real* values, std::size_t length) {
  std::copy_n(values, length, padded);
  std::fill(padded + length, padded + block, Real{0});
  return padded;
}

/// Adds the products at elements from ... from + length - 1, a block or the rest of a row, to `total`.
template <typename Form>
QUENCH_ALWAYS_INLINE void addElements(Lanes<double>* total, const BasisElement<typename Form::Real>* basis,
                                      std::size_t from, std::size_t length) {
  using Real = typename Form::Real;
  constexpr std::size_t block = Form::block;
  alignas(64) Real padded[2][Form::size][block];
  // A last block that is not whole is copied and filled up with zeros, so that one loop of constant length serves all;
  // with a variable length GCC leaves a sum in memory, at a third of the speed.
  const Real* minuends[Form::size];
  const Real* subtrahends[Form::size];
  for (std::size_t k = 0; k < Form::size; ++k) {
    minuends[k] = basis[k].minuend + from;
    subtrahends[k] = basis[k].subtrahend == nullptr ? zeros<Real> : basis[k].subtrahend + from;
    if (length != block) {
      minuends[k] = fillUp<block>(padded[0][k], minuends[k], length);
      if constexpr (Form::differences) subtrahends[k] = fillUp<block>(padded[1][k], subtrahends[k], length);
    }
  }
  addBlock<Form>(total, minuends, subtrahends);
}

}  // namespace quench
