// Table of scripts/bench/nfe-to-quality.mjs --json.
import { significant, table } from "./markdown.mjs";

export default function tables({ rows, reference }) {
  return {
    "nfe to quality": table(
      ["method", "model calls", "Fréchet distance", "ms a sample", "its lowest and highest distance"],
      rows.map(({ method, calls, fd, millisecondsPerSample, curve }) => [
        method,
        calls ? String(calls) : "not reached",
        calls ? significant(fd) : "",
        calls ? significant(millisecondsPerSample) : "",
        extremes(curve.map((point) => point.fd)),
      ]),
    ),
    "nfe to quality, reference": `Reference: ${reference.method} with ${reference.calls} calls, ${significant(reference.fd)}.`,
  };
}

function extremes(distances) {
  return `${significant(Math.min(...distances))}–${significant(Math.max(...distances))}`;
}
