#include "combine.h"

#include <array>
#include <utility>

#include "streaming_store.h"

namespace quench {
namespace {

/// out[i] = element(i) for `count` elements.
template <Store store, typename Real, typename Element>
QUENCH_ALWAYS_INLINE void fill(Real* out, std::size_t count, const Element& element) {
  if constexpr (store == Store::cached) {
    QUENCH_INDEPENDENT_ITERATIONS
    for (std::size_t i = 0; i < count; ++i) out[i] = element(i);
  } else {
    constexpr std::size_t perLine = cacheLine / sizeof(Real);
    for (std::size_t i = 0; i < count; i += perLine) {
      alignas(cacheLine) Real line[perLine];
      QUENCH_KEEP_LOOP
      for (std::size_t lane = 0; lane < perLine; ++lane) line[lane] = element(i + lane);
      streamLine(out + i, line);
    }
  }
}

template <typename Real, Store store, std::size_t terms>
struct Uniform {
  QUENCH_ALWAYS_INLINE static void run(Real* out, const Real* const* vectors, const Real* coefficients,
                                       std::size_t count) {
    // Copies in locals: the compiler cannot otherwise know that writing `out` leaves them alone.
    const Real* v[terms];
    Real c[terms];
    for (std::size_t k = 0; k < terms; ++k) {
      v[k] = vectors[k];
      c[k] = coefficients[k];
    }
    fill<store>(out, count, [&](std::size_t i) QUENCH_ALWAYS_INLINE_LAMBDA { return combinedUniform<terms>(c, v, i); });
  }
};

template <typename Real, Store store, std::size_t terms>
struct PerElement {
  QUENCH_ALWAYS_INLINE static void run(Real* out, const Real* const* vectors, const Real* const* coefficients,
                                       std::size_t count) {
    const Real* v[terms];
    const Real* c[terms];
    for (std::size_t k = 0; k < terms; ++k) {
      v[k] = vectors[k];
      c[k] = coefficients[k];
    }
    fill<store>(out, count,
                [&](std::size_t i) QUENCH_ALWAYS_INLINE_LAMBDA { return combinedPerElement<terms>(c, v, i); });
  }
};

template <typename Function, template <typename, Store, std::size_t> typename Kernel, typename Real,
          std::size_t... index>
Function pick(InstructionSet set, Store store, std::size_t terms, std::index_sequence<index...>) {
  const std::array<Function, sizeof...(index)> byTerms{
      (store == Store::cached ? select<Kernel<Real, Store::cached, index + 1>>(set)
                              : select<Kernel<Real, Store::streamed, index + 1>>(set))...};
  return byTerms.at(terms - 1);
}

}  // namespace

template <typename Real>
CombineUniform<Real> combineUniform(InstructionSet set, Store store, std::size_t terms) {
  return pick<CombineUniform<Real>, Uniform, Real>(set, store, terms, std::make_index_sequence<maximumTerms>());
}

template <typename Real>
CombinePerElement<Real> combinePerElement(InstructionSet set, Store store, std::size_t terms) {
  return pick<CombinePerElement<Real>, PerElement, Real>(set, store, terms, std::make_index_sequence<maximumTerms>());
}

template CombineUniform<float> combineUniform<float>(InstructionSet, Store, std::size_t);
template CombineUniform<double> combineUniform<double>(InstructionSet, Store, std::size_t);
template CombinePerElement<float> combinePerElement<float>(InstructionSet, Store, std::size_t);
template CombinePerElement<double> combinePerElement<double>(InstructionSet, Store, std::size_t);

}  // namespace quench
