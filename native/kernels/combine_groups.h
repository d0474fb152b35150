// The loop of combinations in turn, for the kernels that have it: alone, or before inner products.
//
// The form of the loops decides the speed here. Blocks of some thousand bytes, one kernel after the other on each, are
// no faster than whole vectors once these leave the second cache: every vector begins anew on every block, and the
// processor does not fetch ahead. A few lines at a time each vector is one stream, and a switch over the number of
// terms, which a branch predictor knows after some groups, costs less than an instance for every sequence would in
// code.
#pragma once

#include "combine_in_turn.h"
#include "finite_element.h"
#include "streaming_store.h"

namespace quench {

/// @tparam mayStream whether any output is to be streamed
/// @tparam group elements that go through all combinations before the next ones; whole lines
template <typename Real, bool mayStream, std::size_t group>
struct CombineGroups {
  using Bits = BitsOf<Real>;

  template <std::size_t terms, bool whole>
  QUENCH_ALWAYS_INLINE static void combine(const UniformCombination<Real>& one, std::size_t begin, std::size_t end) {
    const Real* v[terms];
    Real c[terms];
    for (std::size_t k = 0; k < terms; ++k) {
      v[k] = one.vectors[k] + begin;
      c[k] = one.coefficients[k];
    }
    Real* out = one.out + begin;
    if constexpr (whole) {
      if (mayStream && one.store == Store::streamed) {
        constexpr std::size_t perLine = cacheLine / sizeof(Real);
        for (std::size_t i = 0; i < group; i += perLine) {
          alignas(cacheLine) Real line[perLine];
          QUENCH_KEEP_LOOP
          for (std::size_t lane = 0; lane < perLine; ++lane) line[lane] = combinedUniform<terms>(c, v, i + lane);
          streamLine(out + i, line);
        }
        return;
      }
      QUENCH_INDEPENDENT_ITERATIONS
      for (std::size_t i = 0; i < group; ++i) out[i] = combinedUniform<terms>(c, v, i);
    } else {
      for (std::size_t i = 0; i < end - begin; ++i) out[i] = combinedUniform<terms>(c, v, i);
    }
  }

  template <bool whole>
  QUENCH_ALWAYS_INLINE static void combine(const UniformCombination<Real>& one, std::size_t begin, std::size_t end) {
    switch (one.terms) {
      case 1: return combine<1, whole>(one, begin, end);
      case 2: return combine<2, whole>(one, begin, end);
      case 3: return combine<3, whole>(one, begin, end);
      case 4: return combine<4, whole>(one, begin, end);
      case 5: return combine<5, whole>(one, begin, end);
      case 6: return combine<6, whole>(one, begin, end);
      case 7: return combine<7, whole>(one, begin, end);
      default: return combine<maximumTerms, whole>(one, begin, end);
    }
  }

  /// Elements begin ... end - 1. Of what it returns `hasCarried` says whether a checked one was NaN or infinite.
  QUENCH_ALWAYS_INLINE static Bits run(const UniformCombination<Real>* combinations, std::size_t count,
                                       Checked<Real> checked, std::size_t begin, std::size_t end) {
    // Lane by lane: put together once, not in every group.
    constexpr std::size_t lanes = cacheLine / sizeof(Real);
    alignas(cacheLine) Bits seenAt[lanes] = {};
    std::size_t from = begin;
    for (; end - from >= group; from += group) {
      for (std::size_t k = 0; k < checked.count; ++k) {
        const Real* values = checked.first + k * checked.length + from;
        Bits bits[lanes] = {};
        for (std::size_t i = 0; i < group; i += lanes) {
          for (std::size_t lane = 0; lane < lanes; ++lane) bits[lane] |= carriedExponent(values[i + lane]);
        }
        for (std::size_t lane = 0; lane < lanes; ++lane) seenAt[lane] |= bits[lane];
        keepWhole(seenAt);
      }
      for (std::size_t i = 0; i < count; ++i) combine<true>(combinations[i], from, from + group);
    }
    Bits seen = 0;
    for (const Bits bits : seenAt) seen |= bits;
    if (from == end) return seen;
    for (std::size_t k = 0; k < checked.count; ++k) {
      for (std::size_t i = from; i < end; ++i) seen |= carriedExponent(checked.first[k * checked.length + i]);
    }
    for (std::size_t i = 0; i < count; ++i) combine<false>(combinations[i], from, end);
    return seen;
  }
};

}  // namespace quench
