#include "operations.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "bodies/combine.h"
#include "bodies/elementwise.h"
#include "bodies/gram.h"
#include "bodies/normals.h"
#include "bodies/quantile.h"
#include "bodies/rows.h"
#include "launch.h"
#include "sort.h"

namespace quench::cuda {
namespace {

template <typename Real, std::size_t terms>
void combineUniformly(Device& device, Real* out, const CombineTerm<Real>* given, std::size_t total) {
  CombineUniform<Real, terms> body{out, {}, {}};
  for (std::size_t k = 0; k < terms; ++k) {
    body.vectors[k] = given[k].vector;
    body.coefficients[k] = static_cast<Real>(given[k].value);
  }
  launch(device.stream(), total, body);
}

template <typename Real, std::size_t terms>
void combineByRow(Device& device, Real* out, const CombineTerm<Real>* given, const Real* perRow, std::size_t rows,
                  std::size_t size) {
  CombineRows<Real, terms> body{out, {}, {}, size};
  for (std::size_t k = 0; k < terms; ++k) {
    body.vectors[k] = given[k].vector;
    body.coefficients[k] = {static_cast<Real>(given[k].value), nullptr, given[k].perElement};
    if (given[k].perElement != nullptr || given[k].perRow == nullptr) continue;
    body.coefficients[k].perRow = perRow;
    perRow += rows;
  }
  launch(device.stream(), rows * size, body);
}

/// The coefficients of each row, rounded, term after term, where the kernel can read them.
template <typename Real>
const Real* rowCoefficients(Device& device, const CombineTerm<Real>* terms, std::size_t count, std::size_t rows) {
  std::vector<Real> rounded;
  for (std::size_t k = 0; k < count; ++k) {
    if (terms[k].perElement != nullptr || terms[k].perRow == nullptr) continue;
    for (std::size_t row = 0; row < rows; ++row) rounded.push_back(static_cast<Real>(terms[k].perRow[row]));
  }
  return rounded.empty() ? nullptr : device.parameters(rounded.data(), rounded.size());
}

template <typename Real, std::size_t... index>
void combineAny(Device& device, Real* out, const CombineTerm<Real>* terms, std::size_t count, std::size_t rows,
                std::size_t size, std::index_sequence<index...>) {
  const bool uniform = std::all_of(terms, terms + count, [](const CombineTerm<Real>& term) {
    return term.perRow == nullptr && term.perElement == nullptr;
  });
  if (uniform) {
    ((count == index + 1 ? combineUniformly<Real, index + 1>(device, out, terms, rows * size) : void()), ...);
    return;
  }
  const Real* perRow = rowCoefficients(device, terms, count, rows);
  ((count == index + 1 ? combineByRow<Real, index + 1>(device, out, terms, perRow, rows, size) : void()), ...);
}

}  // namespace

template <typename Real>
void combine(Device& device, Real* out, const CombineTerm<Real>* terms, std::size_t count, std::size_t rows,
             std::size_t size) {
  combineAny(device, out, terms, count, rows, size, std::make_index_sequence<maximumTerms>());
}

template <typename Real>
void gram(Device& device, double* out, const BasisElement<Real>* basis, std::size_t basisSize, std::size_t rows,
          std::size_t size, bool blocked) {
  const GramShape shape = gramShape(size, basisSize);
  const std::size_t sums = rows * shape.pairs;
  if (size == 0) {
    std::fill_n(out, sums, 0.0);
    return;
  }
  const std::size_t partial = sums * shape.unitsPerRow;
  const Temporary<Lanes<double>> lanes(device, partial);
  const Temporary<double> units(device, partial);
  const bool hasDifferences =
      std::any_of(basis, basis + basisSize, [](const auto& element) { return element.subtrahend != nullptr; });
  const auto launchLanes = [&]<typename Sum, bool differences>() {
    GramLanes<Real, Sum, differences> body{&lanes.data()->at[0], {}, shape};
    std::copy_n(basis, basisSize, body.basis);
    launch(device.stream(), partial * gramLanes, body);
  };
  const auto launchSums = [&]<typename Sum>() {
    if (hasDifferences) {
      launchLanes.template operator()<Sum, true>();
    } else {
      launchLanes.template operator()<Sum, false>();
    }
  };
  if (blocked) {
    launchSums.template operator()<Real>();
  } else {
    launchSums.template operator()<double>();
  }
  launch(device.stream(), partial, GramFold{units.data(), lanes.data()});
  for (std::size_t distance = 1; distance < shape.unitsPerRow; distance *= 2) {
    const GramTree level{units.data(), shape.unitsPerRow, shape.pairs, distance};
    launch(device.stream(), rows * level.takers() * shape.pairs, level);
  }
  const Temporary<double> collected(device, sums);
  launch(device.stream(), sums, GramCollect{collected.data(), units.data(), shape.unitsPerRow, shape.pairs});
  device.read(out, collected.data(), sums * sizeof(double));
}

template <typename Real>
void normals(Device& device, Real* out, const std::uint64_t* seeds, const std::uint64_t* samples, std::uint32_t stream,
             std::uint64_t first, std::size_t rows, std::size_t size) {
  const std::uint64_t blocksPerRow = normalBlocks(first, size);
  std::vector<std::uint64_t> places(seeds, seeds + rows);
  places.insert(places.end(), samples, samples + rows);
  const std::uint64_t* given = device.parameters(places.data(), places.size());
  launch(device.stream(), rows * blocksPerRow,
         Normals<Real>{out, given, given + rows, stream, first, size, blocksPerRow});
}

template <typename Real>
void gather(Device& device, Real* out, const SourceRow<Real>* rows, std::size_t count, std::size_t size) {
  launch(device.stream(), count * size, GatherRows<Real>{out, device.parameters(rows, count), size});
}

template <typename Real>
void scatter(Device& device, const Real* input, const TargetRow* rows, std::size_t count, std::size_t size) {
  launch(device.stream(), count * size, ScatterRows<Real>{input, device.parameters(rows, count), size});
}

template <typename To, typename From>
void copy(Device& device, To* out, const From* input, std::size_t count) {
  launch(device.stream(), count, Copy<To, From>{out, input});
}

template <typename Real>
void fill(Device& device, Real* out, double value, std::size_t count) {
  launch(device.stream(), count, Fill<Real>{out, static_cast<Real>(value)});
}

template <typename Real>
void clamp(Device& device, Real* out, const Real* input, double low, double high, std::size_t count) {
  launch(device.stream(), count, Clamp<Real>{out, input, static_cast<Real>(low), static_cast<Real>(high)});
}

template <typename Real>
void threshold(Device& device, Real* out, const Real* input, const double* limits, std::size_t rows, std::size_t size) {
  launch(device.stream(), rows * size, Threshold<Real>{out, input, device.parameters(limits, rows), size});
}

template <typename Real>
void absoluteQuantiles(Device& device, double* out, const Real* values, double q, std::size_t rows, std::size_t size) {
  const Temporary<BitsOf<Real>> magnitudes(device, rows * size);
  const Temporary<BitsOf<Real>> sorted(device, rows * size);
  const Temporary<double> quantiles(device, rows);
  launch(device.stream(), rows * size, MagnitudeBits<Real>{magnitudes.data(), values});
  sortRows(device, sorted.data(), magnitudes.data(), rows, size);
  launch(device.stream(), rows, SortedQuantile<Real>{quantiles.data(), sorted.data(), quantileRank(q, size), size});
  device.read(out, quantiles.data(), rows * sizeof(double));
}

template <typename Real>
std::size_t firstNonFinite(Device& device, const Real* values, std::size_t count) {
  const Temporary<unsigned long long> first(device, 1);
  launch(device.stream(), 1, Fill<unsigned long long>{first.data(), count});
  launch(device.stream(), count, FirstNonFinite<Real>{values, first.data()});
  unsigned long long found = count;
  device.read(&found, first.data(), sizeof found);
  return found;
}

#define QUENCH_INSTANTIATE(Real)                                                                                      \
  template void combine<Real>(Device&, Real*, const CombineTerm<Real>*, std::size_t, std::size_t, std::size_t);       \
  template void gram<Real>(Device&, double*, const BasisElement<Real>*, std::size_t, std::size_t, std::size_t, bool); \
  template void normals<Real>(Device&, Real*, const std::uint64_t*, const std::uint64_t*, std::uint32_t,              \
                              std::uint64_t, std::size_t, std::size_t);                                               \
  template void gather<Real>(Device&, Real*, const SourceRow<Real>*, std::size_t, std::size_t);                       \
  template void scatter<Real>(Device&, const Real*, const TargetRow*, std::size_t, std::size_t);                      \
  template void copy<Real, float>(Device&, Real*, const float*, std::size_t);                                         \
  template void copy<Real, double>(Device&, Real*, const double*, std::size_t);                                       \
  template void fill<Real>(Device&, Real*, double, std::size_t);                                                      \
  template void clamp<Real>(Device&, Real*, const Real*, double, double, std::size_t);                                \
  template void threshold<Real>(Device&, Real*, const Real*, const double*, std::size_t, std::size_t);                \
  template void absoluteQuantiles<Real>(Device&, double*, const Real*, double, std::size_t, std::size_t);             \
  template std::size_t firstNonFinite<Real>(Device&, const Real*, std::size_t);
QUENCH_INSTANTIATE(float)
QUENCH_INSTANTIATE(double)
#undef QUENCH_INSTANTIATE

}  // namespace quench::cuda
