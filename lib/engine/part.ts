import type { Conditions } from "./conditions.js";
import type { SampleRequest } from "./request.js";

type PerSample = "seeds" | "labels" | "conditions" | "nullConditions";

/**
 * The request for samples [first, end) of a larger one. Noise is keyed by seed and sample number, so drawing a request
 * in parts gives every sample the noise it has in the whole.
 */
export function partOf<Request extends Pick<SampleRequest, PerSample | "firstSample">>(
  request: Request,
  first: number,
  end: number,
): Request & { readonly count: number } {
  const { seeds, labels, conditions, nullConditions, firstSample = 0 } = request;
  return {
    ...request,
    count: end - first,
    firstSample: firstSample + first,
    ...(seeds ? { seeds: seeds.slice(first, end) } : {}),
    ...(Array.isArray(labels) ? { labels: labels.slice(first, end) } : {}),
    ...(conditions ? { conditions: rowsOf(conditions, first, end) } : {}),
    ...(nullConditions ? { nullConditions: rowsOf(nullConditions, first, end) } : {}),
  };
}

function rowsOf(conditions: Conditions, first: number, end: number): Conditions {
  const part = (value: Conditions[string]) => (ArrayBuffer.isView(value) ? value : value.slice(first, end));
  return Object.fromEntries(Object.entries(conditions).map(([name, value]) => [name, part(value)]));
}
