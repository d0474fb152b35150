// The verdict on a claim of a paper: a rule, applied to measured cells.
//
// A comparison is one pair of methods at one number of model calls. Both began from the same noises, and the paired
// bootstrap gives the standard error of their difference. It is decided where the difference is further from zero than
// chance takes one of the claim's comparisons in twenty such claims (normal quantile at 0.05 over their number, two-sided).
//
//   below   "A is better than B, C ... at these calls": does not hold where one comparison is decided against A; holds where
//           none is and at least half are decided for A. Comparisons that the paper's own figures do not show are none.
//   near    "A and B differ by no more than a share": holds where every interval of the difference lies within the share
//           of A; does not hold where one lies wholly outside.
//   atMost  "A at n calls is as good as B at m": holds where A is worse by less than 5 % of B beyond noise; does not hold
//           where it is worse beyond noise and by more than that.
//
// What is none of these is not testable here, and the verdict says why. Times have a rule of their own: page/time.mjs.

import jstat from "jstat";
import { standardDeviation } from "../../dist/metrics/mean.js";

/** The p-quantile of the standard normal distribution. */
const normalQuantile = (p) => jstat.normal.inv(p, 0, 1);

/** How far from zero a difference must be, in standard errors, where so many comparisons are made. */
export const threshold = (comparisons) => -normalQuantile(0.025 / comparisons);

/**
 * The difference of two cells by a metric whose smaller values are better.
 * @returns value and standardError of a - b, or undefined where one of them does not have the metric
 */
export function gap(a, b, metric) {
  const [first, second] = [a?.replicates[metric], b?.replicates[metric]];
  if (!first || !second) return undefined;
  const differences = first.replicates.map((value, r) => value - second.replicates[r]);
  return { value: first.value - second.value, standardError: standardDeviation(differences) };
}

/**
 * @param claim one of a table's claims
 * @param find (name, calls) => cell
 * @param columns the table's numbers of calls
 * @param metric whose smaller values are better
 * @param counts (mine, other, calls) => whether the paper has "below" there
 * @returns {verdict, counts, why, comparisons}
 */
export function judge(claim, find, columns, metric, counts = () => true) {
  if (claim.untestable) return { verdict: "not testable here", why: claim.untestable };
  if (claim.atMost) return atMost(claim.atMost, find, metric);
  const [mine, others] = claim.below ?? claim.near;
  const pairs = (claim.only ?? columns).flatMap((nfe) =>
    others.flatMap((other) => {
      if (claim.below && !counts(mine, other, nfe)) return [];
      const [a, b] = [find(mine, nfe), find(other, nfe)];
      const between = gap(a, b, metric);
      return between ? [{ nfe, mine, other, ...between, base: b.replicates[metric].value }] : [];
    }),
  );
  if (pairs.length === 0) return notMeasured(claim, find, columns, metric);
  return claim.near ? near(pairs, claim.share) : judgePairs(pairs);
}

/** The verdict on "better in all of these": {nfe, mine, other, value: mine - other, standardError} each. */
export function judgePairs(pairs) {
  const z = threshold(pairs.length);
  return judgeSigns(
    pairs.map((pair) => ({ ...pair, sign: outcome(pair, z) })),
    "most differences are within noise",
  );
}

/** The same where no errors were measured: a difference counts where it is larger than `least` of its pair. */
export function judgeApart(pairs, least, words) {
  const sign = (pair) => (Math.abs(pair.value) > least(pair) ? Math.sign(pair.value) : 0);
  return judgeSigns(
    pairs.map((pair) => ({ ...pair, sign: sign(pair) })),
    `most differences are below ${words}`,
  );
}

function judgeSigns(decided, undecided) {
  if (decided.length === 0) return { verdict: "not testable here", why: "not measured" };
  const count = (sign) => decided.filter((pair) => pair.sign === sign).length;
  const [better, alike, worse] = [count(-1), count(0), count(1)];
  const verdict = worse > 0 ? "does not hold" : 2 * better >= decided.length ? "holds" : "not testable here";
  const why = verdict === "not testable here" ? undecided : undefined;
  return {
    verdict,
    counts: { better, alike, worse },
    ...(why ? { why } : {}),
    comparisons: decided.map(brief),
  };
}

const outcome = ({ value, standardError }, z) => (Math.abs(value) > z * standardError ? Math.sign(value) : 0);

const brief = ({ nfe, mine, other, value, standardError, sign }) => ({
  nfe,
  mine,
  other,
  value: rounded(value),
  ...(standardError === undefined ? {} : { standardError: rounded(standardError) }),
  sign,
});

function near(pairs, share) {
  const z = threshold(pairs.length);
  const inside = ({ value, standardError, base }) => Math.abs(value) + z * standardError <= share * base;
  const outside = ({ value, standardError, base }) => Math.abs(value) - z * standardError > share * base;
  const [within, beyond] = [pairs.filter(inside).length, pairs.filter(outside).length];
  const largest = Math.max(...pairs.map(({ value, base }) => Math.abs(value) / base));
  const verdict = beyond > 0 ? "does not hold" : within === pairs.length ? "holds" : "not testable here";
  return {
    verdict,
    counts: { within, undecided: pairs.length - within - beyond, beyond },
    why:
      `largest difference ${percent(largest)}` +
      (verdict === "not testable here" ? "; noise is larger than the share asked for" : ""),
  };
}

function atMost([mine, calls, other, more], find, metric) {
  const [a, b] = [find(mine, calls), find(other, more)];
  const between = gap(a, b, metric);
  if (!between) return { verdict: "not testable here", why: "not measured" };
  const margin = 0.05 * b.replicates[metric].value;
  const reach = threshold(1) * between.standardError;
  const verdict =
    between.value + reach <= margin
      ? "holds"
      : between.value - reach > 0 && between.value > margin
        ? "does not hold"
        : "not testable here";
  const found = `${rounded(a.replicates[metric].value)} against ${rounded(b.replicates[metric].value)}`;
  return { verdict, why: verdict === "not testable here" ? `${found}, within noise` : found };
}

function notMeasured(claim, find, columns, metric) {
  const [mine, others] = claim.below ?? claim.near;
  const cells = columns.flatMap((nfe) => [mine, ...others].map((name) => find(name, nfe))).filter(Boolean);
  const without = cells.length > 0 && cells.some((cell) => !cell.replicates[metric]);
  return {
    verdict: "not testable here",
    why: without ? `${metric} is not defined for these methods` : "not measured",
  };
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;
export const rounded = (value) => Number(value.toPrecision(4));
