// Sorts rows of unsigned integers: by CUB on the card, by the C++ library in the emulation.
#pragma once

#include <cstddef>
#include <cstdint>

#include "device.h"

namespace quench::cuda {

/// Row r of `out` is row r of `keys` in ascending order; they lie apart.
void sortRows(Device& device, std::uint32_t* out, const std::uint32_t* keys, std::size_t rows, std::size_t size);
void sortRows(Device& device, std::uint64_t* out, const std::uint64_t* keys, std::size_t rows, std::size_t size);

}  // namespace quench::cuda
