import { QuenchError, reasonOf } from "../errors.js";

/**
 * What a model threw as one of our errors: MODEL_FAILED, unless it is one already.
 * @param did what became of it
 */
export function modelFailed(name: string, cause: unknown, did = "failed"): QuenchError {
  if (cause instanceof QuenchError) return cause;
  const message = reasonOf(cause);
  return new QuenchError("MODEL_FAILED", `"${name}" ${did} (${message})`, { cause });
}
