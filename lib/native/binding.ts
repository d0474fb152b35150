// The native functions as native/binding/addon.cpp registers them; index.ts is the surface for the rest.

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { QuenchError } from "../errors.js";

type Vector = Float32Array | Float64Array;

/** Of functions whose arguments follow one another in groups. null is refused where undefined may stand. */
export type Argument = number | Vector | null | undefined;

type ScheduleSearch = [
  method: 0 | 1 | 2 | 3,
  risk: Float64Array,
  axis: Float64Array,
  logSnr: Float64Array,
  steps: number,
  smoothness: number,
  exponent: number,
  width: number,
  radius: number,
  globals: number,
];

export interface Binding {
  combine(out: Vector, rows: number, perElementMask: number, ...coefficientsAndVectors: Argument[]): void;
  combineInTurn(...checkedAndCombinations: Argument[]): number;
  gram(out: Float64Array, rows: number, blocked: 0 | 1, ...minuendsAndSubtrahends: Argument[]): void;
  correctInTurn(
    rows: number,
    blocked: 0 | 1,
    elements: number,
    ...basisDecisionsAndCombinations: Argument[]
  ): number;
  decide(rows: number, products: Float64Array, ...decision: Argument[]): void;
  roundTogether(coefficients: Float64Array, alpha: number, sigma: number): void;
  normals(
    out: Vector,
    seeds: BigUint64Array,
    samples: BigUint64Array,
    stream: number,
    elementOffset: number,
  ): void;
  seedTorchGenerators(generators: Uint32Array, seeds: BigUint64Array): void;
  torchNormals(out: Float32Array, generators: Uint32Array): void;
  clamp(out: Vector, input: Vector, low: number, high: number): void;
  threshold(out: Vector, input: Vector, limits: Float64Array): void;
  absoluteQuantile(out: Float64Array, v: Vector, q: number, rows: number): void;
  scaledErrors(
    out: Float64Array,
    higher: Vector,
    lower: Vector,
    before: Vector,
    absolute: number,
    relative: number,
  ): void;
  firstNonFinite(v: Vector): number;
  halfToFloat(out: Float32Array, input: Uint16Array): void;
  floatToHalf(out: Uint16Array, input: Float32Array): void;
  searchSchedule(...problem: ScheduleSearch): {
    path: Promise<{ objective: number; nodes: Uint32Array }>;
    cancel(): void;
  };
  searchScheduleNow(...problem: ScheduleSearch): { objective: number; nodes: Uint32Array };
  scheduleSearchBytes(method: 0 | 1 | 2 | 3, candidates: number, steps: number, width: number): number;
  addMoments(mean: Float64Array, products: Float64Array, rows: Vector, before: number): void;
  innerProducts(out: Float64Array, a: Vector, b: Vector, dimension: number): void;
  rootTrace(a: Float64Array, b: Float64Array, dimension: number): Promise<Float64Array>;
  distancesWithout(
    rows: Float64Array,
    gap: Float64Array,
    covariance: Float64Array,
    group: Uint32Array,
    groups: number,
  ): Promise<Float64Array>;
  alignment(buffer: ArrayBuffer): number;
  memoryLimit(limit: number, out: Vector, ...inputs: Vector[]): void;
  setThreads(n: number): void;
  setInstructionSet(name: string): void;
  setStreamingBytes(bytes: number): void;
  info(): {
    instructionSets: string[];
    instructionSet: string;
    threads: number;
    streamingBytes: number;
    compiler: string;
    version: string;
  };
  callCounts(): Record<string, number>;
  resetCallCounts(): void;
}

/** The same from lib/native/ and from dist/native/. */
const packageRoot = fileURLToPath(new URL("../..", import.meta.url));

/** @throws QuenchError NATIVE where the addon can be found or loaded nowhere: at import */
function load(): Binding {
  const require = createRequire(import.meta.url);
  try {
    const loadFrom = require("node-gyp-build") as (root: string) => Binding;
    return loadFrom(packageRoot);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.trim() : String(cause);
    throw new QuenchError(
      "NATIVE",
      [
        `The native addon of quench could not be loaded on ${process.platform}-${process.arch}, Node.js ${process.version}:`,
        `  ${reason.split("\n").join("\n  ")}`,
        "What helps:",
        "  - installed with --ignore-scripts, or by pnpm without approving the build? Run: npm rebuild quench",
        "  - no prebuild for this platform? Install python3, make and a C++20 compiler, then: npm rebuild quench",
        "  - working in a clone? Run: npm run build:native",
        "  - node_modules copied from another system or processor? Install again here: npm ci",
        `The package lies in ${packageRoot}`,
      ].join("\n"),
      { cause },
    );
  }
}

export const binding = load();
