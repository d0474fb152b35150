import { inflateSync } from "node:zlib";

/** What every PNG file begins with. */
export const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
const headerBytes = 13;
/** Numbers per pixel of each colour type; a palette's index is one. */
const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const paletteType = 3;
const depths: readonly number[] = [1, 2, 4, 8, 16];
/** Where Adam7's passes begin and how far apart their pixels are: x, y, across, down. */
const adam7: readonly (readonly [number, number, number, number])[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

/**
 * A PNG file as it may be given to a decoder that believes everything: the header first, once and of a size allowed,
 * compressed data that holds no more than the image, and none of the chunks that the image does not need (an iCCP
 * profile, say, unpacks to anything).
 *
 * @throws Error saying what is wrong
 */
export function plainPng(bytes: Uint8Array, maximumPixels: number): Uint8Array {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks = [...chunksOf(file)];
  const [first, ...others] = chunks;
  if (first?.type !== "IHDR" || first.data.length !== headerBytes)
    throw new Error("the header is not where it should be");
  if (others.some(({ type }) => type === "IHDR")) throw new Error("it has a header twice");
  const [width, height] = [first.data.readUInt32BE(0), first.data.readUInt32BE(4)];
  if (width * height > maximumPixels || width * height === 0)
    throw new Error(`${width} × ${height} pixels, and the limit is 1 to ${maximumPixels}`);
  const [depth, colour, interlaced] = [first.data[8]!, first.data[9]!, first.data[12] === 1];
  const channels = channelsOf[colour];
  if (channels === undefined || !depths.includes(depth))
    throw new Error(`colour type ${colour} of ${depth} bits is none`);
  if (colour === paletteType && !others.some(({ type }) => type === "PLTE"))
    throw new Error("it has no palette");
  const sizes = interlaced ? passSizes(width, height) : [{ width, height }];
  const lineBytes = (pixels: number) => Math.ceil((pixels * channels * depth) / 8) + 1; // and its filter
  const size = sizes.reduce((sum, pass) => sum + pass.height * lineBytes(pass.width), 0);
  requireSize(Buffer.concat(others.filter(({ type }) => type === "IDAT").map(({ data }) => data)), size);

  const needed = new Set(["IDAT", "IEND", ...(colour === paletteType ? ["PLTE"] : [])]);
  return Buffer.concat([
    signature,
    first.whole,
    ...others.filter(({ type }) => needed.has(type)).map(({ whole }) => whole),
  ]);
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
  /** With length, type and check sum. */
  readonly whole: Buffer;
}

function* chunksOf(file: Buffer): Generator<Chunk> {
  if (!file.subarray(0, signature.length).equals(signature)) throw new Error("no signature");
  for (let at = signature.length, type = ""; type !== "IEND"; ) {
    if (at + 12 > file.length) throw new Error("it ends early");
    const end = at + 12 + file.readUInt32BE(at);
    if (end > file.length) throw new Error("it ends early");
    type = file.toString("latin1", at + 4, at + 8);
    yield { type, data: file.subarray(at + 8, end - 4), whole: file.subarray(at, end) };
    at = end;
  }
}

/** Unpacks no more than the image needs, to see that there is just that much. */
function requireSize(packed: Buffer, size: number): void {
  const wrong = new Error(`its data are not the ${size} bytes of its size`);
  let unpacked: { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };
  try {
    unpacked = inflateSync(packed, { maxOutputLength: size, info: true }) as unknown as typeof unpacked;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw wrong;
    throw cause;
  }
  // What comes after the stream's end would be unpacked as another one.
  if (unpacked.buffer.length !== size || unpacked.engine.bytesWritten !== packed.length) throw wrong;
}

function passSizes(width: number, height: number): { readonly width: number; readonly height: number }[] {
  return adam7
    .map(([x, y, across, down]) => ({
      width: Math.ceil((width - x) / across),
      height: Math.ceil((height - y) / down),
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0);
}
