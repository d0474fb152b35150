// What memory itself allows: the loops that `quench bench kernels` holds the kernels against, and nothing else uses.
//
// They are part of the addon because only so the comparison is fair: the same call from JavaScript, the same threads
// and division of work, the same instruction set, the same vectors.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../operations/workspace.h"

namespace quench {

/// As binding.memoryLimit numbers them.
enum class Limit : std::uint8_t {
  /// The C library's memcpy of the first input.
  copy,
  /// Reads all inputs and writes one line.
  read,
  /// out = the inputs' exclusive or: as many streams as combine has, with the least arithmetic there is.
  store,
  /// The same with stores past the caches, 16 bytes each.
  stream,
  /// out = b + s c (McCalpin's STREAM), of two inputs.
  triad,
  /// The same with stores past the caches, 16 bytes each.
  streamedTriad,
  /// The same with stores of 64 bytes where the instruction set has them; else as streamedTriad.
  wideStreamedTriad,
};

inline constexpr std::size_t maximumLimitInputs = 6;

/// `bytes` bytes of each of `count` inputs and of `out`; a remainder of less than 64 bytes is left out.
void runLimit(Workspace& workspace, Limit limit, void* out, const void* const* inputs, std::size_t count,
              std::size_t bytes);

}  // namespace quench
