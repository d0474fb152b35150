/** A type whose members, lists and tuples are read-only at every depth: what a function only reads may be anybody's. */
export type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;
