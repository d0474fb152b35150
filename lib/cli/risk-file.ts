import { readRisk, riskIn } from "../calibrate/risk-file.js";
import type { Denoiser, Model } from "../denoiser/index.js";
import type { RiskArtifact } from "../schedule/index.js";

/** The risk curve at a path, or else the one in the model's folder, if there is one. */
export function riskFor(
  denoiser: Denoiser | Model,
  path: string | undefined,
): Promise<RiskArtifact | undefined> {
  return path === undefined ? riskIn("folder" in denoiser ? denoiser.folder : undefined) : readRisk(path);
}
