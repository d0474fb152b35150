// The random numbers of PyTorch's CPU generator, bit for bit in float32: what
// torch.manual_seed(seed); torch.randn(shape) gives on x86-64.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "instruction_set.h"

namespace quench {

/// torch.Generator("cpu"): the Mersenne Twister MT19937 and the second half of the last scalar normal pair.
/// Laid out as 32-bit words so that JavaScript can hold it in a Uint32Array.
struct TorchGenerator {
  static constexpr std::size_t words = 624;

  std::array<std::uint32_t, words> twister;
  /// Words of `twister` already given out.
  std::uint32_t used;
  /// 1 where `keptLow` and `keptHigh` hold the bits of a float64 normal that is still to be given out.
  std::uint32_t hasKept;
  std::uint32_t keptLow;
  std::uint32_t keptHigh;
};

/// generator.manual_seed(seed): the generator reads the lower 32 bits of a seed only.
void seed(TorchGenerator& generator, std::uint32_t seed);

/// torch.randn(count, dtype=torch.float32, generator=generator).
void torchNormals(TorchGenerator& generator, float* out, std::size_t count, InstructionSet set);

}  // namespace quench
