// PyTorch has two ways to fill a tensor with normals (aten/src/ATen/native/cpu/DistributionTemplates.h):
//
//   fewer than 16 elements: float64 Box-Muller, one element at a time, the second of a pair kept for the next;
//   16 or more: uniforms of 24 bits first, then Box-Muller within blocks of 16, in float32. Where 16 does not divide
//   the count, the last 16 elements are drawn again.
//
// On x86-64 with AVX2 the second computes ln, sin and cos by the polynomials of Cephes' single-precision library.
// PyTorch's compiler fuses the multiply-adds in them; std::fma says which. It is correctly rounded by definition, so
// the block path depends on no mathematics library. The scalar path rounds float64 results of the C library to float32:
// a library that is off by one unit in the last place shows there once in about 2^28 numbers.
#include "torch_normals.h"

#include <bit>
#include <cmath>
#include <numbers>

namespace quench {
namespace {

constexpr std::size_t block = 16;
constexpr std::size_t half = block / 2;

/// The next 624 words (Matsumoto & Nishimura 1998).
void twist(TorchGenerator& generator) {
  constexpr std::size_t middle = 397;
  auto& word = generator.twister;
  for (std::size_t k = 0; k < TorchGenerator::words; ++k) {
    const std::uint32_t joined = (word[k] & 0x80000000U) | (word[(k + 1) % TorchGenerator::words] & 0x7fffffffU);
    word[k] = word[(k + middle) % TorchGenerator::words] ^ (joined >> 1) ^ ((joined & 1U) != 0 ? 0x9908b0dfU : 0U);
  }
  generator.used = 0;
}

std::uint32_t next32(TorchGenerator& generator) {
  if (generator.used >= TorchGenerator::words) twist(generator);
  std::uint32_t word = generator.twister[generator.used++];
  word ^= word >> 11;
  word ^= (word << 7) & 0x9d2c5680U;
  word ^= (word << 15) & 0xefc60000U;
  return word ^ (word >> 18);
}

/// A float32 in [0, 1) of 24 bits.
float uniform(TorchGenerator& generator) {
  return static_cast<float>(next32(generator) & 0xffffffU) * (1.0F / 16777216.0F);
}

/// A float64 in [0, 1) of 53 bits.
double uniformDouble(TorchGenerator& generator) {
  const std::uint64_t high = next32(generator);
  const std::uint64_t low = next32(generator);
  return static_cast<double>((high << 32 | low) & ((std::uint64_t{1} << 53) - 1)) * (1.0 / 9007199254740992.0);
}

/// ln(x) for x in (0, 1], as Cephes' logf.
QUENCH_ALWAYS_INLINE float logarithm(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  float exponent = static_cast<float>(static_cast<int>(bits >> 23) - 127) + 1.0F;
  float fraction = std::bit_cast<float>((bits & 0x807fffffU) | 0x3f000000U);  // in [1/2, 1)
  if (fraction < 0.707106781186547524F) {
    exponent -= 1.0F;
    fraction = (fraction - 1.0F) + fraction;
  } else {
    fraction -= 1.0F;
  }
  const float square = fraction * fraction;
  float sum = 7.0376836292E-2F;
  for (const float coefficient : {-1.1514610310E-1F, 1.1676998740E-1F, -1.2420140846E-1F, 1.4249322787E-1F,
                                  -1.6668057665E-1F, 2.0000714765E-1F, -2.4999993993E-1F, 3.3333331174E-1F}) {
    sum = std::fma(sum, fraction, coefficient);
  }
  sum *= fraction;
  sum = std::fma(sum, square, exponent * -2.12194440E-4F);  // ln 2 = 0.693359375 - 2.12194440e-4
  sum = std::fma(-square, 0.5F, sum);
  return std::fma(exponent, 0.693359375F, fraction + sum);
}

struct SineCosine {
  float sine;
  float cosine;
};

/// sin(x) and cos(x) for x in [0, 2 pi), as Cephes' sinf and cosf.
QUENCH_ALWAYS_INLINE SineCosine sineCosine(float x) {
  const int octant = (static_cast<int>(x * 1.27323954473516F) + 1) & ~1;  // of pi/4, made even
  const auto turns = static_cast<float>(octant);
  x = std::fma(turns, -0.78515625F, x);  // pi/4 in three parts
  x = std::fma(turns, -2.4187564849853515625E-4F, x);
  x = std::fma(turns, -3.77489497744594108E-8F, x);
  const float square = x * x;

  float even = std::fma(2.443315711809948E-5F, square, -1.388731625493765E-3F);
  even = std::fma(even, square, 4.166664568298827E-2F);
  even = std::fma(even * square, square, -(square * 0.5F)) + 1.0F;

  float odd = std::fma(-1.9515295891E-4F, square, 8.3321608736E-3F);
  odd = std::fma(odd, square, -1.6666654611E-1F);
  odd = std::fma(odd * square, x, x);

  const bool swapped = (octant & 2) != 0;
  const float sine = swapped ? even : odd;
  const float cosine = swapped ? odd : even;
  return {(octant & 4) != 0 ? -sine : sine, ((octant + 2) & 4) != 0 ? -cosine : cosine};
}

/// Turns blocks of 16 uniforms into normals: elements j and j + 8 of a block are a pair.
QUENCH_ALWAYS_INLINE void boxMuller(float* values, std::size_t blocks) {
  constexpr auto twoPi = static_cast<float>(2 * std::numbers::pi);
  for (; blocks > 0; --blocks, values += block) {
    QUENCH_INDEPENDENT_ITERATIONS
    for (std::size_t j = 0; j < half; ++j) {
      const float radius = std::sqrt(-2.0F * logarithm(1.0F - values[j]));
      const SineCosine angle = sineCosine(twoPi * values[j + half]);
      values[j] = radius * angle.cosine + 0.0F;  // torch adds the mean, which makes of -0 a 0
      values[j + half] = radius * angle.sine + 0.0F;
    }
  }
}

// The instances differ in speed alone: the fused multiply-adds are written out, so every one computes them.
struct Kernel {
  QUENCH_ALWAYS_INLINE static void run(float* values, std::size_t blocks) { boxMuller(values, blocks); }
};

void fillBlocks(TorchGenerator& generator, float* out, std::size_t count, InstructionSet set) {
  for (std::size_t i = 0; i < count; ++i) out[i] = uniform(generator);
  const auto transform = select<Kernel>(set);
  transform(out, count / block);
  if (count % block == 0) return;
  float* last = out + (count - block);
  for (std::size_t i = 0; i < block; ++i) last[i] = uniform(generator);
  transform(last, 1);
}

double nextNormal(TorchGenerator& generator) {
  if (generator.hasKept != 0) {
    generator.hasKept = 0;
    return std::bit_cast<double>(std::uint64_t{generator.keptHigh} << 32 | generator.keptLow);
  }
  const double angle = 2.0 * std::numbers::pi * uniformDouble(generator);
  const double radius = std::sqrt(-2.0 * std::log1p(-uniformDouble(generator)));
  const auto kept = std::bit_cast<std::uint64_t>(radius * std::sin(angle));
  generator.keptLow = static_cast<std::uint32_t>(kept);
  generator.keptHigh = static_cast<std::uint32_t>(kept >> 32);
  generator.hasKept = 1;
  return radius * std::cos(angle);
}

}  // namespace

void seed(TorchGenerator& generator, std::uint32_t seed) {
  auto& word = generator.twister;
  word[0] = seed;
  for (std::uint32_t k = 1; k < TorchGenerator::words; ++k) {
    word[k] = 1812433253U * (word[k - 1] ^ (word[k - 1] >> 30)) + k;
  }
  generator.used = TorchGenerator::words;
  generator.hasKept = generator.keptLow = generator.keptHigh = 0;
}

void torchNormals(TorchGenerator& generator, float* out, std::size_t count, InstructionSet set) {
  if (count >= block) {
    fillBlocks(generator, out, count, set);
  } else {
    for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<float>(nextNormal(generator));
  }
}

}  // namespace quench
