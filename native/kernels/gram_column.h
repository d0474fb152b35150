// Inner products of one basis element with all, after combinations whose results are among them: a block of elements after
// the other, so that what a combination has just written is multiplied while it is in the first cache.
#pragma once

#include "combine_in_turn.h"
#include "gram.h"

namespace quench {

/// Does the combinations over the elements, and writes what a GramUnit of blocked sums would write of its last column:
/// basisSize sums. Returns whether the checked elements are finite.
using GramColumnUnit = bool (*)(double* sums, const BasisElement<float>* basis, std::size_t begin, std::size_t count,
                                const UniformCombination<float>* combinations, std::size_t combinationCount,
                                Checked<float> checked);

/// For the bases that solvers ask for in every step: three or four elements, of which the last two are differences.
/// nullptr for others.
GramColumnUnit gramColumnKernel(InstructionSet set, const BasisElement<float>* basis, std::size_t basisSize);

}  // namespace quench
