// Standard normals that depend on nothing but their place: (seed, stream, sample, element).
#pragma once

#include <cstddef>
#include <cstdint>

#include "instruction_set.h"
#include "normals_place.h"

namespace quench {

/// Writes the normals of elements first ... first + count - 1 of the row.
template <typename Real>
using Normals = void (*)(Real* out, NormalsPlace place, std::uint64_t first, std::size_t count);

template <typename Real>
Normals<Real> normalsKernel(InstructionSet set);

}  // namespace quench
