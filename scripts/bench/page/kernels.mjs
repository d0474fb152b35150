import { goalsTable, significant, table } from "./markdown.mjs";

const kernels = ["combine", "gram", "gram, blocked"];
const loops = ["copy", "read", "store", "stream", "triad", "streamedTriad", "wideStreamedTriad"];

/** The tables of `quench bench kernels --json`. */
export default function tables({ rows, options, normals, callMicroseconds, goals, machine }) {
  const sizes = options.sizes.map(({ name }) => name);
  const of = (what, inputs, dtype, size, threads) =>
    rows.find(
      (row) =>
        row.what === what &&
        row.inputs === inputs &&
        row.dtype === dtype &&
        row.size === size &&
        row.threads === threads,
    );
  const settings = sizes.flatMap((size) => options.threads.map((threads) => ({ size, threads })));
  const columns = settings.map(
    ({ size, threads }) => `${size}, ${threads} thread${threads === 1 ? "" : "s"}`,
  );
  const bandwidth = (row) =>
    row === undefined
      ? ""
      : row.limit
        ? `${row.gigabytesPerSecond.toFixed(0)} (${(100 * row.limit.ratio).toFixed(0)}%)`
        : row.gigabytesPerSecond.toFixed(0);

  const lines = (names, dtypes) =>
    names.flatMap((what) =>
      [1, 2, 3, 4, 5, 6].flatMap((inputs) =>
        dtypes.flatMap((dtype) => {
          const cells = settings.map(({ size, threads }) =>
            bandwidth(of(what, inputs, dtype, size, threads)),
          );
          return cells.every((cell) => cell === "") ? [] : [[what, String(inputs), dtype, ...cells]];
        }),
      ),
    );
  const perElement = ["normals", "quantile"].flatMap((what) =>
    ["float32", "float64"].map((dtype) => [
      what,
      dtype,
      ...settings.map(({ size, threads }) => {
        const row = of(what, 1, dtype, size, threads);
        return row ? row.nanosecondsPerElement.toFixed(2) : "";
      }),
    ]),
  );
  const { l2, l3 } = machine.caches;
  return {
    "kernels-machine": `${machine.month}, ${machine.cores} cores, ${machine.instructionSets.at(-1)}, caches of ${l2 / 2 ** 20} and ${l3 / 2 ** 20} MB, no GPU, Node.js ${machine.node}, ${machine.compiler}. Working sets: ${options.sizes.map(({ name, bytes }) => `${name} ${bytes / 2 ** 20} MB`).join(", ")}.`,
    "kernels-goals": goalsTable(goals),
    "kernels-bandwidth": table(["kernel", "K", "dtype", ...columns], lines(kernels, ["float32", "float64"])),
    "kernels-limits": table(["loop", "inputs", "dtype", ...columns], lines(loops, ["float32"])),
    "kernels-elements": table(["kernel", "dtype", ...columns], perElement),
    "kernels-normals": table(
      ["instruction set", "ns per float32 normal"],
      Object.entries(normals).map(([set, nanoseconds]) => [set, significant(nanoseconds)]),
    ),
    "kernels-calls": table(
      ["call on 4 elements", "µs"],
      Object.entries(callMicroseconds).map(([name, microseconds]) => [name, significant(microseconds)]),
    ),
  };
}
