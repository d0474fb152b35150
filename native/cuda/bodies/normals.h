// Standard normals: an index is one Philox block of one row, four elements of which the ends may lie outside.
#pragma once

#include <cstdint>

#include "../../kernels/normal_pair.h"
#include "../../kernels/normals_place.h"

namespace quench::cuda {

/// Philox blocks that `size` elements from `first` on touch.
QUENCH_HOST_DEVICE inline std::uint64_t normalBlocks(std::uint64_t first, std::uint64_t size) {
  return (first % normalsPerBlock + size + normalsPerBlock - 1) / normalsPerBlock;
}

template <typename Real>
struct Normals {
  Real* out;
  const std::uint64_t* seeds;
  const std::uint64_t* samples;
  std::uint32_t stream;
  std::uint64_t first;
  std::uint64_t size;
  std::uint64_t blocksPerRow;

  QUENCH_HOST_DEVICE void operator()(std::uint64_t index) const {
    const std::uint64_t row = index / blocksPerRow;
    const std::uint64_t blockOfRow = index - row * blocksPerRow;
    const std::uint64_t block = first / normalsPerBlock + blockOfRow;
    const NormalsPlace place{seeds[row], stream, static_cast<std::uint32_t>(samples[row])};
    const PhiloxCounter words =
        normalWords(place, keyOf(place), static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32));
    const NormalPair<Real> one = normalPair<Real>(words.word[0], words.word[1]);
    const NormalPair<Real> two = normalPair<Real>(words.word[2], words.word[3]);
    const Real normals[normalsPerBlock] = {one.first, one.second, two.first, two.second};
    for (std::uint32_t k = 0; k < normalsPerBlock; ++k) {
      // Elements before `first` wrap around to large numbers and are left out like those beyond the row.
      const std::uint64_t column = block * normalsPerBlock + k - first;
      if (column < size) out[row * size + column] = normals[k];
    }
  }
};

}  // namespace quench::cuda
