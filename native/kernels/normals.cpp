#include "normals.h"

#include <algorithm>

#include "normal_pair.h"
#include "philox_lanes.h"

namespace quench {
namespace {

// Blocks computed together.
constexpr std::size_t blocks = philoxLanes;
constexpr std::size_t perBlock = normalsPerBlock;

/// Writes the normals of `count` consecutive blocks; `bytes` is the width of the registers, 0 where it is left to the
/// compiler.
template <std::size_t bytes, typename Real>
QUENCH_ALWAYS_INLINE void fillBlocks(Real* out, const NormalsPlace& place, std::uint64_t first, std::size_t count) {
  PhiloxWords words;
#if QUENCH_PHILOX_LANES
  if constexpr (bytes != 0) drawInLanes<bytes>(words, place, first, count);
#endif
  if constexpr (bytes == 0) drawPlainly(words, place, first, count);
  const auto& word = words.word;
  QUENCH_INDEPENDENT_ITERATIONS
  for (std::size_t lane = 0; lane < count; ++lane) {
    const NormalPair<Real> one = normalPair<Real>(word[0][lane], word[1][lane]);
    const NormalPair<Real> two = normalPair<Real>(word[2][lane], word[3][lane]);
    out[perBlock * lane] = one.first;
    out[perBlock * lane + 1] = one.second;
    out[perBlock * lane + 2] = two.first;
    out[perBlock * lane + 3] = two.second;
  }
}

template <typename Real, std::size_t bytes>
struct Kernel {
  QUENCH_ALWAYS_INLINE static void run(Real* out, NormalsPlace place, std::uint64_t first, std::size_t count) {
    alignas(64) Real normals[blocks * perBlock];
    std::uint64_t block = first / perBlock;
    std::size_t skip = static_cast<std::size_t>(first % perBlock);
    while (count > 0) {
      const std::size_t length = std::min(count, blocks * perBlock - skip);
      if (length == blocks * perBlock) {
        fillBlocks<bytes>(out, place, block, blocks);
      } else {
        // Whole vectors of sixteen blocks: few elements must not cost 512.
        const std::size_t needed = (skip + length + perBlock - 1) / perBlock;
        fillBlocks<bytes>(normals, place, block, std::min(blocks, (needed + 15) / 16 * 16));
        std::copy_n(normals + skip, length, out);
      }
      out += length;
      count -= length;
      block += blocks;
      skip = 0;
    }
  }
};

/// One width for each instruction set.
template <typename Real>
Normals<Real> pick([[maybe_unused]] InstructionSet set) {
#if QUENCH_PHILOX_LANES && QUENCH_MULTIVERSION
  if (set == InstructionSet::avx512) return avx512Only<Kernel<Real, 64>>();
  if (set == InstructionSet::avx2) return avx2Only<Kernel<Real, 32>>();
  return baselineOnly<Kernel<Real, 16>>();
#else
  return select<Kernel<Real, 0>>(set);
#endif
}

}  // namespace

template <>
Normals<float> normalsKernel<float>(InstructionSet set) {
  return pick<float>(set);
}

template <>
Normals<double> normalsKernel<double>(InstructionSet set) {
  return pick<double>(set);
}

}  // namespace quench
