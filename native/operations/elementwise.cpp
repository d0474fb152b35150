#include "elementwise.h"

#include <algorithm>
#include <cmath>

#include "../kernels/clamp.h"
#include "../kernels/finite.h"
#include "../kernels/half.h"
#include "../kernels/normals.h"
#include "../kernels/quantile.h"
#include "earliest.h"

namespace quench {
namespace {

// A normal costs about as much time as the moving of this many bytes.
constexpr std::size_t bytesPerNormal = 16;

// As for normals; one after the other, not in vectors.
constexpr std::size_t bytesPerTorchNormal = 256;

// As for normals: selecting an order statistic.
constexpr std::size_t bytesPerSelected = 16;

}  // namespace

template <typename Real>
void normals(Workspace& workspace, Real* out, const std::uint64_t* seeds, const std::uint64_t* samples,
             std::uint32_t stream, std::uint64_t first, std::size_t rows, std::size_t size) {
  const Normals<Real> kernel = normalsKernel<Real>(workspace.instructionSet);
  const std::size_t total = rows * size;
  inParallel(workspace, total, total * bytesPerNormal, elementGrain, [&](std::size_t begin, std::size_t end) {
    inRows(size, begin, end, [&](std::size_t row, std::size_t from, std::size_t to) {
      const NormalsPlace place{seeds[row], stream, static_cast<std::uint32_t>(samples[row])};
      kernel(out + from, place, first + (from - row * size), to - from);
    });
  });
}

void torchNormals(Workspace& workspace, float* out, TorchGenerator* generators, std::size_t rows, std::size_t size) {
  inParallel(workspace, rows, rows * size * bytesPerTorchNormal, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row)
      torchNormals(generators[row], out + row * size, size, workspace.instructionSet);
  });
}

template <typename Real>
void clamp(Workspace& workspace, Real* out, const Real* input, double low, double high, std::size_t count) {
  const Clamp<Real> kernel = clampKernel<Real>(workspace.instructionSet);
  inParallel(workspace, count, 2 * count * sizeof(Real), elementGrain, [&](std::size_t begin, std::size_t end) {
    kernel(out + begin, input + begin, static_cast<Real>(low), static_cast<Real>(high), end - begin);
  });
}

template <typename Real>
void threshold(Workspace& workspace, Real* out, const Real* input, const double* limits, std::size_t rows,
               std::size_t size) {
  const Threshold<Real> kernel = thresholdKernel<Real>(workspace.instructionSet);
  const std::size_t total = rows * size;
  inParallel(workspace, total, 2 * total * sizeof(Real), elementGrain, [&](std::size_t begin, std::size_t end) {
    inRows(size, begin, end, [&](std::size_t row, std::size_t from, std::size_t to) {
      kernel(out + from, input + from, static_cast<Real>(limits[row]), to - from);
    });
  });
}

template <typename Real>
void absoluteQuantiles(Workspace& workspace, double* out, const Real* values, double q, std::size_t rows,
                       std::size_t size) {
  Real* scratch = workspace.scratch.atLeast<Real>(rows * size);
  inParallel(workspace, rows, rows * size * bytesPerSelected, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      out[row] = absoluteQuantile(values + row * size, size, q, scratch + row * size);
    }
  });
}

template <typename Real>
void scaledErrors(Workspace& workspace, double* out, const Real* higher, const Real* lower, const Real* before,
                  Tolerance tolerance, std::size_t rows, std::size_t size) {
  const ScaledError<Real> kernel = scaledErrorKernel<Real>(workspace.instructionSet);
  inParallel(workspace, rows, 3 * rows * size * sizeof(Real), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      const std::size_t at = row * size;
      out[row] = std::sqrt(kernel(higher + at, lower + at, before + at, tolerance, size) / static_cast<double>(size));
    }
  });
}

template <typename Real>
std::size_t firstNonFinite(Workspace& workspace, const Real* values, std::size_t count) {
  const FirstNonFinite<Real> kernel = firstNonFiniteKernel<Real>(workspace.instructionSet);
  Earliest first(count);
  inParallel(workspace, count, count * sizeof(Real), elementGrain, [&](std::size_t begin, std::size_t end) {
    const std::size_t found = begin + kernel(values + begin, end - begin);
    if (found < end) first.note(found);
  });
  return first.index();
}

void halfToFloat(Workspace& workspace, float* out, const std::uint16_t* input, std::size_t count) {
  const HalfToFloat kernel = halfToFloatKernel(workspace.instructionSet);
  inParallel(workspace, count, count * (sizeof(float) + sizeof(std::uint16_t)), elementGrain,
             [&](std::size_t begin, std::size_t end) { kernel(out + begin, input + begin, end - begin); });
}

void floatToHalf(Workspace& workspace, std::uint16_t* out, const float* input, std::size_t count) {
  const FloatToHalf kernel = floatToHalfKernel(workspace.instructionSet);
  inParallel(workspace, count, count * (sizeof(float) + sizeof(std::uint16_t)), elementGrain,
             [&](std::size_t begin, std::size_t end) { kernel(out + begin, input + begin, end - begin); });
}

#define QUENCH_INSTANTIATE(Real)                                                                                       \
  template void normals<Real>(Workspace&, Real*, const std::uint64_t*, const std::uint64_t*, std::uint32_t,            \
                              std::uint64_t, std::size_t, std::size_t);                                                \
  template void clamp<Real>(Workspace&, Real*, const Real*, double, double, std::size_t);                              \
  template void threshold<Real>(Workspace&, Real*, const Real*, const double*, std::size_t, std::size_t);              \
  template void absoluteQuantiles<Real>(Workspace&, double*, const Real*, double, std::size_t, std::size_t);           \
  template void scaledErrors<Real>(Workspace&, double*, const Real*, const Real*, const Real*, Tolerance, std::size_t, \
                                   std::size_t);                                                                       \
  template std::size_t firstNonFinite<Real>(Workspace&, const Real*, std::size_t);
QUENCH_INSTANTIATE(float)
QUENCH_INSTANTIATE(double)
#undef QUENCH_INSTANTIATE

}  // namespace quench
