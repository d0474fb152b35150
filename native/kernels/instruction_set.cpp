#include "instruction_set.h"

namespace quench {

std::vector<InstructionSet> supportedInstructionSets() {
  std::vector<InstructionSet> sets{InstructionSet::baseline};
#if QUENCH_MULTIVERSION
  // The names are x86-64-v3's and -v4's parts that the kernels are compiled with (target.h).
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                    __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma");
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
    case InstructionSet::avx2:
      return "avx2";
    case InstructionSet::avx512:
      return "avx512";
    case InstructionSet::baseline:
      break;
  }
  return "baseline";
}

}  // namespace quench
