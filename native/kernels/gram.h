// All pairwise inner products of up to six vectors, in an order that never depends on the machine.
#pragma once

#include <cstddef>

#include "gram_lanes.h"
#include "instruction_set.h"

namespace quench {

/// float64: every difference, product and sum in float64.
/// blocked: differences, products and sums over blocks of 256 elements in float32, the blocks' sums in float64.
enum class Accumulate { float64, blocked };

/// Writes basisSize (basisSize + 1) / 2 sums over `count` <= gramUnit elements beginning at `begin`: the
/// upper triangle, row by row.
template <typename Real>
using GramUnit = void (*)(double* sums, const BasisElement<Real>* basis, std::size_t begin, std::size_t count);

/// The kernel for a basis of a given size; `differences` where any element is one. For double both modes are the same.
template <typename Real>
GramUnit<Real> gramKernel(InstructionSet set, Accumulate accumulate, std::size_t basisSize, bool differences);

/// Adds `units` partial results of `pairs` numbers each in a fixed tree; `sums` is used up.
void addGramUnits(double* out, double* sums, std::size_t units, std::size_t pairs);

}  // namespace quench
