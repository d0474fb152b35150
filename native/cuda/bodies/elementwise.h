// Bodies in which each element stands by itself.
#pragma once

#include <cstdint>

#include "../../kernels/clamp_element.h"
#include "../../kernels/finite_element.h"

namespace quench::cuda {

/// Rows from one vector to another, from one precision to another.
template <typename To, typename From>
struct Copy {
  To* out;
  const From* input;

  QUENCH_HOST_DEVICE void operator()(std::uint64_t index) const { out[index] = static_cast<To>(input[index]); }
};

template <typename Real>
struct Fill {
  Real* out;
  Real value;

  QUENCH_HOST_DEVICE void operator()(std::uint64_t index) const { out[index] = value; }
};

template <typename Real>
struct Clamp {
  Real* out;
  const Real* input;
  Real low;
  Real high;

  QUENCH_HOST_DEVICE void operator()(std::uint64_t index) const { out[index] = clamped(input[index], low, high); }
};

template <typename Real>
struct Threshold {
  Real* out;
  const Real* input;
  const double* limits;
  std::uint64_t size;

  QUENCH_HOST_DEVICE void operator()(std::uint64_t index) const {
    out[index] = thresholded(input[index], static_cast<Real>(limits[index / size]));
  }
};

/// The smaller of *place and value. Only integers: their minimum does not depend on the order.
QUENCH_HOST_DEVICE inline void keepMinimum(unsigned long long* place, unsigned long long value) {
#if defined(__CUDA_ARCH__)
  atomicMin(place, value);
#else
  if (value < *place) *place = value;
#endif
}

/// Leaves the index of the first NaN or infinity in `first`.
template <typename Real>
struct FirstNonFinite {
  const Real* values;
  unsigned long long* first;

  QUENCH_HOST_DEVICE void operator()(std::uint64_t index) const {
    if (!isFinite(values[index])) keepMinimum(first, index);
  }
};

}  // namespace quench::cuda
