#include "gram_block.h"

namespace quench {
namespace {

template <typename Form>
struct Unit {
  using Real = typename Form::Real;

  QUENCH_ALWAYS_INLINE static void run(double* sums, const BasisElement<Real>* basis, std::size_t begin,
                                       std::size_t count) {
    constexpr std::size_t pairs = pairsInRows(Form::size, 0, Form::size);
    alignas(64) Lanes<double> total[pairs] = {};
    if constexpr (std::is_same_v<typename Form::Sum, double>) keepWhole(total);
    const std::size_t end = begin + count;
    for (std::size_t from = begin; from < end; from += Form::block) {
      addElements<Form>(total, basis, from, std::min(Form::block, end - from));
    }
    for (std::size_t pair = 0; pair < pairs; ++pair) sums[pair] = foldLanes(total[pair]);
  }
};

template <typename Real, typename Sum, std::size_t size>
GramUnit<Real> pickForm(InstructionSet set, [[maybe_unused]] bool differences) {
  if constexpr (std::is_same_v<Real, double>) {
    // For verification: subtracting zeros costs little and spares a third of the code.
    return select<Unit<Form<Real, Sum, size, true, false>>>(set);
  } else {
    if (differences) return select<Unit<Form<Real, Sum, size, true, false>>>(set);
    if constexpr (std::is_same_v<Sum, float>) {
      return select<Unit<Form<Real, Sum, size, false, false>>>(set);
    } else {
#if QUENCH_MULTIVERSION
      if (set == InstructionSet::avx512) return avx512Only<Unit<Form<Real, Sum, size, false, true>>>();
      if (set == InstructionSet::avx2) return avx2Only<Unit<Form<Real, Sum, size, false, true>>>();
#endif
      return baselineOnly<Unit<Form<Real, Sum, size, false, false>>>();
    }
  }
}

template <typename Real, typename Sum, std::size_t... index>
GramUnit<Real> pickSize(InstructionSet set, std::size_t size, bool differences, std::index_sequence<index...>) {
  GramUnit<Real> found = nullptr;
  ((size == index + 1 ? void(found = pickForm<Real, Sum, index + 1>(set, differences)) : void()), ...);
  return found;
}

}  // namespace

template <>
GramUnit<float> gramKernel<float>(InstructionSet set, Accumulate accumulate, std::size_t size, bool differences) {
  constexpr std::make_index_sequence<maximumBasis> sizes;
  return accumulate == Accumulate::blocked ? pickSize<float, float>(set, size, differences, sizes)
                                           : pickSize<float, double>(set, size, differences, sizes);
}

template <>
GramUnit<double> gramKernel<double>(InstructionSet set, Accumulate, std::size_t size, bool differences) {
  return pickSize<double, double>(set, size, differences, std::make_index_sequence<maximumBasis>());
}

void addGramUnits(double* out, double* sums, std::size_t units, std::size_t pairs) {
  for (std::size_t stride = 1; stride < units; stride *= 2) {
    for (std::size_t unit = 0; unit + stride < units; unit += 2 * stride) {
      for (std::size_t pair = 0; pair < pairs; ++pair) {
        sums[unit * pairs + pair] += sums[(unit + stride) * pairs + pair];
      }
    }
  }
  std::copy_n(sums, pairs, out);
}

}  // namespace quench
