import { z } from "zod";
import { list } from "../checks/list.js";
import { predictions } from "../process/index.js";

const positive = z.number().positive();
/** As networks take labels. */
const index = z
  .number()
  .int()
  .nonnegative()
  .max(2 ** 31 - 1);
const beta = z.number().gt(0).lt(1);

/** Reports `low >= high` at the key of the higher bound, with the defaults filled in. */
function ordered<K extends string>(low: K, high: K, defaults: Readonly<Record<string, number>>) {
  return (value: object, context: z.core.$RefinementCtx) => {
    const read = (key: string) => (value as Record<string, number | undefined>)[key] ?? defaults[key]!;
    if (read(low) < read(high)) return;
    context.addIssue({
      code: "custom",
      path: [low in value && !(high in value) ? low : high],
      message: `expected ${low} < ${high}, received ${read(low)} and ${read(high)}`,
    });
  };
}

const edmProcess = z
  .strictObject({
    type: z.literal("edm"),
    sigmaMin: positive.optional().describe("Smallest noise level. Default 0.002."),
    sigmaMax: positive.optional().describe("Largest noise level. Default 80."),
    sigmaData: positive
      .optional()
      .describe("Standard deviation of the data in EDM's preconditioning. Default 0.5."),
    modelTime: z
      .enum(["sigma", "c-noise"])
      .optional()
      .describe(
        'What the network is told: sigma or ln(sigma)/4. Default "c-noise" for edm-raw networks, else "sigma".',
      ),
  })
  .superRefine(ordered("sigmaMin", "sigmaMax", { sigmaMin: 0.002, sigmaMax: 80 }))
  .describe("alpha = 1, sigma = t (Karras et al. 2022)");

const vpLinearProcess = z
  .strictObject({
    type: z.literal("vp-linear"),
    betaMin: positive.optional().describe("Default 0.1."),
    betaMax: positive.optional().describe("Default 20."),
    tStart: positive.max(1).optional().describe("Noisiest time. Default 1."),
    tEnd: positive.optional().describe("Cleanest time. Default 1e-3."),
    timeScale: positive.optional().describe("The network is told t times this. Default 1."),
  })
  .superRefine(ordered("betaMin", "betaMax", { betaMin: 0.1, betaMax: 20 }))
  .superRefine(ordered("tEnd", "tStart", { tEnd: 1e-3, tStart: 1 }))
  .describe("Continuous variance preserving with a linear beta (Song et al. 2021)");

const vpDiscreteProcess = z
  .strictObject({
    type: z.literal("vp-discrete"),
    betas: z
      .union([z.enum(["linear", "scaled_linear", "squaredcos_cap_v2"]), list(beta).min(2).max(100_000)])
      .optional()
      .describe('Name of a table, or the betas themselves. Default "linear".'),
    betaStart: beta.optional().describe("Default 1e-4."),
    betaEnd: beta.optional().describe("Default 0.02."),
    timesteps: z
      .number()
      .int()
      .min(2)
      .max(100_000)
      .optional()
      .describe("Number of trained timesteps. Default 1000."),
  })
  .superRefine((value, context) => {
    if (!Array.isArray(value.betas))
      return ordered("betaStart", "betaEnd", { betaStart: 1e-4, betaEnd: 0.02 })(value, context);
    if (value.timesteps !== undefined && value.timesteps !== value.betas.length) {
      context.addIssue({
        code: "custom",
        path: ["timesteps"],
        message: `expected the number of betas, ${value.betas.length}, received ${value.timesteps}`,
      });
    }
  })
  .describe("Variance preserving from a table of betas, as DDPM and diffusers have it");

const flowProcess = z
  .strictObject({
    type: z.literal("flow"),
    tStart: positive.lt(1).optional().describe("Noisiest time. Default 0.999."),
    tEnd: positive.lt(1).optional().describe("Cleanest time. Default 0.001."),
    timeScale: positive.optional().describe("The network is told t times this. Default 1."),
  })
  .superRefine(ordered("tEnd", "tStart", { tEnd: 0.001, tStart: 0.999 }))
  .describe("Flow matching: alpha = 1 - t, sigma = t");

const name = z.string().min(1);
const sampleShape = list(z.number().int().positive()).min(1).max(7);

/** The schema of `model.json`, the page that tells Quench how a network was trained. */
export const modelSchema = z
  .strictObject({
    $schema: z.string().optional(),
    format: z.literal("quench-model"),
    version: z.literal(1),
    name,
    description: z.string().optional(),
    license: z.string().optional(),
    file: name.optional().describe('The network\'s file in the same folder. Default "model.onnx".'),
    sha256: z
      .string()
      .regex(/^[0-9a-fA-F]{64}$/, "expected 64 hexadecimal digits")
      .optional()
      .describe("Hash of the network's file."),
    process: z.discriminatedUnion("type", [edmProcess, vpLinearProcess, vpDiscreteProcess, flowProcess]),
    prediction: z.enum(predictions).describe("What the network emits."),
    shape: sampleShape
      .optional()
      .describe("Shape of one sample, e.g. [1, 28, 28]. May be left out where the network fixes it."),
    valueRange: z
      .tuple([z.number(), z.number()])
      .refine(([low, high]) => low < high, "expected [low, high] with low < high")
      .optional()
      .describe("Range of the data, e.g. [-1, 1]."),
    inputs: z
      .strictObject({ x: name.optional(), time: name.optional(), label: name.optional() })
      .optional()
      .describe("Names of the network's inputs, where they cannot be told from their types."),
    conditions: z
      .record(name, z.union([name, z.strictObject({ shape: sampleShape })]))
      .refine((inputs) => Object.keys(inputs).length <= 16, "expected at most 16 inputs")
      .optional()
      .describe(
        "Further inputs of the network, such as text embeddings: for each an .npy file in the same folder, whose row k is given to samples of class k (a file of one row to all), or the shape of a row, which every request then brings.",
      ),
    outputs: z
      .strictObject({ prediction: name.optional() })
      .optional()
      .describe("Name of the network's output."),
    classes: list(z.string())
      .min(1)
      .max(1_000_000)
      .optional()
      .describe("Names of the classes, in label order."),
    nullClass: index.optional().describe('The label that means "no class", for classifier-free guidance.'),
  })
  .superRefine((value, context) => {
    if (value.prediction === "edm-raw" && value.process.type !== "edm") {
      context.addIssue({
        code: "custom",
        path: ["prediction"],
        message: `"edm-raw" is a network under EDM's preconditioning and needs the process "edm", not "${value.process.type}"`,
      });
    }
    if (value.nullClass !== undefined && value.classes === undefined) {
      context.addIssue({
        code: "custom",
        path: ["nullClass"],
        message: "a null class needs the classes to be listed",
      });
    }
  });

/** What `model.json` says. */
export type ModelConfig = z.output<typeof modelSchema>;
/** The `process` member of `model.json`. */
export type ProcessConfig = ModelConfig["process"];

/** JSON Schema (draft 2020-12) of `model.json`, for editors and other languages. */
export function modelJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(modelSchema, { io: "input" }),
    title: "Quench model",
  };
}
