import { functionDenoiser, type SampleRequest, sample } from "../../../lib/index.js";
import { normals } from "../../../lib/native/index.js";
import { edm } from "../../../lib/process/index.js";

export const channels = 2;
export const size = 64;

export interface Script {
  readonly x: Float64Array;
  readonly predictions: readonly Float64Array[];
}

/** Standard normals, the same every time. */
function draw(seed: number, stream: number): Float64Array {
  const out = new Float64Array(size);
  normals(out, new BigUint64Array([BigInt(seed)]), new BigUint64Array([0n]), stream);
  return out;
}

/**
 * A start and a prediction for every call, whatever the state: independent ones, or a common part and differences of
 * relative size `difference`, as float32 holds them where asked.
 */
export function script(
  seed: number,
  calls: number,
  difference: number | "independent",
  dtype: "float32" | "float64",
): Script {
  const round = dtype === "float32" ? Math.fround : (value: number) => value;
  const common = draw(seed, 1000);
  return {
    x: draw(seed, 2000).map((value) => round(80 * value)),
    predictions: Array.from({ length: calls }, (_, k) =>
      draw(seed, k).map((z, i) => round(difference === "independent" ? z : common[i]! + difference * z)),
    ),
  };
}

/** Runs a solver against a script on the EDM process. */
export async function play(
  { x, predictions }: Script,
  request: Pick<SampleRequest, "solver" | "grid" | "dtype" | "steps" | "onStep">,
) {
  let call = 0;
  const denoiser = functionDenoiser({
    process: edm(),
    prediction: "sample",
    shape: [channels, size / channels],
    evaluate: () => predictions[call++]!,
  });
  return sample(denoiser, { count: 1, initial: x, ...request });
}
