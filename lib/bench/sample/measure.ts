import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Model } from "../../denoiser/index.js";
import { sessionOf } from "../../denoiser/onnx-sessions.js";
import { type SampleRequest, type Samples, sample } from "../../engine/index.js";
import { encodePng, imageGrid, writeFileAtomic, writeNpy } from "../../io/index.js";
import { median, type Spread, spreadOf } from "../spread.js";
import { type BareLoop, callsOfDraw } from "./bare-loop.js";
import { type Around, measureAround } from "./clocked.js";

/** Draws of one size beside a bare loop of the same model calls: one draw's, with its inputs. */
export interface SampleFigures {
  readonly solver: string;
  readonly batch: number;
  readonly calls: number;
  readonly pairs: number;
  /** Milliseconds of a draw, from the request to the samples. */
  readonly draw: Spread;
  readonly bare: Spread;
  /** Where a draw's milliseconds go: medians. `solver` is all that is not the model or noise. */
  readonly parts: Readonly<Record<"model" | "solver" | "noise", number>>;
  readonly around: Around;
  /** Milliseconds of writing the samples, which is not part of a draw: an array, and one picture. */
  readonly write: Readonly<Record<"npy" | "png", number>>;
  /** Draw over bare loop, of each pair. */
  readonly overBare: Spread;
  /** The same of the first draws of all, while JavaScript is being compiled. */
  readonly firstOverBare: Spread;
}

/** Draws that say what is around model calls, where there are as many pairs: now and then one waits for its core. */
const leastWatched = 10;

/** First draws, reported by themselves. */
const first = 5;

/**
 * @param pairs draws, each with half of its bare loop before it and half after: a machine's drift falls on both
 * @param warming milliseconds of draws before, which are not measured
 */
export async function measureSample(
  model: Model,
  bare: BareLoop,
  request: SampleRequest & { readonly solver: string; readonly count: number },
  pairs: number,
  warming: number,
): Promise<SampleFigures> {
  const { solver, count } = request;
  const calls = await callsOfDraw(model, request);
  const half = Math.ceil(calls.length / 2);
  const [before, after] = [calls.slice(0, half), calls.slice(half)];
  await bare(before);
  const measure = async (times: number) => {
    const [draws, loops, drawn]: [number[], number[], Samples[]] = [[], [], []];
    for (let pair = 0; pair < times; pair++) {
      const early = await bare(before);
      const begun = performance.now();
      drawn.push(await sample(model, { ...request, seed: pair }));
      draws.push(performance.now() - begun);
      loops.push(early + (await bare(after)));
    }
    return { draws, loops, drawn, over: spreadOf(draws.map((milliseconds, i) => milliseconds / loops[i]!)) };
  };
  const { over: firstOverBare } = await measure(Math.min(first, pairs));
  for (const begun = performance.now(); performance.now() - begun < warming; ) await sample(model, request);
  const { draws, loops, drawn, over: overBare } = await measure(pairs);
  const watched = Math.max(Math.min(leastWatched, pairs), Math.ceil(pairs / 4));
  const around = await measureAround(model, sessionOf(model)!, request, watched);
  const share = (of: "model" | "noise") => median(drawn.map(({ timings }) => timings[of]));
  return {
    solver,
    batch: count,
    calls: calls.length,
    pairs,
    draw: spreadOf(draws),
    bare: spreadOf(loops),
    parts: {
      model: share("model"),
      solver: median(drawn.map(({ timings: { model, noise } }, i) => draws[i]! - model - noise)),
      noise: share("noise"),
    },
    around,
    write: await measureWriting(model, drawn[0]!),
    overBare,
    firstOverBare,
  };
}

async function measureWriting(model: Model, { data, shape }: Samples): Promise<SampleFigures["write"]> {
  const folder = await mkdtemp(join(tmpdir(), "quench-bench-"));
  const timed = async (work: () => Promise<void>) => {
    const times: number[] = [];
    for (let i = 0; i < 5; i++) {
      const begun = performance.now();
      await work();
      times.push(performance.now() - begun);
    }
    return median(times);
  };
  try {
    return {
      npy: await timed(() => writeNpy(join(folder, "samples.npy"), { data, shape })),
      png: await timed(async () => {
        const picture = imageGrid(data, shape.slice(1), model.valueRange);
        await writeFileAtomic(join(folder, "samples.png"), encodePng(picture));
      }),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
