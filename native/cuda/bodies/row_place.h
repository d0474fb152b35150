// Rows of one size that follow one another.
#pragma once

#include <cstdint>

#include "../../kernels/target.h"

namespace quench::cuda {

struct RowPlace {
  std::uint64_t row;
  std::uint64_t column;
};

/// Where element `index` is.
QUENCH_HOST_DEVICE inline RowPlace rowPlace(std::uint64_t index, std::uint64_t size) {
  const std::uint64_t row = index / size;
  return {row, index - row * size};
}

}  // namespace quench::cuda
