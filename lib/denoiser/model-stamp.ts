import { z } from "zod";
import { defined } from "../defined.js";
import { QuenchError, shortened } from "../errors.js";
import type { Denoiser } from "./denoiser.js";

/** What an artifact keeps of the model that it was made for. */
export const modelStampSchema = z.strictObject({ name: z.string(), sha256: z.string().optional() });
export type ModelStamp = z.output<typeof modelStampSchema>;

/** The part of a model that stamps are made from and compared with. */
type Stamped = Pick<Denoiser, "name" | "hash">;

/** A stamp that may leave out either, as that of a risk curve written by hand. */
type PartialStamp = { readonly [Member in keyof ModelStamp]?: string | undefined };

export function modelStamp({ name, hash }: Stamped): ModelStamp {
  return { name, ...defined({ sha256: hash }) };
}

/**
 * Whether an artifact was made for this model: by their hashes where both are known, else by their names where both
 * are. A stamp that says neither is good for any model.
 */
export function sameModel({ name, sha256 }: PartialStamp = {}, model: Partial<Stamped>): boolean {
  if (sha256 !== undefined && model.hash !== undefined)
    return sha256.toLowerCase() === model.hash.toLowerCase();
  return name === undefined || model.name === undefined || name === model.name;
}

/**
 * @param made how the artifact came to be, e.g. "tuned": the message goes on "on …, asked for …"
 * @throws QuenchError MODEL_MISMATCH naming both, unless {@link sameModel}
 */
export function requireSameModel(
  stamp: PartialStamp | undefined,
  model: Partial<Stamped>,
  made: string,
  where: string,
): void {
  if (sameModel(stamp, model)) return;
  const [of, asked] = [stamp ?? {}, { name: model.name, sha256: model.hash }].map(described);
  throw new QuenchError("MODEL_MISMATCH", `${made} on ${of}, asked for ${asked}`, { where });
}

function described({ name, sha256 }: PartialStamp): string {
  const hash = sha256 === undefined ? "no hash" : `sha256 ${sha256}`;
  return name === undefined ? hash : `the model "${shortened(name)}" (${hash})`;
}
