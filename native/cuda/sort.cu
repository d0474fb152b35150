#include "sort.h"

#include <thrust/iterator/counting_iterator.h>
#include <thrust/iterator/transform_iterator.h>
#include <cub/device/device_segmented_sort.cuh>

namespace quench::cuda {
namespace {

/// Where a row begins; the end of one is the beginning of the next.
struct RowBegin {
  std::int64_t size;

  __host__ __device__ std::int64_t operator()(std::int64_t row) const { return row * size; }
};

template <typename Key>
void sort(Device& device, Key* out, const Key* keys, std::size_t rows, std::size_t size) {
  const auto begin = thrust::make_transform_iterator(thrust::make_counting_iterator(std::int64_t{0}),
                                                     RowBegin{static_cast<std::int64_t>(size)});
  const auto run = [&](void* temporary, std::size_t& bytes) {
    check(cub::DeviceSegmentedSort::SortKeys(temporary, bytes, keys, out, static_cast<std::int64_t>(rows * size),
                                             static_cast<std::int64_t>(rows), begin, begin + 1, device.stream()),
          "cub::DeviceSegmentedSort::SortKeys");
  };
  std::size_t bytes = 0;
  run(nullptr, bytes);
  const Temporary<std::byte> temporary(device, bytes);
  run(temporary.data(), bytes);
}

}  // namespace

void sortRows(Device& device, std::uint32_t* out, const std::uint32_t* keys, std::size_t rows, std::size_t size) {
  sort(device, out, keys, rows, size);
}

void sortRows(Device& device, std::uint64_t* out, const std::uint64_t* keys, std::size_t rows, std::size_t size) {
  sort(device, out, keys, rows, size);
}

}  // namespace quench::cuda
