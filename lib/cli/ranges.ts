import { QuenchError } from "../errors.js";

const longest = 10_000_000;

/**
 * Integers from a list of numbers and ranges, both ends included: "0-3,7" is 0, 1, 2, 3, 7.
 * @param limit every number is below it
 * @throws QuenchError INVALID_ARGUMENT naming the option
 */
export function parseRanges(text: string, option: string, limit: bigint): bigint[] {
  const numbers: bigint[] = [];
  for (const part of text.split(",")) {
    const match = /^\s*(\d{1,20})(?:\s*-\s*(\d{1,20}))?\s*$/.exec(part);
    if (!match)
      throw invalid(option, `expected integers and ranges such as 0-63 or 1,2,5-10, received "${part}"`);
    const first = BigInt(match[1]!);
    const last = match[2] === undefined ? first : BigInt(match[2]);
    if (last >= limit || first >= limit)
      throw invalid(option, `expected integers in [0, ${named(limit)}), received "${part.trim()}"`);
    if (last < first) throw invalid(option, `the range "${part.trim()}" runs backwards`);
    if (last - first >= BigInt(longest))
      throw invalid(option, `the range "${part.trim()}" is longer than ${longest}`);
    for (let n = first; n <= last; n++) numbers.push(n);
  }
  return numbers;
}

/**
 * The seed of `--seed`.
 * @param hint said to those who give a list
 * @throws QuenchError INVALID_ARGUMENT, also for a list
 */
export function parseSeed(text: string, hint = ""): bigint {
  const [seed, ...more] = parseRanges(text, "--seed", 2n ** 64n);
  if (more.length > 0) throw invalid("--seed", `expected one integer, received "${text}"${hint}`);
  return seed!;
}

function named(limit: bigint): string {
  return limit === 2n ** 64n ? "2^64" : String(limit);
}

function invalid(where: string, message: string): QuenchError {
  return new QuenchError("INVALID_ARGUMENT", message, { where });
}
