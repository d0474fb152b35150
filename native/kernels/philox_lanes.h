// The words of consecutive Philox blocks, several computed at once.
//
// A round's multiplications are 32 x 32 to 64 bits. Where each word lies in a 64-bit lane, that is one instruction
// (pmuludq looks at the lower halves only), and the upper halves may hold whatever is left there. GCC does not find
// this by itself: from 32-bit lanes it unpacks, multiplies and packs again in every round, at twice the cost with AVX2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "normals_place.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define QUENCH_PHILOX_LANES 1
#include <immintrin.h>
#else
#define QUENCH_PHILOX_LANES 0
#endif

namespace quench {

inline constexpr std::size_t philoxLanes = 128;

struct alignas(64) PhiloxWords {
  std::uint32_t word[normalsPerBlock][philoxLanes];
};

/// Blocks first ... first + count - 1, count <= philoxLanes, one after the other: the text for every processor.
QUENCH_ALWAYS_INLINE void drawPlainly(PhiloxWords& words, const NormalsPlace& place, std::uint64_t first,
                                      std::size_t count) {
  const PhiloxKey key = keyOf(place);
  alignas(64) std::uint32_t low[philoxLanes];
  alignas(64) std::uint32_t high[philoxLanes];
  for (std::size_t lane = 0; lane < count; ++lane) {
    low[lane] = static_cast<std::uint32_t>(first + lane);
    high[lane] = static_cast<std::uint32_t>((first + lane) >> 32);
  }
  for (std::size_t lane = 0; lane < count; ++lane) {
    const PhiloxCounter drawn = normalWords(place, key, low[lane], high[lane]);
    for (std::size_t k = 0; k < normalsPerBlock; ++k) words.word[k][lane] = drawn.word[k];
  }
}

#if QUENCH_PHILOX_LANES

// The builtins return registers that the text's own target lacks, but every call is inlined where it is compiled for;
// and GCC 12 takes a register that is filled part by part for one that is read before it is filled.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpsabi"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

/// A register of so many bytes as 64-bit lanes. Lanes are passed by reference only: by value they have no calling
/// convention outside of their instruction set.
template <std::size_t bytes>
struct Register;

template <>
struct Register<16> {
  using Lanes [[gnu::vector_size(16)]] = std::uint64_t;
  QUENCH_ALWAYS_INLINE static void multiplyLowHalves(Lanes& product, const Lanes& a, const Lanes& b) {
    product =
        reinterpret_cast<Lanes>(__builtin_ia32_pmuludq128(reinterpret_cast<__v4si>(a), reinterpret_cast<__v4si>(b)));
  }
};

template <>
struct Register<32> {
  using Lanes [[gnu::vector_size(32)]] = std::uint64_t;
  QUENCH_ALWAYS_INLINE static void multiplyLowHalves(Lanes& product, const Lanes& a, const Lanes& b) {
    product =
        reinterpret_cast<Lanes>(__builtin_ia32_pmuludq256(reinterpret_cast<__v8si>(a), reinterpret_cast<__v8si>(b)));
  }
};

template <>
struct Register<64> {
  using Lanes [[gnu::vector_size(64)]] = std::uint64_t;
  QUENCH_ALWAYS_INLINE static void multiplyLowHalves(Lanes& product, const Lanes& a, const Lanes& b) {
    product = reinterpret_cast<Lanes>(__builtin_ia32_pmuludq512_mask(
        reinterpret_cast<__v16si>(a), reinterpret_cast<__v16si>(b), __v8di{}, static_cast<__mmask8>(-1)));
  }
};

/// The same with registers of `bytes` bytes; count is a multiple of 16.
template <std::size_t bytes>
QUENCH_ALWAYS_INLINE void drawInLanes(PhiloxWords& words, const NormalsPlace& place, std::uint64_t first,
                                      std::size_t count) {
  using Wide = typename Register<bytes>::Lanes;
  constexpr std::size_t lanes = bytes / sizeof(std::uint64_t);
  // Two registers of each word: what they hold of 32 bits fills one register in the end.
  constexpr std::size_t pair = 2;
  const PhiloxKey begin = keyOf(place);
  const Wide firstFactor = Wide{} + philoxFactor[0];
  const Wide secondFactor = Wide{} + philoxFactor[1];
  std::uint64_t start[pair * lanes];
  for (std::size_t lane = 0; lane < pair * lanes; ++lane) start[lane] = first + lane;
  Wide counter[pair];
  std::memcpy(counter, start, sizeof counter);
  for (std::size_t from = 0; from < count; from += pair * lanes) {
    Wide x[normalsPerBlock][pair];
    for (std::size_t half = 0; half < pair; ++half) {
      x[0][half] = counter[half];
      x[1][half] = counter[half] >> 32;
      x[2][half] = Wide{} + place.stream;
      x[3][half] = Wide{} + place.sample;
      counter[half] += pair * lanes;
    }
    PhiloxKey key = begin;
    QUENCH_UNROLL
    for (int round = 0; round < philoxRounds; ++round) {
      for (std::size_t half = 0; half < pair; ++half) {
        Wide one;
        Wide two;
        Register<bytes>::multiplyLowHalves(one, x[0][half], firstFactor);
        Register<bytes>::multiplyLowHalves(two, x[2][half], secondFactor);
        x[0][half] = (two >> 32) ^ x[1][half] ^ std::uint64_t{key.word[0]};
        x[1][half] = two;
        x[2][half] = (one >> 32) ^ x[3][half] ^ std::uint64_t{key.word[1]};
        x[3][half] = one;
      }
      key = nextPhiloxKey(key);
    }
    for (std::size_t k = 0; k < normalsPerBlock; ++k) {
      std::uint32_t* to = words.word[k] + from;
      for (std::size_t lane = 0; lane < pair * lanes; ++lane)
        to[lane] = static_cast<std::uint32_t>(x[k][lane / lanes][lane % lanes]);
    }
  }
}

#pragma GCC diagnostic pop

#endif

}  // namespace quench
