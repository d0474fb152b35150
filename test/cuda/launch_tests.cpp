// The index arithmetic of the CUDA kernels on the host: which thread does what, for any size.
#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <set>
#include <vector>

#include "cuda/bodies/gram.h"
#include "cuda/bodies/normals.h"
#include "cuda/bodies/rows.h"
#include "cuda/launch.h"

namespace {

using namespace quench;
using namespace quench::cuda;

int failures = 0;

void expect(bool good, const char* what, std::uint64_t where) {
  if (good) return;
  ++failures;
  std::printf("FAILED: %s at %llu\n", what, static_cast<unsigned long long>(where));
}

void everyIndexRunsOnce(std::uint64_t total, Shape shape) {
  std::vector<int> runs(total);
  for (std::uint32_t block = 0; block < shape.blocks; ++block) {
    for (std::uint32_t thread = 0; thread < shape.threads; ++thread) {
      runThread({block, thread, shape.blocks, shape.threads}, total, [&](std::uint64_t index) { ++runs[index]; });
    }
  }
  for (std::uint64_t index = 0; index < total; ++index) expect(runs[index] == 1, "an index runs once", index);
}

/// Sizes beyond 32 bits: each thread starts at a place of its own below the stride and goes on by the stride, so no
/// index runs twice; and as many run as there are.
void largeSizesAreCovered(std::uint64_t total) {
  const Shape shape = shapeFor(total);
  std::uint64_t runs = 0;
  std::set<std::uint64_t> firsts;
  for (std::uint32_t block = 0; block < shape.blocks; ++block) {
    for (const std::uint32_t thread : {0U, 1U, shape.threads - 1}) {
      const Place place{block, thread, shape.blocks, shape.threads};
      expect(firstIndex(place) < stride(place), "a thread starts below the stride", firstIndex(place));
      expect(firsts.insert(firstIndex(place)).second, "a thread's start is its own", firstIndex(place));
    }
    const Place first{block, 0, shape.blocks, shape.threads};
    for (std::uint32_t thread = 0; thread < shape.threads; ++thread) {
      const std::uint64_t begin = firstIndex(first) + thread;
      if (begin < total) runs += (total - 1 - begin) / stride(first) + 1;
    }
  }
  expect(runs == total, "as many runs as indices", total);
  // The loop itself, for the very last thread.
  const Place last{shape.blocks - 1, shape.threads - 1, shape.blocks, shape.threads};
  std::uint64_t expected = firstIndex(last);
  std::uint64_t seen = 0;
  runThread(last, total, [&](std::uint64_t index) {
    expect(index == expected, "the loop goes on by the stride", index);
    expected += stride(last);
    seen = index;
  });
  expect(seen < total && total - seen <= stride(last), "the last thread ends in the last round", seen);
}

/// Lanes, pairs and units of gram where their number passes 2^31, against wide arithmetic from the row's side.
void gramPlacesAreRight(std::uint64_t rows, std::uint64_t size, std::uint64_t basis) {
  const GramShape shape = gramShape(size, basis);
  const std::uint64_t total = rows * shape.unitsPerRow * shape.pairs * gramLanes;
  for (const std::uint64_t row : {std::uint64_t{0}, rows / 2, rows - 1}) {
    for (const std::uint64_t unit : {std::uint64_t{0}, shape.unitsPerRow / 2, shape.unitsPerRow - 1}) {
      for (const std::uint64_t pair : {std::uint64_t{0}, shape.pairs - 1}) {
        for (std::uint64_t lane = 0; lane < gramLanes; ++lane) {
          const std::uint64_t index = (((row * shape.unitsPerRow + unit) * shape.pairs) + pair) * gramLanes + lane;
          const GramPlace place = gramPlace(shape, index);
          expect(index < total && place.pair == pair && place.lane == lane, "a place's pair and lane", index);
          expect(place.unit == row * shape.unitsPerRow + unit, "a place's unit", index);
          expect(place.begin == row * size + unit * gramUnit, "a unit's begin", index);
          expect(place.count > 0 && place.count <= gramUnit && place.begin + place.count <= (row + 1) * size,
                 "a unit stays in its row", index);
        }
      }
    }
  }
}

/// Elements first ... first + size - 1 of each row, for rows that begin anywhere in a Philox block and beyond 2^32
/// blocks.
void normalsWriteTheirRows(std::uint64_t first, std::uint64_t size) {
  constexpr std::uint64_t rows = 3;
  const std::uint64_t seeds[rows] = {1, 2, 3};
  const std::uint64_t samples[rows] = {0, 5, 0xFFFFFFFFU};
  std::vector<float> out(rows * size + 1, -99.0F);
  const std::uint64_t blocks = normalBlocks(first, size);
  const Normals<float> body{out.data(), seeds, samples, 7, first, size, blocks};
  for (std::uint64_t index = 0; index < rows * blocks; ++index) body(index);
  for (std::uint64_t i = 0; i < rows * size; ++i) {
    const std::uint64_t element = first + i % size;
    const NormalsPlace place{seeds[i / size], 7, static_cast<std::uint32_t>(samples[i / size])};
    const PhiloxCounter words = normalWords(place, keyOf(place), static_cast<std::uint32_t>(element / 4),
                                            static_cast<std::uint32_t>(element / 4 >> 32));
    const std::size_t half = element % 4 / 2 * 2;
    const NormalPair<float> pair = normalPair<float>(words.word[half], words.word[half + 1]);
    expect(out[i] == (element % 2 == 0 ? pair.first : pair.second), "a normal stands in its place", i);
  }
  expect(out[rows * size] == -99.0F, "nothing beyond the rows", size);
}

/// Rows of either precision that begin anywhere, one launch for all: each element from and to its place, no other
/// touched.
void rowsComeFromAnywhere(std::uint64_t count, std::uint64_t size) {
  std::vector<float> singles(2 * count * size + 7);
  std::vector<double> doubles(2 * count * size + 7);
  for (std::size_t i = 0; i < singles.size(); ++i) {
    singles[i] = static_cast<float>(i);
    doubles[i] = -static_cast<double>(i);
  }
  const auto isDouble = [](std::uint64_t row) { return row % 3 == 1; };
  // Backwards, every row beginning an odd number of elements further on.
  const auto begin = [&](std::uint64_t row) { return (count - 1 - row) * (2 * size) + 1 + row % 3; };
  std::vector<SourceRow<float>> sources;
  for (std::uint64_t row = 0; row < count; ++row) {
    const void* data = isDouble(row) ? static_cast<const void*>(&doubles[begin(row)]) : &singles[begin(row)];
    sources.push_back({data, row % 2 == 0 ? 1.0F : 0.5F, isDouble(row)});
  }
  std::vector<float> out(count * size + 1, -99.0F);
  const GatherRows<float> gather{out.data(), sources.data(), size};
  for (std::uint64_t index = 0; index < count * size; ++index) gather(index);
  for (std::uint64_t index = 0; index < count * size; ++index) {
    const std::uint64_t row = index / size;
    const auto from = static_cast<float>(begin(row) + index % size) * (isDouble(row) ? -1.0F : 1.0F);
    expect(out[index] == from * (row % 2 == 0 ? 1.0F : 0.5F), "a row is gathered from its place", index);
  }
  expect(out[count * size] == -99.0F, "nothing beyond the gathered rows", size);

  std::fill(singles.begin(), singles.end(), -1.0F);
  std::fill(doubles.begin(), doubles.end(), -1.0);
  std::vector<TargetRow> targets;
  for (std::uint64_t row = 0; row < count; ++row) {
    void* data = isDouble(row) ? static_cast<void*>(&doubles[begin(row)]) : &singles[begin(row)];
    targets.push_back({data, isDouble(row)});
  }
  for (std::uint64_t index = 0; index < count * size; ++index) out[index] = static_cast<float>(index);
  const ScatterRows<float> scatter{out.data(), targets.data(), size};
  for (std::uint64_t index = 0; index < count * size; ++index) scatter(index);
  std::uint64_t written = 0;
  for (std::uint64_t row = 0; row < count; ++row) {
    for (std::uint64_t column = 0; column < size; ++column) {
      const std::uint64_t at = begin(row) + column;
      const double found = isDouble(row) ? doubles[at] : static_cast<double>(singles[at]);
      expect(found == static_cast<double>(row * size + column), "a row is scattered to its place", at);
    }
  }
  for (const float value : singles) written += value != -1.0F;
  for (const double value : doubles) written += value != -1.0;
  expect(written == count * size, "nothing beside the scattered rows", size);
}

/// The same where the rows' elements pass 2^31, in address space of which only the pages that are touched exist.
void rowsBeyondThirtyTwoBits() {
  constexpr std::uint64_t count = 3;
  constexpr std::uint64_t size = (std::uint64_t{1} << 30) + 7;
  constexpr std::size_t bytes = (count * size + 1024) * sizeof(float);
  void* reserved = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  expect(reserved != MAP_FAILED, "address space is reserved", bytes);
  if (reserved == MAP_FAILED) return;
  auto* many = static_cast<float*>(reserved);
  for (const std::uint64_t row : {std::uint64_t{0}, std::uint64_t{1}, count - 1}) {
    for (const std::uint64_t column : {std::uint64_t{0}, std::uint64_t{1}, size / 2, size - 1}) {
      const std::uint64_t index = row * size + column;
      float here = static_cast<float>(row * 10 + 1);
      // A row that would begin `column` elements before `here`: only that element of it is looked at.
      void* data = reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(&here) - column * sizeof(float));
      SourceRow<float> sources[count] = {};
      sources[row] = {data, 2.0F, false};
      GatherRows<float>{many, sources, size}(index);
      expect(many[index] == 2.0F * here, "an element far away is gathered", index);
      TargetRow targets[count] = {};
      targets[row] = {data, false};
      here = 0;
      ScatterRows<float>{many, targets, size}(index);
      expect(here == static_cast<float>(2 * (row * 10 + 1)), "an element far away is scattered", index);
    }
  }
  munmap(reserved, bytes);
}

void treesTakeEveryUnitOnce() {
  for (std::uint64_t units = 1; units < 70; ++units) {
    constexpr std::uint64_t rows = 2;
    std::vector<double> sums(rows * units, 1.0);
    for (std::uint64_t distance = 1; distance < units; distance *= 2) {
      const GramTree level{sums.data(), units, 1, distance};
      for (std::uint64_t index = 0; index < rows * level.takers(); ++index) level(index);
    }
    for (std::uint64_t row = 0; row < rows; ++row) {
      expect(sums[row * units] == static_cast<double>(units), "a tree adds every unit", units);
    }
  }
}

}  // namespace

int main() {
  for (const std::uint64_t total : {1U, 2U, 255U, 256U, 257U, 1000U, 65537U}) {
    everyIndexRunsOnce(total, shapeFor(total));
    everyIndexRunsOnce(total, {1, 1});
    everyIndexRunsOnce(total, {3, 32});
  }
  everyIndexRunsOnce(std::uint64_t{maximumBlocks} * threadsPerBlock + 3, shapeFor(std::uint64_t{1} << 40));
  for (const std::uint64_t total : {(std::uint64_t{1} << 31) - 1, (std::uint64_t{1} << 31) + 5,
                                    (std::uint64_t{1} << 32) + 1, (std::uint64_t{1} << 36) + 12345}) {
    largeSizesAreCovered(total);
  }
  gramPlacesAreRight(1, 1, 1);
  gramPlacesAreRight(5, 8193, 3);
  gramPlacesAreRight(4097, (std::uint64_t{1} << 20) + 3, 6);
  gramPlacesAreRight(1, (std::uint64_t{1} << 33) + 1, 4);
  for (const std::uint64_t first :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{3}, (std::uint64_t{1} << 34) + 2}) {
    for (const std::uint64_t size : {1U, 2U, 3U, 4U, 5U, 9U, 1023U}) normalsWriteTheirRows(first, size);
  }
  for (const std::uint64_t count : {1U, 2U, 7U, 33U}) {
    for (const std::uint64_t size : {1U, 3U, 255U, 784U}) rowsComeFromAnywhere(count, size);
  }
  rowsBeyondThirtyTwoBits();
  treesTakeEveryUnitOnce();
  std::printf(failures == 0 ? "launch tests passed\n" : "%d launch tests failed\n", failures);
  return failures == 0 ? 0 : 1;
}
