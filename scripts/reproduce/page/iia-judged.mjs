// How IIA's claims are judged by what scripts/experiments/iia saved. A claim about Fréchet distances counts the calls that the
// paper's table or figure shows; what other calls say is noted beside it.
import { median } from "../../../dist/bench/spread.js";
import { judgeApart, judgePairs, threshold } from "../verdict.mjs";
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

const percent = (share) => `${(100 * share).toFixed(1).replace(/^-0\.0$/, "0.0")} %`;

/** Smaller in every residual of fresh samples, on every model. */
export function residualClaim(text, mine, other, stepCounts, family) {
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
      const [own, others] = [a.against?.[frechetLabel(b)], b.against?.[frechetLabel(a)]];
      const gap = own ?? others;
      const sign = own ? 1 : -1;
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
export function lower(text, set, rows, calls, { guidance = 1, values = false } = {}) {
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

export function substepClaims() {
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

/** Whether no distance of M = 10 is higher than that of M = 50 by more than 5 %, noise included. */
function enough() {
  const text =
    "M = 10 sub-steps are enough: Fréchet distances as low as those of M = 50, within 5 % (Table 6)";
  const of = (substeps) => `iia-edm, history 1, M ${substeps}`;
  const pairs = pairsOf("substeps", 1, of(10), of(50));
  if (pairs.length === 0) return { text, verdict: { verdict: "not testable here", why: "not measured" } };
  const reach = ({ standardError }) => threshold(1) * standardError;
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
export function timeClaim(largest) {
  const text = `IIA-EDM takes hardly longer than EDM: by at most ${percent(largest)} (Table 9)`;
  const ratios = imageModels.flatMap((model) => {
    const own = timeResults().filter((one) => one.model === model);
    return own.length === 0 ? [] : [{ model, ratio: median(own.map(({ ratio }) => ratio)) }];
  });
  if (ratios.length === 0) return { text, verdict: { verdict: "not testable here", why: "not measured" } };
  const holds = ratios.every(({ ratio }) => ratio <= 1 + largest);
  const found = ratios.map(({ model, ratio }) => `${model} ${percent(ratio - 1)}`).join(", ");
  return {
    text,
    verdict: { verdict: holds ? "holds" : "does not hold", why: `median over the calls: ${found}` },
  };
}
