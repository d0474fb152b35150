import type { SampleRequest } from "./request.js";

/**
 * The request for samples [first, end) of a larger one. Noise is keyed by seed and sample number, so drawing a request
 * in parts gives every sample the noise it has in the whole.
 */
export function partOf<Request extends Pick<SampleRequest, "seeds" | "labels" | "firstSample">>(
  request: Request,
  first: number,
  end: number,
): Request & { readonly count: number } {
  const { seeds, labels, firstSample = 0 } = request;
  return {
    ...request,
    count: end - first,
    firstSample: firstSample + first,
    ...(seeds ? { seeds: seeds.slice(first, end) } : {}),
    ...(Array.isArray(labels) ? { labels: labels.slice(first, end) } : {}),
  };
}
