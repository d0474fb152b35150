import { requireFinite } from "../checks/finite.js";
import { isObject, received } from "../checks/received.js";
import type { ConditionInput, ConditionRow, Denoiser, RowConditions } from "../denoiser/denoiser.js";
import { requireArgument, unknownName } from "../errors.js";
import { sizeOf } from "../shape.js";
import { ownCopy } from "./own-copy.js";

/** By the name of the network's input: one row for all samples, or one for each. */
export type Conditions = Readonly<Record<string, ConditionRow | readonly ConditionRow[]>>;

/** What the rows of a model call are told. */
export interface ResolvedConditions {
  /** One for every sample. */
  readonly samples: readonly RowConditions[];
  /** For the unconditional half of a guided evaluation, one for every sample. */
  readonly nulls: readonly RowConditions[];
}

interface Asked {
  readonly conditions?: Conditions | undefined;
  readonly nullConditions?: Conditions | undefined;
}

/**
 * @returns undefined where the model is told nothing by the request
 * @throws QuenchError INVALID_ARGUMENT or UNKNOWN_NAME naming the input
 */
export function resolveConditions(
  denoiser: Denoiser,
  { conditions = {}, nullConditions = {} }: Asked,
  rows: number,
  guidance: number | undefined,
): ResolvedConditions | undefined {
  const inputs = denoiser.conditions ?? {};
  requireConditions(conditions, inputs, rows, "conditions");
  requireConditions(nullConditions, inputs, rows, "nullConditions");
  const has = (given: Conditions, name: string) => Object.hasOwn(given, name);
  const knowsNull = denoiser.nullClass !== undefined || !denoiser.classes;
  for (const [name, { shape, optional }] of Object.entries(inputs)) {
    const expected = `expected ${sizeOf(shape)} numbers for all samples, or for each: the model has none of its own`;
    requireArgument(optional === true || has(conditions, name), `conditions.${name}`, expected);
    requireArgument(
      guidance === undefined || has(nullConditions, name) || (optional === true && knowsNull),
      `nullConditions.${name}`,
      `${expected} that stand for no condition, which classifier-free guidance needs`,
    );
  }
  if (Object.keys(conditions).length + Object.keys(nullConditions).length === 0) return undefined;
  // The caller may change theirs while the request waits, and between its model calls.
  return { samples: byRow(ownCopy(conditions), rows), nulls: byRow(ownCopy(nullConditions), rows) };
}

/** Those of samples [first, first + rows). */
export function conditionsOf(
  { samples, nulls }: ResolvedConditions,
  first: number,
  rows: number,
): ResolvedConditions {
  return { samples: samples.slice(first, first + rows), nulls: nulls.slice(first, first + rows) };
}

function byRow(conditions: Conditions, rows: number): RowConditions[] {
  const entries = Object.entries(conditions);
  const rowOf = (row: number) => new Map(entries.map(([name, value]) => [name, rowAt(value, row)]));
  if (entries.some(([, value]) => !isConditionRow(value)))
    return Array.from({ length: rows }, (_, row) => rowOf(row));
  return new Array<RowConditions>(rows).fill(rowOf(0));
}

function rowAt(value: ConditionRow | readonly ConditionRow[], row: number): ConditionRow {
  return isConditionRow(value) ? value : value[row]!;
}

function requireConditions(
  conditions: unknown,
  inputs: NonNullable<Denoiser["conditions"]>,
  rows: number,
  where: string,
): void {
  requireArgument(
    isObject(conditions) && !(Symbol.iterator in conditions), // a Map has no members: all in it would be passed over
    where,
    () => `expected rows by the names of the network's inputs, received ${received(conditions)}`,
  );
  for (const [name, value] of Object.entries(conditions)) {
    const input = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    if (!input) throw unknownName("condition", name, Object.keys(inputs), { where: `${where}.${name}` });
    if (!Array.isArray(value)) {
      requireRow(value, input, `${where}.${name}`);
      continue;
    }
    requireArgument(
      value.length === rows,
      `${where}.${name}`,
      `expected ${rows} rows, one for each sample (count), received ${value.length}`,
    );
    const seen = new Set<unknown>(); // a prompt may be that of many samples
    for (const [i, row] of value.entries()) {
      if (!seen.has(row)) requireRow(row, input, `${where}.${name}[${i}]`);
      seen.add(row);
    }
  }
}

function requireRow(value: unknown, { shape, largest = Infinity }: ConditionInput, where: string): void {
  const size = sizeOf(shape);
  requireArgument(
    isConditionRow(value),
    where,
    () => `expected a Float32Array, Float64Array or Int32Array, received ${received(value)}`,
  );
  requireArgument(value.length === size, where, `expected ${size} numbers, received ${value.length}`);
  requireFinite(value, where);
  const large = value.findIndex((number: number) => Math.abs(number) > largest);
  requireArgument(
    large < 0,
    where,
    () =>
      `expected numbers up to ${largest} in magnitude, as the network's input holds them, received ${value[large]} at ${large}`,
  );
}

export function isConditionRow(value: unknown): value is ConditionRow {
  return value instanceof Float32Array || value instanceof Float64Array || value instanceof Int32Array;
}
