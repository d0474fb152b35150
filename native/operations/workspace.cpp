#include "workspace.h"

#if defined(__unix__) || defined(__APPLE__)
#include <unistd.h>
#endif

namespace quench {

Workspace::Workspace()
    : instructionSet(supportedInstructionSets().back()), streamingBytes(lastLevelCacheBytes()) {}

std::size_t lastLevelCacheBytes() {
#if defined(_SC_LEVEL3_CACHE_SIZE)
  const long bytes = sysconf(_SC_LEVEL3_CACHE_SIZE);
  if (bytes > 0) return static_cast<std::size_t>(bytes);
#endif
  return std::size_t{32} << 20;
}

}  // namespace quench
