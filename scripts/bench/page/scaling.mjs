// Tables of scripts/bench/scaling.mjs --json.
import { goalsTable, significant, table } from "./markdown.mjs";

export default function tables({ series, goals }) {
  return {
    scaling: table(
      ["cost against", "exponent", "fitted from", "to", "ms there"],
      series.map(({ name, exponent, from, to, points }) => [
        name,
        exponent.toFixed(2),
        count(from),
        count(to),
        significant(points.find(({ size }) => size === to).milliseconds),
      ]),
    ),
    "scaling goals": goalsTable(goals),
  };
}

function count(size) {
  return Number.isInteger(Math.log10(size)) ? `10^${Math.log10(size)}` : String(size);
}
