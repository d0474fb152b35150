// Standard normals that depend on nothing but their place: (seed, stream, sample, element).
#pragma once

#include <cstddef>
#include <cstdint>

#include "instruction_set.h"

namespace quench {

/// Element e of a row is normal e % 4 of Philox block e / 4: key = seed, counter = (block's low and high
/// half, stream, sample).
struct NormalsPlace {
  std::uint64_t seed;
  std::uint32_t stream;
  std::uint32_t sample;
};

/// Writes the normals of elements first ... first + count - 1 of the row.
template <typename Real>
using Normals = void (*)(Real* out, NormalsPlace place, std::uint64_t first, std::size_t count);

template <typename Real>
Normals<Real> normalsKernel(InstructionSet set);

}  // namespace quench
