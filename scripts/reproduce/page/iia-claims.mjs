// IIA's claims, and the verdicts on them from what scripts/experiments/iia saved. A claim about Fréchet distances counts the
// calls that the paper's table or figure shows; what other calls say is noted beside it.
import { judgeApart, judgePairs } from "../verdict.mjs";
import { allFrechet, residuals, substepResult, worlds } from "./iia-results.mjs";

/** Only means of residuals were saved, no errors of them: smaller differences, as a share of the other's, count as none. */
const residualThreshold = 0.08;

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

/** Standard error of iia − plain, from its saved interval of 95 %. */
const errorOf = ({ low, high }) => (high - low) / (2 * 1.96);

/** A member against its base, which shares its noises: the interval of the difference was saved. */
const againstBase = (member) => ({
  ...{ nfe: member.nfe, mine: member.row, other: member.base },
  value: member.iia - member.plain,
  standardError: errorOf(member),
  values: [member.iia, member.plain],
});

/** A member against another: the interval of that difference was not saved, its error is at most the sum of both. */
const againstMember = (member, other) => ({
  ...{ nfe: member.nfe, mine: member.row, other: other.row },
  value: member.iia - other.iia,
  standardError: errorOf(member) + errorOf(other),
  values: [member.iia, other.iia],
});

const list = (counts) =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([word, count]) => `${word} ${count}`)
    .join(", ");

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
 * @param row a member's, or several
 * @param calls first and last that the paper shows
 */
function baseClaim(text, row, guidance, calls) {
  const pairs = allFrechet()
    .filter((one) => [row].flat().includes(one.row) && one.guidance === guidance)
    .map(againstBase);
  return { text, verdict: judgeWithin(pairs, calls) };
}

/** @param rows [mine, other], or several such */
function memberClaim(text, rows, calls, { values = false } = {}) {
  const all = allFrechet().filter(({ guidance }) => guidance === 1);
  const pairs = (Array.isArray(rows[0]) ? rows : [rows]).flatMap(([mine, other]) =>
    all
      .filter(({ row }) => row === mine)
      .flatMap((member) => {
        const beside = all.find(
          ({ model, nfe, row }) => model === member.model && nfe === member.nfe && row === other,
        );
        return beside ? [againstMember(member, beside)] : [];
      }),
  );
  const verdict = judgeWithin(pairs, calls);
  if (!values) return { text, verdict };
  const found = pairs
    .toSorted((a, b) => a.nfe - b.nfe)
    .map(({ nfe, values: [a, b] }) => `${a.toFixed(2)} against ${b.toFixed(2)} at ${nfe}`)
    .join(", ");
  return { text, verdict: { ...verdict, why: [verdict.why, found].filter(Boolean).join("; ") } };
}

function substepClaims() {
  const changes = (value) =>
    [11, 19].flatMap((nfe) => {
      const [ten, fifty] = [value(substepResult(nfe, 10)), value(substepResult(nfe, 50))];
      return ten && fifty ? [Math.abs(ten - fifty) / fifty] : [];
    });
  const residual = changes((result) => result?.residual);
  const error = changes((result) => result?.error?.rms);
  const percent = (all) => `${(100 * Math.max(...all)).toFixed(1)} %`;
  const distance =
    "Fréchet distances here are with M = 3 alone, and the mixture has no features to have one in" +
    (error.length > 0
      ? `; its rms error to the ODE's solution changes by at most ${percent(error)} from M = 10 to 50`
      : "");
  return [
    {
      text: "M = 10 sub-steps are enough: residuals within 10 % of those of M = 50 (Table 6)",
      verdict:
        residual.length === 0
          ? { verdict: "not testable here", why: "not measured" }
          : {
              verdict: Math.max(...residual) <= 0.1 ? "holds" : "does not hold",
              why: `largest change ${percent(residual)}`,
            },
    },
    {
      text: "M = 10 sub-steps are enough: Fréchet distances as low as those of M = 50 (Table 6)",
      verdict: { verdict: "not testable here", why: distance },
    },
  ];
}

/** @param stepsOfEdm steps of the calls in Tables 3 to 5 */
export function iiaClaims(stepsOfEdm) {
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
    memberClaim(
      "BIIA-EDM has a lower Fréchet distance with r = 0 than with r = 1 (Table 3, FFHQ-64)",
      ["biia-edm 0", "biia-edm 1"],
      edmCalls,
      { values: true },
    ),
    baseClaim(
      "IIA-EDM has lower Fréchet distances than EDM (Table 5)",
      ["iia-edm 1", "iia-edm 2"],
      1,
      edmCalls,
    ),
    baseClaim(
      "BIIA-EDM has lower Fréchet distances than EDM (Table 5)",
      ["biia-edm 1", "biia-edm 2"],
      1,
      edmCalls,
    ),
    memberClaim(
      "IIA-EDM has lower Fréchet distances than BIIA-EDM of the same r (Table 5)",
      [
        ["iia-edm 1", "biia-edm 1"],
        ["iia-edm 2", "biia-edm 2"],
      ],
      edmCalls,
    ),
    memberClaim(
      "IIA-EDM has a slightly lower Fréchet distance with r = 1 than with r = 2 (Table 5)",
      ["iia-edm 1", "iia-edm 2"],
      edmCalls,
      { values: true },
    ),
    memberClaim(
      "BIIA-EDM has a slightly lower Fréchet distance with r = 1 than with r = 2, from 13 calls on (Table 5)",
      ["biia-edm 1", "biia-edm 2"],
      [13, 19],
      { values: true },
    ),
    baseClaim(
      "IIA-EDM has lower Fréchet distances than EDM from 11 calls, where the axis begins, to below 25 (Figure 3)",
      "iia-edm 1",
      1,
      [11, 24],
    ),
    memberClaim(
      "IIA-EDM has lower Fréchet distances than BIIA-EDM (Figure 3)",
      ["iia-edm 1", "biia-edm 1"],
      [11, 40],
    ),
    baseClaim(
      "IIA-DDIM with two quantities has lower Fréchet distances than DDIM (Figure 5, Table 8)",
      "iia-ddim 2",
      1,
      figures,
    ),
    baseClaim(
      "IIA-DDIM with one quantity has lower Fréchet distances than DDIM (Table 8)",
      "iia-ddim 1",
      1,
      figures,
    ),
    memberClaim(
      "IIA-DDIM has lower Fréchet distances with two quantities than with one (Table 8)",
      ["iia-ddim 2", "iia-ddim 1"],
      figures,
      { values: true },
    ),
    baseClaim(
      "IIA-SPNDM has lower Fréchet distances than SPNDM (Figure 6, CIFAR-10)",
      "iia-spndm",
      1,
      figures,
    ),
    baseClaim(
      "IIA-IPNDM has slightly lower Fréchet distances than IPNDM (Figure 6, CIFAR-10)",
      "iia-ipndm",
      1,
      figures,
    ),
    baseClaim(
      "guided, IIA-DDIM of Eq. 8 has lower Fréchet distances than DDIM (Table 1)",
      "iia-ddim-guided",
      2,
      figures,
    ),
    baseClaim(
      "guided, IIA-DPM-Solver++ has lower Fréchet distances than DPM-Solver++ (Table 1)",
      "iia-dpm-solver++-2m",
      2,
      figures,
    ),
    {
      text: "IIA-DDIM and IIA-DPM-Solver++ have the higher CLIP scores (Table 1)",
      verdict: { verdict: "not testable here", why: "no text-to-image model here" },
    },
    {
      text: "IIA-EDM takes hardly longer than EDM (Table 9)",
      verdict: {
        verdict: "not testable here",
        why: "no bench draws with coefficients; model calls are the same (iia.md, Members)",
      },
    },
  ];
}
