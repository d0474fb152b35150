import type { Denoiser } from "../denoiser/denoiser.js";
import { QuenchError } from "../errors.js";
import { scaledSigma } from "../process/index.js";
import {
  type Grid,
  type GridMaker,
  type GridRequest,
  gaussianScale,
  gridMaker,
  riskCurve,
} from "../schedule/index.js";
import type { SolverChoice } from "./candidate.js";
import type { Subject } from "./subject.js";

export interface Named<Choice> {
  readonly name: string;
  readonly choice: Choice;
}

/** Solvers that are tried. A stochastic one has no trajectory to be compared with, and is not among them. */
export const solverChoices: readonly Named<SolverChoice>[] = [
  ...each("ddim"),
  ...each("dpm-solver++-2m", {}, { correction: "heun" }, { lowerOrderFinal: "last" }),
  ...each("ipndm", {}, { order: 2 }, { order: 3 }, { order: 2, analyticFirstStep: true }),
  ...each("unipc", { order: 2 }, { order: 2, variant: "bh1" }, {}, { lowerOrderFinal: "last" }),
  ...each("dpm-solver++-3m", {}, { lowerOrderFinal: "last" }),
  ...each("deis-tab", {}, { analyticFirstStep: true }),
  ...each("evodiff", {}, { shift: 0.25 }, { shift: 0.75 }, { ratio: "refined" }, { variant: "released" }),
  ...each(
    "re-multi-step",
    {},
    { weight: "unit" },
    { weight: "balanced" },
    { gradient: "mixed", weight: "balanced" },
  ),
  ...each("ipndm-v"),
  ...each("deis-rho-ab"),
  ...each("dpm-solver-2m"),
  ...each("re-2s", {}, { pair: "constant" }, { prediction: "data" }),
  ...each("dpm-solver++-2s"),
  ...each("dpm-solver++-3s"),
  ...each("edm-heun", {}, { analyticFirstStep: true }),
];

function each(name: string, ...options: readonly object[]): Named<SolverChoice>[] {
  return (options.length === 0 ? [{}] : options).map((given) => named({ name, ...given }));
}

/** A solver named by itself and the options it is given. */
export function named(choice: SolverChoice): Named<SolverChoice> {
  const { name, ...options } = choice;
  const given = Object.entries(options).map(([key, value]) => `${key}=${String(value)}`);
  return { name: [name, ...given].join(" "), choice };
}

/** Solvers of two kinds that tell good grids from bad: a short memory in x̂_0, and a longer one in ε̂. */
export const probes: readonly string[] = ["dpm-solver++-2m", "ipndm"];

/** Standard deviation of the data where no risk curve tells it: images in [-1, 1]. */
const usualScale = 0.5;

/**
 * Grids that are tried: between the noisiest level and a last one before zero, by polynomial, log-SNR, arctan and time
 * rules, and those that follow the model's risk. Ranges are in units of the data's standard deviation c.
 */
export function gridChoices({ denoiser, risk }: Subject): Named<GridMaker>[] {
  const { process } = denoiser;
  const scale = risk ? gaussianScale(riskCurve(risk)) : (process.sigmaData ?? usualScale);
  const [from, to] = [process.at(process.tStart), process.at(process.tEnd)].map(scaledSigma) as [
    number,
    number,
  ];
  const starts = [from, 40 * scale].filter((sigma, i) => i === 0 || sigma < 0.7 * from);
  const ends = [0.1, 0.3].map((share) => share * scale).filter((sigma) => sigma > to);
  const risked = risk ? { risk } : {};
  const rules: { name: string; request: { schedule: string } & Record<string, unknown> }[] = [
    { name: "log-snr", request: { schedule: "log-snr" } },
    ...[2, 3.5, 7].map((rho) => ({ name: `edm rho=${rho}`, request: { schedule: "edm", rho } })),
    { name: "gaussian-optimal", request: { schedule: "gaussian-optimal", sigmaData: scale } },
    ...(risk
      ? [
          ...["rescaled-entropic", "spectral-entropic"]
            .filter((schedule) => schedule !== "spectral-entropic" || risk.spectrum)
            .map((schedule) => ({ name: schedule, request: { schedule, ...risked } })),
          ...[0.3, 1, 10].map((axis) => ({
            name: `las axis=${axis}`,
            request: { schedule: "las", axis, ...risked },
          })),
        ]
      : []),
  ];
  const toZero = rules.flatMap((rule) =>
    starts.flatMap((sigmaMax) =>
      ends.map((sigmaMin) => ({
        name: `${rule.name} sigmaMax=${short(sigmaMax)} sigmaMin=${short(sigmaMin)} final=zero`,
        choice: {
          ...rule.request,
          ...(sigmaMax === from ? {} : { sigmaMax }),
          sigmaMin,
          final: "zero",
        } as const,
      })),
    ),
  );
  const whole = [
    ...rules,
    ...["vp", "time-uniform", "time-quadratic"].map((schedule) => ({
      name: schedule,
      request: { schedule },
    })),
  ].flatMap(({ name, request }) =>
    (["min", "zero"] as const).map((final) => ({
      name: `${name} final=${final}`,
      choice: { ...request, final },
    })),
  );
  return [...toZero, ...whole].flatMap(({ name, choice }) => maker(denoiser, name, choice) ?? []);
}

/** The grid's maker, which remembers what it made; undefined for a schedule that this process cannot have. */
export function maker(denoiser: Denoiser, name: string, request: GridRequest): Named<GridMaker> | undefined {
  try {
    const make = gridMaker(denoiser.process, request, "min", denoiser);
    const made = new Map<number, Grid>();
    return {
      name,
      choice: Object.assign(
        (intervals: number) => {
          const grid = made.get(intervals) ?? make(intervals);
          made.set(intervals, grid);
          return grid;
        },
        { toZero: make.toZero },
      ),
    };
  } catch (error) {
    if (error instanceof QuenchError && error.code === "INVALID_ARGUMENT") return undefined;
    throw error;
  }
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
