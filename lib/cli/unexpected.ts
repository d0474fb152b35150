import { InvalidArgumentError } from "commander";
import { received } from "../checks/received.js";

/** Error of an option's value, which commander puts the option's name before. Numbers are shown without quotes. */
export function unexpected(expected: string, text: string): InvalidArgumentError {
  const value = text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
  return new InvalidArgumentError(`expected ${expected}, received ${received(value)}`);
}
