// What one loaded copy of the addon owns: one per environment (main thread or worker), never shared.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "../operations/workspace.h"

namespace quench::binding {

enum class Operation {
  combine,
  gram,
  normals,
  torchNormals,
  clamp,
  absoluteQuantile,
  threshold,
  scaledErrors,
  firstNonFinite,
  halfToFloat,
  floatToHalf
};

inline constexpr std::array<std::string_view, 11> operationNames{
    "combine",   "gram",         "normals",        "torchNormals", "clamp",      "absoluteQuantile",
    "threshold", "scaledErrors", "firstNonFinite", "halfToFloat",  "floatToHalf"};

struct Instance {
  Workspace workspace;
  std::array<std::uint64_t, operationNames.size()> calls{};

  void count(Operation operation) { ++calls[static_cast<std::size_t>(operation)]; }
};

}  // namespace quench::binding
