import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { planOf, readGolden, Unsupported } from "../../lib/conform/index.js";
import { resolveRequest } from "../../lib/engine/index.js";

const folder = new URL("../../test/golden/", import.meta.url);

/** How many runs of reference code each solver is compared with: golden cases by the solver that repeats them. */
export async function referenceRuns(): Promise<ReadonlyMap<string, number>> {
  const runs = new Map<string, number>();
  for (const fileName of readdirSync(folder)) {
    const file = await readGolden(fileURLToPath(new URL(fileName, folder)));
    for (const golden of file.cases) {
      try {
        const { denoiser, request } = planOf(golden, file);
        const { name } = resolveRequest(denoiser, request).solver;
        runs.set(name, (runs.get(name) ?? 0) + 1);
      } catch (error) {
        if (!(error instanceof Unsupported)) throw error;
      }
    }
  }
  return runs;
}
