#include "workspace.h"

#include <algorithm>
#include <cstdio>
#include <memory>

#if defined(__unix__) || defined(__APPLE__)
#include <unistd.h>
#endif

namespace quench {
namespace {

// The kernels wait for memory, and four cores fill its bandwidth on the machines that services run on.
constexpr std::size_t defaultThreads = 4;

/// Linux's own account of the cache that one core sees. sysconf instead adds up all caches of the socket in glibc on
/// AMD processors (384 MiB for 32 MiB on an EPYC).
std::size_t largestCacheFromKernel() {
  std::size_t largest = 0;
  for (int index = 0; index < 8; ++index) {
    char path[64];
    std::snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/size", index);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path, "r"), &std::fclose);
    std::size_t size = 0;
    char unit = 0;
    if (!file || std::fscanf(file.get(), "%zu%c", &size, &unit) != 2) break;
    largest = std::max(largest, size << (unit == 'M' ? 20 : unit == 'K' ? 10 : 0));
  }
  return largest;
}

}  // namespace

Workspace::Workspace() : instructionSet(supportedInstructionSets().back()), streamingBytes(lastLevelCacheBytes()) {
  threads.resize(std::min<std::size_t>(std::thread::hardware_concurrency(), defaultThreads));
}

std::size_t lastLevelCacheBytes() {
  if (const std::size_t bytes = largestCacheFromKernel(); bytes > 0) return bytes;
#if defined(_SC_LEVEL3_CACHE_SIZE)
  if (const long bytes = sysconf(_SC_LEVEL3_CACHE_SIZE); bytes > 0) return static_cast<std::size_t>(bytes);
#endif
  return std::size_t{32} << 20;
}

}  // namespace quench
