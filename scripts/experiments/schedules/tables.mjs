// Puts the results into docs/schedules.md between its markers, and draws docs/images/entropic-time.svg.
import { readFileSync, writeFileSync } from "node:fs";
import { colours } from "../../../dist/plot/index.js";
import { table, withAllTables } from "../../markdown.mjs";
import { panelPlot } from "../../panels.mjs";

const root = new URL("../../../", import.meta.url);
const read = (name) => JSON.parse(readFileSync(new URL(`./results/${name}.json`, import.meta.url), "utf8"));
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
      ["Risk", "μ", "width, radius, globals", "mean gap", "largest gap"],
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
const tables = Object.fromEntries(Object.entries(writers).map(([name, write]) => [name, write()]));
writeFileSync(page, withAllTables(readFileSync(page, "utf8"), tables));

/** KL against calls, one panel per world, on the VP process. */
function figure() {
  const { cells } = read("one-dimensional");
  const values = cells
    .filter((c) => c.process === "vp-linear")
    .map(({ world, schedule, nfe, kl, spread }) => {
      const interval = { low: Math.max(kl - spread, 3e-4), high: kl + spread };
      return { panel: world, line: schedule, nfe, value: kl, ...interval };
    });
  const [blue, vermilion] = colours;
  const palette = [colours.at(-1), vermilion, blue];
  return panelPlot({
    values,
    panels: unique(values.map((c) => c.panel)),
    colours: Object.fromEntries(unique(values.map((c) => c.line)).map((name, i) => [name, palette[i]])),
    calls: unique(values.map((c) => c.nfe)),
    bounds: [3e-4, 5],
    interval: "band",
    height: 180,
    valueTitle: "KL divergence",
  });
}
writeFileSync(new URL("docs/images/entropic-time.svg", root), await figure());
