#!/usr/bin/env node
import { runCommandLine } from "./command-line.js";
import { abortOnInterrupt } from "./interrupt.js";

// A reader that has seen enough (`quench solvers | head -3`) is no error; a full disk behind stdout is, in one line.
for (const output of [process.stdout, process.stderr]) {
  output.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    if (output === process.stdout)
      process.stderr.write(`quench: WRITE_FAILED: cannot write to stdout (${error.message})\n`);
    process.exit(1);
  });
}

process.exitCode = await runCommandLine(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  signal: abortOnInterrupt(),
});
