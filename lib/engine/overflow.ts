import { backendOf, type Dtype, type Vector } from "../device/index.js";
import { OverflowError, QuenchError, requireArgument } from "../errors.js";
import type { ResolvedRequest } from "./request.js";

/** Factors beyond these are what made numbers overflow, if any did. */
const suspicious = { guidance: 1000, initialScale: 1e6 } as const;

/**
 * The error of a run whose numbers overflowed, though all that the model returned was finite: the request's own fault
 * where it asks for a factor that no sampling needs.
 */
export function overflowed(request: ResolvedRequest, { message, cause }: OverflowError): QuenchError {
  for (const factor of ["guidance", "initialScale"] as const) {
    const value = request[factor];
    if (value === undefined || Math.abs(value) < suspicious[factor]) continue;
    return new QuenchError("INVALID_ARGUMENT", `${message}: ${value} is too large`, { where: factor, cause });
  }
  const reason = `the model's predictions or the solver's options are too large for ${request.dtype}`;
  return new QuenchError("MODEL_FAILED", `${message}: ${reason}`, { cause });
}

/** @throws OverflowError naming the first sample that is not finite */
export function requireFiniteSamples(x: Vector, size: number): void {
  const bad = backendOf(x).firstNonFinite(x);
  if (bad >= 0) throw new OverflowError(`sample ${Math.floor(bad / size)} came out not finite`);
}

/** A coefficient must be one in the run's arithmetic too. @throws QuenchError INVALID_ARGUMENT */
export function requireRepresentable(value: number | undefined, dtype: Dtype, where: string): void {
  requireArgument(
    value === undefined || dtype === "float64" || Number.isFinite(Math.fround(value)),
    where,
    `expected a number that is finite in float32, received ${value}`,
  );
}
