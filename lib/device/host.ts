import type { Vector as HostVector } from "../native/index.js";
import * as native from "../native/index.js";
import { requireLength } from "./arguments.js";
import type { Backend, BasisElement, Combination, Dtype, Term, Vector } from "./backend.js";

/** Whether a vector is a typed array. */
export function isHostVector(vector: Vector): vector is HostVector {
  return ArrayBuffer.isView(vector);
}

export function hostDtype(vector: HostVector): Dtype {
  return vector instanceof Float32Array ? "float32" : "float64";
}

function onHost(vector: Vector): HostVector {
  if (!isHostVector(vector)) throw new TypeError("Expected a typed array: this vector lives on a device");
  return vector;
}

function onHostTerms(terms: readonly Term[]): readonly native.Term[] {
  for (const [, vector] of terms) onHost(vector);
  return terms as readonly native.Term[];
}

function onHostCombinations(combinations: readonly Combination[]): readonly native.Combination[] {
  for (const { out, terms } of combinations) {
    onHost(out);
    onHostTerms(terms);
  }
  return combinations as readonly native.Combination[];
}

/** Making a view takes as long as combining a small sample: none is made of a whole. */
function partOf(vector: HostVector, begin: number, end: number): HostVector {
  return begin === 0 && end === vector.length ? vector : vector.subarray(begin, end);
}

function isSingle([first]: readonly BasisElement[]): boolean {
  return (Array.isArray(first) ? first[0] : first) instanceof Float32Array;
}

/** The CPU: vectors are typed arrays, operations are the native kernels. */
export const hostBackend: Backend = {
  device: "cpu",
  allocate: native.alignedVector,
  free: () => {},
  part: (vector, begin, end) => partOf(onHost(vector), begin, end),

  combine: (out, terms, rows) => native.combine(onHost(out), onHostTerms(terms), rows),
  fitsInTurn: native.fitsInTurn,
  combineInTurn: (combinations, checked) =>
    native.combineInTurn(onHostCombinations(combinations), checked && onHost(checked)),
  gram: (out, basis, rows, accumulate) =>
    native.gram(out, basis as readonly native.BasisElement[], rows, isSingle(basis) ? accumulate : "float64"),
  fitsCorrection: native.fitsCorrection,
  correctInTurn({ before, checked, measure, decisions, after }) {
    const basis = measure?.basis ?? [];
    return native.correctInTurn({
      before: onHostCombinations(before),
      checked: checked && onHost(checked),
      basis: basis as readonly native.BasisElement[],
      accumulate: measure && isSingle(basis) ? measure.accumulate : "float64",
      decisions,
      after: onHostCombinations(after),
    });
  },
  normals: (out, seeds, samples, stream) => native.normals(onHost(out), seeds, samples, stream),
  copy: (out, input) => onHost(out).set(onHost(input)),
  fill: (out, value) => void onHost(out).fill(value),
  clamp: (out, input, low, high) => native.clamp(onHost(out), onHost(input), low, high),
  threshold: (out, input, limits) => native.threshold(onHost(out), onHost(input), limits),
  absoluteQuantile: (out, vector, q, rows) => native.absoluteQuantile(out, onHost(vector), q, rows),
  scaledErrors: (out, higher, lower, before, tolerance) =>
    native.scaledErrors(out, onHost(higher), onHost(lower), onHost(before), tolerance),
  firstNonFinite: (vector) => native.firstNonFinite(onHost(vector)),

  upload(out, values) {
    requireLength(values, out.length);
    onHost(out).set(values);
  },
  read: onHost,

  hostBuffer: (bytes) => new ArrayBuffer(bytes),
  gather(place, size, sources) {
    for (const { source, row, scale } of sources) {
      const from = onHost(source);
      const out = partOf(place, row * size, row * size + from.length);
      if (hostDtype(out) === hostDtype(from)) {
        if (scale === 1) out.set(from);
        else native.combine(out, [[scale, from]]);
      } else {
        out.set(from);
        if (scale !== 1) native.combine(out, [[scale, out]]);
      }
    }
  },
  scatter(emitted, size, targets) {
    for (const { target, row } of targets)
      onHost(target).set(emitted.subarray(row * size, row * size + target.length));
  },
  settle: () => {},
  transferMilliseconds: 0,
};
