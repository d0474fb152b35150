import { z } from "zod";
import { requireArgument } from "../errors.js";
import type { Vector } from "../native/index.js";
import { resizePlane } from "./resize.js";

const size = z.int().positive();
/** Most numbers in one input of a network. */
export const largest = 1 << 26;
const perChannel = z.union([z.number(), z.array(z.number()).min(1)]);

/** What happens to samples before a feature network sees them, in this order. */
export const preprocessingSchema = z.strictObject({
  /** What black and white are in the samples; they become 0 and 255. Default [-1, 1]. */
  valueRange: z.tuple([z.number(), z.number()]).default([-1, 1]),
  /** Round to whole numbers from 0 to 255, as images on a disk are. Default true. */
  quantize: z.boolean().default(true),
  /** Bring each channel to this height and width (resize.ts says how; overshoots are cut to 0 to 255). */
  resize: z
    .strictObject({
      height: size,
      width: size,
      method: z.enum(["bilinear", "bilinear-corner", "bicubic-antialias"]),
    })
    .optional(),
  /** Channels of the network's input; one grey channel is repeated. Default those of the samples. */
  channels: size.optional(),
  /** The network sees (value / 255 − mean) / std, one number or one per channel. Default ½ and ½: [-1, 1]. */
  mean: perChannel.default(0.5),
  std: perChannel.default(0.5),
});

export type Preprocessing = z.output<typeof preprocessingSchema>;

const byte128 = { mean: 128 / 255, std: 128 / 255 } as const;
const inception = { height: 299, width: 299 } as const;

/**
 * The field's own preprocessings, for samples in [-1, 1]:
 * "pytorch-fid": 8 bits, bilinear to 299 without antialiasing, to [-1, 1] (pytorch-fid 0.3);
 * "tensorflow-fid": TensorFlow 1's bilinear and (v − 128) / 128 (the original FID and ADM's evaluator);
 * "clean-fid": 8 bits, Pillow's bicubic on floats to 299, (v − 128) / 128 (Parmar et al. 2022);
 * "dinov2": Pillow's bicubic on floats to 224, ImageNet's mean and deviation (Stein et al. 2023, with clean_resize).
 */
export const preprocessings: Readonly<Record<string, Preprocessing>> = Object.fromEntries(
  Object.entries({
    "pytorch-fid": { resize: { ...inception, method: "bilinear" }, channels: 3 },
    "tensorflow-fid": { resize: { ...inception, method: "bilinear-corner" }, channels: 3, ...byte128 },
    "clean-fid": { resize: { ...inception, method: "bicubic-antialias" }, channels: 3, ...byte128 },
    dinov2: {
      resize: { height: 224, width: 224, method: "bicubic-antialias" },
      channels: 3,
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
    },
  }).map(([name, options]) => [name, preprocessingSchema.parse(options)]),
);

export interface Preprocessor {
  /** Shape of one input of the network. */
  readonly shape: readonly number[];
  /** rows × sample numbers to rows × input numbers. */
  apply(samples: Vector): Float32Array;
}

/**
 * Prepares the steps for samples of one shape.
 * @param shape of one sample: [channels, height, width]
 * @throws QuenchError INVALID_ARGUMENT for samples that are no images, or channels that do not fit
 */
export function preprocessor(options: Preprocessing, shape: readonly number[]): Preprocessor {
  const { valueRange, quantize, resize } = options;
  const [low, high] = valueRange;
  requireArgument(low < high, "preprocess.valueRange", `expected low < high, received [${low}, ${high}]`);
  requireArgument(
    shape.length === 3,
    "shape",
    `preprocessing needs [channels, height, width], not [${shape.join(", ")}]`,
  );
  const [own, height, width] = shape as readonly [number, number, number];
  const channels = options.channels ?? own;
  requireArgument(
    own === channels || own === 1,
    "preprocess.channels",
    `cannot make ${channels} of ${own} channels`,
  );
  const [toHeight, toWidth] = resize ? [resize.height, resize.width] : [height, width];
  requireArgument(
    channels * toHeight * toWidth <= largest,
    "preprocess",
    `an input of [${channels}, ${toHeight}, ${toWidth}] numbers is larger than ${largest}`,
  );
  const [mean, std] = [ofChannels(options, "mean", channels), ofChannels(options, "std", channels)];
  requireArgument(!std.includes(0), "preprocess.std", "expected numbers other than 0, which is divided by");
  const [before, after] = [height * width, toHeight * toWidth];

  const limited = (value: number) => Math.min(Math.max(value, 0), 255);
  const toByte = (value: number) => {
    const scaled = ((value - low) / (high - low)) * 255;
    return quantize ? Math.round(limited(scaled)) : scaled;
  };
  const resized = (plane: Float64Array): Float64Array =>
    resize
      ? resizePlane(plane, [height, width], [toHeight, toWidth], resize.method).map((value) =>
          quantize ? limited(value) : value,
        )
      : plane;

  return {
    shape: [channels, toHeight, toWidth],
    apply(samples) {
      const rows = samples.length / (own * before);
      const prepared = new Float32Array(rows * channels * after);
      for (let row = 0; row < rows; row++) {
        const planes = Array.from({ length: own }, (_, c) =>
          resized(Float64Array.from(samples.subarray((row * own + c) * before).subarray(0, before), toByte)),
        );
        for (let c = 0; c < channels; c++) {
          const plane = planes[own === 1 ? 0 : c]!;
          const to = (row * channels + c) * after;
          for (let i = 0; i < after; i++) prepared[to + i] = (plane[i]! / 255 - mean[c]!) / std[c]!;
        }
      }
      return prepared;
    },
  };
}

/** One number per channel, where one may be given for all. */
function ofChannels(options: Preprocessing, key: "mean" | "std", channels: number): number[] {
  const given = options[key];
  if (typeof given === "number") return new Array<number>(channels).fill(given);
  requireArgument(
    given.length === channels,
    `preprocess.${key}`,
    `expected ${channels} numbers, one per channel`,
  );
  return given;
}
