import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ErrorCode, QuenchError } from "../errors.js";
import { writeError } from "./atomic.js";

/**
 * Makes this the only job that writes to a folder, until the returned function is called or the process ends, however
 * it ends: a claim whose process is gone counts for nothing, at once. A claim is an empty file whose name says whose it
 * is; whoever finds another live one beside its own takes its own back, so two can both give way but never both go on.
 * Two that do are tried again after different waits. The claims of other machines cannot be judged and always count.
 *
 * @throws QuenchError FOLDER_IN_USE, WRITE_FAILED
 */
export async function claimFolder(folder: string): Promise<() => Promise<void>> {
  return claim(folder, "", { code: "FOLDER_IN_USE", where: folder });
}

/**
 * Runs what keeps its work in a file as the only one that does: two would discard one another's. The claims lie beside
 * the file, under its name.
 *
 * @throws QuenchError FILE_IN_USE, WRITE_FAILED
 */
export async function claiming<T>(path: string, work: () => Promise<T>): Promise<T> {
  const release = await claim(dirname(path), basename(path), { code: "FILE_IN_USE", where: path });
  try {
    return await work();
  } finally {
    await release();
  }
}

/** @param prefix what the names of the claims begin with: only they are looked at */
async function claim(
  folder: string,
  prefix: string,
  { code, where }: { readonly code: ErrorCode; readonly where: string },
): Promise<() => Promise<void>> {
  const own = prefix + claimName(process.pid, (await startOf(process.pid)) ?? "");
  const path = join(folder, own);
  const release = () => rm(path, { force: true });
  for (let attempt = 1; ; attempt++) {
    let other: string | undefined;
    try {
      await writeFile(path, "", { flag: "wx" });
      other = await liveClaimBeside(folder, prefix, own);
    } catch (cause) {
      await release().catch(() => undefined);
      throw writeError(where, cause);
    }
    if (other === undefined) return release;
    await release();
    if (attempt === attempts) {
      const { pid, host } = claimPattern.exec(other.slice(prefix.length))!.groups!;
      const owner = host === thisHost ? `process ${pid}` : `process ${pid} of another machine`;
      const message = `${owner} writes here; wait for its end, or delete ${other} if it is no more`;
      throw new QuenchError(code, message, { where });
    }
    await sleep(Math.random() * 40);
  }
}

/** Whether a file of that name is a claim and no content of the folder. */
export function isClaim(name: string): boolean {
  return claimPattern.test(name);
}

const attempts = 3;
const claimPattern = /^\.writer-(?<host>[0-9a-f]{12})-(?<pid>\d+)-(?<start>[0-9a-f]*)-[0-9a-f]{8}$/;
const thisHost = textHash(hostname());

function claimName(pid: number, start: string): string {
  return `.writer-${thisHost}-${pid}-${start}-${randomBytes(4).toString("hex")}`;
}

/** The name of a live claim that is not `own`; claims of processes that are gone are removed. */
async function liveClaimBeside(folder: string, prefix: string, own: string): Promise<string | undefined> {
  for (const name of await readdir(folder)) {
    const { host, pid, start } =
      (name.startsWith(prefix) && claimPattern.exec(name.slice(prefix.length))?.groups) || {};
    if (name === own || pid === undefined) continue;
    if (host !== thisHost || (await startOf(Number(pid))) === start) return name;
    await rm(join(folder, name), { force: true });
  }
  return undefined;
}

/**
 * Tells a process from a later one of the same number: its start and the machine's, where Linux says them; the same
 * for all where the system does not. Undefined for a process that is gone, or dead and not yet waited for.
 */
async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform !== "linux") return isAlive(pid) ? "" : undefined;
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "utf8"),
      readFile("/proc/sys/kernel/random/boot_id", "utf8"),
    ]);
    // After the command in brackets, which may hold anything: the state, then 18 numbers, then the start.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? undefined : textHash(`${boot} ${fields[19]}`);
  } catch {
    return isAlive(pid) ? "" : undefined; // ended, or a Linux without /proc
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function textHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
