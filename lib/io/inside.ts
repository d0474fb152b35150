import { existsSync } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import { type ErrorCode, QuenchError } from "../errors.js";

/** Whose folder it is and how errors are called. */
export interface FolderOf {
  readonly code: ErrorCode;
  /** Such as "the model's folder". */
  readonly folder: string;
  /** What the file is, such as "the model's ONNX file". */
  readonly file: string;
  /** JSON pointer of the member that names it. */
  readonly where: string;
}

/**
 * The path of a file that a configuration names. It must lie in the configuration's folder whatever the name or a
 * symbolic link say.
 * @throws QuenchError with `of.code`
 */
export async function fileInside(folder: string, name: string, of: FolderOf): Promise<string> {
  if (name !== basename(name) || name === ".." || name === "." || /[\\/]/.test(name)) {
    throw new QuenchError(of.code, `expected the name of a file in ${of.folder}, received "${name}"`, of);
  }
  const path = join(folder, name);
  const found = await stat(path).catch(() => undefined);
  if (!found || found.isDirectory()) throw new QuenchError(of.code, `${of.file} is missing`, { where: path });
  // A pipe, socket or device: whoever opens one may wait for ever.
  if (!found.isFile()) throw new QuenchError(of.code, `${of.file} is not a regular file`, { where: path });
  await requireInside(folder, path, of);
  return path;
}

/** @throws QuenchError with `of.code` for a link out of the folder */
export async function requireInside(
  folder: string,
  path: string,
  of: Pick<FolderOf, "code" | "folder">,
): Promise<void> {
  const [realFolder, realFile] = await Promise.all([realpath(folder), realpath(path)]);
  if (!realFile.startsWith(realFolder.endsWith(sep) ? realFolder : realFolder + sep)) {
    throw new QuenchError(of.code, `the file is a link out of ${of.folder}`, { where: path });
  }
}

/**
 * The path of an artifact that a model's folder may hold; undefined where it does not.
 * @throws QuenchError INVALID_ARTIFACT for a link out of the folder
 */
export async function ownArtifact(
  folder: string | undefined,
  ...name: string[]
): Promise<string | undefined> {
  if (folder === undefined) return undefined;
  const path = join(folder, ...name);
  if (!existsSync(path)) return undefined;
  await requireInside(folder, path, { code: "INVALID_ARTIFACT", folder: "the model's folder" });
  return path;
}
