import type { Denoiser } from "../denoiser/index.js";
import { QuenchError, unknownName } from "../errors.js";
import { parseRanges } from "./ranges.js";

/**
 * Class labels from "all", class names, "none" (unconditional) or indices and ranges of them, in the order given.
 * @throws QuenchError INVALID_ARGUMENT or UNKNOWN_NAME naming the option
 */
export function parseLabels(text: string, { name, classes, nullClass }: Denoiser): number[] {
  if (!classes) {
    throw new QuenchError("INVALID_ARGUMENT", `the model "${name}" is not class-conditional`, {
      where: "--labels",
    });
  }
  if (text === "all") return classes.map((_, label) => label);
  return text.split(",").flatMap((part) => {
    if (/^[\d\s-]+$/.test(part)) return parseRanges(part, "--labels", BigInt(classes.length)).map(Number);
    if (part === "none" && nullClass !== undefined) return [nullClass];
    const label = classes.indexOf(part);
    if (label < 0) throw unknownName("class", part, classes.length <= 20 ? classes : classes.slice(0, 20));
    return [label];
  });
}
