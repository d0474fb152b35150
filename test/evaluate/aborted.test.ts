import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { conform } from "../../lib/conform/conform.js";
import { QuenchError } from "../../lib/errors.js";
import { evaluate, type Plan } from "../../lib/index.js";
import { golden } from "../cli/run-quench.js";
import { folder } from "./folders.js";

const plan: Plan = { methods: [{ solver: "ddim" }], nfe: [5], samples: 20, metrics: ["nll"], replicates: 20 };
const late = new QuenchError("DEADLINE_EXCEEDED", "too late");

it.each([
  ["ABORTED", AbortSignal.abort()],
  ["DEADLINE_EXCEEDED", AbortSignal.abort(late)],
])("evaluations and runs of golden cases that are stopped say so by %s", async (code, signal) => {
  const evaluation = evaluate("circle8", { ...plan, out: folder(), signal });
  await expect(evaluation).rejects.toMatchObject({ name: "QuenchError", code });
  const cases = conform([golden("edm-heun.worldA.json")], { signal });
  await expect(cases).rejects.toMatchObject({ name: "QuenchError", code });
});

it("an evaluation keeps the deadline that passes while it draws", async () => {
  const control = new AbortController();
  const evaluation = evaluate("circle8", {
    ...plan,
    out: folder(),
    signal: control.signal,
    onProgress: ({ rows }) => {
      if (rows.total > 0) control.abort(late);
    },
  });
  await expect(evaluation).rejects.toBe(late);
});

it("an evaluation that was stopped before it began makes no folder", async () => {
  const out = join(folder(), "cells-of-nothing");
  await expect(evaluate("circle8", { ...plan, out, signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: "ABORTED",
  });
  expect(existsSync(out)).toBe(false);
});
