// How far two steps lie apart, in units of a tolerance: what solvers with error control ask.
#pragma once

#include <cstddef>

#include "instruction_set.h"

namespace quench {

/// What an element may be wrong by: max(absolute, relative * max(|lower|, |before|)).
struct Tolerance {
  double absolute;
  double relative;
};

/// The sum over `count` elements of ((higher - lower) / tolerance)^2, in float64: element i goes to lane i % 16.
template <typename Real>
using ScaledError = double (*)(const Real* higher, const Real* lower, const Real* before, Tolerance tolerance,
                               std::size_t count);

template <typename Real>
ScaledError<Real> scaledErrorKernel(InstructionSet set);

}  // namespace quench
