import type { InferenceSession } from "onnxruntime-node";
import { QuenchError } from "../errors.js";

type Side = "input" | "output";

/**
 * An input or output by its name, or the only one.
 * @throws QuenchError MODEL_MISMATCH for a name that the network does not have, none where there are several, or one
 * that
 *   does not hold float32
 */
export function valueNamed(
  session: InferenceSession,
  side: Side,
  name: string | undefined,
  file: string,
): string {
  const values = side === "input" ? session.inputMetadata : session.outputMetadata;
  const known = values.map((value) => value.name);
  const mismatch = (message: string) => new QuenchError("MODEL_MISMATCH", message, { where: file });
  if (name === undefined && known.length > 1)
    throw mismatch(`it has ${known.length} ${side}s, ${known.join(", ")}: say which one to use`);
  const value = name === undefined ? values[0] : values.find((one) => one.name === name);
  if (!value) throw mismatch(`it has no ${side} "${name}", only ${known.join(", ")}`);
  if (!value.isTensor || value.type !== "float32")
    throw mismatch(
      `the ${side} "${value.name}" is ${value.isTensor ? value.type : "no tensor"}, expected float32`,
    );
  return value.name;
}

/** Samples of every run, where the network fixes their number. */
export function fixedBatch(session: InferenceSession, input: string): number | undefined {
  const rows = dimensions(session, input)[0];
  return typeof rows === "number" && rows > 0 ? rows : undefined;
}

/** The shape of a sample as the network fixes it, undefined where it leaves it open. */
export function fixedShape(session: InferenceSession, input: string): readonly number[] | undefined {
  const own = dimensions(session, input).slice(1);
  const fixed = own.length > 0 && own.every((length) => typeof length === "number" && length > 0);
  return fixed ? (own as number[]) : undefined;
}

/** Sizes of an input, a name or a number ≤ 0 for what is left open; none where nothing is known. */
function dimensions(session: InferenceSession, input: string): readonly (number | string)[] {
  const value = session.inputMetadata.find(({ name }) => name === input);
  return value?.isTensor ? value.shape : [];
}
