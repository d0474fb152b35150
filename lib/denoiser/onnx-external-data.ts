import { type FileHandle, open } from "node:fs/promises";

/** Where a protocol buffer's message lies in its file. */
interface Message {
  readonly begin: number;
  readonly end: number;
}

/** Fields that lead to tensors, by message: the numbers of ModelProto and what it is made of (onnx.proto). */
const paths: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  model: { 7: "graph", 25: "function" },
  graph: { 1: "node", 5: "tensor", 15: "sparse" },
  function: { 7: "node", 11: "attribute" },
  node: { 5: "attribute" },
  attribute: { 5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse" },
  sparse: { 1: "tensor", 2: "tensor" },
  tensor: { 13: "entry" },
};

/** Deeper than the runtime reads messages in messages. */
const deepest = 128;

/**
 * The files beside an ONNX network that hold weights of it, as the network names them (`external_data`), sorted and
 * each once. Tensors' bytes are skipped, not read. What is no protocol buffer has none: the runtime says what is wrong
 * with it.
 */
export async function externalDataOf(path: string): Promise<string[]> {
  const file = await open(path);
  try {
    const reader = new Reader(file);
    const found = new Set<string>();
    await collect(reader, "model", { begin: 0, end: (await file.stat()).size }, found, 0);
    return [...found].sort();
  } catch (error) {
    if (error instanceof NoMessage) return [];
    throw error;
  } finally {
    await file.close();
  }
}

class NoMessage extends Error {}

async function collect(
  reader: Reader,
  kind: string,
  { begin, end }: Message,
  found: Set<string>,
  depth: number,
): Promise<void> {
  if (depth > deepest) throw new NoMessage();
  for (let at = begin; at < end; ) {
    const [tag, afterTag] = await reader.varint(at, end);
    const [field, wire] = [Math.floor(tag / 8), tag % 8];
    if (wire === 0) [, at] = await reader.varint(afterTag, end);
    else if (wire === 1) at = afterTag + 8;
    else if (wire === 5) at = afterTag + 4;
    else if (wire === 3 || wire === 4)
      at = afterTag; // a group's two ends, which the runtime passes over too
    else if (wire === 2) {
      const [length, inner] = await reader.varint(afterTag, end);
      at = inner + length;
      if (at > end) throw new NoMessage();
      const next = paths[kind]?.[field];
      if (next === "entry") await addLocation(reader, { begin: inner, end: at }, found);
      else if (next) await collect(reader, next, { begin: inner, end: at }, found, depth + 1);
    } else throw new NoMessage();
  }
}

/** A StringStringEntryProto: key 1, value 2. */
async function addLocation(reader: Reader, { begin, end }: Message, found: Set<string>): Promise<void> {
  const texts: Record<number, string> = {};
  for (let at = begin; at < end; ) {
    const [tag, afterTag] = await reader.varint(at, end);
    const [length, inner] = await reader.varint(afterTag, end);
    at = inner + length;
    if (tag % 8 !== 2 || at > end || length > 4096) throw new NoMessage();
    texts[Math.floor(tag / 8)] = (await reader.bytes(inner, length)).toString("utf8");
  }
  if (texts[1] === "location" && texts[2]) found.add(texts[2]);
}

/** Reads a file a piece at a time, wherever asked to. */
class Reader {
  #piece = Buffer.alloc(0);
  #begin = 0;

  constructor(readonly file: FileHandle) {}

  async bytes(at: number, length: number): Promise<Buffer> {
    if (at < this.#begin || at + length > this.#begin + this.#piece.length) {
      const room = Buffer.alloc(Math.max(length, 2 ** 16));
      const { bytesRead } = await this.file.read(room, 0, room.length, at);
      [this.#piece, this.#begin] = [room.subarray(0, bytesRead), at];
    }
    const found = this.#piece.subarray(at - this.#begin, at - this.#begin + length);
    if (found.length < length) throw new NoMessage();
    return found;
  }

  /** @returns a varint and where it ends */
  async varint(at: number, end: number): Promise<[value: number, end: number]> {
    let value = 0;
    for (let i = 0; i < 10 && at + i < end; i++) {
      const byte = (await this.bytes(at + i, 1))[0]!;
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return [value, at + i + 1];
    }
    throw new NoMessage();
  }
}
