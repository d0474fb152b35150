import { InvalidArgumentError } from "commander";

/** A number of the command line. */
export function number(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isNaN(value)) throw new InvalidArgumentError("Expected a number.");
  return value;
}

/** Numbers separated by commas. */
export function numbers(text: string): number[] {
  return text.split(",").map(number);
}

/** A number, or a word that stands for one. */
export function numberOr<Word extends string>(word: Word): (text: string) => number | Word {
  return (text) => (text === word ? word : number(text));
}
