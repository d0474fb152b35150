// One kernel text, one instance per instruction set, chosen at run time.
//
// A kernel is a struct with one static, always-inlined function `run`. `select<Kernel>(set)` returns
// a pointer to that body compiled for the given instruction set. Every instance performs the same
// IEEE operations in the same order (the build forbids contraction into fused multiply-adds), so
// the choice changes speed and never a bit of the result.
#pragma once

#include <string_view>
#include <vector>

#include "target.h"

namespace quench {

enum class InstructionSet { baseline, avx2, avx512 };

/// Those this build holds and this processor runs, slowest first; baseline is always there.
std::vector<InstructionSet> supportedInstructionSets();

std::string_view name(InstructionSet set);

template <typename Kernel, typename Function>
struct Instances;

template <typename Kernel, typename Result, typename... Parameters>
struct Instances<Kernel, Result (*)(Parameters...)> {
  using Function = Result (*)(Parameters...);

  static Result baseline(Parameters... parameters) { return Kernel::run(parameters...); }
#if QUENCH_MULTIVERSION
  QUENCH_TARGET_AVX2 static Result avx2(Parameters... parameters) { return Kernel::run(parameters...); }
  QUENCH_TARGET_AVX512 static Result avx512(Parameters... parameters) { return Kernel::run(parameters...); }
#endif

  /// For a kernel of which only some instances are ever wanted: the others are not compiled.
  static Function baselineOnly() { return &baseline; }
#if QUENCH_MULTIVERSION
  static Function avx2Only() { return &avx2; }
  static Function avx512Only() { return &avx512; }
#endif

  static Function select([[maybe_unused]] InstructionSet set) {
#if QUENCH_MULTIVERSION
    if (set == InstructionSet::avx512) return &avx512;
    if (set == InstructionSet::avx2) return &avx2;
#endif
    return &baseline;
  }
};

template <typename Kernel>
auto select(InstructionSet set) {
  return Instances<Kernel, decltype(&Kernel::run)>::select(set);
}

template <typename Kernel>
auto baselineOnly() {
  return Instances<Kernel, decltype(&Kernel::run)>::baselineOnly();
}

#if QUENCH_MULTIVERSION
template <typename Kernel>
auto avx2Only() {
  return Instances<Kernel, decltype(&Kernel::run)>::avx2Only();
}

template <typename Kernel>
auto avx512Only() {
  return Instances<Kernel, decltype(&Kernel::run)>::avx512Only();
}
#endif

}  // namespace quench
