// One way to launch: a body that knows what to do for an index, and as many threads as there are indices or fewer.
//
// Every kernel here is such a body, a struct with `operator()(index)`. Nothing is shared between threads and nothing
// depends on how many there are, so the results depend neither on the card nor on the launch. Built without CUDA the
// same bodies run in plain loops over the same grid (emulation/), which is how they are tested where there is no GPU.
#pragma once

#include <cstdint>

#include "../kernels/target.h"
#include "status.h"

namespace quench::cuda {

/// A thread's place in its grid.
struct Place {
  std::uint32_t block;
  std::uint32_t thread;
  std::uint32_t blocks;
  std::uint32_t threads;
};

QUENCH_HOST_DEVICE inline std::uint64_t firstIndex(const Place& place) {
  return std::uint64_t{place.block} * place.threads + place.thread;
}

QUENCH_HOST_DEVICE inline std::uint64_t stride(const Place& place) {
  return std::uint64_t{place.blocks} * place.threads;
}

template <typename Body>
QUENCH_HOST_DEVICE inline void runThread(const Place& place, std::uint64_t total, const Body& body) {
  for (std::uint64_t index = firstIndex(place); index < total; index += stride(place)) body(index);
}

struct Shape {
  std::uint32_t blocks;
  std::uint32_t threads;
};

inline constexpr std::uint32_t threadsPerBlock = 256;

/// Enough for every multiprocessor of any card many times over; beyond it a thread takes several indices.
inline constexpr std::uint32_t maximumBlocks = 1U << 16;

inline Shape shapeFor(std::uint64_t total) {
  const std::uint64_t blocks = (total + threadsPerBlock - 1) / threadsPerBlock;
  return {blocks < maximumBlocks ? static_cast<std::uint32_t>(blocks) : maximumBlocks, threadsPerBlock};
}

#if defined(__CUDACC__)

template <typename Body>
__global__ void __launch_bounds__(threadsPerBlock) kernel(const Body body, const std::uint64_t total) {
  runThread({blockIdx.x, threadIdx.x, gridDim.x, blockDim.x}, total, body);
}

template <typename Body>
void launch(cudaStream_t stream, std::uint64_t total, const Body& body) {
  if (total == 0) return;
  const Shape shape = shapeFor(total);
  kernel<<<shape.blocks, shape.threads, 0, stream>>>(body, total);
  check(cudaGetLastError(), "kernel launch");
}

#else

template <typename Body>
void launch(cudaStream_t stream, std::uint64_t total, const Body& body) {
  if (total == 0) return;
  const Shape shape = shapeFor(total);
  emulation::enqueue(stream, [shape, total, body] {
    for (std::uint32_t block = 0; block < shape.blocks; ++block) {
      for (std::uint32_t thread = 0; thread < shape.threads; ++thread) {
        runThread({block, thread, shape.blocks, shape.threads}, total, body);
      }
    }
  });
  check(cudaGetLastError(), "kernel launch");
}

#endif

}  // namespace quench::cuda
