#include "streaming_copy.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace quench {

#if defined(__x86_64__)

bool hasStreamingStores() { return true; }

void streamingCopy(void* target, const void* source, std::size_t bytes) {
  if (bytes == 0) return;
  constexpr std::size_t line = 64;
  auto* to = static_cast<unsigned char*>(target);
  const auto* from = static_cast<const unsigned char*>(source);
  const std::size_t misaligned = reinterpret_cast<std::uintptr_t>(to) % line;
  const std::size_t head = misaligned == 0 ? 0 : std::min(bytes, line - misaligned);
  std::memcpy(to, from, head);
  std::size_t done = head;
  for (; done + line <= bytes; done += line) {
    // Four stores fill one line, which the processor's write-combining buffer sends whole.
    for (std::size_t part = 0; part < line; part += 16) {
      const __m128i piece = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + done + part));
      _mm_stream_si128(reinterpret_cast<__m128i*>(to + done + part), piece);
    }
  }
  std::memcpy(to + done, from + done, bytes - done);
}

void finishStreaming() { _mm_sfence(); }

#else

bool hasStreamingStores() { return false; }

void streamingCopy(void* target, const void* source, std::size_t bytes) { std::memcpy(target, source, bytes); }

void finishStreaming() {}

#endif

}  // namespace quench
