// The functions that addon.cpp registers; lib/native/binding.ts declares the same list for TypeScript.
#pragma once

#include "call.h"

namespace quench::binding {

/// combine(out, rows, perElementMask, c0, v0, c1, v1, ...)
napi_value combine(Call& call);
/// combineInTurn(checked | undefined, [out, rows, perElementMask, terms, c0, v0, c1, v1, ...]...): number
napi_value combineInTurn(Call& call);
/// gram(out, rows, blocked, minuend0, subtrahend0 | undefined, ...)
napi_value gram(Call& call);
/// correctInTurn(rows, blocked, elements, minuend0, subtrahend0 | undefined, ..., decisions,
/// [formula, constants, kept, coefficients, measured]..., before, checked | undefined,
/// [out, rows, perElementMask, terms, c0, v0, c1, v1, ...]...): number
napi_value correctInTurn(Call& call);
/// decide(rows, products, formula, constants, kept, coefficients, measured)
napi_value decide(Call& call);
/// roundTogether(coefficients, alpha, sigma)
napi_value roundTogether(Call& call);
/// normals(out, seeds, samples, stream, elementOffset)
napi_value normals(Call& call);
/// seedTorchGenerators(generators, seeds)
napi_value seedTorchGenerators(Call& call);
/// torchNormals(out, generators)
napi_value torchNormals(Call& call);
/// clamp(out, input, low, high)
napi_value clamp(Call& call);
/// threshold(out, input, limits)
napi_value threshold(Call& call);
/// absoluteQuantile(out, v, q, rows)
napi_value absoluteQuantile(Call& call);
/// scaledErrors(out, higher, lower, before, absolute, relative)
napi_value scaledErrors(Call& call);
/// firstNonFinite(v): number
napi_value firstNonFinite(Call& call);
/// halfToFloat(out, input)
napi_value halfToFloat(Call& call);
/// floatToHalf(out, input)
napi_value floatToHalf(Call& call);

/// searchSchedule(method, risk, axis, logSnr, steps, smoothness, exponent, width, radius, globals):
/// { path: promise, cancel: function }
napi_value searchSchedule(Call& call);
/// searchScheduleNow(method, risk, axis, logSnr, steps, smoothness, exponent, width, radius, globals): object
napi_value searchScheduleNow(Call& call);
/// scheduleSearchBytes(method, candidates, steps, width): number
napi_value scheduleSearchBytes(Call& call);

/// addMoments(mean, products, rows, before)
napi_value addMoments(Call& call);
/// innerProducts(out, a, b, dimension)
napi_value innerProducts(Call& call);
/// rootTrace(a, b, dimension): promise
napi_value rootTrace(Call& call);
/// distancesWithout(rows, gap, covariance, group, groups): promise
napi_value distancesWithout(Call& call);
/// alignment(buffer): number
napi_value alignment(Call& call);
/// memoryLimit(limit, out, input0, ...)
napi_value memoryLimit(Call& call);

/// setThreads(n)
napi_value setThreads(Call& call);
/// setInstructionSet(name)
napi_value setInstructionSet(Call& call);
/// setStreamingBytes(bytes)
napi_value setStreamingBytes(Call& call);
/// info(): object
napi_value info(Call& call);
/// callCounts(): object
napi_value callCounts(Call& call);
/// resetCallCounts()
napi_value resetCallCounts(Call& call);

}  // namespace quench::binding
