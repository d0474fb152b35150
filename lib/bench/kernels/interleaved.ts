/** Something to be timed. */
export interface Arm {
  readonly name: string;
  run(): void;
}

/** Milliseconds of one call of an arm, a number for each round. */
export type Rounds = readonly number[];

/**
 * Times all arms in turn, round after round, so that what else the machine does falls on all of them. Each is called
 * once before it is timed, so that none pays for what the one before left in the caches.
 * @param least milliseconds that the timed calls of an arm in a round take together, about
 */
export function interleaved<A extends Arm>(
  arms: readonly A[],
  rounds: number,
  least: number,
): Map<A, Rounds> {
  const calls = arms.map((arm) => callsFor(arm, least));
  const times = new Map(arms.map((arm) => [arm, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [i, arm] of arms.entries()) {
      arm.run();
      times.get(arm)!.push(fastestOf(arm, calls[i]!, least));
    }
  }
  return times;
}

/** Milliseconds a call: the best of three goes where they are short enough for an interruption to spoil one. */
function fastestOf(arm: Arm, calls: number, least: number): number {
  let fastest = Number.POSITIVE_INFINITY;
  for (let go = 0; go < 3 && (go === 0 || fastest < 4 * least); go++) {
    const begun = performance.now();
    for (let call = 0; call < calls; call++) arm.run();
    fastest = Math.min(fastest, (performance.now() - begun) / calls);
  }
  return fastest;
}

/** How often to call: by the fastest of a few first calls. */
function callsFor(arm: Arm, least: number): number {
  let fastest = Number.POSITIVE_INFINITY;
  for (let trial = 0; trial < 3; trial++) {
    const begun = performance.now();
    arm.run();
    fastest = Math.min(fastest, performance.now() - begun);
    if (fastest > least) break;
  }
  return Math.max(1, Math.ceil(least / Math.max(fastest, 1e-4)));
}
