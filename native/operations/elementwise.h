// The remaining operations over whole arrays: each value or each row by itself.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../kernels/scaled_error.h"
#include "../kernels/torch_normals.h"
#include "workspace.h"

namespace quench {

/// rows * size standard normals; row r is elements first ... first + size - 1 of (seeds[r], stream, samples[r]).
template <typename Real>
void normals(Workspace& workspace, Real* out, const std::uint64_t* seeds, const std::uint64_t* samples,
             std::uint32_t stream, std::uint64_t first, std::size_t rows, std::size_t size);

/// Row r of the output is the next `size` numbers of generator r.
void torchNormals(Workspace& workspace, float* out, TorchGenerator* generators, std::size_t rows, std::size_t size);

template <typename Real>
void clamp(Workspace& workspace, Real* out, const Real* input, double low, double high, std::size_t count);

/// Row r of the output is clamp(input, -limits[r], limits[r]) / limits[r], limits rounded to Real.
template <typename Real>
void threshold(Workspace& workspace, Real* out, const Real* input, const double* limits, std::size_t rows,
               std::size_t size);

/// out[r] = the q-quantile of the magnitudes of row r; size >= 1.
template <typename Real>
void absoluteQuantiles(Workspace& workspace, double* out, const Real* values, double q, std::size_t rows,
                       std::size_t size);

/// out[r] = the root mean square of (higher - lower) / tolerance over row r; size >= 1.
template <typename Real>
void scaledErrors(Workspace& workspace, double* out, const Real* higher, const Real* lower, const Real* before,
                  Tolerance tolerance, std::size_t rows, std::size_t size);

/// The index of the first NaN or infinity, or `count`.
template <typename Real>
std::size_t firstNonFinite(Workspace& workspace, const Real* values, std::size_t count);

void halfToFloat(Workspace& workspace, float* out, const std::uint16_t* input, std::size_t count);
void floatToHalf(Workspace& workspace, std::uint16_t* out, const float* input, std::size_t count);

}  // namespace quench
