// Finds the first NaN or infinity.
#pragma once

#include <cstddef>

#include "instruction_set.h"

namespace quench {

/// The index of the first value that is NaN or infinite, or `count` where all are finite.
template <typename Real>
using FirstNonFinite = std::size_t (*)(const Real* values, std::size_t count);

template <typename Real>
FirstNonFinite<Real> firstNonFiniteKernel(InstructionSet set);

}  // namespace quench
