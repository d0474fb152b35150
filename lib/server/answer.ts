import { countOf, type ModelDescription, type Samples } from "../engine/index.js";
import { QuenchError } from "../errors.js";
import { encodeNpy, encodePngElsewhere, imageGrid } from "../io/index.js";
import { imageShape } from "../io/png.js";
import { sizeOf } from "../shape.js";
import type { SamplesBody } from "./body.js";

/** Media types of samples, the default first. */
export const formats = ["application/json", "image/png", "application/x-npy"] as const;
export type Format = (typeof formats)[number];

/** Samples as they travel: bytes of their media type. */
export async function encodeSamples(
  samples: Samples,
  format: Format,
  { valueRange = [-1, 1] }: ModelDescription,
  columns: number | undefined,
): Promise<Buffer> {
  const { data, shape } = samples;
  if (format === "image/png") return encodePngElsewhere(imageGrid(data, shape.slice(1), valueRange, columns));
  if (format === "application/x-npy") {
    const { buffer, byteOffset, byteLength } = encodeNpy({ data, shape });
    return Buffer.from(buffer, byteOffset, byteLength);
  }
  return Buffer.from(JSON.stringify(describeSamples(samples)));
}

/** About the bytes of an answer, before there is one: those of its numbers. A PNG seldom takes more than its pixels. */
export function expectedBytes(
  body: Pick<SamplesBody, "count" | "seeds" | "labels" | "dtype">,
  { shape }: Pick<ModelDescription, "shape">,
  format: Format,
): number {
  const numbers = countOf(body) * sizeOf(shape);
  if (format === "image/png") return numbers;
  const bytes = numbers * (body.dtype === "float64" ? 8 : 4);
  return format === "application/x-npy" ? bytes : Math.ceil(bytes / 3) * 4;
}

/** Samples in JSON: the numbers are little-endian floats in base64, a tenth of the time and half the size of digits. */
export function describeSamples({ data, ...rest }: Samples): Record<string, unknown> {
  return { ...rest, data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64") };
}

/** @throws QuenchError INVALID_ARGUMENT for PNG of samples that are no images, before any model call */
export function requireFormat(format: Format, { name, shape }: ModelDescription): void {
  if (format !== "image/png" || imageShape(shape)) return;
  throw new QuenchError(
    "INVALID_ARGUMENT",
    `samples of "${name}" have shape [${shape.join(", ")}] and are no images: accept application/x-npy or application/json`,
  );
}
