// One element of clamp and of dynamic thresholding. NaN passes through both.
#pragma once

#include "target.h"

namespace quench {

/// Both comparisons are false for NaN, which therefore stays.
template <typename Real>
QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE Real clamped(Real value, Real low, Real high) {
  const Real raised = value < low ? low : value;
  return raised > high ? high : raised;
}

template <typename Real>
QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE Real thresholded(Real value, Real limit) {
  return clamped(value, -limit, limit) / limit;
}

}  // namespace quench
