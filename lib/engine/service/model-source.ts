import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { requireKnownOptions } from "../../checks/known-options.js";
import { isObject, received } from "../../checks/received.js";
import { QuenchError, reasonOf, requireArgument } from "../../errors.js";
import type { ModelSource } from "./protocol.js";

const pathMembers = { path: true, options: true } as const;
const moduleMembers = { module: true, export: true, argument: true } as const;

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
      (isObject(model) && (typeof model.path === "string" || isModule(model.module))),
    "model",
    () => `expected a path, { path, options } or { module, export, argument }, received ${received(model)}`,
  );
  if (!isObject(model)) return;
  requireKnownOptions<object>(model, "module" in model ? moduleMembers : pathMembers, "model");
  for (const member of ["argument", "options"] as const) requireCloneable(model[member], `model.${member}`);
}

function isModule(module: unknown): boolean {
  return module instanceof URL || (typeof module === "string" && module !== "");
}

/** As a worker can take it, whose own files lie elsewhere: a module's path as a URL. */
export function portableSource(model: ModelSource): ModelSource {
  if (typeof model === "string" || !("module" in model)) return model;
  const { module } = model;
  const isPath = typeof module === "string" && (isAbsolute(module) || /^\.\.?[/\\]/.test(module));
  return { ...model, module: isPath ? pathToFileURL(module).href : String(module) };
}

/** What goes to a worker is copied by the structured clone algorithm. */
function requireCloneable(value: unknown, where: string): void {
  try {
    structuredClone(value);
  } catch (cause) {
    const message = `cannot be sent to a worker: ${reasonOf(cause)}`;
    throw new QuenchError("INVALID_ARGUMENT", message, { where, cause });
  }
}
