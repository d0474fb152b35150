import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The CUDA addon over a runtime on the host, and the C++ tests of its launches. */
export const emulatedAddon = `${root}build/cuda-emulation/quench-cuda.node`;
export const launchTests = `${root}build/cuda-emulation/launch-tests`;

/** The addon as nvcc builds it (npm run build:cuda); tests of it are skipped where it was not built. */
export const builtAddon = `${root}build/Release/quench-cuda.node`;

export const hasCmake = spawnSync("cmake", ["--version"]).status === 0;
if (!hasCmake) console.warn("no cmake: the CUDA addon's tests are skipped");

/** Some half a minute the first time, then as long as cmake takes to see that nothing changed. */
export function buildEmulation(): void {
  execFileSync("bash", ["scripts/build/cuda", "emulation"], { cwd: root });
}
