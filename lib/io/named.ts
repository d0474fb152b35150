import { types } from "node:util";
import { isObject, received } from "../checks/received.js";
import { requireArgument } from "../errors.js";

/** Values by name, in either of the forms that programs keep them in. */
export type Named<Value> = ReadonlyMap<string, Value> | Readonly<Record<string, Value>>;

/**
 * Names and values, in their order.
 * @throws QuenchError INVALID_ARGUMENT for what is neither form: the entries of a set or a list have no names
 */
export function entriesOf<Value>(values: Named<Value>, where: string): [string, Value][] {
  const given: unknown = values;
  requireArgument(
    types.isMap(given) || (isObject(given) && !(Symbol.iterator in given)),
    where,
    () => `expected a Map or an object with a value for each name, received ${received(given)}`,
  );
  const entries = types.isMap(given) ? [...given] : Object.entries(given);
  for (const [name] of entries)
    requireArgument(
      typeof name === "string",
      where,
      () => `expected texts as names, received ${received(name)}`,
    );
  return entries as [string, Value][];
}
