import { unexpected } from "./unexpected.js";

/** A number of the command line. */
export function number(text: string): number {
  return parsed(text, anyNumber);
}

/** Numbers separated by commas. */
export function numbers(text: string): number[] {
  return text.split(",").map(number);
}

/** A number, or a word that stands for one. */
export function numberOr<Word extends string>(word: Word): (text: string) => number | Word {
  return (text) => (text === word ? word : parsed(text, anyNumber, `"${word}" or `));
}

/** A count: how many there are of something, so that 1.5 and what is less than `least` are refused. */
export function integer(least = 1): (text: string) => number {
  return (text) => parsed(text, integerFrom(least));
}

/** Counts separated by commas. */
export function integers(least = 1): (text: string) => number[] {
  return (text) => text.split(",").map(integer(least));
}

/** A count, or a word that stands for one. */
export function integerOr<Word extends string>(word: Word): (text: string) => number | Word {
  return (text) => (text === word ? word : parsed(text, integerFrom(1), `"${word}" or `));
}

interface Kind {
  readonly name: string;
  holds(value: number): boolean;
}

const anyNumber: Kind = { name: "a number", holds: (value) => !Number.isNaN(value) };

function integerFrom(least: number): Kind {
  return { name: `an integer ≥ ${least}`, holds: (value) => Number.isInteger(value) && value >= least };
}

function parsed(text: string, { name, holds }: Kind, or = ""): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!holds(value)) throw unexpected(or + name, text);
  return value;
}
