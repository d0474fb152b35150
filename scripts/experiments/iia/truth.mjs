import { sample } from "../../../dist/index.js";

/** Draws by 2,000 small steps to the cleanest level: the ODE's solution to about 1e-5. */
export async function truthOf(denoiser, count) {
  const { data } = await sample(denoiser, {
    solver: "dpm-solver++-3m",
    steps: 2000,
    grid: { schedule: "log-snr", final: "min" },
    count,
    dtype: "float64",
  });
  return { data, count };
}

/** Root-mean-square error of a draw per number, and the median over samples of the same. */
export async function errors(denoiser, truth, request) {
  const { data, nfe } = await sample(denoiser, { ...request, count: truth.count });
  const size = data.length / truth.count;
  const squares = Array.from({ length: truth.count }, (_, row) => {
    let sum = 0;
    for (let k = row * size; k < (row + 1) * size; k++) sum += (data[k] - truth.data[k]) ** 2;
    return sum / size;
  }).sort((a, b) => a - b);
  const rms = Math.sqrt(squares.reduce((a, b) => a + b, 0) / truth.count);
  return { rms, median: Math.sqrt(squares[truth.count >> 1]), nfe };
}
