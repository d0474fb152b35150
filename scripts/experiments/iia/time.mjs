// How long draws with coefficients take beside their base's (IIA, Table 9): IIA-EDM with r = 1 against EDM, 64 draws in one
// batch, the two in turn, medians of the rounds and of the ratios within a round. To be run with nothing else on the machine.
//
//   npm run build:lib && node scripts/experiments/iia/time.mjs [rounds]
//
// results/time.json, results: one per model and NFE, {model, nfe, base and member (seconds), ratio, low and high (quartiles)}.
import { median, spreadOf } from "../../../dist/bench/spread.js";
import { calibrateIia, sample } from "../../../dist/index.js";
import { bundled, edmGrid, markdown, save } from "./common.mjs";

const count = 64;
const rounds = Number(process.argv[2] ?? 7);
const results = [];
for (const name of ["digits", "garments"]) {
  const model = await bundled(name);
  const classes = model.classes.map((_, label) => label);
  const labels = Array.from({ length: count }, (_, i) => classes[i % classes.length]);
  const seconds = async (solver, steps) => {
    const begun = performance.now();
    await sample(model, { solver, steps, grid: edmGrid, count, labels });
    return (performance.now() - begun) / 1000;
  };
  for (const nfe of [11, 13, 15, 17, 19, 21, 23]) {
    const steps = (nfe + 1) / 2;
    // Few samples: what the coefficients are changes nothing in what a draw does.
    const artifact = await calibrateIia(model, {
      solver: { name: "iia-edm", history: 1 },
      ...{ steps, grid: edmGrid, samples: 8, labels: classes },
    });
    const member = { ...artifact.solver, coefficients: artifact };
    const pairs = [];
    for (let round = 0; round < rounds; round++) {
      const first = round % 2 === 0;
      const before = first ? await seconds("edm-heun", steps) : undefined;
      const own = await seconds(member, steps);
      pairs.push([before ?? (await seconds("edm-heun", steps)), own]);
    }
    const { median: ratio, low, high } = spreadOf(pairs.map(([base, own]) => own / base));
    const [base, own] = [0, 1].map((side) => median(pairs.map((pair) => pair[side])));
    results.push({ model: name, nfe, base, member: own, ratio, low, high });
    console.error(new Date().toISOString(), JSON.stringify(results.at(-1)));
  }
  await model.close();
}
const rows = results.map(({ model, nfe, base, member, ratio, low, high }) => [
  ...[model, String(nfe), base.toFixed(2), member.toFixed(2)],
  `${ratio.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`,
]);
const tables = [
  { title: "", header: ["model", "NFE", "edm-heun, s", "iia-edm, s", "ratio (quartiles)"], rows },
];
console.log(markdown(tables[0]));
save("time", { count, rounds }, results, tables);
