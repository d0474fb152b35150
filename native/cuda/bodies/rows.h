// Rows of a model call, which lie anywhere on the card and in either precision, to and from one piece of memory.
#pragma once

#include <cstdint>

#include "../../kernels/combine_element.h"
#include "row_place.h"

namespace quench::cuda {

/// A row to read, and what to multiply it with in the precision of the call.
template <typename Real>
struct SourceRow {
  const void* data;
  Real scale;
  bool isDouble;
};

struct TargetRow {
  void* data;
  bool isDouble;
};

/// Converted first, then scaled as combine does it; a scale of 1 changes nothing.
template <typename Real>
struct GatherRows {
  Real* out;
  const SourceRow<Real>* rows;
  std::uint64_t size;

  QUENCH_HOST_DEVICE void operator()(std::uint64_t index) const {
    const RowPlace place = rowPlace(index, size);
    const SourceRow<Real>& from = rows[place.row];
    const Real value = from.isDouble ? static_cast<Real>(static_cast<const double*>(from.data)[place.column])
                                     : static_cast<Real>(static_cast<const float*>(from.data)[place.column]);
    const Real* const vectors[] = {&value};
    out[index] = combinedUniform<1>(&from.scale, vectors, 0);
  }
};

template <typename Real>
struct ScatterRows {
  const Real* input;
  const TargetRow* rows;
  std::uint64_t size;

  QUENCH_HOST_DEVICE void operator()(std::uint64_t index) const {
    const RowPlace place = rowPlace(index, size);
    const TargetRow& to = rows[place.row];
    if (to.isDouble) {
      static_cast<double*>(to.data)[place.column] = static_cast<double>(input[index]);
    } else {
      static_cast<float*>(to.data)[place.column] = static_cast<float>(input[index]);
    }
  }
};

}  // namespace quench::cuda
