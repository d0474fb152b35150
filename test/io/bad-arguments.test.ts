// What a program without types may pass: each is refused by name, before anything is read or written.

import { join } from "node:path";
import { expect, test } from "vitest";
import {
  decodeNpy,
  decodeNpz,
  decodePng,
  decodeSafetensors,
  encodePng,
  encodePngElsewhere,
  imageGrid,
  openNpy,
  readNpz,
  writeNpy,
  writeNpz,
  writeSafetensors,
} from "../../lib/io/index.js";
import { temporaryFolder } from "./support.js";

const any = (value: unknown) => value as never;
const array = { data: new Float32Array(2), shape: [2] };
const image = { width: 1, height: 1, channels: 1, data: new Uint8Array(1) };

test.each<[string, string, () => unknown]>([
  ["no image", "image", () => encodePng(any(undefined))],
  ["an image without data", "data", () => encodePng(any({ ...image, data: undefined }))],
  ["half a pixel", "width", () => encodePng(any({ ...image, width: 0.5, height: 2 }))],
  ["two channels", "channels", () => encodePng(any({ ...image, channels: 2, data: new Uint8Array(2) }))],
  ["no image, elsewhere", "image", () => encodePngElsewhere(any(undefined))],
  ["a grid of nothing", "samples", () => imageGrid(any(undefined), [1, 1])],
  ["a grid without a shape", "shape", () => imageGrid(new Float32Array(4), any(undefined))],
  ["a grid of a shape below zero", "shape", () => imageGrid(new Float32Array(4), [1, -2, -2])],
  ["a grid of a shape of texts", "shape", () => imageGrid(new Float32Array(4), any([1, "2", "2"]))],
  [
    "a grid with a range of texts",
    "valueRange",
    () => imageGrid(new Float32Array(4), [2, 2], any(["a", "b"])),
  ],
  ["a grid with a range that is none", "valueRange", () => imageGrid(new Float32Array(4), [2, 2], any(1))],
  ["npy of a text", "bytes", () => decodeNpy(any("x"))],
  ["npy of nothing", "bytes", () => decodeNpy(any(undefined))],
  ["npz of nothing", "bytes", () => decodeNpz(any(undefined))],
  ["safetensors of numbers", "bytes", () => decodeSafetensors(any([1, 2]))],
  ["PNG of an object", "bytes", () => decodePng(any({}))],
  ["npz with limits that are none", "options", () => readNpz("a.npz", any(null))],
  ["npz with a limit of text", "maximumBytes", () => readNpz("a.npz", { maximumBytes: any("1 MB") })],
  ["npy at no path", "path", () => writeNpy(any(undefined), array)],
  ["npz at a number", "path", () => writeNpz(any(3), { array })],
  ["safetensors at null", "path", () => writeSafetensors(any(null), new Map())],
])("%s", async (_, where, act) => {
  await expect((async () => act())()).rejects.toMatchObject({
    name: "QuenchError",
    code: "INVALID_ARGUMENT",
    where,
  });
});

test("rows that a file does not have", async () => {
  const path = join(await temporaryFolder(), "a.npy");
  await writeNpy(path, { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] });
  const file = await openNpy(path);
  expect(await file.rows(1, 1)).toEqual(Float32Array.of(3, 4));
  for (const [first, count, where] of [
    [-1, 1, "first"],
    [0.5, 1, "first"],
    [1, 2, "count"],
    [0, -1, "count"],
  ] as const)
    await expect(file.rows(first, count)).rejects.toMatchObject({ code: "INVALID_ARGUMENT", where });
  await file.close();
});
