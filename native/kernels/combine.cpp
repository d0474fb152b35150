#include "combine.h"

#include <array>
#include <utility>

namespace quench {
namespace {

template <typename Real, std::size_t terms>
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
    QUENCH_INDEPENDENT_ITERATIONS
    for (std::size_t i = 0; i < count; ++i) out[i] = combinedUniform<terms>(c, v, i);
  }
};

template <typename Real, std::size_t terms>
struct PerElement {
  QUENCH_ALWAYS_INLINE static void run(Real* out, const Real* const* vectors, const Real* const* coefficients,
                                       std::size_t count) {
    const Real* v[terms];
    const Real* c[terms];
    for (std::size_t k = 0; k < terms; ++k) {
      v[k] = vectors[k];
      c[k] = coefficients[k];
    }
    QUENCH_INDEPENDENT_ITERATIONS
    for (std::size_t i = 0; i < count; ++i) out[i] = combinedPerElement<terms>(c, v, i);
  }
};

template <typename Function, template <typename, std::size_t> typename Kernel, typename Real, std::size_t... index>
Function pick(InstructionSet set, std::size_t terms, std::index_sequence<index...>) {
  const std::array<Function, sizeof...(index)> byTerms{select<Kernel<Real, index + 1>>(set)...};
  return byTerms.at(terms - 1);
}

}  // namespace

template <typename Real>
CombineUniform<Real> combineUniform(InstructionSet set, std::size_t terms) {
  return pick<CombineUniform<Real>, Uniform, Real>(set, terms, std::make_index_sequence<maximumTerms>());
}

template <typename Real>
CombinePerElement<Real> combinePerElement(InstructionSet set, std::size_t terms) {
  return pick<CombinePerElement<Real>, PerElement, Real>(set, terms, std::make_index_sequence<maximumTerms>());
}

template CombineUniform<float> combineUniform<float>(InstructionSet, std::size_t);
template CombineUniform<double> combineUniform<double>(InstructionSet, std::size_t);
template CombinePerElement<float> combinePerElement<float>(InstructionSet, std::size_t);
template CombinePerElement<double> combinePerElement<double>(InstructionSet, std::size_t);

}  // namespace quench
