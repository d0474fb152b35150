import { isObject, received } from "../../checks/received.js";
import { QuenchError, requireArgument } from "../../errors.js";

/** Before a worker starts, which would only say that it could not. */
export function requireModelSource(options: unknown): void {
  requireArgument(
    isObject(options),
    "options",
    () => `expected an object such as { model: "folder" }, received ${received(options)}`,
  );
  const { model } = options;
  requireArgument(
    (typeof model === "string" && model !== "") ||
      (isObject(model) && (typeof model.path === "string" || typeof model.module === "string")),
    "model",
    () => `expected a path, { path, options } or { module, export, argument }, received ${received(model)}`,
  );
  if (isObject(model)) requireCloneable(model.argument, "model.argument");
}

/** What goes to a worker is copied by the structured clone algorithm. */
function requireCloneable(value: unknown, where: string): void {
  try {
    structuredClone(value);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new QuenchError("INVALID_ARGUMENT", `cannot be sent to a worker: ${reason}`, { where, cause });
  }
}
