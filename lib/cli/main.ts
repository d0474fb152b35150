#!/usr/bin/env node
import { runCommandLine } from "./command-line.js";
import { abortOnInterrupt } from "./interrupt.js";

// A reader that has seen enough (`quench solvers | head -3`) is no error.
for (const output of [process.stdout, process.stderr]) {
  output.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

process.exitCode = await runCommandLine(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  signal: abortOnInterrupt(),
});
