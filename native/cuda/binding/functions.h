// The functions that addon.cpp registers; lib/device/cuda-binding.ts declares the same list for TypeScript.
//
// A vector is two arguments, memory and its first element; `double` says whether elements are float64 (1) or float32
// (0).
#pragma once

#include "call.h"

namespace quench::cuda::binding {

/// open(): what device it is
napi_value open(Call& call);
/// allocate(bytes): memory
napi_value allocate(Call& call);
/// free(memory)
napi_value free(Call& call);
/// hostBuffer(bytes): ArrayBuffer
napi_value hostBuffer(Call& call);
/// upload(memory, byte, from): a page-locked source must stay as it is until settle()
napi_value upload(Call& call);
/// download(to, memory, byte): neither side may be touched until settle()
napi_value download(Call& call);
/// settle()
napi_value settle(Call& call);
/// transfers(): { milliseconds, uploadedBytes, downloadedBytes }
napi_value transfers(Call& call);

/// combine(double, length, rows, out, c0, v0, c1, v1, ...): c a number, a Float64Array or a vector per element; every
/// coefficient takes two arguments, the second of which is unused but for vectors
napi_value combine(Call& call);
/// gram(double, length, rows, blocked, out: Float64Array, minuend0, subtrahend0, ...): undefined twice for no
/// subtrahend
napi_value gram(Call& call);
/// normals(double, length, out, seeds, samples, stream)
napi_value normals(Call& call);
/// gather(double, size, out, blocks): blocks an array of [memory, first, double, rows, scale], one after the other
napi_value gather(Call& call);
/// scatter(double, size, from, blocks): blocks an array of [memory, first, double, rows], one after the other
napi_value scatter(Call& call);
/// copy(double, length, out, inputDouble, input)
napi_value copy(Call& call);
/// fill(double, length, out, value)
napi_value fill(Call& call);
/// clamp(double, length, out, input, low, high)
napi_value clamp(Call& call);
/// threshold(double, length, out, input, limits)
napi_value threshold(Call& call);
/// absoluteQuantile(double, length, out: Float64Array, v, q)
napi_value absoluteQuantile(Call& call);
/// firstNonFinite(double, length, v): number
napi_value firstNonFinite(Call& call);

}  // namespace quench::cuda::binding
