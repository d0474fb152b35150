// Copies past the caches, for outputs too large to be found there again.
#pragma once

#include <cstddef>

namespace quench {

/// Whether streamingCopy does more than an ordinary copy on this architecture.
bool hasStreamingStores();

/// Copies `bytes` bytes without reading the target's cache lines or keeping them. The ranges must not overlap.
/// Call finishStreaming() on the same thread before another thread reads the target.
void streamingCopy(void* target, const void* source, std::size_t bytes);

void finishStreaming();

}  // namespace quench
