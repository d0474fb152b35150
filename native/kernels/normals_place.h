// Which Philox block holds the normals of which element.
#pragma once

#include <cstdint>

#include "philox.h"

namespace quench {

/// Element e of a row is normal e % 4 of Philox block e / 4: key = seed, counter = (block's low and high
/// half, stream, sample).
struct NormalsPlace {
  std::uint64_t seed;
  std::uint32_t stream;
  std::uint32_t sample;
};

inline constexpr std::uint32_t normalsPerBlock = 4;

QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE PhiloxKey keyOf(const NormalsPlace& place) {
  return {{static_cast<std::uint32_t>(place.seed), static_cast<std::uint32_t>(place.seed >> 32)}};
}

/// The words of a block given by its two halves: each pair of them becomes two normals (normal_pair.h).
QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE PhiloxCounter normalWords(const NormalsPlace& place, PhiloxKey key,
                                                                  std::uint32_t low, std::uint32_t high) {
  return philox4x32({{low, high, place.stream, place.sample}}, key);
}

}  // namespace quench
