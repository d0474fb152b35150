// Static clamp, and the clamp-and-rescale of dynamic thresholding. NaN passes through both.
#pragma once

#include <cstddef>

#include "instruction_set.h"

namespace quench {

/// out[i] = min(max(input[i], low), high). `out` may be `input`.
template <typename Real>
using Clamp = void (*)(Real* out, const Real* input, Real low, Real high, std::size_t count);

/// out[i] = clamp(input[i], -limit, limit) / limit. `out` may be `input`.
template <typename Real>
using Threshold = void (*)(Real* out, const Real* input, Real limit, std::size_t count);

template <typename Real>
Clamp<Real> clampKernel(InstructionSet set);
template <typename Real>
Threshold<Real> thresholdKernel(InstructionSet set);

}  // namespace quench
