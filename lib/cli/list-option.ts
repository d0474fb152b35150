import { Option } from "commander";

/** An option whose default is written, in the help too, as the command line takes it. */
export function listOption<T>(
  flags: string,
  description: string,
  parse: (text: string) => T,
  standard: string,
): Option {
  return new Option(flags, description).argParser(parse).default(parse(standard), standard);
}
