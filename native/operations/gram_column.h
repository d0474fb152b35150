// Combinations over whole arrays, and the inner products of one basis element with all.
#pragma once

#include "combine_in_turn.h"
#include "gram.h"

namespace quench {

/// combineInTurn, and then of what gram would write the last column alone: rows * basisSize inner products with the last
/// basis element, the bits of gram's. One pass through memory for blocked sums, bases that have a kernel and
/// coefficients that are the same for all elements. What `combine` says of its output and its own vectors holds for every
/// output and the basis too. Returns what combineInTurn does.
template <typename Real>
std::size_t gramColumn(Workspace& workspace, double* out, const BasisElement<Real>* basis, std::size_t basisSize,
                       std::size_t rows, std::size_t size, Accumulate accumulate,
                       std::span<const Combination<Real>> combinations, const Real* checked, std::size_t checkedCount);

}  // namespace quench
