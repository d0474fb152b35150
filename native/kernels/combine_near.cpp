#include "combine_near.h"

#include "combine_groups.h"

namespace quench {
namespace {

/// A correction and the probe of the step after it: the probe takes the corrected state's place, which need not leave
/// the register.
struct CorrectionAndProbe {
  static constexpr std::size_t firstTerms = 4;
  static constexpr std::size_t secondTerms = 3;

  static bool is(std::span<const UniformCombination<float>> both) {
    if (both.size() != 2 || both[0].terms != firstTerms || both[1].terms != secondTerms) return false;
    const float* out = both[0].out;
    return both[1].out == out && both[1].vectors[secondTerms - 1] == out && both[1].vectors[0] != out &&
           both[1].vectors[1] != out;
  }

  QUENCH_ALWAYS_INLINE static void run(const UniformCombination<float>* both, std::size_t, std::size_t begin,
                                       std::size_t end) {
    const float* v[firstTerms];
    const float* w[secondTerms - 1];
    float c[firstTerms];
    float d[secondTerms];
    for (std::size_t k = 0; k < firstTerms; ++k) {
      v[k] = both[0].vectors[k];
      c[k] = both[0].coefficients[k];
    }
    for (std::size_t k = 0; k < secondTerms; ++k) d[k] = both[1].coefficients[k];
    for (std::size_t k = 0; k + 1 < secondTerms; ++k) w[k] = both[1].vectors[k];
    float* out = both[0].out;
    QUENCH_INDEPENDENT_ITERATIONS
    for (std::size_t i = begin; i < end; ++i) {
      const float corrected = combinedUniform<firstTerms>(c, v, i);
      out[i] = combinedUniform<secondTerms - 1>(d, w, i) + d[secondTerms - 1] * corrected;
    }
  }
};

struct Any {
  /// Longer than where vectors come from far: nothing is gained by reading all of them alike.
  static constexpr std::size_t group = 512;

  QUENCH_ALWAYS_INLINE static void run(const UniformCombination<float>* combinations, std::size_t count,
                                       std::size_t begin, std::size_t end) {
    CombineGroups<float, false, group>::run(combinations, count, {nullptr, 0, 0}, begin, end);
  }
};

}  // namespace

CombineNear combineNearKernel(InstructionSet set, std::span<const UniformCombination<float>> combinations) {
  // An instance each: in one function the pointers of both would not fit into the registers.
  return CorrectionAndProbe::is(combinations) ? select<CorrectionAndProbe>(set) : select<Any>(set);
}

}  // namespace quench
