#include "gram_column.h"

#include <algorithm>

#include "combine_groups.h"
#include "gram_block.h"

namespace quench {
namespace {

/// The last two of `size` elements are differences.
template <std::size_t size>
struct Unit {
  static constexpr std::size_t plain = size - 2;

  QUENCH_ALWAYS_INLINE static void addBlock(Lanes<double>* total, const float* const* minuends,
                                            const float* const* subtrahends) {
    // Copies that nothing else can point to, which is what allows them to stay in registers.
    Lanes<float> local[size];
    const float* x[size];
    const float* y[2];
    for (std::size_t k = 0; k < size; ++k) {
      x[k] = minuends[k];
      for (std::size_t lane = 0; lane < gramLanes; ++lane) local[k].at[lane] = 0;
    }
    for (std::size_t k = 0; k < 2; ++k) y[k] = subtrahends[k];
    for (std::size_t i = 0; i < gramBlock; i += gramLanes) {
      for (std::size_t lane = 0; lane < gramLanes; ++lane) {
        float value[size];
        QUENCH_UNROLL
        for (std::size_t k = 0; k < size; ++k) {
          value[k] = x[k][i + lane];
          if (k >= plain) value[k] -= y[k - plain][i + lane];
        }
        QUENCH_UNROLL
        for (std::size_t k = 0; k < size; ++k) local[k].at[lane] += value[k] * value[size - 1];
      }
    }
    for (std::size_t k = 0; k < size; ++k) {
      QUENCH_KEEP_LOOP
      for (std::size_t lane = 0; lane < gramLanes; ++lane) total[k].at[lane] += static_cast<double>(local[k].at[lane]);
    }
  }

  QUENCH_ALWAYS_INLINE static bool run(double* sums, const BasisElement<float>* basis, std::size_t begin,
                                       std::size_t count, const UniformCombination<float>* combinations,
                                       std::size_t combinationCount, Checked<float> checked) {
    alignas(64) Lanes<double> total[size] = {};
    alignas(64) float padded[size + 2][gramBlock];
    BitsOf<float> seen = 0;
    const std::size_t end = begin + count;
    for (std::size_t from = begin; from < end; from += gramBlock) {
      const std::size_t length = std::min(gramBlock, end - from);
      seen |= CombineGroups<float, false>::run(combinations, combinationCount, checked, from, from + length);
      const float* minuends[size];
      const float* subtrahends[2];
      for (std::size_t k = 0; k < size; ++k) minuends[k] = basis[k].minuend + from;
      for (std::size_t k = 0; k < 2; ++k) subtrahends[k] = basis[plain + k].subtrahend + from;
      if (length != gramBlock) {
        for (std::size_t k = 0; k < size; ++k) minuends[k] = fillUp<gramBlock>(padded[k], minuends[k], length);
        for (std::size_t k = 0; k < 2; ++k) {
          subtrahends[k] = fillUp<gramBlock>(padded[size + k], subtrahends[k], length);
        }
      }
      addBlock(total, minuends, subtrahends);
    }
    for (std::size_t k = 0; k < size; ++k) sums[k] = foldLanes(total[k]);
    return !hasCarried(seen);
  }
};

}  // namespace

GramColumnUnit gramColumnKernel(InstructionSet set, const BasisElement<float>* basis, std::size_t basisSize) {
  for (std::size_t k = 0; k < basisSize; ++k) {
    if ((basis[k].subtrahend != nullptr) != (k + 2 >= basisSize)) return nullptr;
  }
  if (basisSize == 3) return select<Unit<3>>(set);
  if (basisSize == 4) return select<Unit<4>>(set);
  return nullptr;
}

}  // namespace quench
