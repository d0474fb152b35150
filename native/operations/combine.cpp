#include "combine.h"

#include <algorithm>
#include <cstdint>

#include "../kernels/streaming_store.h"

namespace quench {
namespace {

// Elements per coefficient buffer, which stays in the first-level cache.
constexpr std::size_t chunk = 512;

template <typename Real>
struct Combine {
  Real* out;
  const CombineTerm<Real>* terms;
  std::size_t count;
  std::size_t size;
  bool streaming;
  /// By Store.
  CombineUniform<Real> uniform[2];
  CombinePerElement<Real> perElement[2];

  /// Calls fill(store, begin, end) for the parts of the range: where the output is streamed, whole lines of it are, and
  /// the elements before and after them are stored as usual.
  template <typename Fill>
  void write(std::size_t begin, std::size_t end, const Fill& fill) const {
    if (!streaming) {
      fill(Store::cached, begin, end);
      return;
    }
    constexpr std::size_t perLine = cacheLine / sizeof(Real);
    const std::size_t into = reinterpret_cast<std::uintptr_t>(out + begin) / sizeof(Real) % perLine;
    const std::size_t first = std::min(end, begin + (perLine - into) % perLine);
    const std::size_t last = end - (end - first) % perLine;
    if (begin < first) fill(Store::cached, begin, first);
    if (first < last) fill(Store::streamed, first, last);
    if (last < end) fill(Store::cached, last, end);
  }

  Real coefficient(std::size_t term, std::size_t row) const {
    return static_cast<Real>(terms[term].perRow != nullptr ? terms[term].perRow[row] : terms[term].value);
  }

  /// The range lies within one row, and its coefficients are the same throughout.
  void uniformRange(std::size_t row, std::size_t begin, std::size_t end) const {
    Real coefficients[maximumTerms];
    for (std::size_t k = 0; k < count; ++k) coefficients[k] = coefficient(k, row);
    write(begin, end, [&](Store store, std::size_t from, std::size_t to) {
      const Real* vectors[maximumTerms];
      for (std::size_t k = 0; k < count; ++k) vectors[k] = terms[k].vector + from;
      uniform[static_cast<std::size_t>(store)](out + from, vectors, coefficients, to - from);
    });
  }

  /// Some coefficient differs by element: the others are spread over a buffer, read again and again from the cache,
  /// which spares a kernel for every mixture of kinds.
  void perElementRange(std::size_t row, std::size_t begin, std::size_t end) const {
    alignas(64) Real spread[maximumTerms][chunk];
    for (std::size_t k = 0; k < count; ++k) {
      if (terms[k].perElement == nullptr) std::fill_n(spread[k], std::min(chunk, end - begin), coefficient(k, row));
    }
    for (std::size_t piece = begin; piece < end; piece += chunk) {
      write(piece, std::min(end, piece + chunk), [&](Store store, std::size_t from, std::size_t to) {
        const Real* vectors[maximumTerms];
        const Real* coefficients[maximumTerms];
        for (std::size_t k = 0; k < count; ++k) {
          vectors[k] = terms[k].vector + from;
          coefficients[k] = terms[k].perElement == nullptr ? spread[k] : terms[k].perElement + (from - row * size);
        }
        perElement[static_cast<std::size_t>(store)](out + from, vectors, coefficients, to - from);
      });
    }
  }
};

}  // namespace

template <typename Real>
void combine(Workspace& workspace, Real* out, const CombineTerm<Real>* terms, std::size_t count, std::size_t rows,
             std::size_t size) {
  bool byRow = false;
  bool byElement = false;
  bool inPlace = false;
  for (std::size_t k = 0; k < count; ++k) {
    byElement |= terms[k].perElement != nullptr;
    byRow |= terms[k].perElement == nullptr && terms[k].perRow != nullptr;
    inPlace |= terms[k].vector == out;
  }
  if (!byRow && !byElement) {
    size *= rows;
    rows = 1;
  }
  const std::size_t total = rows * size;
  if (total == 0) return;
  // An output that is also an input is in the cache already when it is written.
  const bool streaming = !inPlace && hasStreamingStores && total * sizeof(Real) >= workspace.streamingBytes;
  const InstructionSet set = workspace.instructionSet;
  const Combine<Real> job{
      out,
      terms,
      count,
      size,
      streaming,
      {combineUniform<Real>(set, Store::cached, count), combineUniform<Real>(set, Store::streamed, count)},
      {combinePerElement<Real>(set, Store::cached, count), combinePerElement<Real>(set, Store::streamed, count)}};
  inParallel(workspace, total, total * sizeof(Real) * (count + 1), elementGrain,
             [&](std::size_t begin, std::size_t end) {
               inRows(size, begin, end, [&](std::size_t row, std::size_t from, std::size_t to) {
                 if (byElement) {
                   job.perElementRange(row, from, to);
                 } else {
                   job.uniformRange(row, from, to);
                 }
               });
               if (streaming) finishStreaming();
             });
}

template void combine<float>(Workspace&, float*, const CombineTerm<float>*, std::size_t, std::size_t, std::size_t);
template void combine<double>(Workspace&, double*, const CombineTerm<double>*, std::size_t, std::size_t, std::size_t);

}  // namespace quench
