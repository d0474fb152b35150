// What an operation needs besides its arrays: one workspace per addon instance, so there is no global state.
#pragma once

#include <cstddef>
#include <vector>

#include "../kernels/instruction_set.h"
#include "../parallel/thread_pool.h"

namespace quench {

/// Memory that is kept between calls and only ever grows: steady use allocates nothing.
class Scratch {
 public:
  template <typename Value>
  Value* atLeast(std::size_t count) {
    if (bytes_.size() < count * sizeof(Value)) bytes_.resize(count * sizeof(Value));
    return reinterpret_cast<Value*>(bytes_.data());
  }

 private:
  std::vector<std::byte> bytes_;
};

struct Workspace {
  Workspace();

  InstructionSet instructionSet;
  ThreadPool threads;
  /// Outputs of at least this many bytes are written past the caches.
  std::size_t streamingBytes;
  Scratch scratch;
  /// Inner products of which a column is wanted, and such columns.
  Scratch triangles;
  Scratch products;
};

/// The size of the largest cache, or 32 MiB where the system does not tell.
std::size_t lastLevelCacheBytes();

/// Waking a thread costs some 10 microseconds; below this many bytes moved one thread is as fast.
inline constexpr std::size_t parallelBytes = std::size_t{1} << 20;

/// Elements that no two threads share, where work is cut by elements: keeps them off one cache line.
inline constexpr std::size_t elementGrain = 256;

/// Calls part(begin, end) for ranges that cover 0 ... total - 1, on several threads where `bytes` to be moved
/// are worth it; ranges begin at multiples of `grain`. Only for work whose result does not depend on where it is cut.
template <typename Part>
void inParallel(Workspace& workspace, std::size_t total, std::size_t bytes, std::size_t grain, const Part& part) {
  const std::size_t threads = workspace.threads.size();
  if (threads == 1 || bytes < parallelBytes) {
    part(std::size_t{0}, total);
    return;
  }
  // Some pieces more than threads, so that one delayed by other work does not hold up the rest.
  const std::size_t pieces = threads * 4;
  const std::size_t length = ((total + pieces - 1) / pieces + grain - 1) / grain * grain;
  workspace.threads.run((total + length - 1) / length, [&](std::size_t index) {
    const std::size_t begin = index * length;
    part(begin, begin + length < total ? begin + length : total);
  });
}

/// Calls part(row, begin, end) for the pieces of rows of `size` elements that a range consists of.
template <typename Part>
void inRows(std::size_t size, std::size_t begin, std::size_t end, const Part& part) {
  while (begin < end) {
    const std::size_t row = begin / size;
    const std::size_t rowEnd = (row + 1) * size < end ? (row + 1) * size : end;
    part(row, begin, rowEnd);
    begin = rowEnd;
  }
}

}  // namespace quench
