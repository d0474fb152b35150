/**
 * A copy of data that whoever brought it may change meanwhile: what they hold in typed arrays, arrays and plain
 * objects. Of a typed array its own elements, not all of the buffer that it looks into; what appears several times is
 * copied once. Anything else, such as a function, stays as it is.
 */
export function ownCopy<Value>(value: Value): Value {
  const copies = new Map<object, unknown>();
  const unfilled: [from: object, into: Record<string, unknown>][] = [];
  const copyOf = (each: unknown): unknown => {
    if (typeof each !== "object" || each === null) return each;
    if (copies.has(each)) return copies.get(each);
    const into = emptyLike(each);
    copies.set(each, into); // before its members, which may lead back to it
    if (into !== each && !ArrayBuffer.isView(into)) unfilled.push([each, into]);
    return into;
  };
  const whole = copyOf(value) as Value;
  // One after the other and not one inside another: members may be nested deeper than the stack is.
  for (const [from, into] of unfilled)
    for (const [key, member] of Object.entries(from)) into[key] = copyOf(member);
  return whole;
}

/** Typed arrays are copied whole, and what is no plain data not at all. */
function emptyLike(value: object): Record<string, unknown> {
  if (ArrayBuffer.isView(value) && "slice" in value) return (value as Float32Array).slice() as never;
  if (Array.isArray(value)) return new Array<unknown>(value.length) as never;
  return [Object.prototype, null].includes(Object.getPrototypeOf(value)) ? {} : (value as never);
}
