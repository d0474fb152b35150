// out[i] = c0 v0[i] + c1 v1[i] + ... , left to right in the vectors' own precision.
#pragma once

#include <cstddef>

#include "combine_element.h"
#include "instruction_set.h"

namespace quench {

/// How the output is written. `streamed` goes past the caches, and takes whole lines of 64 bytes at multiples of 64
/// only, apart from the vectors.
enum class Store { cached, streamed };

/// One coefficient per vector, the same for all `count` elements. `out` may be one of the vectors.
template <typename Real>
using CombineUniform = void (*)(Real* out, const Real* const* vectors, const Real* coefficients, std::size_t count);

/// One coefficient per vector and element: out[i] = sum_k coefficients[k][i] * vectors[k][i].
template <typename Real>
using CombinePerElement = void (*)(Real* out, const Real* const* vectors, const Real* const* coefficients,
                                   std::size_t count);

/// Kernels for a number of terms from 1 to maximumTerms.
template <typename Real>
CombineUniform<Real> combineUniform(InstructionSet set, Store store, std::size_t terms);
template <typename Real>
CombinePerElement<Real> combinePerElement(InstructionSet set, Store store, std::size_t terms);

}  // namespace quench
