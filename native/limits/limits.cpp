#include "limits.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "../kernels/streaming_store.h"

#if QUENCH_MULTIVERSION
#include <immintrin.h>
#endif

namespace quench {
namespace {

using Word = std::uint32_t;
constexpr std::size_t wordsPerLine = cacheLine / sizeof(Word);
constexpr float factor = 3.0F;

using Loop = void (*)(void* out, const void* const* inputs, std::size_t words);

template <std::size_t count>
struct Inputs {
  const Word* word[count];

  QUENCH_ALWAYS_INLINE explicit Inputs(const void* const* inputs) {
    for (std::size_t k = 0; k < count; ++k) word[k] = static_cast<const Word*>(inputs[k]);
  }

  QUENCH_ALWAYS_INLINE Word combined(std::size_t i) const {
    Word sum = word[0][i];
    for (std::size_t k = 1; k < count; ++k) sum ^= word[k][i];
    return sum;
  }
};

template <std::size_t count>
struct Read {
  QUENCH_ALWAYS_INLINE static void run(void* out, const void* const* inputs, std::size_t words) {
    const Inputs<count> input(inputs);
    Word sums[wordsPerLine] = {};
    for (std::size_t i = 0; i < words; i += wordsPerLine) {
      for (std::size_t lane = 0; lane < wordsPerLine; ++lane) sums[lane] ^= input.combined(i + lane);
    }
    std::memcpy(out, sums, sizeof sums);
  }
};

template <std::size_t count>
struct Store {
  QUENCH_ALWAYS_INLINE static void run(void* out, const void* const* inputs, std::size_t words) {
    const Inputs<count> input(inputs);
    auto* to = static_cast<Word*>(out);
    QUENCH_INDEPENDENT_ITERATIONS
    for (std::size_t i = 0; i < words; ++i) to[i] = input.combined(i);
  }
};

template <std::size_t count>
struct Stream {
  QUENCH_ALWAYS_INLINE static void run(void* out, const void* const* inputs, std::size_t words) {
    const Inputs<count> input(inputs);
    auto* to = static_cast<Word*>(out);
    for (std::size_t i = 0; i < words; i += wordsPerLine) {
      alignas(cacheLine) Word line[wordsPerLine];
      for (std::size_t lane = 0; lane < wordsPerLine; ++lane) line[lane] = input.combined(i + lane);
      streamLine(to + i, line);
    }
    finishStreaming();
  }
};

struct Triad {
  QUENCH_ALWAYS_INLINE static void run(void* out, const void* const* inputs, std::size_t words) {
    auto* a = static_cast<float*>(out);
    const auto* b = static_cast<const float*>(inputs[0]);
    const auto* c = static_cast<const float*>(inputs[1]);
    QUENCH_INDEPENDENT_ITERATIONS
    for (std::size_t i = 0; i < words; ++i) a[i] = b[i] + factor * c[i];
  }
};

struct StreamedTriad {
  QUENCH_ALWAYS_INLINE static void run(void* out, const void* const* inputs, std::size_t words) {
    auto* a = static_cast<float*>(out);
    const auto* b = static_cast<const float*>(inputs[0]);
    const auto* c = static_cast<const float*>(inputs[1]);
    for (std::size_t i = 0; i < words; i += wordsPerLine) {
      alignas(cacheLine) float line[wordsPerLine];
      for (std::size_t lane = 0; lane < wordsPerLine; ++lane) line[lane] = b[i + lane] + factor * c[i + lane];
      streamLine(a + i, line);
    }
    finishStreaming();
  }
};

#if QUENCH_MULTIVERSION
QUENCH_TARGET_AVX512 void wideTriad(void* out, const void* const* inputs, std::size_t words) {
  auto* a = static_cast<float*>(out);
  const auto* b = static_cast<const float*>(inputs[0]);
  const auto* c = static_cast<const float*>(inputs[1]);
  const __m512 scale = _mm512_set1_ps(factor);
  for (std::size_t i = 0; i < words; i += wordsPerLine) {
    _mm512_stream_ps(a + i, _mm512_add_ps(_mm512_loadu_ps(b + i), _mm512_mul_ps(scale, _mm512_loadu_ps(c + i))));
  }
  finishStreaming();
}
#endif

void copy(void* out, const void* const* inputs, std::size_t words) {
  std::memcpy(out, inputs[0], words * sizeof(Word));
}

template <template <std::size_t> typename Kernel, std::size_t... index>
Loop pick(InstructionSet set, std::size_t count, std::index_sequence<index...>) {
  const std::array<Loop, sizeof...(index)> byCount{select<Kernel<index + 1>>(set)...};
  return byCount.at(count - 1);
}

Loop loopFor(Limit limit, InstructionSet set, std::size_t count) {
  constexpr std::make_index_sequence<maximumLimitInputs> counts;
  switch (limit) {
    case Limit::copy: return copy;
    case Limit::read: return pick<Read>(set, count, counts);
    case Limit::store: return pick<Store>(set, count, counts);
    case Limit::stream: return pick<Stream>(set, count, counts);
    case Limit::triad: return select<Triad>(set);
    case Limit::wideStreamedTriad:
#if QUENCH_MULTIVERSION
      if (set == InstructionSet::avx512) return wideTriad;
#endif
      [[fallthrough]];
    case Limit::streamedTriad: break;
  }
  return select<StreamedTriad>(set);
}

}  // namespace

void runLimit(Workspace& workspace, Limit limit, void* out, const void* const* inputs, std::size_t count,
              std::size_t bytes) {
  const Loop loop = loopFor(limit, workspace.instructionSet, count);
  const std::size_t words = bytes / cacheLine * wordsPerLine;
  if (words == 0) return;
  inParallel(workspace, words, words * sizeof(Word) * (count + 1), elementGrain,
             [&](std::size_t begin, std::size_t end) {
               const void* from[maximumLimitInputs];
               for (std::size_t k = 0; k < count; ++k) from[k] = static_cast<const Word*>(inputs[k]) + begin;
               loop(static_cast<Word*>(out) + begin, from, end - begin);
             });
}

}  // namespace quench
