import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openCuda } from "../../lib/device/index.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The CUDA addon over a runtime on the host, and the C++ tests of its launches. */
const emulatedAddon = `${root}build/cuda-emulation/quench-cuda.node`;
export const launchTests = `${root}build/cuda-emulation/launch-tests`;

/** The addon as nvcc builds it (npm run build:cuda); tests of it are skipped where it was not built. */
export const builtAddon = `${root}build/cuda/quench-cuda.node`;

/** With QUENCH_CUDA_ON_CARD=1 (scripts/cuda/verify) the tests run on this machine's card instead. */
export const onCard = process.env.QUENCH_CUDA_ON_CARD === "1";
export const testedAddon = onCard ? builtAddon : emulatedAddon;

export const hasCmake = spawnSync("cmake", ["--version"]).status === 0;
if (!hasCmake) console.warn("no cmake: the CUDA addon's tests are skipped");

/**
 * Builds the emulation: half a minute the first time, then as long as cmake takes to see that nothing changed. Test
 * files run side by side; the first one builds and the others wait.
 */
export async function buildEmulation(): Promise<void> {
  const lock = `${root}build/cuda-emulation.lock`;
  mkdirSync(`${root}build`, { recursive: true });
  for (let waited = 0; !take(lock); waited++) {
    if (waited > 600) throw new Error(`somebody else builds the emulation, or died doing so: remove ${lock}`);
    await setTimeout(200);
  }
  try {
    execFileSync("bash", ["scripts/build/cuda", "emulation"], { cwd: root });
  } finally {
    rmdirSync(lock);
  }
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

/** A card of its own, as QUENCH_CUDA_EMULATION (native/cuda/emulation/cuda_runtime.h) describes it. */
export function emulatedCard(settings: string): ReturnType<typeof openCuda> {
  const copy = join(mkdtempSync(join(tmpdir(), "quench-cuda-")), "quench-cuda.node");
  copyFileSync(emulatedAddon, copy);
  process.env.QUENCH_CUDA_EMULATION = settings;
  try {
    return openCuda(copy);
  } finally {
    delete process.env.QUENCH_CUDA_EMULATION;
  }
}
