#include "combine_groups.h"

namespace quench {
namespace {

template <typename Real>
struct Kernel {
  /// Eight lines of each vector.
  static constexpr std::size_t group = 8 * cacheLine / sizeof(Real);

  QUENCH_ALWAYS_INLINE static bool run(const UniformCombination<Real>* combinations, std::size_t count,
                                       Checked<Real> checked, std::size_t begin, std::size_t end) {
    return !hasCarried(CombineGroups<Real, true, group>::run(combinations, count, checked, begin, end));
  }
};

}  // namespace

template <>
CombineInTurn<float> combineInTurnKernel<float>(InstructionSet set) {
  return select<Kernel<float>>(set);
}

template <>
CombineInTurn<double> combineInTurnKernel<double>(InstructionSet set) {
  return select<Kernel<double>>(set);
}

}  // namespace quench
