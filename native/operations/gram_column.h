// Combinations over whole arrays, and of the inner products of a basis the first square and those with the last
// element.
#pragma once

#include "combine_in_turn.h"
#include "gram.h"

namespace quench {

/// combineInTurn, and then of what gram would write the first number and the last column: rows * (basis.size() + 1)
/// numbers, the bits of gram's. One pass through memory for blocked sums, bases that have a kernel and coefficients
/// that are the same for all elements. What `combine` says of its output and its own vectors holds for every output and
/// the basis too. Returns what combineInTurn does.
template <typename Real>
std::size_t gramColumn(Workspace& workspace, double* out, std::span<const BasisElement<Real>> basis, std::size_t rows,
                       std::size_t size, Accumulate accumulate, std::span<const Combination<Real>> combinations,
                       const Real* checked, std::size_t checkedCount);

}  // namespace quench
