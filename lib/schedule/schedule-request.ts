import { z } from "zod";
import type { DeepReadonly } from "../deep-readonly.js";
import { riskSchema } from "./risk-artifact.js";

const positive = z.number().positive();
const pathCount = z.int().min(1).max(1024);

/** A schedule by name with options: part of a sample request, and what a schedule's rule is made from. */
export const scheduleRequestSchema = z
  .strictObject({
    schedule: z.string().describe("name of the schedule"),
    sigmaMax: positive.optional().describe("scaled noise level to start from"),
    sigmaMin: positive.optional().describe("scaled noise level to end at"),
    final: z
      .enum(["min", "zero"])
      .optional()
      .describe("end at sigmaMin, or take one last step from it to zero"),
    timesteps: z
      .enum(["any", "integer"])
      .optional()
      .describe(
        "integer: distinct whole timesteps of a discrete process, the default where the model takes integers",
      ),
    rho: positive.optional().describe("exponent of edm (default 7), polyexponential and vp (default 1)"),
    sigmaData: positive
      .optional()
      .describe("standard deviation c of the data in gaussian-optimal (default: from the risk curve)"),
    risk: riskSchema.optional().describe("the model's risk curve, as `quench calibrate risk` measures it"),
    allowOtherModel: z.boolean().optional().describe("use a risk curve that was measured on another model"),
    ceiling: z
      .boolean()
      .optional()
      .describe("limit the risk to the data variance (default: as the curve says, on)"),
    monotone: z
      .boolean()
      .optional()
      .describe("make the risk non-decreasing in the noise level (default: as the curve says, off)"),
    quadrature: z
      .enum(["simpson", "left"])
      .optional()
      .describe(
        "how entropies are integrated: Simpson's rule, or the paper's left sum over the measured levels",
      ),
    search: z.enum(["exact", "plain", "beam"]).optional().describe("how las searches (default exact)"),
    smoothness: z
      .number()
      .nonnegative()
      .optional()
      .describe("las: weight mu of |h_k - h_(k-1)|^p (default 0)"),
    exponent: z.number().min(1).optional().describe("las: p (default 2)"),
    axis: z
      .union([positive, z.literal("inf")])
      .optional()
      .describe('las: c of the axis g/(1 + g/c) of the SNR g (default 10); "inf" is the SNR itself'),
    candidates: z
      .union([z.literal("measured"), z.int().min(2).max(65_535)])
      .optional()
      .describe("las: the curve's own levels (default), or so many interpolated"),
    beam: z
      .strictObject({
        width: pathCount,
        radius: z.int().min(0).max(65_535),
        globals: z.int().min(0).max(65_535),
      })
      .partial()
      .optional()
      .describe("las, beam search: paths kept, candidates to each side, candidates spread over all"),
  })
  .describe("a schedule with options");

export type ScheduleRequest = DeepReadonly<z.input<typeof scheduleRequestSchema>>;

/** Options that belong to a schedule rather than to every grid. */
export type ScheduleOption = Exclude<
  keyof ScheduleRequest,
  "schedule" | "sigmaMax" | "sigmaMin" | "final" | "timesteps"
>;
export type ScheduleOptions = Pick<ScheduleRequest, ScheduleOption>;
