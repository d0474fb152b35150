import type { Output } from "./context.js";

export interface Progress {
  advance(): void;
  /** Sets how much is done. */
  update(done: number): void;
  stop(): void;
}

/** A bar on a terminal; nothing where the output is a pipe or a file. */
export async function progressBar(
  output: Output,
  label: string,
  total: number,
  unit = "steps",
): Promise<Progress | undefined> {
  if (!output.isTTY) return undefined;
  const { SingleBar, Presets } = await import("cli-progress");
  const bar = new SingleBar(
    {
      stream: output as NodeJS.WriteStream,
      format: `${label} {bar} {value}/{total} ${unit}, {eta_formatted} left`,
      hideCursor: true,
      clearOnComplete: true,
      gracefulExit: false, // Ctrl-C is ours
    },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  return { advance: () => bar.increment(), update: (done) => bar.update(done), stop: () => bar.stop() };
}
