// The picture of a model's samples: rows are methods, columns numbers of calls, the same noises everywhere.
import { encodePng, imageGrid, readNpz, writeFileAtomic } from "../../dist/io/index.js";
import { measure, savedWith, saveResults } from "./run.mjs";

const columns = [5, 8, 12, 20];
const each = 8;
const rows = [
  { label: "DDIM", method: "ddim", grid: "log-snr" },
  { label: "Heun, EDM's grid", method: "heun", grid: "edm" },
  { label: "DPM-Solver++ 2M", method: "dpm++2m", grid: "log-snr" },
  { label: "UniPC 3", method: "unipc-3", grid: "log-snr" },
  { label: "DEIS", method: "deis", grid: "log-snr" },
  { label: "EVODiff", method: "re", grid: "log-snr" },
];

/** Writes docs/images/results-NAME.png; the cells are those of the tables. */
export async function writeSheet(name, subject, settings) {
  const wanted = rows.map((row) => ({ ...row, name: row.label, guidance: 1, nfe: columns }));
  const cells = await measure(subject, wanted, settings);
  const shown = [];
  for (const { label } of rows) {
    for (const nfe of columns) {
      const arrays = await readNpz(cells.get(`${label} at ${nfe}`).arrays);
      shown.push(arrays.get("shown").data.subarray(0, each * subject.size));
    }
  }
  const samples = new Float32Array(shown.length * each * subject.size);
  for (const [i, part] of shown.entries()) samples.set(part, i * each * subject.size);
  const picture = encodePng(imageGrid(samples, subject.shape, subject.valueRange, columns.length * each));
  await writeFileAtomic(new URL(`../../docs/images/results-${name}.png`, import.meta.url).pathname, picture);
  const sheet = `rows ${rows.map(({ label }) => label).join(", ")}; ${each} samples each at ${columns.join(", ")} calls`;
  await saveResults(name, { ...subject, ...savedWith(settings) }, (results) => ({ ...results, sheet }));
}
