#include "instruction_set.h"

#if QUENCH_MULTIVERSION
#include <cpuid.h>
#endif

namespace quench {

#if QUENCH_MULTIVERSION
namespace {

/// Parts of x86-64-v3 whose names not every compiler's __builtin_cpu_supports knows. A processor with AVX2 has them,
/// but a virtual machine may hide them.
bool hasF16cMovbeLzcnt() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0) return false;
  constexpr unsigned movbe = 1U << 22U, f16c = 1U << 29U;
  if ((c & movbe) == 0 || (c & f16c) == 0) return false;
  constexpr unsigned lzcnt = 1U << 5U;
  return __get_cpuid(0x80000001U, &a, &b, &c, &d) != 0 && (c & lzcnt) != 0;
}

}  // namespace
#endif

std::vector<InstructionSet> supportedInstructionSets() {
  std::vector<InstructionSet> sets{InstructionSet::baseline};
#if QUENCH_MULTIVERSION
  // The names are x86-64-v3's and -v4's parts that the kernels are compiled with (target.h).
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
                    __builtin_cpu_supports("fma") && hasF16cMovbeLzcnt();
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vl");
  if (avx2) sets.push_back(InstructionSet::avx2);
  if (avx512) sets.push_back(InstructionSet::avx512);
#endif
  return sets;
}

std::string_view name(InstructionSet set) {
  switch (set) {
    case InstructionSet::avx2: return "avx2";
    case InstructionSet::avx512: return "avx512";
    case InstructionSet::baseline: break;
  }
  return "baseline";
}

}  // namespace quench
