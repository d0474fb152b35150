// Stores past the caches, for outputs too large to be found there again: the target's lines are neither read nor kept.
#pragma once

#include <cstddef>
#include <cstring>

#include "target.h"

#if defined(__x86_64__) || defined(_M_X64)
#include <emmintrin.h>
#endif

namespace quench {

/// What a processor writes to memory at once; a streamed target is made of whole ones.
inline constexpr std::size_t cacheLine = 64;

#if defined(__x86_64__) || defined(_M_X64)

inline constexpr bool hasStreamingStores = true;

/// Writes one line to a multiple of 64 bytes. Four stores fill it, and the write-combining buffer sends it whole.
/// Call finishStreaming() on the same thread before another one reads it.
QUENCH_ALWAYS_INLINE void streamLine(void* target, const void* line) {
  auto* to = static_cast<__m128i*>(target);
  const auto* from = static_cast<const __m128i*>(line);
  QUENCH_UNROLL
  for (std::size_t part = 0; part < cacheLine / sizeof(__m128i); ++part) {
    _mm_stream_si128(to + part, _mm_load_si128(from + part));
  }
}

inline void finishStreaming() { _mm_sfence(); }

#else

inline constexpr bool hasStreamingStores = false;

QUENCH_ALWAYS_INLINE void streamLine(void* target, const void* line) { std::memcpy(target, line, cacheLine); }

inline void finishStreaming() {}

#endif

}  // namespace quench
