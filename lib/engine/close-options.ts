import { type OptionNames, requireKnownOptions } from "../checks/known-options.js";
import { received } from "../checks/received.js";
import { requireArgument } from "../errors.js";

export interface CloseOptions {
  /** Whether the requests that an engine has are finished; cancelled where not. Default true. */
  readonly drain?: boolean;
}

const closeOptions: OptionNames<CloseOptions> = { drain: true };

/**
 * Misspelt, `drain: false` would wait for requests of hours.
 * @returns whether to drain
 * @throws QuenchError INVALID_ARGUMENT or UNKNOWN_NAME naming the option
 */
export function drainOf(options: CloseOptions): boolean {
  requireKnownOptions<CloseOptions>(options, closeOptions);
  const { drain = true } = options;
  requireArgument(
    typeof drain === "boolean",
    "drain",
    () => `expected true or false, received ${received(drain)}`,
  );
  return drain;
}
