// What `quench sample` takes by itself of the bundled models: their presets, beside the best pairs of the tables above.
import { markdownTable } from "../markdown.mjs";
import { savedOwnPresets } from "../saved.mjs";

const digits = (value) => value.toPrecision(3);
const withSign = (value) => `${value < 0 ? "−" : "+"}${digits(Math.abs(value))}`;

function row({ nfe, preset, rivals }) {
  const best = rivals.toSorted((a, b) => a.fd[0] - b.fd[0])[0];
  const [value, low, high] = best.behind;
  const ahead = rivals.filter(({ behind }) => behind[2] < 0);
  const [fd, from, to] = preset;
  return [
    `${nfe}`,
    `${digits(fd)} ± ${digits((to - from) / 2)}`,
    `${best.pair}: ${digits(best.fd[0])}`,
    `${withSign(value)} [${withSign(low)}, ${withSign(high)}]`,
    `${rivals.filter(({ behind }) => behind[1] > 0).length} of ${rivals.length}`,
    ahead.length === 0 ? "none" : ahead.map(({ pair }) => pair).join("; "),
  ];
}

export function ownPresetsTables() {
  const saved = Object.entries(savedOwnPresets());
  return saved.flatMap(([name, { samples, date, columns }]) => [
    `**${name}**, ${samples} samples, ${date}:`,
    markdownTable(
      ["Calls", "Preset", "Best of the pairs", "Pair less preset", "Behind the preset", "Ahead of it"],
      columns.map(row),
    ),
  ]);
}
