import type { EvaluationProgress } from "../evaluate/index.js";
import { columnName } from "../evaluate/index.js";
import { type Output, printLine } from "./context.js";

/**
 * How far an evaluation is: on a terminal a bar over model rows with an estimate, elsewhere a line per cell that ends.
 */
export async function evaluationBar(
  output: Output,
): Promise<{ update(progress: EvaluationProgress): void; stop(): void }> {
  if (!output.isTTY) {
    return {
      update({ cells, ended }) {
        if (!ended || ("reused" in ended && ended.reused)) return;
        const what = "error" in ended ? `failed: ${ended.error.message}` : `${ended.seconds.toFixed(1)} s`;
        printLine(
          output,
          `${cells.done}/${cells.total} ${ended.method}, ${columnName(ended.column)}: ${what}`,
        );
      },
      stop() {},
    };
  }
  const { SingleBar, Presets } = await import("cli-progress");
  const bar = new SingleBar(
    {
      stream: output as NodeJS.WriteStream,
      format: "{bar} {cells} cells, {failed}{percentage}% of model calls, {eta_formatted} left",
      hideCursor: true,
      clearOnComplete: true,
      gracefulExit: false, // Ctrl-C is ours
      etaBuffer: 200,
    },
    Presets.shades_classic,
  );
  let started = false;
  return {
    update({ cells, rows }) {
      const payload = {
        cells: `${cells.done}/${cells.total}`,
        failed: cells.failed > 0 ? `${cells.failed} failed, ` : "",
      };
      if (!started) bar.start(rows.total, rows.done, payload);
      started = true;
      bar.update(Math.min(rows.done, rows.total), payload);
    },
    stop: () => bar.stop(),
  };
}
