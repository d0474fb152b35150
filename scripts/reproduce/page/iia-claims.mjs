// IIA's claims, and the verdicts on them from what scripts/experiments/iia saved. A claim about Fréchet distances counts the
// calls that the paper's table or figure shows; what other calls say is noted beside it.
import { judgeApart, judgePairs } from "../verdict.mjs";
import {
  frechetCells,
  frechetLabel,
  imageModels,
  residuals,
  substepResult,
  timeResults,
  worlds,
} from "./iia-results.mjs";

/** Only means of residuals were saved, no errors of them: smaller differences, as a share of the other's, count as none. */
const residualThreshold = 0.08;

const percent = (share) => `${(100 * share).toFixed(1)} %`;

/** Smaller in every residual of fresh samples, on every model. */
function residualClaim(text, mine, other, stepCounts, family) {
  const pairs = worlds.flatMap((world) => {
    const of = residuals(world);
    return stepCounts.flatMap((steps) => {
      const [a, b] = [of(mine, steps, family, "fresh"), of(other, steps, family, "fresh")];
      return a === undefined || b === undefined ? [] : [{ nfe: steps, mine, other, value: a - b, base: b }];
    });
  });
  const verdict = judgeApart(
    pairs,
    ({ base }) => residualThreshold * base,
    `the threshold of ${100 * residualThreshold} %`,
  );
  return { text, verdict };
}

const list = (counts) =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([word, count]) => `${word} ${count}`)
    .join(", ");

/** Differences of two rows of a set, on every model; they share their noises, and the interval of each was saved. */
function pairsOf(set, guidance, mine, other) {
  return imageModels.flatMap((model) => {
    const { find, nfes } = frechetCells(model, set, guidance);
    return nfes.flatMap((nfe) => {
      const [a, b] = [find(mine, nfe), find(other, nfe)];
      if (!a || !b) return [];
      const [gap, sign] = a.against?.[frechetLabel(b)]
        ? [a.against[frechetLabel(b)], 1]
        : [b.against[frechetLabel(a)], -1];
      const difference = { value: sign * gap.value, standardError: gap.standardError };
      return [{ nfe, model, mine, other, ...difference, values: [a.value, b.value] }];
    });
  });
}

/** Verdict on the pairs within the paper's calls, with a note of those beyond. */
function judgeWithin(pairs, [from, to]) {
  const inside = ({ nfe }) => nfe >= from && nfe <= to;
  const verdict = judgePairs(pairs.filter(inside));
  const beyond = pairs.filter((pair) => !inside(pair));
  if (beyond.length === 0) return verdict;
  const calls = [...new Set(beyond.map(({ nfe }) => nfe))].sort((a, b) => a - b).join(", ");
  const note = `beyond the paper's calls, at ${calls}: ${list(judgePairs(beyond).counts)}`;
  return { ...verdict, why: [verdict.why, note].filter(Boolean).join("; ") };
}

/**
 * "`mine` has lower distances than `other`".
 * @param set of scripts/experiments/iia/members.mjs
 * @param rows [mine, other], or several such
 * @param calls first and last that the paper shows
 * @param values whether the verdict shows the distances
 */
function lower(text, set, rows, calls, { guidance = 1, values = false } = {}) {
  const all = Array.isArray(rows[0]) ? rows : [rows];
  const pairs = all.flatMap(([mine, other]) => pairsOf(set, guidance, mine, other));
  const verdict = judgeWithin(pairs, calls);
  if (!values || pairs.length === 0) return { text, verdict };
  const found = imageModels
    .map((model) => [model, pairs.filter((pair) => pair.model === model)])
    .filter(([, own]) => own.length > 0)
    .map(([model, own]) => `${model}: ${own.map(words).join(", ")}`);
  return { text, verdict: { ...verdict, why: [verdict.why, ...found].filter(Boolean).join("; ") } };
}

const words = ({ nfe, values: [a, b] }) => `${a.toFixed(2)} against ${b.toFixed(2)} at ${nfe}`;

function substepClaims() {
  const residual = [11, 19].flatMap((nfe) => [
    ...relative(substepResult(nfe, 10)?.residual, substepResult(nfe, 50)?.residual),
    ...imageModels.flatMap((model) => {
      const { find } = frechetCells(model, "substeps");
      const of = (substeps) => find(`iia-edm, history 1, M ${substeps}`, nfe)?.residual;
      return relative(of(10), of(50));
    }),
  ]);
  return [
    {
      text: "M = 10 sub-steps are enough: residuals within 10 % of those of M = 50 (Table 6)",
      verdict:
        residual.length === 0
          ? { verdict: "not testable here", why: "not measured" }
          : {
              verdict: Math.max(...residual) <= 0.1 ? "holds" : "does not hold",
              why: `largest change ${percent(Math.max(...residual))}`,
            },
    },
    enough(),
  ];
}

const relative = (a, b) => (a && b ? [Math.abs(a - b) / b] : []);

/** Distances of M = 10 are none of them higher than those of M = 50 beyond noise and by more than 5 %. */
function enough() {
  const text =
    "M = 10 sub-steps are enough: Fréchet distances as low as those of M = 50, within 5 % (Table 6)";
  const of = (substeps) => `iia-edm, history 1, M ${substeps}`;
  const pairs = pairsOf("substeps", 1, of(10), of(50));
  if (pairs.length === 0) return { text, verdict: { verdict: "not testable here", why: "not measured" } };
  const reach = ({ standardError }) => 1.96 * standardError;
  const share = ({ values: [, b] }) => 0.05 * b;
  const worse = pairs.some((pair) => pair.value - reach(pair) > 0 && pair.value > share(pair));
  const within = pairs.every((pair) => pair.value + reach(pair) <= share(pair));
  const found = pairs.map((pair) => `${pair.model} ${words(pair)}`).join(", ");
  return {
    text,
    verdict: {
      verdict: worse ? "does not hold" : within ? "holds" : "not testable here",
      why: worse || within ? found : `noise is larger than the share asked for: ${found}`,
    },
  };
}

/** "IIA-EDM takes hardly longer": by at most the paper's largest share, in the median over its numbers of calls. */
function timeClaim(largest) {
  const text = `IIA-EDM takes hardly longer than EDM: by at most ${percent(largest)} (Table 9)`;
  const ratios = imageModels.flatMap((model) => {
    const own = timeResults().filter((one) => one.model === model);
    const sorted = own.map(({ ratio }) => ratio).sort((a, b) => a - b);
    return own.length === 0 ? [] : [{ model, ratio: sorted[sorted.length >> 1] }];
  });
  if (ratios.length === 0) return { text, verdict: { verdict: "not testable here", why: "not measured" } };
  const holds = ratios.every(({ ratio }) => ratio <= 1 + largest);
  const found = ratios.map(({ model, ratio }) => `${model} ${percent(ratio - 1)}`).join(", ");
  return {
    text,
    verdict: { verdict: holds ? "holds" : "does not hold", why: `median over the calls: ${found}` },
  };
}

/**
 * @param stepsOfEdm steps of the calls in Tables 3 to 5
 * @param slowest the largest share that the paper's Table 9 shows IIA-EDM to take more
 */
export function iiaClaims(stepsOfEdm, slowest) {
  const edmCalls = [11, 19];
  const figures = [10, 40];
  return [
    residualClaim(
      "BIIA-EDM has smaller residuals than EDM (Figure 4, Table 4)",
      "biia-edm 1",
      "base",
      stepsOfEdm,
      "biia-edm",
    ),
    residualClaim(
      "IIA-EDM has smaller residuals than BIIA-EDM (Figure 4, Table 4)",
      "iia-edm 1",
      "biia-edm 1",
      stepsOfEdm,
      "iia-edm",
    ),
    residualClaim(
      "history r = 2 makes IIA-EDM's residuals smaller than r = 1 (Table 4)",
      "iia-edm 2",
      "iia-edm 1",
      stepsOfEdm,
      "iia-edm",
    ),
    residualClaim(
      "two quantities have smaller residuals than one (Table 7)",
      "iia-ddim 2",
      "iia-ddim 1",
      [10, 20, 40],
      "iia-ddim",
    ),
    residualClaim(
      "one quantity has smaller residuals than DDIM (Table 7)",
      "iia-ddim 1",
      "base",
      [10, 20, 40],
      "iia-ddim",
    ),
    ...substepClaims(),
    lower(
      "IIA-EDM has a lower Fréchet distance with M = 10 sub-steps than with M = 3 at 11 calls (Table 6)",
      "substeps",
      ["iia-edm, history 1, M 10", "iia-edm, history 1, M 3"],
      [11, 11],
      { values: true },
    ),
    lower(
      "BIIA-EDM has a lower Fréchet distance with r = 0 than with r = 1 (Table 3, FFHQ-64)",
      "history",
      ["biia-edm 0", "biia-edm 1"],
      edmCalls,
      { values: true },
    ),
    lower(
      "IIA-EDM has lower Fréchet distances than EDM (Table 5)",
      "history",
      [
        ["iia-edm 1", "base"],
        ["iia-edm 2", "base"],
      ],
      edmCalls,
    ),
    lower(
      "BIIA-EDM has lower Fréchet distances than EDM (Table 5)",
      "history",
      [
        ["biia-edm 1", "base"],
        ["biia-edm 2", "base"],
      ],
      edmCalls,
    ),
    lower(
      "IIA-EDM has lower Fréchet distances than BIIA-EDM of the same r (Table 5)",
      "history",
      [
        ["iia-edm 1", "biia-edm 1"],
        ["iia-edm 2", "biia-edm 2"],
      ],
      edmCalls,
    ),
    lower(
      "IIA-EDM has a slightly lower Fréchet distance with r = 1 than with r = 2 (Table 5)",
      "history",
      ["iia-edm 1", "iia-edm 2"],
      edmCalls,
      { values: true },
    ),
    lower(
      "BIIA-EDM has a slightly lower Fréchet distance with r = 1 than with r = 2, from 13 calls on (Table 5)",
      "history",
      ["biia-edm 1", "biia-edm 2"],
      [13, 19],
      { values: true },
    ),
    lower(
      "IIA-EDM has lower Fréchet distances than EDM from 11 calls, where the axis begins, to below 25 (Figure 3)",
      "members",
      ["iia-edm 1", "edm-heun"],
      [11, 24],
    ),
    lower(
      "IIA-EDM has lower Fréchet distances than BIIA-EDM (Figure 3)",
      "members",
      ["iia-edm 1", "biia-edm 1"],
      [11, 40],
    ),
    lower(
      "IIA-DDIM with two quantities has lower Fréchet distances than DDIM (Table 8)",
      "quantities",
      ["iia-ddim 2", "base"],
      figures,
    ),
    lower(
      "IIA-DDIM with one quantity has lower Fréchet distances than DDIM (Table 8)",
      "quantities",
      ["iia-ddim 1", "base"],
      figures,
    ),
    lower(
      "IIA-DDIM has lower Fréchet distances with two quantities than with one (Table 8)",
      "quantities",
      ["iia-ddim 2", "iia-ddim 1"],
      figures,
      { values: true },
    ),
    lower(
      "IIA-DDIM has lower Fréchet distances than DDIM (Figure 5)",
      "members",
      ["iia-ddim", "ddim"],
      figures,
    ),
    lower(
      "IIA-SPNDM has lower Fréchet distances than SPNDM (Figure 6, CIFAR-10)",
      "members",
      ["iia-spndm", "s-pndm"],
      figures,
    ),
    lower(
      "IIA-IPNDM has slightly lower Fréchet distances than IPNDM (Figure 6, CIFAR-10)",
      "members",
      ["iia-ipndm", "ipndm"],
      figures,
    ),
    lower(
      "guided, IIA-DDIM of Eq. 8 has lower Fréchet distances than DDIM (Table 1)",
      "text-to-image",
      ["iia-ddim-guided", "ddim"],
      figures,
      { guidance: 2 },
    ),
    lower(
      "guided, IIA-DPM-Solver++ has lower Fréchet distances than DPM-Solver++ (Table 1)",
      "text-to-image",
      ["iia-dpm-solver++-2m", "dpm-solver++-2m"],
      figures,
      { guidance: 2 },
    ),
    {
      text: "IIA-DDIM and IIA-DPM-Solver++ have the higher CLIP scores (Table 1)",
      verdict: { verdict: "not testable here", why: "no text-to-image model here" },
    },
    timeClaim(slowest),
  ];
}
