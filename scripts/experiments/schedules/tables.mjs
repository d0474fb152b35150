// Puts the results into docs/schedules.md between its markers, and draws docs/images/entropic-time.svg.
import { readFileSync, writeFileSync } from "node:fs";
import { parse, View, Warn } from "vega";

const root = new URL("../../../", import.meta.url);
const read = (name) => JSON.parse(readFileSync(new URL(`./results/${name}.json`, import.meta.url), "utf8"));
const line = (cells) => `| ${cells.join(" | ")} |`;
const table = (head, rows) => [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
const unique = (values) => [...new Set(values)];
const lowest = (values, digits) => {
  const best = Math.min(...values);
  return values.map((v) =>
    v === Infinity ? "not run" : v === best ? `**${v.toFixed(digits)}**` : v.toFixed(digits),
  );
};

const writers = {
  mixtures() {
    const { cells } = read("mixtures");
    const calls = unique(cells.map((c) => c.nfe));
    const schedules = unique(cells.map((c) => c.schedule));
    const rows = unique(cells.map((c) => c.world)).flatMap((world) =>
      unique(cells.map((c) => c.solver)).flatMap((solver) => {
        const found = (schedule, nfe) =>
          cells.find(
            (c) => c.world === world && c.solver === solver && c.schedule === schedule && c.nfe === nfe,
          );
        const columns = calls.map((nfe) =>
          lowest(
            schedules.map((s) => found(s, nfe).score),
            3,
          ),
        );
        return schedules.map((s, i) => [world, solver, s, ...columns.map((column) => column[i])]);
      }),
    );
    return table(["World", "Sampler", "Schedule", ...calls.map((n) => `NFE ${n}`)], rows);
  },
  "one-dimensional"() {
    const { cells } = read("one-dimensional");
    const calls = unique(cells.map((c) => c.nfe));
    const groups = unique(cells.map((c) => `${c.process}/${c.world}`));
    const rows = groups.flatMap((group) => {
      const [process, world] = group.split("/");
      return unique(cells.map((c) => c.schedule)).map((schedule) => [
        process,
        world,
        schedule,
        ...calls.map((nfe) => {
          const own = (c) => c.process === process && c.world === world && c.nfe === nfe;
          const cell = cells.find((c) => own(c) && c.schedule === schedule);
          const best = Math.min(...cells.filter(own).map((c) => c.kl));
          const text = `${cell.kl.toPrecision(2)} ± ${cell.spread.toPrecision(1)}`;
          return cell.kl === best ? `**${text}**` : text;
        }),
      ]);
    });
    return table(["Process", "World", "Time", ...calls.map((n) => `NFE ${n}`)], rows);
  },
  digits() {
    const { cells, samples, hash } = read("digits");
    const calls = unique(cells.map((c) => c.nfe));
    const rows = unique(cells.map((c) => c.solver)).flatMap((solver) => {
      const schedules = unique(cells.map((c) => c.schedule));
      const found = (schedule, nfe) =>
        cells.find((c) => c.solver === solver && c.schedule === schedule && c.nfe === nfe)?.frechet ??
        Infinity;
      const columns = calls.map((nfe) =>
        lowest(
          schedules.map((s) => found(s, nfe)),
          3,
        ),
      );
      return schedules.map((s, i) => [solver, s, ...columns.map((c) => c[i])]);
    });
    const head = ["Sampler", "Schedule", ...calls.map((n) => `NFE ${n}`)];
    return `${samples} samples a cell, model sha256 ${hash.slice(0, 12)}….\n\n${table(head, rows)}`;
  },
  "beam-gap"() {
    const { rows } = read("beam-gap");
    const percent = (v) => `${(100 * v).toFixed(2)} %`;
    return table(
      ["Risk", "μ", "W, radius, extras", "mean gap", "largest gap"],
      rows.map((r) => [r.family, r.smoothness, r.beam, percent(r.mean), percent(r.largest)]),
    );
  },
  "curve-options"() {
    const { rows } = read("curve-options");
    return table(
      ["Curve", "ceiling", "monotone", "levels, 10 steps, c = 1"],
      rows.map((r) => [
        r.curve,
        r.ceiling ? "on" : "off",
        r.monotone ? "on" : "off",
        r.sigma.map((s) => Number(s.toPrecision(3))).join(", "),
      ]),
    );
  },
};

const page = new URL("docs/schedules.md", root);
let text = readFileSync(page, "utf8");
for (const [name, write] of Object.entries(writers)) {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/schedules.md has no place for ${name}`);
  text = `${text.slice(0, from + begin.length)}\n\n${write()}\n\n${text.slice(to)}`;
}
writeFileSync(page, text);

/** KL against calls, one panel per world, on the VP process. */
function figure() {
  const { cells } = read("one-dimensional");
  const values = cells
    .filter((c) => c.process === "vp-linear")
    .map((c) => ({ ...c, low: Math.max(c.kl - c.spread, 3e-4), high: c.kl + c.spread }));
  const worlds = unique(values.map((c) => c.world));
  const [width, height, gap] = [270, 180, 80];
  const font = "DejaVu Sans, Helvetica, Arial, sans-serif";
  const place = { x: { scale: "x", field: "nfe" }, y: { scale: "y", field: "kl" } };
  return {
    background: "white",
    padding: 12,
    width: 2 * width + gap,
    height: 2 * height + gap,
    config: {
      axis: { labelFont: font, titleFont: font, titleFontWeight: "normal", gridColor: "#e6e6e6" },
      legend: { labelFont: font },
    },
    data: [{ name: "cells", values }],
    scales: [
      { name: "x", type: "log", base: 2, domain: [4, 64], range: [0, width] },
      { name: "y", type: "log", domain: [3e-4, 5], range: [height, 0] },
      {
        name: "colour",
        type: "ordinal",
        domain: unique(values.map((c) => c.schedule)),
        range: ["#000000", "#D55E00", "#0072B2"],
      },
    ],
    legends: [{ stroke: "colour", symbolType: "stroke", symbolSize: 500, orient: "right" }],
    marks: worlds.map((world, i) => ({
      type: "group",
      title: { text: world, font, fontWeight: "normal", fontSize: 12 },
      signals: [
        { name: "width", value: width },
        { name: "height", value: height },
      ],
      encode: {
        enter: {
          x: { value: (i % 2) * (width + gap) },
          y: { value: Math.floor(i / 2) * (height + gap) },
          width: { value: width },
          height: { value: height },
        },
      },
      axes: [
        {
          orient: "bottom",
          scale: "x",
          grid: true,
          values: [4, 8, 16, 32, 64],
          format: "d",
          title: "model calls",
        },
        { orient: "left", scale: "y", grid: true, tickCount: 5, format: "~g", title: "KL divergence" },
      ],
      data: [
        {
          name: `world${i}`,
          source: "cells",
          transform: [{ type: "filter", expr: `datum.world === '${world}'` }],
        },
      ],
      marks: [
        {
          type: "group",
          from: { facet: { name: `line${i}`, data: `world${i}`, groupby: "schedule" } },
          marks: [
            {
              type: "area",
              from: { data: `line${i}` },
              encode: {
                enter: {
                  x: place.x,
                  y: { scale: "y", field: "low" },
                  y2: { scale: "y", field: "high" },
                  fill: { scale: "colour", field: "schedule" },
                  fillOpacity: { value: 0.15 },
                },
              },
            },
            {
              type: "line",
              from: { data: `line${i}` },
              encode: {
                enter: {
                  ...place,
                  stroke: { scale: "colour", field: "schedule" },
                  strokeWidth: { value: 1.8 },
                },
              },
            },
          ],
        },
      ],
    })),
  };
}
const view = new View(parse(figure()), { renderer: "none", logLevel: Warn });
writeFileSync(new URL("docs/images/entropic-time.svg", root), await view.toSVG());
view.finalize();
