import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { type NativeInfo, nativeInfo } from "../native/index.js";

/** Where a bench ran, and when. */
export interface Machine {
  readonly month: string;
  readonly cores: number;
  readonly processor: string;
  readonly node: string;
  readonly compiler: string;
  readonly instructionSets: NativeInfo["instructionSets"];
  /** Bytes of the caches that the first core sees, where the system tells. */
  readonly caches: { readonly l2: number | undefined; readonly l3: number | undefined };
}

export function machine(): Machine {
  const { compiler, instructionSets } = nativeInfo();
  return {
    month: new Date().toISOString().slice(0, 7),
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? "unknown",
    node: process.version,
    compiler,
    instructionSets,
    caches: { l2: cacheBytes(2), l3: cacheBytes(3) },
  };
}

function cacheBytes(level: 2 | 3): number | undefined {
  try {
    const text = readFileSync(`/sys/devices/system/cpu/cpu0/cache/index${level}/size`, "utf8");
    const [, digits, unit] = /^(\d+)([KM]?)/.exec(text) ?? [];
    return digits ? Number(digits) * { "": 1, K: 2 ** 10, M: 2 ** 20 }[unit as "" | "K" | "M"] : undefined;
  } catch {
    return undefined;
  }
}
