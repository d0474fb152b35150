import { nativeInfo, setInstructionSet, setThreads } from "../../native/index.js";
import { atLeast, atMost, type Goal } from "../goals.js";
import { type Machine, machine } from "../machine.js";
import { median } from "../spread.js";
import { armsFor, type Dtype, type Kernel, type MeasuredArm, type Vectors, vectorsOf } from "./arms.js";
import { callMicroseconds } from "./calls.js";
import { interleaved, type Rounds } from "./interleaved.js";

/** A working set: all vectors of a call together. */
export interface WorkingSet {
  readonly name: string;
  readonly bytes: number;
}

export interface KernelsBenchOptions {
  readonly threads: readonly number[];
  readonly sizes: readonly WorkingSet[];
  /** Of which the medians are taken; three times as many where the working set fits the last cache. */
  readonly rounds: number;
  readonly onNote?: (note: string) => void;
}

/** A kernel or a limit under one setting; medians. Bytes are those that must move, each vector read or written once. */
export interface KernelsRow {
  readonly what: MeasuredArm["what"];
  readonly inputs: number;
  readonly dtype: Dtype;
  readonly size: string;
  readonly threads: number;
  readonly elements: number;
  readonly nanosecondsPerElement: number;
  readonly gigabytesPerSecond: number;
  /** The loop that a kernel is held against, and how much of its bandwidth the kernel has: median over the rounds. */
  readonly limit?: { readonly loop: string; readonly ratio: number };
}

export interface KernelsBench {
  readonly bench: "kernels";
  readonly machine: Machine;
  readonly options: Omit<KernelsBenchOptions, "onNote">;
  readonly rows: readonly KernelsRow[];
  /** Nanoseconds per float32 normal on one thread, by instruction set. */
  readonly normals: Readonly<Record<string, number>>;
  readonly callMicroseconds: Readonly<Record<string, number>>;
  readonly goals: readonly Goal[];
}

const inputCounts = [1, 2, 3, 4, 5, 6];

/** A working set for the middle of each level of memory. */
export function workingSets(): WorkingSet[] {
  const { l2 = 2 ** 20, l3 = 2 ** 25 } = machine().caches;
  // Six inputs and an output, of which the output alone is larger than the last cache and written past it.
  const beyond = Math.max(2 ** 28, 8 * nativeInfo().streamingBytes);
  return [
    { name: "L2", bytes: l2 / 2 },
    { name: "L3", bytes: l3 / 2 },
    { name: "DRAM", bytes: beyond },
  ];
}

export function kernelsBench({ onNote = () => {}, ...options }: KernelsBenchOptions): KernelsBench {
  const before = nativeInfo().threads;
  try {
    const rows = options.sizes.flatMap((size) =>
      (["float32", "float64"] as const).flatMap((dtype) =>
        inputCounts.flatMap((inputs) => {
          onNote(`${size.name}, ${dtype}, ${inputs} inputs`);
          const vectors = vectorsOf(dtype, inputs, size.bytes);
          const rounds = roundsFor(size, options.rounds);
          return options.threads.flatMap((threads) => measure(vectors, size.name, threads, rounds));
        }),
      ),
    );
    setThreads(1);
    const normals = normalsBySet();
    const calls = callMicroseconds();
    const goals = goalsOf(rows, normals, calls);
    return { bench: "kernels", machine: machine(), options, rows, normals, callMicroseconds: calls, goals };
  } finally {
    setThreads(before);
  }
}

/** More in the caches; fewer where the last cache is so large that a set beyond it takes gigabytes. */
function roundsFor({ bytes }: WorkingSet, rounds: number): number {
  if (bytes < nativeInfo().streamingBytes) return 3 * rounds;
  return Math.min(rounds, Math.max(3, Math.round((rounds * 2 ** 28) / bytes)));
}

function measure(vectors: Vectors, size: string, threads: number, rounds: number): KernelsRow[] {
  setThreads(threads);
  const { dtype, elements, inputs, out } = vectors;
  const times = withoutCalls(vectors, rounds);
  const bandwidth = ({ streams }: MeasuredArm, milliseconds: number) =>
    (streams * out.byteLength) / milliseconds / 1e6;
  const speeds = new Map([...times].map(([arm, each]) => [arm, each.map((time) => bandwidth(arm, time))]));
  const streamed = out.byteLength >= nativeInfo().streamingBytes;
  return [...times].map(([arm, each]) => {
    const limit = limitOf(arm, streamed, speeds);
    return {
      what: arm.what,
      inputs: inputs.length,
      dtype,
      size,
      threads,
      elements,
      nanosecondsPerElement: (1e6 * median(each)) / elements,
      gigabytesPerSecond: median(speeds.get(arm)!),
      ...(limit && { limit: { loop: limit.name, ratio: pairedRatio(speeds.get(arm)!, speeds.get(limit)!) } }),
    };
  });
}

/**
 * The times of all arms. What the call itself takes, measured with next to no elements in the same rounds, is taken off
 * where bandwidth is looked for: it is a tenth of a call within the second cache, and reported by itself.
 */
function withoutCalls(vectors: Vectors, rounds: number): Map<MeasuredArm, Rounds> {
  const arms = armsFor(vectors);
  const tiny = armsFor(vectorsOf(vectors.dtype, vectors.inputs.length, 0));
  const times = interleaved([...arms, ...tiny], rounds, 0.3);
  const net = (arm: MeasuredArm, i: number): Rounds => {
    const call = isComputing(arm) ? 0 : median(times.get(tiny[i]!)!);
    return times.get(arm)!.map((time) => Math.max(time - call, time / 2));
  };
  return new Map(arms.map((arm, i) => [arm, net(arm, i)]));
}

const isComputing = ({ what }: MeasuredArm) => what === "normals" || what === "quantile";

/** What a kernel is held against: the loop that does the same to memory; past the caches the best triad. */
function limitOf(
  { what }: MeasuredArm,
  streamed: boolean,
  speeds: ReadonlyMap<MeasuredArm, Rounds>,
): MeasuredArm | undefined {
  const loops: Partial<Record<MeasuredArm["what"], readonly MeasuredArm["what"][]>> = {
    combine: streamed ? ["streamedTriad", "wideStreamedTriad"] : ["store"],
    gram: ["read"],
    "gram, blocked": ["read"],
  };
  const candidates = [...speeds].filter(([arm]) => loops[what]?.includes(arm.what));
  return candidates.sort(([, a], [, b]) => median(b) - median(a))[0]?.[0];
}

function pairedRatio(a: Rounds, b: Rounds): number {
  return median(a.map((value, round) => value / b[round]!));
}

function normalsBySet(): Record<string, number> {
  const vectors = vectorsOf("float32", 1, 2 ** 19);
  const arm = armsFor(vectors).find(({ what }) => what === "normals")!;
  const { instructionSets, instructionSet } = nativeInfo();
  const arms = instructionSets.map((name) => ({
    name,
    run: () => {
      setInstructionSet(name);
      arm.run();
    },
  }));
  const times = interleaved(arms, 15, 2);
  setInstructionSet(instructionSet);
  return Object.fromEntries(
    [...times].map(([{ name }, each]) => [name, (1e6 * median(each)) / vectors.elements]),
  );
}

function goalsOf(
  rows: readonly KernelsRow[],
  normals: Readonly<Record<string, number>>,
  calls: Readonly<Record<string, number>>,
): Goal[] {
  const goals: Goal[] = [];
  const share = (kernel: Kernel, size: string, bound: number) => {
    for (const threads of new Set(rows.map((row) => row.threads))) {
      const found = rows.filter((row) => row.what === kernel && row.size === size && row.threads === threads);
      if (found.length === 0) continue;
      const least = Math.min(...found.map(({ limit }) => limit!.ratio));
      const name = `${kernel} over ${found[0]!.limit!.loop}, ${size}, ${threads} thread${threads === 1 ? "" : "s"}, least`;
      goals.push(atLeast(name, least, bound));
    }
  };
  share("combine", "L2", 0.95);
  share("combine", "L3", 0.95);
  share("combine", "DRAM", 0.95);
  share("gram, blocked", "L3", 0.85);
  share("gram, blocked", "DRAM", 0.95);
  const { avx512, avx2 } = normals;
  if (avx512 !== undefined) goals.push(atMost("ns per normal, AVX-512", avx512, 1.4));
  if (avx2 !== undefined) goals.push(atMost("ns per normal, AVX2", avx2, 2.4));
  goals.push(atMost("µs per call of tiny inputs, most", Math.max(...Object.values(calls)), 1.5));
  return goals;
}
