// What the ceiling and monotone smoothing do to LAS on the bundled model's curve, and on the same curve bent upward at
// high noise and roughened, as trained models' curves can be.
import { readFileSync } from "node:fs";
import { lossAdaptiveSchedule } from "../../../dist/index.js";
import { saveResults } from "../common.mjs";
import { uniform } from "./support.mjs";

const artifact = JSON.parse(
  readFileSync(new URL("../../../models/digits/risk.json", import.meta.url), "utf8"),
);
const random = uniform(7);
const bent = {
  ...artifact,
  risk: artifact.risk.map((r, i) => r * (1 + (artifact.sigma[i] / 30) ** 2) * (1 + 0.1 * (random() - 0.5))),
};
const rows = [];
for (const [name, curve] of Object.entries({ measured: artifact, "bent and rough": bent })) {
  for (const ceiling of [true, false]) {
    for (const monotone of [false, true]) {
      const { sigma } = await lossAdaptiveSchedule(curve, 10, { axis: 1, ceiling, monotone });
      rows.push({ curve: name, ceiling, monotone, sigma });
      console.log(name, ceiling, monotone, sigma.map((s) => s.toPrecision(3)).join(" "));
    }
  }
}
saveResults("curve-options", { hash: artifact.model.sha256, rows });
