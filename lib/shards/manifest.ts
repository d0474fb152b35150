import { z } from "zod";

/** `manifest.json` of a job in shards: what was asked, and the files. Hashes are there when the job is complete. */
export const shardManifestSchema = z.strictObject({
  format: z.literal("quench-shards"),
  version: z.literal(1),
  complete: z.boolean(),
  model: z.strictObject({ name: z.string(), hash: z.string().optional() }),
  /** As it was asked; seeds are strings. */
  request: z.record(z.string(), z.unknown()),
  shard: z.int().min(1),
  batch: z.int().min(1),
  shards: z.array(
    z.strictObject({
      file: z.string(),
      first: z.int().nonnegative(),
      count: z.int().min(1),
      sha256: z.string().optional(),
    }),
  ),
});

export type ShardManifest = z.infer<typeof shardManifestSchema>;
