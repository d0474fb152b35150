export { writeError, writeFileAtomic } from "./atomic.js";
export { claimFolder, isClaim } from "./claim.js";
export { checkJson, type JsonLimits, jsonPointer, parseJsonFile, readJson } from "./json.js";
export type { Named } from "./named.js";
export {
  decodeNpy,
  encodeNpy,
  type NpyArray,
  type NpyData,
  type NpyFile,
  openNpy,
  readNpy,
  writeNpy,
} from "./npy.js";
export { decodeNpz, encodeNpz, type NpzLimits, readNpz, writeNpz } from "./npz.js";
export { decodePng, encodePng, type Image, imageGrid } from "./png.js";
export { encodePngElsewhere } from "./png-writer.js";
export {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  type SafeTensor,
  type Safetensors,
  type SafetensorsType,
  writeSafetensors,
} from "./safetensors.js";
