import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { isObject, received } from "../checks/received.js";
import { requireFunction } from "../checks/require-function.js";
import { defined } from "../defined.js";
import type { Denoiser } from "../denoiser/denoiser.js";
import { samplesHash } from "../denoiser/samples-hash.js";
import {
  type Engine,
  partOf,
  requireNamedSolver,
  type SampleRequest,
  type SpawnedEngine,
} from "../engine/index.js";
import { QuenchError, requestErrors, requireArgument, requireInteger, throwIfAborted } from "../errors.js";
import { fileHash } from "../io/file-hash.js";
import { claimFolder, isClaim, readJson, writeError, writeFileAtomic, writeNpz } from "../io/index.js";
import { makeFolder } from "../io/make-folder.js";
import { sizeOf } from "../shape.js";
import { type ShardManifest, shardManifestSchema } from "./manifest.js";
import { said } from "./said.js";

export type { ShardManifest } from "./manifest.js";

/** A draw too large for memory, or too long to lose: numbered files that are drawn one after another. */
export interface ShardJob {
  readonly folder: string;
  /** What to draw; `count` is the whole draw. Seeds and labels that are lists have one entry per sample. */
  readonly request: SampleRequest & { readonly count: number };
  /** Samples per file. */
  readonly shard: number;
  /** Samples per model batch. */
  readonly batch: number;
  /** The model's name and what its samples depend on, so that a folder is not continued with another model. */
  readonly model: Pick<Denoiser, "name" | "hash" | "conditions">;
  readonly signal?: AbortSignal;
  /** Called with the samples that are on the disk. */
  readonly onShard?: (done: number) => void;
}

/**
 * Draws the job through an engine that runs nothing else, and writes `00000.npz` … and `manifest.json`. Every file is
 * whole or not there; a job that was killed at any time is continued by calling again, and the final files are the
 * same, byte for byte: a sample's noise is keyed by its number, and every shard is run as the same batches, each alone
 * in its model calls. A file of a finished job that is no longer what the manifest says is drawn again. One process at
 * a time writes to a folder; one that was killed is none.
 *
 * @throws QuenchError INVALID_ARGUMENT where the folder holds another job; FOLDER_IN_USE; WRITE_FAILED; as
 *   `engine.sample`
 */
export async function sampleShards(engine: Engine | SpawnedEngine, job: ShardJob): Promise<ShardManifest> {
  requireArgument(isObject(job), "job", () => `expected an object, received ${received(job)}`);
  const { folder, request, shard, batch, signal, onShard } = job;
  for (const [name, value] of Object.entries({ request, model: job.model }))
    requireArgument(isObject(value), name, () => `expected an object, received ${received(value)}`);
  requireArgument(
    typeof folder === "string",
    "folder",
    () => `expected the path of a folder, received ${received(folder)}`,
  );
  for (const [name, value] of Object.entries({ count: request.count, shard, batch }))
    requireInteger(value, name);
  requireArgument(
    request.count / shard <= mostFiles,
    "shard",
    () => `expected at most ${mostFiles} files, and ${request.count} samples are more of ${shard} each`,
  );
  requireFunction(onShard, "onShard");
  requireArgument(
    typeof job.model.name === "string",
    "model.name",
    () => `expected a text, received ${received(job.model.name)}`,
  );
  const planned = plan(job);
  await makeFolder(folder).catch((cause) => {
    throw writeError(folder, cause);
  });
  const release = await claimFolder(folder);
  const shards = [];
  let begun = false;
  try {
    const found = await openFolder(folder, planned);
    begun = found === undefined;
    for (const [i, { file, first, count }] of planned.shards.entries()) {
      const path = join(folder, file);
      // Without a hash, of a job that was stopped, a file that is there is whole.
      const expected = found?.shards[i]?.sha256;
      let sha256 = (await exists(path)) ? await fileHash(path) : undefined;
      if (sha256 === undefined || sha256 !== (expected ?? sha256)) {
        await drawShard(engine, job, path, first, count);
        sha256 = await fileHash(path);
      }
      shards.push({ file, first, count, sha256 });
      onShard?.(first + count);
      throwIfAborted(signal);
    }
    const manifest = { ...planned, complete: true, shards };
    await writeManifest(folder, manifest);
    return manifest;
  } catch (error) {
    // A request that is refused begins nothing: the right one would find another job in the folder.
    const refused = error instanceof QuenchError && requestErrors.has(error.code);
    if (begun && refused && shards.length === 0) await rm(join(folder, manifestName), { force: true });
    throw error;
  } finally {
    await release();
  }
}

function plan({ request, shard, batch, model }: ShardJob): ShardManifest {
  const { signal: _signal, onStep: _onStep, noise, initial, ...asked } = request;
  const hash = samplesHash(model);
  requireArgument(!noise && !initial, "request", "a job in shards takes neither recorded noise nor x_T");
  requireNamedSolver(asked.solver);
  requireArgument(
    asked.seeds === undefined || Array.isArray(asked.seeds),
    "seeds",
    () => `expected a list of seeds, received ${received(asked.seeds)}`,
  );
  const { count } = asked;
  return {
    format: "quench-shards",
    version: 1,
    complete: false,
    model: { name: model.name, ...defined({ hash }) },
    request: said(asked),
    shard,
    batch,
    shards: Array.from({ length: Math.ceil(count / shard) }, (_, i) => ({
      file: `${String(i).padStart(5, "0")}.npz`,
      first: i * shard,
      count: Math.min(shard, count - i * shard),
    })),
  };
}

/**
 * Begins a job in the folder, or finds the same one to continue and clears away what a killed one left half written.
 * @returns the manifest found
 */
async function openFolder(folder: string, planned: ShardManifest): Promise<ShardManifest | undefined> {
  const path = join(folder, manifestName);
  try {
    for (const name of await readdir(folder))
      if (/^\.(\d{5,}\.npz|manifest\.json)\.[0-9a-f]+\.tmp$/.test(name)) await rm(join(folder, name));
  } catch (cause) {
    throw writeError(folder, cause);
  }
  if (!(await exists(path))) {
    const others = (await readdir(folder)).filter((name) => !isClaim(name));
    requireArgument(others.length === 0, folder, "the folder is not empty and holds no job of shards");
    await writeManifest(folder, planned);
    return undefined;
  }
  const found = await readJson(path, shardManifestSchema, { maximumBytes: largestManifest });
  const identity = ({ model, request, shard, batch }: ShardManifest) => [model, request, shard, batch];
  requireArgument(
    isDeepStrictEqual(identity(found), identity(planned)),
    folder,
    "the folder holds another job of shards",
  );
  return found;
}

async function drawShard(
  engine: Engine | SpawnedEngine,
  { request, batch, signal }: ShardJob,
  path: string,
  first: number,
  count: number,
): Promise<void> {
  const parts = [];
  for (let at = first; at < first + count; at += batch) {
    const part = partOf(request, at, Math.min(first + count, at + batch));
    // One at a time: a model call never holds rows of two batches, whose bits could then depend on each other.
    parts.push(await engine.sample(part, signal ? { signal } : {}));
  }
  const { shape, dtype } = parts[0]!;
  const size = sizeOf(shape.slice(1));
  const data = new (dtype === "float64" ? Float64Array : Float32Array)(count * size);
  let offset = 0;
  for (const part of parts) {
    data.set(part.data, offset);
    offset += part.data.length;
  }
  const { labels, seeds, seed = 0, firstSample = 0 } = request;
  const each = Array.from({ length: count }, (_, i) => first + i);
  await writeNpz(path, {
    samples: { data, shape: [count, ...shape.slice(1)] },
    seeds: { data: BigUint64Array.from(each, (i) => BigInt(seeds ? seeds[i]! : seed)), shape: [count] },
    sample_numbers: {
      data: BigUint64Array.from(each, (i) => (seeds ? 0n : BigInt(firstSample + i))),
      shape: [count],
    },
    ...(labels === undefined
      ? {}
      : {
          labels: {
            data: Int32Array.from(each, (i) => (typeof labels === "number" ? labels : labels[i]!)),
            shape: [count],
          },
        }),
  });
}

/** Of which a manifest can be read again. */
const mostFiles = 1_000_000;
const manifestName = "manifest.json";
/** A manifest has every sample's label and seed, where they are given one by one. */
const largestManifest = 2 ** 29;

function writeManifest(folder: string, manifest: ShardManifest): Promise<void> {
  return writeFileAtomic(join(folder, manifestName), `${JSON.stringify(manifest, null, 1)}\n`);
}

/** @throws QuenchError WRITE_FAILED for what is there and no file: reading a pipe would never end */
async function exists(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found && !found.isFile())
    throw new QuenchError("WRITE_FAILED", "cannot write: what has that name is no file", { where: path });
  return found !== undefined;
}
