import { promisify } from "node:util";
import { crc32, deflate } from "node:zlib";
import { type Image, requireImage } from "./png.js";
import { signature } from "./png-chunks.js";

const deflateElsewhere = promisify(deflate);
const colourTypes = { 1: 0, 3: 2 } as const;

/**
 * The bytes of a PNG file, packed in one of Node's own threads: packing millions of pixels takes seconds, and a server
 * answers nobody while its thread does it.
 */
export async function encodePngElsewhere(image: Image): Promise<Buffer> {
  requireImage(image);
  const { width, height, channels, data } = image;
  const lineBytes = width * channels;
  const lines = Buffer.alloc(height * (lineBytes + 1)); // each behind a zero: as it is, unfiltered
  for (let y = 0; y < height; y++)
    lines.set(data.subarray(y * lineBytes, (y + 1) * lineBytes), y * (lineBytes + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, colourTypes[channels]], 8);
  const packed = await deflateElsewhere(lines, { level: 3, chunkSize: 2 ** 18 });
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", packed), chunk("IEND")]);
}

function chunk(type: string, data = Buffer.alloc(0)): Buffer {
  const whole = Buffer.alloc(data.length + 12);
  whole.writeUInt32BE(data.length, 0);
  whole.write(type, 4, "latin1");
  whole.set(data, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, -4)), whole.length - 4);
  return whole;
}
