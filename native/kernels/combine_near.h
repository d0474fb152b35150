// Combinations over vectors that lie in a near cache, where the loop itself counts and not only what it reads.
#pragma once

#include <span>

#include "combine_in_turn.h"

namespace quench {

/// As CombineInTurn does it, nothing checked and nothing streamed.
using CombineNear = void (*)(const UniformCombination<float>* combinations, std::size_t count, std::size_t begin,
                             std::size_t end);

/// The kernel is good for these combinations, with any coefficients.
CombineNear combineNearKernel(InstructionSet set, std::span<const UniformCombination<float>> combinations);

}  // namespace quench
