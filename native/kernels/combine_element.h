// One element of combine: c_0 v_0 + c_1 v_1 + ..., left to right in the vectors' own precision.
#pragma once

#include <cstddef>

#include "target.h"

namespace quench {

inline constexpr std::size_t maximumTerms = 8;

/// One vector and its coefficient. Exactly one of the three forms holds: `perElement` (a value for each
/// element of a row, shared by all rows), else `perRow`, else `value`.
template <typename Real>
struct CombineTerm {
  const Real* vector;
  double value;
  const double* perRow;
  const Real* perElement;
};

// A coefficient of zero is multiplied like any other: 0 * NaN stays NaN, so nothing hides a broken vector.

/// The same coefficients for all elements.
template <std::size_t terms, typename Real>
QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE Real combinedUniform(const Real* coefficients, const Real* const* vectors,
                                                             std::size_t element) {
  Real sum = coefficients[0] * vectors[0][element];
  for (std::size_t k = 1; k < terms; ++k) sum += coefficients[k] * vectors[k][element];
  return sum;
}

/// Coefficients of each element's own.
template <std::size_t terms, typename Real>
QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE Real combinedPerElement(const Real* const* coefficients,
                                                                const Real* const* vectors, std::size_t element) {
  Real sum = coefficients[0][element] * vectors[0][element];
  for (std::size_t k = 1; k < terms; ++k) sum += coefficients[k][element] * vectors[k][element];
  return sum;
}

}  // namespace quench
