// IEEE binary16 to float32 and back, in integer arithmetic: the same bits with and without F16C.
#pragma once

#include <cstddef>
#include <cstdint>

#include "instruction_set.h"

namespace quench {

using HalfToFloat = void (*)(float* out, const std::uint16_t* input, std::size_t count);
using FloatToHalf = void (*)(std::uint16_t* out, const float* input, std::size_t count);

HalfToFloat halfToFloatKernel(InstructionSet set);

/// Rounds to nearest, ties to even; overflows to infinity; NaN stays a quiet NaN with its upper payload bits.
FloatToHalf floatToHalfKernel(InstructionSet set);

}  // namespace quench
