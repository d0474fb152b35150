import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type ErrorCode, QuenchError } from "../errors.js";
import { fileHash } from "../io/file-hash.js";
import { requireInside } from "../io/inside.js";
import { externalDataOf } from "./onnx-external-data.js";

/**
 * sha256 of an ONNX network in hexadecimal: of its file, and where weights lie in files beside it (external data) of
 * all of their hashes under their names, so that a network with other weights is another.
 * @throws QuenchError with `code` for a file that cannot be read, is missing or lies outside of the network's folder
 */
export async function networkHash(path: string, code: ErrorCode): Promise<string> {
  const hashOf = (file: string) =>
    fileHash(file).catch((cause: Error) => {
      throw new QuenchError(code, `cannot read the file (${cause.message})`, { where: file, cause });
    });
  const own = await hashOf(path);
  const names = await externalDataOf(path);
  if (names.length === 0) return own;
  const whole = createHash("sha256").update(own);
  const folder = dirname(path);
  for (const name of names) {
    const file = join(folder, name);
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile())
      throw new QuenchError(code, `the network's external data "${name}" is missing`, { where: path });
    await requireInside(folder, file, { code, folder }).catch((cause) => {
      const message = `the network's external data "${name}" lies outside of its folder`;
      throw new QuenchError(code, message, { where: path, cause });
    });
    whole.update(`\n${name}\n${await hashOf(file)}`);
  }
  return whole.digest("hex");
}
