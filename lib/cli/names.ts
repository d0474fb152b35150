/** Names separated by commas, with or without spaces. */
export function names(text: string): string[] {
  return text.split(",").map((name) => name.trim());
}
