import { nativeInfo, setThreads } from "../../native/index.js";
import { findSolver, solvers } from "../../solver/index.js";
import { atMost, type Goal } from "../goals.js";
import { stepCase } from "./case.js";
import { stepWorld } from "./draws.js";
import { freeModel } from "./free-model.js";
import { measureStep, type StepFigures, wholeRatio } from "./measure.js";

export interface StepBenchOptions {
  /** Names; default all that are registered. */
  readonly solvers?: readonly string[];
  /** Rows and shape of a sample. */
  readonly shapes: readonly (readonly number[])[];
  readonly steps: number;
  readonly rounds: number;
  readonly threads: number;
  readonly onNote?: (note: string) => void;
}

export interface StepBench {
  readonly bench: "step";
  readonly options: Omit<StepBenchOptions, "onNote">;
  readonly shapes: readonly ShapeFigures[];
  readonly goals: readonly Goal[];
}

export interface ShapeFigures {
  readonly shape: readonly number[];
  /** Of their steps without the model, engine included, taking turns. */
  readonly evodiffOverDdim?: number;
  readonly rows: readonly (StepFigures & { readonly perSample: boolean })[];
}

/** Every solver's step without the model, beside loops that do as little to as many vectors. */
export async function stepBench({ onNote = () => {}, ...options }: StepBenchOptions): Promise<StepBench> {
  const names = options.solvers ?? [...solvers.keys()];
  const threadsBefore = nativeInfo().threads;
  setThreads(options.threads);
  try {
    const shapes: ShapeFigures[] = [];
    for (const shape of options.shapes) {
      const [rows, ...sample] = shape;
      const denoiser = freeModel(sample);
      const measured: ShapeFigures["rows"][number][] = [];
      for (const name of names) {
        const asked = stepCase(denoiser, findSolver(name), rows!, options.steps);
        const figures = await measureStep(stepWorld(denoiser), asked, options.rounds);
        measured.push({ ...figures, perSample: asked.perSample });
        onNote(`${shape.join("x")} ${name}: ${figures.overBytes.median.toFixed(2)} of its bytes' time`);
      }
      const pair = ["evodiff", "ddim"];
      if (!pair.every((name) => names.includes(name))) {
        shapes.push({ shape, rows: measured });
        continue;
      }
      const [of, over] = pair.map((name) => stepCase(denoiser, findSolver(name), rows!, options.steps));
      const ratio = await wholeRatio(stepWorld(denoiser), of!, over!, options.rounds);
      shapes.push({ shape, rows: measured, evodiffOverDdim: ratio });
    }
    return { bench: "step", options, shapes, goals: shapes.flatMap(goalsOf) };
  } finally {
    setThreads(threadsBefore);
  }
}

function goalsOf({ shape, rows, evodiffOverDdim }: ShapeFigures): Goal[] {
  const size = shape.join("x");
  const slowest = (perSample: boolean, name: string): Goal[] => {
    const some = rows.filter((row) => row.perSample === perSample);
    if (some.length === 0) return [];
    return [atMost(`${size}: ${name}`, Math.max(...some.map(({ overBytes }) => overBytes.median)), 1.3)];
  };
  return [
    ...slowest(false, "slowest solver over the time of its bytes"),
    ...slowest(true, "slowest solver that runs sample by sample over the time of its bytes"),
    ...(evodiffOverDdim === undefined
      ? []
      : [atMost(`${size}: EVODiff's step without the model over DDIM's`, evodiffOverDdim, 2.5)]),
    atMost(
      `${size}: vectors allocated by warm runs`,
      Math.max(...rows.map(({ allocations }) => allocations)),
      0,
    ),
  ];
}
