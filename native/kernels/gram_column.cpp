#include "gram_column.h"

#include <algorithm>

#include "combine_groups.h"
#include "gram_block.h"

namespace quench {
namespace {

/// Where the vectors of a block begin.
struct Block {
  const float* x;
  const float* m0;
  const float* m1;
  /// The last prediction, or where it is formed here: as out, of these vectors.
  const float* mt;
  float* out;
  const float* vectors[maximumTerms];
};

/// @tparam size 4 where a vector x comes first, 3 where m0 does
/// @tparam terms of the only combination, which writes mt and is done here; 0 for any combinations, done before
template <std::size_t size, std::size_t terms>
struct Unit {
  static constexpr std::size_t sums = size + 1;

  QUENCH_ALWAYS_INLINE static void addBlock(Lanes<double>* total, const Block& block, const float* coefficients) {
    // Copies that nothing else can point to, which is what allows them to stay in registers.
    Lanes<float> local[sums] = {};
    const auto [x, m0, m1, mt, out, vectors] = block;
    const float* v[maximumTerms];
    float c[maximumTerms];
    for (std::size_t k = 0; k < terms; ++k) {
      v[k] = vectors[k];
      c[k] = coefficients[k];
    }
    for (std::size_t i = 0; i < gramBlock; i += gramLanes) {
      QUENCH_INDEPENDENT_ITERATIONS
      for (std::size_t lane = 0; lane < gramLanes; ++lane) {
        float latest;
        if constexpr (terms > 0) {
          latest = combinedUniform<terms>(c, v, i + lane);
          out[i + lane] = latest;
        } else {
          latest = mt[i + lane];
        }
        const float held = m0[i + lane];
        const float change = latest - held;
        const float first = size == 4 ? x[i + lane] : held;
        local[0].at[lane] += first * first;
        local[1].at[lane] += first * change;
        if constexpr (size == 4) local[2].at[lane] += held * change;
        local[size - 1].at[lane] += (held - m1[i + lane]) * change;
        local[size].at[lane] += change * change;
      }
    }
    for (std::size_t k = 0; k < sums; ++k) {
      QUENCH_KEEP_LOOP
      for (std::size_t lane = 0; lane < gramLanes; ++lane) total[k].at[lane] += static_cast<double>(local[k].at[lane]);
    }
  }

  /// The combinations over elements from ... to - 1, or with `terms` only the look at what is checked.
  QUENCH_ALWAYS_INLINE static BitsOf<float> prepare(const UniformCombination<float>* combinations, std::size_t count,
                                                    Checked<float> checked, std::size_t from, std::size_t to) {
    return CombineGroups<float, false, gramBlock>::run(combinations, terms > 0 ? 0 : count, checked, from, to);
  }

  QUENCH_ALWAYS_INLINE static bool run(double* out, const BasisElement<float>* basis, std::size_t begin,
                                       std::size_t count, const UniformCombination<float>* combinations,
                                       std::size_t combinationCount, Checked<float> checked) {
    alignas(64) Lanes<double> total[sums] = {};
    const float* vectors[]{basis[0].minuend, basis[size - 2].minuend, basis[size - 2].subtrahend,
                           basis[size - 1].minuend};
    BitsOf<float> seen = 0;
    const std::size_t end = begin + count;
    std::size_t from = begin;
    for (; end - from >= gramBlock; from += gramBlock) {
      seen |= prepare(combinations, combinationCount, checked, from, from + gramBlock);
      Block block{vectors[0] + from, vectors[1] + from, vectors[2] + from, vectors[3] + from, nullptr, {}};
      if constexpr (terms > 0) {
        block.out = combinations->out + from;
        for (std::size_t k = 0; k < terms; ++k) block.vectors[k] = combinations->vectors[k] + from;
        addBlock(total, block, combinations->coefficients);
      } else {
        addBlock(total, block, nullptr);
      }
    }
    if (from != end) {
      seen |= prepare(combinations, combinationCount, checked, from, end);
      if constexpr (terms > 0) {
        for (std::size_t i = from; i < end; ++i) {
          combinations->out[i] = combinedUniform<terms>(combinations->coefficients, combinations->vectors, i);
        }
      }
      // The rest is copied and filled up with zeros.
      alignas(64) float padded[4][gramBlock];
      for (std::size_t k = 0; k < 4; ++k) fillUp<gramBlock>(padded[k], vectors[k] + from, end - from);
      Unit<size, 0>::addBlock(total, {padded[0], padded[1], padded[2], padded[3], nullptr, {}}, nullptr);
    }
    for (std::size_t k = 0; k < sums; ++k) out[k] = foldLanes(total[k]);
    return !hasCarried(seen);
  }
};

/// Whether the basis is (x, m0, m0 - m1, mt - m0) or without x.
bool isOfPredictions(std::span<const BasisElement<float>> basis) {
  if (basis.size() != 3 && basis.size() != 4) return false;
  const std::size_t size = basis.size();
  const float* m0 = basis[size - 3].minuend;
  return basis[0].subtrahend == nullptr && basis[size - 3].subtrahend == nullptr && basis[size - 2].minuend == m0 &&
         basis[size - 2].subtrahend != nullptr && basis[size - 1].subtrahend == m0;
}

/// Terms of the combination, where there is one, and it writes mt, and nothing else of the basis is that vector.
std::size_t formedTerms(std::span<const BasisElement<float>> basis,
                        std::span<const UniformCombination<float>> combinations) {
  if (combinations.size() != 1) return 0;
  const float* out = combinations[0].out;
  const std::size_t size = basis.size();
  if (basis[size - 1].minuend != out || basis[0].minuend == out || basis[size - 3].minuend == out ||
      basis[size - 2].subtrahend == out) {
    return 0;
  }
  return combinations[0].terms;
}

template <std::size_t size>
GramColumnUnit kernelOf(InstructionSet set, std::size_t terms) {
  if (terms == 2) return select<Unit<size, 2>>(set);
  if (terms == 3) return select<Unit<size, 3>>(set);
  return select<Unit<size, 0>>(set);
}

}  // namespace

GramColumnUnit gramColumnKernel(InstructionSet set, std::span<const BasisElement<float>> basis,
                                std::span<const UniformCombination<float>> combinations) {
  if (!isOfPredictions(basis)) return nullptr;
  const std::size_t terms = formedTerms(basis, combinations);
  return basis.size() == 3 ? kernelOf<3>(set, terms) : kernelOf<4>(set, terms);
}

}  // namespace quench
