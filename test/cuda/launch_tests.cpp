// The index arithmetic of the CUDA kernels on the host: which thread does what, for any size.
#include <cstdint>
#include <cstdio>
#include <set>
#include <vector>

#include "cuda/bodies/gram.h"
#include "cuda/bodies/normals.h"
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

/// Elements first ... first + size - 1 of each row, for rows that begin anywhere in a Philox block and beyond 2^32 blocks.
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
  for (const std::uint64_t first : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{3}, (std::uint64_t{1} << 34) + 2}) {
    for (const std::uint64_t size : {1U, 2U, 3U, 4U, 5U, 9U, 1023U}) normalsWriteTheirRows(first, size);
  }
  treesTakeEveryUnitOnce();
  std::printf(failures == 0 ? "launch tests passed\n" : "%d launch tests failed\n", failures);
  return failures == 0 ? 0 : 1;
}
