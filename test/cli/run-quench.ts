import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { runCommandLine } from "../../lib/cli/command-line.js";
import type { Output } from "../../lib/cli/context.js";

export const digits = fileURLToPath(new URL("../../models/digits", import.meta.url));
export const golden = (name: string) => fileURLToPath(new URL(`../golden/${name}`, import.meta.url));

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line inside the test's process, as main.ts does. */
export async function quench(
  args: readonly string[],
  around: { readonly signal?: AbortSignal; readonly stderr?: Output } = {},
): Promise<Outcome> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const exitCode = await runCommandLine(args, {
    stdout: { write: (text: string) => stdout.push(text) },
    stderr: { write: (text: string) => stderr.push(text) },
    signal: new AbortController().signal,
    ...around,
  });
  return { exitCode, stdout: stdout.join(""), stderr: stderr.join("") };
}

/** An empty folder that is gone after the test. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "quench-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A model's folder around one of the small networks of test/fixtures/onnx, gone after the test. */
export function modelFolder(network: string, config: Readonly<Record<string, unknown>> = {}): string {
  const folder = emptyFolder();
  copyFileSync(
    fileURLToPath(new URL(`../fixtures/onnx/${network}`, import.meta.url)),
    join(folder, "model.onnx"),
  );
  const whole = {
    format: "quench-model",
    version: 1,
    name: "small",
    process: { type: "vp-linear" },
    prediction: "sample",
    ...config,
  };
  writeFileSync(join(folder, "model.json"), JSON.stringify(whole));
  return folder;
}
