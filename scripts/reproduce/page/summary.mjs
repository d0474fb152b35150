// The head of the page: what was measured, on what, how.

export function summary(models) {
  const rows = models.map(
    ({ name, results }) =>
      `${name}: ${results.samples} samples a cell${results.hash ? `, weights sha256 ${results.hash.slice(0, 12)}…` : ""}`,
  );
  const dates = [...new Set(models.map(({ results }) => results.date))].join(", ");
  return `The papers' tables in their own form, on models that are here, from the same noises in every cell. \`node scripts/reproduce/all.mjs\` makes
all of it again, \`re.mjs\`, \`evodiff.mjs\`, \`las.mjs\`, \`ets.mjs\` and \`iia.mjs\` a paper each; finished cells are kept. ${dates}, 2 cores, Zen 5
class, no GPU.

${rows.map((row) => `- ${row}`).join("\n")}

Under every method stand the paper's figures and ours: the Fréchet distance to held-out images in the features of the model's own
classifier (on the mixture the KL divergence from the truth, in bins), half of its 95 % bootstrap interval, and in parentheses the
root-mean-square error to the model's own solution of the ODE from the same noises. Bold: the lowest, and what the paired bootstrap does not
tell from it. With few samples a Fréchet distance is biased upwards, alike in all cells of a model; it compares with no published number, and
only orders and ratios compare with the papers. Labels run through all classes, without guidance where a table does not say so.
A dash is a cell that has not been measured: the same command with the same number of samples adds what is missing.`;
}
