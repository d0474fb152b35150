/**
 * A table to look up names in that people type. It has no prototype, so that "constructor" and "__proto__", which every
 * other object answers to, are in it no more than any other name that nobody gave.
 */
export function byName<Value>(entries: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.assign(Object.create(null) as Record<string, Value>, entries);
}
