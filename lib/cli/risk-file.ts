import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Denoiser, Model } from "../denoiser/index.js";
import { readJson } from "../io/index.js";
import { type RiskArtifact, riskSchema } from "../schedule/index.js";

/** Spectra of large images are long. */
const largestRisk = 2 ** 28;

/** @throws QuenchError INVALID_ARTIFACT naming the field */
export function readRisk(path: string): Promise<RiskArtifact> {
  return readJson(path, riskSchema, { code: "INVALID_ARTIFACT", maximumBytes: largestRisk });
}

/** The risk curve at a path, or else the risk.json in the model's folder, if there is one. */
export async function riskFor(
  denoiser: Denoiser | Model,
  path: string | undefined,
): Promise<RiskArtifact | undefined> {
  if (path !== undefined) return readRisk(path);
  const beside = "folder" in denoiser ? join(denoiser.folder, "risk.json") : undefined;
  return beside !== undefined && existsSync(beside) ? readRisk(beside) : undefined;
}
