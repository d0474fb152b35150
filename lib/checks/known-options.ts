import { requireArgument, unknownName } from "../errors.js";
import { isObject, received } from "./received.js";

/** Every option of a type: the compiler asks for each of them, and for no other. */
export type OptionNames<Options> = Readonly<Record<keyof Options, true>>;

/**
 * Refuses an object with an option that is none: misspelt, it would pass for one left to its default.
 * @throws QuenchError INVALID_ARGUMENT for what is no object, UNKNOWN_NAME with the nearest known option
 */
export function requireKnownOptions<Options>(
  options: unknown,
  known: OptionNames<Options>,
  where = "options",
): asserts options is Options {
  requireArgument(isObject(options), where, () => `expected an object, received ${received(options)}`);
  const stray = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (stray !== undefined) throw unknownName("option", stray, Object.keys(known), { where });
}
