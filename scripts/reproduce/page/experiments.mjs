// Tables and verdicts from experiments of other pages: LAS's toys, ETS's one-dimensional plots, IIA.
import { markdownTable } from "../markdown.mjs";
import { toys } from "../papers/las.mjs";
import { savedExperiment } from "../saved.mjs";
import { judgeApart, judgePairs } from "../verdict.mjs";

/** No errors of the toys' means were measured: smaller differences count as none. */
const toyThreshold = 0.03;

/** LAS Appendix G in its form, ours from docs/schedules.md's experiment. */
export function lasToys() {
  const cells = savedExperiment("schedules/results/mixtures")?.cells ?? [];
  const columns = [5, 7, 10];
  const find = (world, solver, schedule, nfe) =>
    cells.find((c) => c.world === world && c.solver === solver && c.schedule === schedule && c.nfe === nfe);
  const parts = toys.map(({ world, rows }) => {
    const lines = rows.flatMap(([solver, schedule, figures]) => [
      [`${solver}, ${schedule}`, "paper", ...figures.map(String)],
      ["", "ours", ...columns.map((nfe) => find(world, solver, schedule, nfe)?.score.toFixed(3) ?? "–")],
    ]);
    return `**${world}**\n\n${markdownTable(["Sampler, schedule", "", ...columns.map((n) => `NFE ${n}`)], lines)}`;
  });
  const claims = toys.map(({ world, rows }) => ({
    text: `on ${world}, LAS has the lowest negative log-likelihood`,
    verdict: judgeApart(
      rows
        .filter(([, schedule]) => schedule !== "las")
        .flatMap(([solver, schedule]) =>
          columns.flatMap((nfe) => {
            const [a, b] = [find(world, solver, "las", nfe), find(world, solver, schedule, nfe)];
            return a && b ? [{ nfe, mine: "las", other: schedule, value: a.score - b.score }] : [];
          }),
        ),
      () => toyThreshold,
      `the threshold of ${toyThreshold}`,
    ),
  }));
  return { text: parts.join("\n\n"), claims };
}

/** ETS Section 6.1: KL divergence of stochastic DDIM in one dimension. */
export function klPlots() {
  const saved = savedExperiment("schedules/results/one-dimensional");
  const { cells = [], seeds = 1 } = saved ?? {};
  const pairs = (kind, mine, others) =>
    cells
      .filter((c) => c.world.startsWith(kind) && c.schedule === mine)
      .flatMap((a) =>
        others.map((other) => {
          const b = cells.find(
            (c) => c.process === a.process && c.world === a.world && c.nfe === a.nfe && c.schedule === other,
          );
          const standardError = Math.hypot(a.spread, b.spread) / Math.sqrt(seeds);
          return { nfe: a.nfe, mine, other, value: a.kl - b.kl, standardError };
        }),
      );
  const claim = (text, ...which) => ({ text, verdict: judgePairs(pairs(...which)) });
  return [
    claim("discrete data: entropic time is better than the standard one", "discrete", "entropic", [
      "time-uniform",
    ]),
    claim("discrete data: entropic time is better than rescaled entropic time", "discrete", "entropic", [
      "rescaled-entropic",
    ]),
    claim(
      "continuous data, overlapping Gaussians: rescaled entropic time is the best",
      "continuous15",
      "rescaled-entropic",
      ["entropic", "time-uniform"],
    ),
    claim("continuous data, narrow Gaussians: entropic time is the best", "continuous5", "entropic", [
      "rescaled-entropic",
      "time-uniform",
    ]),
  ];
}
