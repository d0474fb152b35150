// Table of `quench bench sample --sweep --json`.
import { significant, table } from "./markdown.mjs";

export default function tables({ rows }) {
  const header = ["session options", ...rows[0].calls.map(({ batch }) => `ms at ${batch}`), "over defaults"];
  return {
    "session options": table(
      header,
      rows.map(({ session, calls, overDefaults }) => [
        Object.entries(session)
          .map(([name, value]) => `${name} ${value}`)
          .join(", ") || "ONNX Runtime's defaults",
        ...calls.map(({ milliseconds }) => significant(milliseconds.median)),
        overDefaults.toFixed(3),
      ]),
    ),
  };
}
