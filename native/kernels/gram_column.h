// Inner products of a step's change with what the step starts from, after combinations whose results are among them: a
// block of elements after the other, so that what a combination has just written is multiplied while it is in a
// register or in the first cache.
#pragma once

#include <span>

#include "combine_in_turn.h"
#include "gram.h"

namespace quench {

/// Does the combinations over the elements, and writes of what a GramUnit of blocked sums would write the first square
/// and the last column: basisSize + 1 sums. Returns whether the checked elements are finite.
using GramColumnUnit = bool (*)(double* sums, const BasisElement<float>* basis, std::size_t begin, std::size_t count,
                                const UniformCombination<float>* combinations, std::size_t combinationCount,
                                Checked<float> checked);

/// For the bases that solvers ask for in every step, (m0, m0 - m1, mt - m0) or that after a vector x; nullptr for
/// others. The kernel is good for these combinations, with any coefficients.
GramColumnUnit gramColumnKernel(InstructionSet set, std::span<const BasisElement<float>> basis,
                                std::span<const UniformCombination<float>> combinations);

}  // namespace quench
