// IIA's claims, and the verdicts on them.
import { lower, residualClaim, substepClaims, timeClaim } from "./iia-judged.mjs";

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
