#include "product.h"

#include <algorithm>

#include "../kernels/product.h"

namespace quench::statistics {
namespace {

/// Of a panel of 16 columns this depth fills two thirds of a first-level cache.
constexpr std::size_t depthBlock = 256;

/// Panels of `width` columns, element (k, i) of a panel at k * width + i, filled up with zeros.
template <std::size_t width, typename Real>
void pack(std::vector<double>& packed, const Columns<Real>& from, std::size_t begin, std::size_t depth) {
  const std::size_t panels = (from.count + width - 1) / width;
  packed.assign(panels * depth * width, 0.0);
  for (std::size_t panel = 0; panel < panels; ++panel) {
    double* to = packed.data() + panel * depth * width;
    const std::size_t columns = std::min(width, from.count - panel * width);
    const Real* first = from.data + panel * width * from.step + begin * from.depthStep;
    for (std::size_t k = 0; k < depth; ++k) {
      for (std::size_t i = 0; i < columns; ++i) {
        to[k * width + i] = static_cast<double>(first[k * from.depthStep + i * from.step]);
      }
    }
  }
}

}  // namespace

template <typename Real>
void addProduct(InstructionSet set, ThreadPool& threads, double* out, const Columns<Real>& a, const Columns<Real>& b,
                std::size_t depth, Part part) {
  const TileProduct tile = tileProductKernel(set);
  const std::size_t rowPanels = (a.count + tileRows - 1) / tileRows;
  const std::size_t columnPanels = (b.count + tileColumns - 1) / tileColumns;
  std::vector<double> left;
  std::vector<double> right;
  for (std::size_t begin = 0; begin < depth; begin += depthBlock) {
    const std::size_t length = std::min(depthBlock, depth - begin);
    pack<tileRows>(left, a, begin, length);
    pack<tileColumns>(right, b, begin, length);
    threads.run(columnPanels, [&](std::size_t columnPanel) {
      const std::size_t column = columnPanel * tileColumns;
      const std::size_t columns = std::min(tileColumns, b.count - column);
      const double* rightPanel = right.data() + column * length;
      for (std::size_t rowPanel = 0; rowPanel < rowPanels; ++rowPanel) {
        const std::size_t row = rowPanel * tileRows;
        if (part == Part::upperTriangle && row >= column + columns) break;
        tile(out + row * b.count + column, b.count, left.data() + row * length, rightPanel, length,
             std::min(tileRows, a.count - row), columns);
      }
    });
  }
}

template void addProduct<float>(InstructionSet, ThreadPool&, double*, const Columns<float>&, const Columns<float>&,
                                std::size_t, Part);
template void addProduct<double>(InstructionSet, ThreadPool&, double*, const Columns<double>&, const Columns<double>&,
                                 std::size_t, Part);

}  // namespace quench::statistics
