// Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011):
// a bijection of 128-bit counters chosen by a 64-bit key, so any draw is computed from its place alone.
#pragma once

#include <cstdint>

#include "target.h"

namespace quench {

struct PhiloxCounter {
  std::uint32_t word[4];
};

struct PhiloxKey {
  std::uint32_t word[2];
};

inline constexpr std::uint32_t philoxFactor[2] = {0xD2511F53U, 0xCD9E8D57U};
inline constexpr int philoxRounds = 10;

QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE PhiloxCounter philoxRound(PhiloxCounter x, PhiloxKey key) {
  const std::uint64_t first = std::uint64_t{philoxFactor[0]} * x.word[0];
  const std::uint64_t second = std::uint64_t{philoxFactor[1]} * x.word[2];
  return {{static_cast<std::uint32_t>(second >> 32) ^ x.word[1] ^ key.word[0], static_cast<std::uint32_t>(second),
           static_cast<std::uint32_t>(first >> 32) ^ x.word[3] ^ key.word[1], static_cast<std::uint32_t>(first)}};
}

/// The key's Weyl sequence: golden ratio and sqrt(3) - 1.
QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE PhiloxKey nextPhiloxKey(PhiloxKey key) {
  return {{key.word[0] + 0x9E3779B9U, key.word[1] + 0xBB67AE85U}};
}

QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE PhiloxCounter philox4x32(PhiloxCounter x, PhiloxKey key) {
  x = philoxRound(x, key);
  QUENCH_UNROLL
  for (int round = 1; round < philoxRounds; ++round) {
    key = nextPhiloxKey(key);
    x = philoxRound(x, key);
  }
  return x;
}

}  // namespace quench
