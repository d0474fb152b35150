/** A range of media types that a client takes: its weight, and where it stands in the header. */
interface MediaRange {
  readonly range: string;
  readonly weight: number;
  readonly index: number;
}

/**
 * The offered media type that an `Accept` header prefers (RFC 9110, 12.5.1): by weight, then by how precisely the
 * header names it, then by its place there, and last by the order of the offer. Undefined where it accepts none.
 * @param offered in lower case; the first is for clients that do not say
 */
export function preferredType<Type extends string>(
  accept: string | undefined,
  offered: readonly Type[],
): Type | undefined {
  const ranges = (accept?.trim() || "*/*").split(",").map(mediaRange);
  const accepted = offered.flatMap((type) => {
    // The most precise range decides, also against the type: "image/png;q=0, */*" is anything but PNG.
    const [best] = ranges
      .map((range) => ({ ...range, type, precision: precisionOf(range, type) }))
      .filter(({ precision }) => precision > 0)
      .sort((a, b) => b.precision - a.precision);
    return best && best.weight > 0 ? [best] : [];
  });
  const [preferred] = accepted.sort(
    (a, b) => b.weight - a.weight || b.precision - a.precision || a.index - b.index,
  );
  return preferred?.type;
}

function mediaRange(text: string, index: number): MediaRange {
  const [range = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const weight = parameters
    .map((parameter) => /^q\s*=\s*(.*)$/.exec(parameter)?.[1])
    .find((q) => q !== undefined);
  return { range, weight: weight === undefined ? 1 : weightOf(weight), index };
}

/** Of what is no weight: 0, as of a type that is not accepted. */
function weightOf(text: string): number {
  return /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(text) ? Number(text) : 0;
}

/** 3 for the type itself, 2 for its kind, 1 for any, 0 for another. */
function precisionOf({ range }: MediaRange, type: string): number {
  if (range === type) return 3;
  if (range === `${type.slice(0, type.indexOf("/"))}/*`) return 2;
  return range === "*/*" ? 1 : 0;
}
