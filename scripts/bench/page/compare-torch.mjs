// Tables of scripts/bench/compare-torch --json.
import { goalsTable, significant, table } from "./markdown.mjs";

const spread = ({ median, low, high }, digits) =>
  `${significant(median, digits)} (${significant(low, digits)}–${significant(high, digits)})`;

export default function tables({ rows = [], normals = [], goals }) {
  return {
    "torch steps": table(
      ["step, eager torch", "shape", "threads", "Quench ms", "torch ms", "times faster"],
      rows.map(({ torch, shape, threads, quenchMilliseconds, torchMilliseconds, ratio }) => [
        torch,
        shape.join("x"),
        String(threads),
        significant(quenchMilliseconds.median),
        significant(torchMilliseconds.median),
        spread(ratio, 3),
      ]),
    ),
    "torch normals": table(
      ["normals", "threads of torch", "Quench ns", "torch.randn ns", "times faster"],
      normals.map(({ shape, threads, quenchNanoseconds, torchNanoseconds, ratio }) => [
        shape.join("x"),
        String(threads),
        significant(quenchNanoseconds.median),
        significant(torchNanoseconds.median),
        spread(ratio, 3),
      ]),
    ),
    "torch goals": goalsTable(goals),
  };
}
