#include "combine.h"

#include <algorithm>

#include "../kernels/streaming_copy.h"

namespace quench {
namespace {

// Elements per coefficient buffer, and per staged piece of a streamed output: both stay in the first-level cache.
constexpr std::size_t chunk = 512;

template <typename Real>
struct Combine {
  Real* out;
  const CombineTerm<Real>* terms;
  std::size_t count;
  std::size_t size;
  bool streaming;
  CombineUniform<Real> uniform;
  CombinePerElement<Real> perElement;

  /// Calls fill(target, begin, end) for pieces of the range; a streamed piece is formed in the cache and copied past it.
  template <typename Fill>
  void write(std::size_t begin, std::size_t end, const Fill& fill) const {
    if (!streaming) {
      fill(out + begin, begin, end);
      return;
    }
    alignas(64) Real staging[chunk];
    for (std::size_t from = begin; from < end; from += chunk) {
      const std::size_t to = std::min(end, from + chunk);
      fill(staging, from, to);
      streamingCopy(out + from, staging, (to - from) * sizeof(Real));
    }
  }

  Real coefficient(std::size_t term, std::size_t row) const {
    return static_cast<Real>(terms[term].perRow != nullptr ? terms[term].perRow[row] : terms[term].value);
  }

  /// The range lies within one row, and its coefficients are the same throughout.
  void uniformRange(std::size_t row, std::size_t begin, std::size_t end) const {
    Real coefficients[maximumTerms];
    for (std::size_t k = 0; k < count; ++k) coefficients[k] = coefficient(k, row);
    write(begin, end, [&](Real* target, std::size_t from, std::size_t to) {
      const Real* vectors[maximumTerms];
      for (std::size_t k = 0; k < count; ++k) vectors[k] = terms[k].vector + from;
      uniform(target, vectors, coefficients, to - from);
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
      write(piece, std::min(end, piece + chunk), [&](Real* target, std::size_t from, std::size_t to) {
        const Real* vectors[maximumTerms];
        const Real* coefficients[maximumTerms];
        for (std::size_t k = 0; k < count; ++k) {
          vectors[k] = terms[k].vector + from;
          coefficients[k] = terms[k].perElement == nullptr ? spread[k] : terms[k].perElement + (from - row * size);
        }
        perElement(target, vectors, coefficients, to - from);
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
  const bool streaming = !inPlace && hasStreamingStores() && total * sizeof(Real) >= workspace.streamingBytes;
  const Combine<Real> job{out, terms, count, size, streaming, combineUniform<Real>(workspace.instructionSet, count),
                          combinePerElement<Real>(workspace.instructionSet, count)};
  inParallel(workspace, total, total * sizeof(Real) * (count + 1), elementGrain,
             [&](std::size_t begin, std::size_t end) {
    while (begin < end) {
      const std::size_t row = begin / size;
      const std::size_t rowEnd = std::min(end, (row + 1) * size);
      if (byElement) {
        job.perElementRange(row, begin, rowEnd);
      } else {
        job.uniformRange(row, begin, rowEnd);
      }
      begin = rowEnd;
    }
    if (streaming) finishStreaming();
  });
}

template void combine<float>(Workspace&, float*, const CombineTerm<float>*, std::size_t, std::size_t, std::size_t);
template void combine<double>(Workspace&, double*, const CombineTerm<double>*, std::size_t, std::size_t, std::size_t);

}  // namespace quench
