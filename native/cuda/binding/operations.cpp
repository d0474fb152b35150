#include "../operations.h"

#include <vector>

#include "functions.h"

namespace quench::cuda::binding {
namespace {

/// Calls run<Real>() for the precision that argument 0 names.
template <typename Run>
void inPrecision(const Call& call, const Run& run) {
  if (call.integer(0) == 1) {
    run.template operator()<double>();
  } else {
    run.template operator()<float>();
  }
}

std::size_t rowSize(std::size_t length, std::size_t rows) {
  if (rows == 0 || length % rows != 0) throw ArgumentError{"Expected a length divisible by the rows"};
  return length / rows;
}

/// The entries from `first` on, `width` arguments each.
std::size_t entries(const Call& call, std::size_t first, std::size_t width, std::size_t most) {
  const std::size_t given = call.size() < first ? 0 : call.size() - first;
  if (given == 0 || given % width != 0 || given / width > most)
    throw ArgumentError{"Expected another number of arguments"};
  return given / width;
}

/// Hands every row of a block to `each`: entries `at` on are memory, first element, whether double, and rows of `size`.
template <typename Each>
void eachRow(const Call& blocks, std::size_t at, std::size_t size, const Each& each) {
  const bool isDouble = blocks.integer(at + 2) == 1;
  const std::size_t rows = blocks.integer(at + 3);
  if (size > 0 && rows > SIZE_MAX / size) throw ArgumentError{"Expected fewer rows"};
  auto* data = isDouble ? reinterpret_cast<std::byte*>(blocks.vector<double>(at, rows * size))
                        : reinterpret_cast<std::byte*>(blocks.vector<float>(at, rows * size));
  const std::size_t stride = size * (isDouble ? sizeof(double) : sizeof(float));
  for (std::size_t row = 0; row < rows; ++row) each(data + row * stride, isDouble);
}

}  // namespace

napi_value combine(Call& call) {
  constexpr std::size_t first = 5;
  const std::size_t length = call.integer(1);
  const std::size_t rows = call.integer(2);
  const std::size_t size = rowSize(length, rows);
  const std::size_t count = entries(call, first, 4, maximumTerms);
  inPrecision(call, [&]<typename Real>() {
    CombineTerm<Real> terms[maximumTerms];
    for (std::size_t k = 0; k < count; ++k) {
      const std::size_t at = first + 4 * k;
      terms[k] = {call.vector<Real>(at + 2, length), 0, nullptr, nullptr};
      if (call.isNumber(at)) {
        terms[k].value = call.number(at);
      } else if (call.isExternal(at)) {
        terms[k].perElement = call.vector<Real>(at, size);
      } else {
        terms[k].perRow = static_cast<const double*>(call.typedArray(at, napi_float64_array, rows).data);
      }
    }
    quench::cuda::combine(*call.device(), call.vector<Real>(3, length), terms, count, rows, size);
  });
  return nullptr;
}

napi_value gram(Call& call) {
  constexpr std::size_t first = 5;
  const std::size_t length = call.integer(1);
  const std::size_t rows = call.integer(2);
  const bool blocked = call.integer(3) != 0;
  const std::size_t size = rowSize(length, rows);
  const std::size_t count = entries(call, first, 4, maximumBasis);
  auto* out = static_cast<double*>(call.typedArray(4, napi_float64_array, rows * count * (count + 1) / 2).data);
  inPrecision(call, [&]<typename Real>() {
    BasisElement<Real> basis[maximumBasis];
    for (std::size_t k = 0; k < count; ++k) {
      const std::size_t at = first + 4 * k;
      basis[k] = {call.vector<Real>(at, length),
                  call.isUndefined(at + 2) ? nullptr : call.vector<Real>(at + 2, length)};
    }
    quench::cuda::gram(*call.device(), out, basis, count, rows, size, blocked);
  });
  return nullptr;
}

napi_value normals(Call& call) {
  const std::size_t length = call.integer(1);
  const std::size_t rows = call.typedArray(4).length;
  const auto* seeds = static_cast<const std::uint64_t*>(call.typedArray(4, napi_biguint64_array, rows).data);
  const auto* samples = static_cast<const std::uint64_t*>(call.typedArray(5, napi_biguint64_array, rows).data);
  const std::uint64_t stream = call.integer(6);
  const std::size_t size = rowSize(length, rows);
  if (stream > UINT32_MAX) throw ArgumentError{"Expected a stream below 2^32"};
  for (std::size_t row = 0; row < rows; ++row) {
    if (samples[row] > UINT32_MAX) throw ArgumentError{"Expected samples below 2^32"};
  }
  inPrecision(call, [&]<typename Real>() {
    quench::cuda::normals(*call.device(), call.vector<Real>(2, length), seeds, samples,
                          static_cast<std::uint32_t>(stream), 0, rows, size);
  });
  return nullptr;
}

napi_value gather(Call& call) {
  constexpr std::size_t width = 5;
  const std::size_t size = call.integer(1);
  const Call blocks = call.list(4);
  const std::size_t count = entries(blocks, 0, width, SIZE_MAX);
  inPrecision(call, [&]<typename Real>() {
    std::vector<SourceRow<Real>> rows;
    for (std::size_t at = 0; at < count * width; at += width) {
      const auto scale = static_cast<Real>(blocks.number(at + 4));
      eachRow(blocks, at, size, [&](void* data, bool isDouble) { rows.push_back({data, scale, isDouble}); });
    }
    auto* out = call.vector<Real>(2, rows.size() * size);
    quench::cuda::gather(*call.device(), out, rows.data(), rows.size(), size);
  });
  return nullptr;
}

napi_value scatter(Call& call) {
  constexpr std::size_t width = 4;
  const std::size_t size = call.integer(1);
  const Call blocks = call.list(4);
  const std::size_t count = entries(blocks, 0, width, SIZE_MAX);
  inPrecision(call, [&]<typename Real>() {
    std::vector<TargetRow> rows;
    for (std::size_t at = 0; at < count * width; at += width) {
      eachRow(blocks, at, size, [&](void* data, bool isDouble) { rows.push_back({data, isDouble}); });
    }
    const Real* from = call.vector<Real>(2, rows.size() * size);
    quench::cuda::scatter(*call.device(), from, rows.data(), rows.size(), size);
  });
  return nullptr;
}

napi_value copy(Call& call) {
  const std::size_t length = call.integer(1);
  const bool fromDouble = call.integer(4) == 1;
  inPrecision(call, [&]<typename Real>() {
    auto* out = call.vector<Real>(2, length);
    if (fromDouble) {
      quench::cuda::copy(*call.device(), out, static_cast<const double*>(call.vector<double>(5, length)), length);
    } else {
      quench::cuda::copy(*call.device(), out, static_cast<const float*>(call.vector<float>(5, length)), length);
    }
  });
  return nullptr;
}

napi_value fill(Call& call) {
  const std::size_t length = call.integer(1);
  inPrecision(call, [&]<typename Real>() {
    quench::cuda::fill(*call.device(), call.vector<Real>(2, length), call.number(4), length);
  });
  return nullptr;
}

napi_value clamp(Call& call) {
  const std::size_t length = call.integer(1);
  inPrecision(call, [&]<typename Real>() {
    quench::cuda::clamp<Real>(*call.device(), call.vector<Real>(2, length), call.vector<Real>(4, length),
                              call.number(6), call.number(7), length);
  });
  return nullptr;
}

napi_value threshold(Call& call) {
  const std::size_t length = call.integer(1);
  const std::size_t rows = call.typedArray(6).length;
  const auto* limits = static_cast<const double*>(call.typedArray(6, napi_float64_array, rows).data);
  const std::size_t size = rowSize(length, rows);
  inPrecision(call, [&]<typename Real>() {
    quench::cuda::threshold<Real>(*call.device(), call.vector<Real>(2, length), call.vector<Real>(4, length), limits,
                                  rows, size);
  });
  return nullptr;
}

napi_value absoluteQuantile(Call& call) {
  const std::size_t length = call.integer(1);
  const TypedArray out = call.typedArray(2);
  auto* quantiles = static_cast<double*>(call.typedArray(2, napi_float64_array, out.length).data);
  const std::size_t size = rowSize(length, out.length);
  const double q = call.number(5);
  if (size == 0 || !(q >= 0 && q <= 1)) throw ArgumentError{"Expected elements, and q from 0 to 1"};
  inPrecision(call, [&]<typename Real>() {
    absoluteQuantiles<Real>(*call.device(), quantiles, call.vector<Real>(3, length), q, out.length, size);
  });
  return nullptr;
}

napi_value firstNonFinite(Call& call) {
  const std::size_t length = call.integer(1);
  std::size_t found = length;
  inPrecision(call, [&]<typename Real>() {
    found = quench::cuda::firstNonFinite<Real>(*call.device(), call.vector<Real>(2, length), length);
  });
  napi_value result = nullptr;
  check(napi_create_double(call.env(), found == length ? -1.0 : static_cast<double>(found), &result));
  return result;
}

}  // namespace quench::cuda::binding
