import { readJson } from "../io/index.js";
import { ownArtifact } from "../io/inside.js";
import { type RiskArtifact, riskSchema } from "../schedule/index.js";

/** Spectra of large images are long. */
const largestRisk = 2 ** 28;

/** @throws QuenchError INVALID_FILE, or INVALID_ARTIFACT naming the field */
export function readRisk(path: string): Promise<RiskArtifact> {
  return readJson(path, riskSchema, { code: "INVALID_ARTIFACT", maximumBytes: largestRisk });
}

/**
 * The risk.json in a model's folder, if there is one.
 * @throws QuenchError INVALID_ARTIFACT also for a link out of the folder
 */
export async function riskIn(folder: string | undefined): Promise<RiskArtifact | undefined> {
  const path = await ownArtifact(folder, "risk.json");
  return path === undefined ? undefined : readRisk(path);
}
