// out[i] = sum of coefficient times vector; element i is column i % size of row i / size.
#pragma once

#include <cstdint>

#include "../../kernels/combine_element.h"
#include "row_place.h"

namespace quench::cuda {

/// Exactly one form of coefficient holds: `perElement`, else `perRow`, else `value`.
template <typename Real>
struct Coefficient {
  Real value;
  const Real* perRow;
  const Real* perElement;
};

template <typename Real, std::size_t terms>
struct CombineUniform {
  Real* out;
  const Real* vectors[terms];
  Real coefficients[terms];

  QUENCH_HOST_DEVICE void operator()(std::uint64_t index) const {
    out[index] = combinedUniform<terms>(coefficients, vectors, index);
  }
};

template <typename Real, std::size_t terms>
struct CombineRows {
  Real* out;
  const Real* vectors[terms];
  Coefficient<Real> coefficients[terms];
  std::uint64_t size;

  QUENCH_HOST_DEVICE void operator()(std::uint64_t index) const {
    const RowPlace place = rowPlace(index, size);
    Real here[terms];
    for (std::size_t k = 0; k < terms; ++k) {
      const Coefficient<Real>& c = coefficients[k];
      here[k] = c.perElement != nullptr ? c.perElement[place.column]
                : c.perRow != nullptr   ? c.perRow[place.row]
                                        : c.value;
    }
    out[index] = combinedUniform<terms>(here, vectors, index);
  }
};

}  // namespace quench::cuda
