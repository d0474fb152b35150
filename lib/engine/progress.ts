export interface Progress {
  /** Steps taken and to take. */
  readonly step: number;
  readonly steps: number;
  readonly evaluations: number;
}

const intervalMilliseconds = 50;

/** Reports at most once per interval, and always the last step. */
export function throttledProgress(
  onProgress: ((progress: Progress) => void) | undefined,
): ((report: { index: number; steps: number; evaluations: number }) => void) | undefined {
  if (!onProgress) return undefined;
  let last = -Infinity;
  return ({ index, steps, evaluations }) => {
    const now = performance.now();
    if (index + 1 < steps && now - last < intervalMilliseconds) return;
    last = now;
    onProgress({ step: index + 1, steps, evaluations });
  };
}
