// Features of an image model's draws, of bases and of members with coefficients. They are kept under build/iia with what was
// calibrated, so that a distance, or an interval of it, can be measured anew without drawing again.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { calibrateIia, sample } from "../../../dist/index.js";
import { readNpy, writeNpy } from "../../../dist/io/index.js";
import { memberLabel } from "./members.mjs";

const chunk = 64;

/**
 * @param features of the model's folder (`openFeatures`)
 * @param settings {count: draws of a cell, samples: to calibrate on, guidance}
 */
export function drawsOf(model, features, { count, samples, guidance }) {
  const classes = model.classes.map((_, label) => label);
  const labelsFrom = (first, n) => Array.from({ length: n }, (_, i) => classes[(first + i) % classes.length]);
  const place = `${model.name}-${model.hash.slice(0, 12)}/draws-${count}-samples-${samples}-guidance-${guidance}/`;
  const folder = fileURLToPath(new URL(`../../../build/iia/${place}`, import.meta.url));
  mkdirSync(folder, { recursive: true });

  /** Draws share the noises of seed 0; calibration has others. */
  async function draw(request) {
    const rows = new Float32Array(count * features.dimension);
    for (let first = 0; first < count; first += chunk) {
      const n = Math.min(chunk, count - first);
      const labels = labelsFrom(first, n);
      const { data } = await sample(model, { ...request, count: n, firstSample: first, labels });
      rows.set(await features.extract(data), first * features.dimension);
    }
    return rows;
  }

  /** Classes of the draws. */
  const strata = labelsFrom(0, count);

  /**
   * @param member one of a set of members.mjs; without `solver`, its base
   * @returns {rows: features, artifact: undefined for a base}
   */
  async function featuresOf(member, nfe) {
    const { base, solver, substeps, grid, stepsFor } = member;
    const name = join(folder, `${memberLabel(member)} at ${nfe}`.replaceAll(/[^\w.+-]+/g, "_"));
    const [drawn, calibrated] = [`${name}.npy`, `${name}.json`];
    if (existsSync(drawn)) {
      const artifact = solver && JSON.parse(readFileSync(calibrated, "utf8"));
      return { rows: (await readNpy(drawn)).data, artifact };
    }
    const asked = { steps: stepsFor(nfe), grid, ...(guidance === 1 ? {} : { guidance }) };
    const artifact =
      solver &&
      (await calibrateIia(model, {
        ...asked,
        solver,
        samples,
        labels: classes,
        ...(substeps === undefined ? {} : { substeps }),
      }));
    const rows = await draw({
      ...asked,
      solver: artifact ? { ...artifact.solver, coefficients: artifact } : base,
    });
    if (artifact) writeFileSync(calibrated, JSON.stringify(artifact));
    await writeNpy(drawn, { data: rows, shape: [count, features.dimension] });
    return { rows, artifact };
  }

  return { featuresOf, strata };
}
