// Tables of `quench bench sample --json`.
import { goalsTable, significant, table } from "./markdown.mjs";

export default function tables({ rows, goals }) {
  return {
    sample: table(
      [
        "model",
        "solver",
        "batch",
        "calls",
        "draw ms",
        "model",
        "solver",
        "noise",
        "µs before, between, after calls",
        "writing npy",
        "png",
        "over bare loop",
        "first draws",
      ],
      rows.map(({ model, solver, batch, calls, draw, parts, around, write, overBare, firstOverBare }) => [
        model,
        solver,
        String(batch),
        String(calls),
        significant(draw.median, 4),
        ...[parts.model, parts.solver, parts.noise].map((ms) => significant(ms)),
        [around.before, around.between, around.after].map((us) => us.toFixed(0)).join(", "),
        ...[write.npy, write.png].map((ms) => significant(ms)),
        `${overBare.median.toFixed(4)} (${overBare.low.toFixed(4)}–${overBare.high.toFixed(4)})`,
        firstOverBare.median.toFixed(3),
      ]),
    ),
    "sample goals": goalsTable(goals),
  };
}
