#include "normals.h"

#include <algorithm>

#include "normal_pair.h"

namespace quench {
namespace {

// Blocks computed together; the ten rounds are unrolled inside the loop over them.
constexpr std::size_t blocks = 128;
constexpr std::size_t perBlock = normalsPerBlock;

/// Writes the normals of `count` consecutive blocks.
template <typename Real>
QUENCH_ALWAYS_INLINE void fillBlocks(Real* out, NormalsPlace place, std::uint64_t first, std::size_t count) {
  const PhiloxKey key{{static_cast<std::uint32_t>(place.seed), static_cast<std::uint32_t>(place.seed >> 32)}};
  alignas(64) std::uint32_t low[blocks];
  alignas(64) std::uint32_t high[blocks];
  alignas(64) std::uint32_t word[perBlock][blocks];
  for (std::size_t lane = 0; lane < count; ++lane) {
    low[lane] = static_cast<std::uint32_t>(first + lane);
    high[lane] = static_cast<std::uint32_t>((first + lane) >> 32);
  }
  for (std::size_t lane = 0; lane < count; ++lane) {
    const PhiloxCounter drawn = philox4x32({{low[lane], high[lane], place.stream, place.sample}}, key);
    word[0][lane] = drawn.word[0];
    word[1][lane] = drawn.word[1];
    word[2][lane] = drawn.word[2];
    word[3][lane] = drawn.word[3];
  }
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

template <typename Real>
struct Kernel {
  QUENCH_ALWAYS_INLINE static void run(Real* out, NormalsPlace place, std::uint64_t first, std::size_t count) {
    alignas(64) Real normals[blocks * perBlock];
    std::uint64_t block = first / perBlock;
    std::size_t skip = static_cast<std::size_t>(first % perBlock);
    while (count > 0) {
      const std::size_t length = std::min(count, blocks * perBlock - skip);
      if (length == blocks * perBlock) {
        fillBlocks(out, place, block, blocks);
      } else {
        // Whole vectors of sixteen blocks: few elements must not cost 512.
        const std::size_t needed = (skip + length + perBlock - 1) / perBlock;
        fillBlocks(normals, place, block, std::min(blocks, (needed + 15) / 16 * 16));
        std::copy_n(normals + skip, length, out);
      }
      out += length;
      count -= length;
      block += blocks;
      skip = 0;
    }
  }
};

}  // namespace

template <>
Normals<float> normalsKernel<float>(InstructionSet set) {
  return select<Kernel<float>>(set);
}

template <>
Normals<double> normalsKernel<double>(InstructionSet set) {
  return select<Kernel<double>>(set);
}

}  // namespace quench
