import { expect, it } from "vitest";
import { kernelsBench, workingSets } from "../../lib/bench/kernels/kernels-bench.js";
import { nativeInfo } from "../../lib/native/index.js";

it("measures every kernel beside its limit, and leaves the settings as they were", async () => {
  const before = nativeInfo();
  const result = kernelsBench({ threads: [1, 2], sizes: [{ name: "L2", bytes: 2 ** 16 }], rounds: 1 });
  expect(nativeInfo()).toEqual(before);

  for (const dtype of ["float32", "float64"] as const) {
    for (const threads of [1, 2]) {
      const rows = result.rows.filter((row) => row.dtype === dtype && row.threads === threads);
      const inputs = (what: string) => rows.filter((row) => row.what === what).map((row) => row.inputs);
      expect(inputs("combine")).toEqual([2, 3, 4, 5, 6]);
      expect(inputs("gram")).toEqual([2, 3, 4]);
      expect(inputs("gram, blocked")).toEqual(dtype === "float32" ? [2, 3, 4] : []);
      expect(inputs("normals")).toEqual([1]);
      expect(inputs("quantile")).toEqual([1]);
      for (const { what, gigabytesPerSecond, nanosecondsPerElement, elements, limit } of rows) {
        expect(gigabytesPerSecond).toBeGreaterThan(0);
        expect(nanosecondsPerElement).toBeGreaterThan(0);
        expect(elements * (dtype === "float32" ? 4 : 8) * (inputs(what)[0]! + 1)).toBeLessThanOrEqual(
          2 ** 16,
        );
        expect(limit?.loop).toBe(what === "combine" ? "store" : what.startsWith("gram") ? "read" : undefined);
      }
    }
  }
  expect(Object.keys(result.normals)).toEqual(before.instructionSets);
  expect(result.goals.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      "combine over store, L2, 1 thread, least",
      "combine over store, L2, 2 threads, least",
      "µs per call of tiny inputs, most",
    ]),
  );
  expect(result.goals.every(({ value }) => Number.isFinite(value))).toBe(true);

  const { default: tables } = await import("../../scripts/bench/page/kernels.mjs");
  const made: Record<string, string> = tables(JSON.parse(JSON.stringify(result)));
  expect(made["kernels-bandwidth"]!.split("\n")).toHaveLength(2 + 5 * 2 + 3 * 2 + 3);
});

it("has a working set beyond the last cache whose outputs are written past it", () => {
  const { bytes } = workingSets().at(-1)!;
  expect(bytes / 7).toBeGreaterThanOrEqual(nativeInfo().streamingBytes);
});
