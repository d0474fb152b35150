// The operations on vectors in the card's memory: what native/operations is to the CPU, with the same results.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../kernels/combine_element.h"
#include "../kernels/gram_lanes.h"
#include "bodies/rows.h"
#include "device.h"

namespace quench::cuda {

/// out = sum of the terms over rows * size elements, `perRow` of a term in host memory. Coefficients are rounded to
/// Real once. `out` may be one of the vectors.
template <typename Real>
void combine(Device& device, Real* out, const CombineTerm<Real>* terms, std::size_t count, std::size_t rows,
             std::size_t size);

/// Writes rows * basisSize (basisSize + 1) / 2 inner products to host memory. `blocked` says what it says in
/// kernels/gram.h, and nothing for double.
template <typename Real>
void gram(Device& device, double* out, const BasisElement<Real>* basis, std::size_t basisSize, std::size_t rows,
          std::size_t size, bool blocked);

/// As quench::normals; `seeds` and `samples` in host memory.
template <typename Real>
void normals(Device& device, Real* out, const std::uint64_t* seeds, const std::uint64_t* samples, std::uint32_t stream,
             std::uint64_t first, std::size_t rows, std::size_t size);

/// Writes `count` rows of `size`, which lie anywhere, one after the other; one launch for all of them.
template <typename Real>
void gather(Device& device, Real* out, const SourceRow<Real>* rows, std::size_t count, std::size_t size);

/// The other way round. No two rows may overlap.
template <typename Real>
void scatter(Device& device, const Real* input, const TargetRow* rows, std::size_t count, std::size_t size);

template <typename To, typename From>
void copy(Device& device, To* out, const From* input, std::size_t count);

template <typename Real>
void fill(Device& device, Real* out, double value, std::size_t count);

template <typename Real>
void clamp(Device& device, Real* out, const Real* input, double low, double high, std::size_t count);

/// `limits` in host memory, one per row.
template <typename Real>
void threshold(Device& device, Real* out, const Real* input, const double* limits, std::size_t rows, std::size_t size);

/// Writes `rows` quantiles of magnitudes to host memory.
template <typename Real>
void absoluteQuantiles(Device& device, double* out, const Real* values, double q, std::size_t rows, std::size_t size);

/// The index of the first NaN or infinity, or `count`.
template <typename Real>
std::size_t firstNonFinite(Device& device, const Real* values, std::size_t count);

}  // namespace quench::cuda
