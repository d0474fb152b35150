/** Guidance as it is done: a scale of 1 is the conditional model itself, and needs no unconditional half. */
export function effectiveGuidance(guidance: number | undefined): number | undefined {
  return guidance === 1 ? undefined : guidance;
}

/** Rows that the model sees in one call for one sample: guidance asks for a conditional and an unconditional half. */
export function modelRowsPerSample(guidance: number | undefined): 1 | 2 {
  return effectiveGuidance(guidance) === undefined ? 1 : 2;
}
