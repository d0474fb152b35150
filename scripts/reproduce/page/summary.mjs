// The head of the page: what was measured, on what, how.
import { markdownTable } from "../markdown.mjs";
import { commandsOf } from "../saved.mjs";

/** What makes which part of the page. */
const makers = [
  [
    "`re.mjs`, `evodiff.mjs`",
    "a paper's tables, except generation times: those are of `quench bench sample`, on the machine of [performance.md](performance.md#draws)",
  ],
  ["`las.mjs`", "LAS Table 1"],
  ["`ets.mjs`", "ETS Tables 1 and 4, Sections 6.2 and 6.3"],
  ["`iia.mjs`", "measures nothing: it writes the page, with what `scripts/experiments/iia` saved"],
  ["`own-presets.mjs`", "the bundled models' presets beside the best pairs"],
  [
    "`all.mjs`",
    "the four before `iia.mjs`, the defaults' tables, samples and figures; not `own-presets.mjs` and the lines below",
  ],
  ["`scripts/experiments/schedules/mixtures.mjs`", "LAS Appendix G"],
  ["`scripts/experiments/schedules/one-dimensional.mjs`", "ETS Figure 3"],
  ["`scripts/experiments/iia/all`", "IIA's tables and figures"],
];

export function summary(models) {
  const rows = models.map(
    ({ name, results }) =>
      `${name}: ${results.samples} samples a cell${results.hash ? `, weights sha256 ${results.hash.slice(0, 12)}…` : ""}`,
  );
  const dates = [...new Set(models.map(({ results }) => results.date))].join(", ");
  const commands = commandsOf(models)
    .map((command) => `\`${command}\``)
    .join(" and ");
  return `The papers' tables in their own form, on models that are here, from the same noises in every cell. ${commands} made
the tables of samples from models; other parts have commands of their own, below. Finished cells are kept, and a run
with another number of samples is refused unless it may drop what is saved (\`--replace\`). ${dates}, 2 cores, Zen 5
class, no GPU.

${rows.map((row) => `- ${row}`).join("\n")}

Under every method stand the paper's figures and ours: the Fréchet distance to held-out images in the features of the
model's own classifier (on the mixture the KL divergence from the truth, in bins), half of its 95 % bootstrap
interval, and in parentheses the root-mean-square error to the model's own solution of the ODE from the same noises.
Bold: the lowest, and what the paired bootstrap does not tell from it. In brackets: the calls really made, where the
method cannot make as many as the column says; Heun's method, which ends at zero noise, makes odd numbers. With few
samples a Fréchet distance is biased upwards, alike in all cells of a model; it compares with no published number, and
only orders and ratios compare with the papers. Labels run through all classes, without guidance where a table does
not say so. A dash is a cell that has not been measured, which the same command with the same number of samples adds,
or a figure that the paper does not print.

${markdownTable(["In `scripts/reproduce`, or where it says", "Makes"], makers)}`;
}
