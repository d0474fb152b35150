// The kernels on the card beside the CPU's, as a Markdown table.
//
//   node scripts/cuda/bench.mjs [--write docs/cuda.md]
//
// Needs dist/ (npm run build:lib) and an addon (npm run build:cuda, or QUENCH_CUDA_ADDON). A figure is the median of
// nine rounds of so many calls that a round takes some 20 ms, the card waited for at the end of each round.
import { readFileSync, writeFileSync } from "node:fs";
import { CudaBackend, hostBackend, openCuda } from "../../dist/device/index.js";
import { withAllTables } from "../markdown.mjs";

const rows = 64;
const sizes = [3 * 32 * 32, 4 * 64 * 64, 3 * 256 * 256];
const rounds = 9;
const roundMilliseconds = 20;

const seeds = BigUint64Array.from({ length: rows }, (_, row) => BigInt(row));

/** Name, bytes moved per element (0: not bound by memory), and what to call. */
const operations = [
  [
    "combine, 3 terms",
    16,
    (b, v, out) =>
      b.combine(
        out,
        [
          [0.5, v[0]],
          [0.3, v[1]],
          [-0.2, v[2]],
        ],
        1,
      ),
  ],
  [
    "gram, 3 differences, by row",
    24,
    (b, v) =>
      b.gram(
        sums,
        [
          [v[0], v[3]],
          [v[1], v[3]],
          [v[2], v[3]],
        ],
        rows,
      ),
  ],
  ["normals", 4, (b, _, out) => b.normals(out, seeds, seeds, 1)],
  [
    "quantile and threshold, by row",
    0,
    (b, _v, out) => {
      b.absoluteQuantile(limits, v[0], 0.995, rows);
      b.threshold(out, v[0], limits);
    },
  ],
  [
    "to the model's input",
    4,
    (b, v) => {
      b.gather(place.get(b), v[0].length / rows, [{ source: v[0], row: 0, scale: 1 }]);
      b.settle();
    },
  ],
  [
    "from the model's output",
    4,
    (b, _v, out) => {
      b.scatter(place.get(b), out.length / rows, [{ target: out, row: 0 }]);
      b.settle();
    },
  ],
];
const sums = new Float64Array(rows * 6);
const limits = new Float64Array(rows);
const place = new Map();

function milliseconds(backend, vectors, out, run) {
  const finish = () => backend.read(backend.part(out, 0, 1));
  const timed = (calls) => {
    const begun = performance.now();
    for (let i = 0; i < calls; i++) run(backend, vectors, out);
    finish();
    return (performance.now() - begun) / calls;
  };
  timed(1);
  const calls = Math.max(1, Math.round(roundMilliseconds / timed(1)));
  const found = Array.from({ length: rounds }, () => timed(calls)).sort((a, b) => a - b);
  return found[(rounds - 1) / 2];
}

const { binding, info } = openCuda();
const backends = [hostBackend, new CudaBackend(binding)];
const lines = [
  `${info.name}, compute capability ${info.computeCapability}, driver ${info.driverVersion}, runtime ${info.runtimeVersion}; ` +
    `\`node scripts/cuda/bench.mjs\`, ${new Date().toISOString().slice(0, 10)}; float32, ${rows} rows, milliseconds per call.`,
  "",
  "| operation | elements per row | CPU | card | ratio | card, GB/s |",
  "| --- | ---: | ---: | ---: | ---: | ---: |",
];
for (const size of sizes) {
  const length = rows * size;
  const worlds = backends.map((backend) => {
    place.set(backend, new Float32Array(backend.hostBuffer(4 * length)));
    const vectors = Array.from({ length: 5 }, (_, k) => {
      const vector = backend.allocate("float32", length);
      backend.normals(vector, seeds, seeds, k);
      return vector;
    });
    return { backend, vectors, out: vectors.pop() };
  });
  for (const [name, bytes, run] of operations) {
    const [cpu, card] = worlds.map(({ backend, vectors, out }) => milliseconds(backend, vectors, out, run));
    const rate = bytes === 0 ? "" : ((bytes * length) / card / 1e6).toFixed(0);
    lines.push(
      `| ${name} | ${size} | ${cpu.toFixed(3)} | ${card.toFixed(3)} | ${(cpu / card).toFixed(1)} | ${rate} |`,
    );
  }
  for (const { backend, vectors, out } of worlds)
    for (const vector of [...vectors, out]) backend.free(vector);
}
console.log(lines.join("\n"));

const at = process.argv.indexOf("--write");
if (at > 0) {
  const path = process.argv[at + 1];
  writeFileSync(path, withAllTables(readFileSync(path, "utf8"), { bench: lines.join("\n") }));
}
