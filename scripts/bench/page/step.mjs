// Tables of `quench bench step --json`.
import { goalsTable, significant, table } from "./markdown.mjs";

export default function tables({ shapes, goals }) {
  return {
    ...Object.fromEntries(shapes.map(({ shape, rows }) => [`step ${shape.join("x")}`, shapeTable(rows)])),
    "step goals": goalsTable(goals),
  };
}

function shapeTable(rows) {
  return table(
    ["solver", "ns/element", "passes", "vectors", "over bytes", "step µs", "with asking µs"],
    rows.map((row) => [
      row.solver,
      significant(row.nanosecondsPerElement),
      significant(row.passes),
      String(row.vectorsHeld),
      `${row.overBytes.median.toFixed(2)}×`,
      row.solverMicroseconds.median.toFixed(0),
      row.wholeMicroseconds.median.toFixed(0),
    ]),
  );
}
