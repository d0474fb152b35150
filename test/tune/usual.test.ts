import { expect, it } from "vitest";
import type { Subject } from "../../lib/tune/subject.js";
import { crossed, usualCandidates } from "../../lib/tune/usual.js";
import { circle, plane } from "./worlds.js";

const subject: Subject = {
  ...{ denoiser: circle, nfe: 5, guidance: undefined, labels: undefined, risk: undefined },
  ...{ judge: plane, space: "data", seed: 7007n, batch: 64, signal: undefined },
};
const originsOf = (candidates: readonly { readonly origin: string }[]) =>
  candidates.map(({ origin }) => origin);

it("usual choices are of the solvers that may be chosen, with their options", async () => {
  expect(originsOf(await usualCandidates(subject, [{ name: "unipc", order: 2 }, { name: "ddim" }]))).toEqual([
    "ddim on edm",
    "unipc order=2 on edm",
  ]);
  expect(await usualCandidates(subject, [{ name: "unipc", order: 3 }])).toEqual([]);
});

it("the first solvers are tried on the first grids, each once, and none that is known", async () => {
  const usual = await usualCandidates(subject, [
    { name: "ddim" },
    { name: "dpm-solver++-2m" },
    { name: "evodiff" },
  ]);
  const [ddim, onEdm, onLogSnr, evodiff] = usual;
  expect(originsOf(usual)).toEqual([
    "ddim on edm",
    "dpm-solver++-2m on edm",
    "dpm-solver++-2m on log-snr",
    "evodiff on log-snr",
    "dpm-solver++-2m on edm final=min",
    "dpm-solver++-2m on vp",
  ]);
  // 2M is known on both grids: what is new is DDIM on the one and EVODiff on the other.
  const children = await crossed(subject, [ddim!, evodiff!, onLogSnr!, onEdm!], 3);
  expect(originsOf(children)).toEqual(["ddim on log-snr", "evodiff on edm"]);
  expect(originsOf(await crossed(subject, [ddim!, onEdm!, onLogSnr!, evodiff!], 2))).toEqual([
    "ddim on log-snr",
  ]);
  expect(await crossed(subject, [onEdm!, onLogSnr!], 3)).toEqual([]);
});
